import numpy as np
import pytest

from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.picture_film import write_picture_film
from multistyle.video.film import paint_film

LOOK = {"weights": {"starry_night": 1}}


@pytest.fixture(scope="module")
def film(tmp_path_factory, pixels):
    """A film of two seconds, 6 frames a second, that pans."""
    path = tmp_path_factory.mktemp("film") / "pan.mp4"
    frames = [np.roll(pixels, 2 * step, 1) for step in range(12)]
    write_picture_film(path, frames, rate=6)
    return path


@pytest.fixture(scope="module")
def visitor(visit):
    return visit()


@pytest.fixture(scope="module")
def content(visitor, film):
    return visitor.upload("film", film.read_bytes(), "pan.mp4")


def frames_of(path):
    return np.stack([frame.pixels for frame in FilmReader(path).frames()])


def save(answer, tmp_path):
    path = tmp_path / "made.mp4"
    path.write_bytes(answer.content)
    return path


def test_a_film_is_described(content):
    assert (content["width"], content["height"]) == (64, 48)
    assert content["frames"] == 12 and content["seconds"] == 2


def test_a_film_is_painted_as_by_the_command_line(
    visitor, content, film, tmp_path
):
    job = visitor.order(
        kind="film", content=content["id"], look=LOOK, stability=0.8
    )
    state = visitor.wait(job)
    assert state["frames"] == {"done": 12, "total": 12}
    result = state["result"]
    assert result["name"] == "pan_stylized.mp4" and result["seconds"] == 2
    address = f"/api/jobs/{job}/result"
    made = save(visitor.client.get(address), tmp_path)
    other = tmp_path / "other.mp4"
    paint_film(film, other, style_weights="starry_night", stability=0.8)
    np.testing.assert_array_equal(frames_of(made), frames_of(other))
    # A player asks for parts.
    part = visitor.client.get(address, headers={"Range": "bytes=0-99"})
    assert part.status_code == 206 and len(part.content) == 100


def test_a_part_of_a_film_is_painted(visitor, content, tmp_path):
    result, answer = visitor.make(
        kind="film",
        content=content["id"],
        look=LOOK,
        **{"from": 0.5, "to": 1.5, "max_size": 32, "format": "webm"},
    )
    assert result["name"] == "pan_stylized.webm"
    assert (result["width"], result["height"]) == (32, 24)
    assert len(frames_of(save(answer, tmp_path))) == 6


def test_a_trial_is_a_second_of_the_middle(visitor, content, tmp_path):
    job = visitor.order(kind="trial", content=content["id"], look=LOOK)
    state = visitor.wait(job)
    assert state["state"] == "done", state
    assert state["frames"] == {"done": 6, "total": 6}
    assert state["result"]["name"] == "pan_trial.mp4"
    answer = visitor.client.get(f"/api/jobs/{job}/result")
    assert len(frames_of(save(answer, tmp_path))) == 6


def test_a_film_may_become_a_gif(visitor, content):
    result, answer = visitor.make(
        kind="film", content=content["id"], look=LOOK, to=0.5, format="gif"
    )
    assert result["type"] == answer.headers["content-type"] == "image/gif"
    assert result["name"] == "pan_stylized.gif"
    # A GIF counts in hundredths of a second.
    assert abs(result["seconds"] - 0.5) < 0.05
    assert answer.content.startswith(b"GIF89a")


def test_a_film_has_masks_and_a_gradient(
    visitor, content, film, tmp_path, encode
):
    left = np.zeros((48, 64), np.uint8)
    left[:, :32] = 255
    files, masks = [], []
    for number, pixels in enumerate((left, 255 - left)):
        files.append(tmp_path / f"{number}.png")
        files[-1].write_bytes(encode(pixels))
        # By its name a film, or a list of other files.
        upload = visitor.upload("mask", encode(pixels), "mask.m3u8")
        masks.append(upload["id"])
    night, wave = {"starry_night": 1}, {"great_wave": 1}
    gradient = {"angle": 90, "stops": [{"weights": night}, {"weights": wave}]}
    text = "starry_night>great_wave:90"
    for number, (look, painted_in) in enumerate(
        [
            (
                {"weights": night, "regions": [{"mask": masks[0]}]},
                {"style_weights": "starry_night", "mask": files[0]},
            ),
            (
                {
                    "regions": [
                        {"mask": masks[0], "weights": night},
                        {"mask": masks[1], "weights": wave},
                    ]
                },
                {"mask": {"starry_night": files[0], "great_wave": files[1]}},
            ),
            ({"gradient": gradient}, {"gradient": text}),
            (
                {"gradient": gradient, "regions": [{"mask": masks[1]}]},
                {"gradient": text, "mask": files[1]},
            ),
        ]
    ):
        part = {"from": 0, "to": 0.5}
        _, answer = visitor.make(
            kind="film", content=content["id"], look=look, **part
        )
        made = save(answer, tmp_path)
        other = tmp_path / f"other_{number}.mp4"
        paint_film(film, other, end=0.5, **painted_in)
        np.testing.assert_array_equal(frames_of(made), frames_of(other))


def test_masks_of_a_film_are_one_a_style(visitor, content, png):
    masks = [visitor.upload("mask", png)["id"] for _ in range(2)]
    for blends, sentence in [
        (({"udnie": 1}, {"udnie": 1}), "Two masks of one style"),
        (({"udnie": 1, "starry_night": 1}, {"udnie": 1}), "has one style"),
    ]:
        regions = [
            {"mask": mask, "weights": blend}
            for mask, blend in zip(masks, blends, strict=True)
        ]
        order = {"kind": "film", "content": content["id"]}
        assert sentence in visitor.refusal(
            400,
            "POST",
            "/api/jobs",
            json={**order, "look": {"regions": regions}},
        )


def test_a_film_is_cancelled(start, film):
    visitor = start()()
    content = visitor.upload("film", film.read_bytes(), "pan.mp4")["id"]
    job = visitor.order(kind="film", content=content, look=LOOK, max_size=16)
    assert visitor.client.delete(f"/api/jobs/{job}").status_code == 204
    # The next one has the machine for itself, and the same work to do.
    visitor.make(kind="film", content=content, look=LOOK, max_size=16)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"from": 1.5, "to": 1}, "`to` is later than `from`"),
        ({"to": 3}, "`to` is a number from 0 to 2"),
        ({"stability": 2}, "`stability` is a number from 0 to 1"),
        ({"format": "avi"}, "`format` is one of mp4, webm, gif"),
        ({"look": {**LOOK, "regions": [{"mask": "x"}]}}, "no such mask"),
        (
            {
                "look": {
                    "gradient": {
                        "stops": [
                            {"weights": {"udnie": 1}},
                            {"weights": {"udnie": 1, "starry_night": 1}},
                        ]
                    }
                }
            },
            "each stop of a gradient, has one style",
        ),
        ({"look": {}}, "Weights are an object"),
        ({"content": "none"}, "no such film"),
    ],
)
def test_what_is_wrong_with_a_film_is_said(visitor, content, changes, sentence):
    order = {"kind": "film", "content": content["id"], "look": LOOK}
    answer = visitor.client.post("/api/jobs", json={**order, **changes})
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["error"]
