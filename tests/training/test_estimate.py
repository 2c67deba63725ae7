import pytest

from multistyle.training.estimate import estimate_memory


@pytest.mark.parametrize(
    ("given", "width", "precision", "megabytes"),
    [
        # Peaks of resident memory, measured.
        ({"image_size": 128}, 1.0, "bfloat16", 1570),
        ({"image_size": 128}, 1.0, "float32", 1722),
        ({"image_size": 192, "batch_size": 16}, 1.0, "float32", 4337),
        ({"image_size": 192}, 0.25, "float32", 1826),
        (
            {"image_size": 192, "loss_network": "pocket"},
            1.0,
            "float32",
            2311,
        ),
    ],
)
def test_measured_peaks(small_options, given, width, precision, megabytes):
    options = small_options(
        **{"batch_size": 8, "loss_network": "vgg16", **given}
    )
    estimate = estimate_memory(options, width, precision) / 1e6
    assert estimate == pytest.approx(megabytes, rel=0.2)


def test_the_larger_of_two_loss_networks_counts(small_options):
    first, second, both = (
        estimate_memory(small_options(**given), 1.0, "float32")
        for given in (
            {"loss_network": "pocket"},
            {"loss_network": "vgg16"},
            {"loss_network": "pocket", "vgg16_share": 0.1},
        )
    )
    assert first < second == both
