import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.formats import (
    FORMATS,
    format_of,
    has_avif,
    suffix_of,
)


@pytest.mark.parametrize(
    ("format", "suffix"),
    [("JPEG", ".jpg"), ("TIFF", ".tif"), ("PPM", ".png"), ("AVIF", ".avif")],
)
def test_the_suffix_of_a_format(format, suffix):
    assert suffix_of(format) == suffix


def test_a_suffix_stands_for_its_format():
    for suffix, format in FORMATS.items():
        if format == "AVIF" and not has_avif():
            continue
        assert format_of(f"folder.png/a{suffix.upper()}") == format
        assert FORMATS[suffix_of(format)] == format
    with pytest.raises(InputError, match=r"`a\.mp4` names no picture format"):
        format_of("a.mp4")
