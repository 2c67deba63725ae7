from pathlib import Path

import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.formats import (
    FORMATS_BY_SUFFIX,
    format_of,
    has_avif,
    suffix_of,
    writable_name,
)


@pytest.mark.parametrize(
    ("format", "suffix"),
    [
        ("JPEG", ".jpg"),
        ("TIFF", ".tif"),
        ("PPM", ".png"),
        ("AVIF", ".avif"),
        ("MPO", ".jpg"),
        ("HEIF", ".jpg"),
    ],
)
def test_the_suffix_of_a_format(format, suffix):
    assert suffix_of(format) == suffix


def test_a_suffix_stands_for_its_format():
    for suffix, format in FORMATS_BY_SUFFIX.items():
        if format == "AVIF" and not has_avif():
            continue
        assert format_of(f"folder.png/a{suffix.upper()}") == format
        assert FORMATS_BY_SUFFIX[suffix_of(format)] == format
    with pytest.raises(InputError, match=r"`a\.mp4` names no picture format"):
        format_of("a.mp4")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("a.JPG", "a.JPG"), ("a.ppm", "a.ppm.png"), ("a", "a.png")),
        *(("DSC.MPO", "DSC.MPO.jpg"), ("IMG.HEIC", "IMG.HEIC.jpg")),
    ],
)
def test_a_name_that_can_be_written(name, expected):
    assert writable_name(name) == expected
    assert writable_name(Path(name)) == expected
