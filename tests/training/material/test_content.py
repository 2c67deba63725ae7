import numpy as np
import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.training.material.content import NOISE, ContentBatches
from multistyle.training.material.photographs import PhotographFiles


class Recording:
    """Photographs of one number each, which note what was asked for."""

    def __init__(self, num, size=(100, 80), bad=()):
        self.num = num
        self.size = size
        self.bad = bad
        self.asked = []

    def __len__(self):
        return self.num

    def name(self, index):
        return f"photograph {index}"

    def read(self, index, at_least):
        if index in self.bad:
            raise InputError(f"`photograph {index}` cannot be read.")
        self.asked.append((index, at_least))
        return np.full((*self.size, 3), index, np.uint8)


def test_a_batch_depends_on_seed_and_step_alone(pictures):
    photographs = PhotographFiles(pictures / "photographs")

    def batch(step, first_step=0, seed=0):
        batches = ContentBatches(
            photographs,
            3,
            4,
            32,
            seed=seed,
            first_step=first_step,
            num_steps=10,
        )
        return batches[step - first_step][0]

    whole, resumed = batch(7), batch(7, first_step=5)
    np.testing.assert_array_equal(whole["image"], resumed["image"])
    np.testing.assert_array_equal(
        whole["style_weights"], resumed["style_weights"]
    )
    assert np.abs(whole["image"] - batch(8)["image"]).max() > 0.1
    assert np.abs(whole["image"] - batch(7, seed=1)["image"]).max() > 0.1


def test_workers_see_together_what_one_sees(pictures):
    photographs = PhotographFiles(pictures / "photographs")

    def batch(step, **given):
        return ContentBatches(
            photographs, 3, 8, 32, seed=4, num_shifted=2, num_steps=9, **given
        )[step][0]

    for step in (0, 7):
        whole = batch(step)
        parts = [batch(step, worker=i, num_workers=2) for i in range(2)]
        for name in ("image", "style_weights", "shifted_image"):
            assert len(parts[0][name]) == len(whole[name]) / 2
            for i, part in enumerate(parts):
                np.testing.assert_array_equal(part[name], whole[name][i::2])
        for part in parts:
            np.testing.assert_array_equal(part["shift"], whole["shift"])
    assert np.abs(batch(0)["image"] - batch(7)["image"]).max() > 0.1


def test_each_device_of_a_worker_has_its_share(pictures):
    photographs = PhotographFiles(pictures / "photographs")

    def batch(**given):
        return ContentBatches(
            photographs, 3, 8, 32, seed=4, num_shifted=4, **given
        )[0][0]

    whole = batch()
    for worker, own in enumerate(([0, 4, 1, 5], [2, 6, 3, 7])):
        part = batch(worker=worker, num_workers=2, num_devices=4)
        for name in ("image", "style_weights"):
            np.testing.assert_array_equal(part[name], whole[name][own])
        # The first of each device.
        np.testing.assert_array_equal(
            part["shifted_image"], whole["shifted_image"][own[::2]]
        )
        np.testing.assert_array_equal(
            part["shift"], np.tile(whole["shift"], (2, 1))
        )


def test_a_batch_that_cannot_be_shared_is_refused():
    with pytest.raises(InputError, match="3 devices cannot share batches of 8"):
        ContentBatches(Recording(4), 3, 8, 32, num_workers=3)
    with pytest.raises(InputError, match="8 pictures, 3 of them moved"):
        ContentBatches(Recording(4), 3, 8, 32, num_workers=2, num_shifted=3)


def test_a_batch_is_that_of_version_0_1():
    # A run that it began goes on with the batches that it would have had.
    item = ContentBatches(
        Recording(5), 3, 4, 8, seed=3, first_step=5, num_shifted=1
    )[0][0]
    found = [
        item["image"].astype(np.float64).sum(),
        item["shifted_image"].astype(np.float64).sum(),
        *item["style_weights"][:, 0, 0].argmax(axis=-1),
        *item["shift"][0],
    ]
    expected = [6.964702545679756, 2.2730174250900745, 2, 0, 1, 2, 3, 1]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_shapes_and_ranges(pictures):
    photographs = PhotographFiles(pictures / "photographs")
    ((inputs,),) = [ContentBatches(photographs, 5, 3, 48)[0]]
    assert inputs["image"].shape == (3, 48, 48, 3)
    assert inputs["image"].dtype == np.float32
    assert 0 <= inputs["image"].min() and inputs["image"].max() <= 1
    assert inputs["style_weights"].shape == (3, 1, 1, 5)
    np.testing.assert_array_equal(inputs["style_weights"].sum(axis=-1), 1)


def test_all_photographs_come_before_one_comes_again():
    photographs = Recording(7)
    batches = ContentBatches(photographs, 1, 1, 32, num_steps=21)
    for step in range(21):
        batches[step]
    order = [index for index, _ in photographs.asked]
    for epoch in range(3):
        assert sorted(order[7 * epoch : 7 * epoch + 7]) == list(range(7))
    assert order[:7] != order[7:14]


def test_a_batch_holds_all_styles_before_one_comes_again():
    batches = ContentBatches(Recording(4), 3, 6, 32)
    weights = batches[0][0]["style_weights"][:, 0, 0]
    np.testing.assert_array_equal(weights.sum(axis=0), [2, 2, 2])


def test_styles_come_as_often_as_their_shares_say():
    def drawn(batch_size, num_steps):
        batches = ContentBatches(
            Recording(4),
            3,
            batch_size,
            32,
            num_steps=num_steps,
            style_shares=[1, 2, 1],
        )
        return np.stack(
            [
                batches[step][0]["style_weights"][:, 0, 0]
                for step in range(num_steps)
            ]
        )

    fours = drawn(4, 400)
    np.testing.assert_array_equal(fours.sum(axis=1), [[1, 2, 1]] * 400)
    # In each place, too: the first ones have the stability loss.
    shares = np.broadcast_to([0.25, 0.5, 0.25], (4, 3))
    np.testing.assert_allclose(fours.mean(axis=0), shares, atol=0.08)
    pairs = drawn(2, 400).sum(axis=1)
    # In each pair once; the others share the second place.
    np.testing.assert_array_equal(pairs[:, 1], 1)
    np.testing.assert_allclose(pairs.mean(axis=0), [0.5, 1, 0.5], atol=0.08)


def test_the_short_side_is_between_one_and_two_crops():
    photographs = Recording(200, size=(300, 400))
    batches = ContentBatches(photographs, 1, 200, 32)
    batches[0]
    sizes = [at_least for _, at_least in photographs.asked]
    assert min(sizes) >= 32 and max(sizes) <= 64
    assert min(sizes) < 36 and max(sizes) > 60


def test_a_photograph_is_never_enlarged_between_one_and_two_crops():
    # Columns of 40 levels: enlarging would make levels in between.
    columns = np.arange(40, dtype=np.uint8) * 6
    image = np.repeat(np.tile(columns, (40, 1))[:, :, None], 3, axis=2)

    class One(Recording):
        def read(self, index, at_least):
            return image

    batches = ContentBatches(One(1), 1, 64, 39)
    for crop in batches[0][0]["image"]:
        steps = np.abs(np.diff(crop[0, 1:-1, 0])) * 255
        assert steps.mean() >= 5.5


def test_a_small_photograph_is_enlarged_with_one_warning(capsys):
    batches = ContentBatches(Recording(2, size=(20, 31)), 1, 4, 32)
    with pytest.warns(InputWarning, match="crop of 32 px .one has 20 px.") as w:
        assert batches[0][0]["image"].shape == (4, 32, 32, 3)
        batches[0]
    assert len(w) == 1
    assert capsys.readouterr() == ("", "")


def test_flat_photographs_get_noise():
    crop = ContentBatches(Recording(1), 1, 1, 64)[0][0]["image"]
    assert crop.std() > 0
    photographs = Recording(201)
    batches = ContentBatches(photographs, 1, 201, 32)
    images = batches[0][0]["image"]
    bright = images[images.mean(axis=(1, 2, 3)) > 0.5]
    noise = bright - bright.mean(axis=(1, 2, 3), keepdims=True)
    assert 0.9 * NOISE < np.abs(noise).max() < 1.1 * NOISE


def test_an_unreadable_photograph_gives_its_place_to_the_next():
    photographs = Recording(4, bad=(2,))
    batches = ContentBatches(photographs, 1, 8, 32)
    assert batches[0][0]["image"].shape[0] == 8
    assert list(batches.unreadable) == [2]
    assert "photograph 2" in batches.unreadable[2]
    assert batches.error is None


def test_no_readable_photograph_is_an_error_that_is_kept():
    batches = ContentBatches(Recording(2, bad=(0, 1)), 1, 4, 32)
    with pytest.raises(InputError, match="None of the content images") as error:
        batches[0]
    assert batches.error is error.value
    assert sorted(batches.unreadable) == [0, 1]


def test_shifted_pictures_show_the_same_elsewhere(pictures):
    photographs = PhotographFiles(pictures / "photographs")
    plain = ContentBatches(photographs, 3, 4, 40, seed=2)[0][0]
    shifts = set()
    for step in range(30):
        batches = ContentBatches(
            photographs, 3, 4, 40, seed=2, first_step=step, num_shifted=2
        )
        item = batches[0][0]
        rows, columns = (int(s) for s in item["shift"][0])
        shifts |= {rows, columns}
        assert item["shifted_image"].shape == (2, 40, 40, 3)
        np.testing.assert_allclose(
            item["shifted_image"][:, 7:33, 7:33],
            item["image"][:2, 7 + rows : 33 + rows, 7 + columns : 33 + columns],
            atol=2 * NOISE + 1e-6,
        )
        if step == 0:
            np.testing.assert_allclose(
                item["image"][2:], plain["image"][2:], atol=2 * NOISE + 1e-6
            )
            np.testing.assert_array_equal(
                item["style_weights"], plain["style_weights"]
            )
    assert shifts == {-7, -6, -5, -3, -2, -1, 1, 2, 3, 5, 6, 7}
