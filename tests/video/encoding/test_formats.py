import pytest

from multistyle.errors import InputError
from multistyle.video.encoding.codecs import CODECS
from multistyle.video.encoding.formats import CONTAINERS, find_format


@pytest.mark.parametrize(
    ("name", "container", "encoder", "alpha"),
    [
        ("a.mp4", "mp4", "libx264", "libx264"),
        ("A.MOV", "mov", "libx264", "prores_ks"),
        ("a.mkv", "matroska", "libx264", "libx264"),
        ("a.webm", "webm", "libvpx-vp9", "libvpx-vp9"),
        ("a.gif", "gif", "ffv1", "ffv1"),
    ],
)
def test_the_suffix_decides(name, container, encoder, alpha):
    found = find_format(name)
    assert (found.container.name, found.codec.encoder) == (container, encoder)
    found = find_format(name, has_alpha=True)
    assert found.codec.encoder == alpha
    assert found.has_alpha == (alpha in ("prores_ks", "libvpx-vp9"))


@pytest.mark.parametrize(
    ("codec", "is_deep", "pixel_format", "written_deep"),
    [
        ("h264", True, "yuv420p", False),
        ("h265", False, "yuv420p10le", True),
        ("prores", False, "yuv422p10le", True),
        ("prores4444", False, "yuv444p10le", True),
        ("dnxhr", False, "yuv422p", False),
        ("dnxhr", True, "yuv422p10le", True),
        ("vp9", True, "yuv420p", False),
    ],
)
def test_depth(codec, is_deep, pixel_format, written_deep):
    suffix = next(s for s, each in CONTAINERS.items() if codec in each.codecs)
    found = find_format(f"a{suffix}", codec=codec, is_deep=is_deep)
    assert (found.pixel_format, found.is_deep) == (pixel_format, written_deep)


@pytest.mark.parametrize(
    ("name", "encoder"),
    [
        ("a.mp4", "libx265"),
        ("a.mov", "libx265"),
        ("a.mkv", "libx265"),
        ("a.webm", "libvpx-vp9"),
        ("a.gif", "ffv1"),
    ],
)
def test_more_than_8_bits_are_kept_where_no_codec_is_asked_for(name, encoder):
    found = find_format(name, is_deep=True)
    assert found.codec.encoder == encoder
    assert found.is_deep == (encoder == "libx265")
    assert find_format("a.mov", is_deep=True, has_alpha=True).has_alpha


def test_transparency_in_prores():
    found = find_format("a.mov", codec="prores4444", has_alpha=True)
    assert found.pixel_format == "yuva444p10le"
    assert not find_format("a.mov", codec="prores", has_alpha=True).has_alpha


def test_each_container_holds_what_is_there():
    for container in CONTAINERS.values():
        assert set(container.codecs) <= set(CODECS)
    held = {name for each in CONTAINERS.values() for name in each.codecs}
    assert held == set(CODECS)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.avi", {}, "`a.avi` .*: use .mp4, .mov, .mkv, .webm, .gif, or num"),
        ("a", {}, "`a` has no suffix of a film"),
        ("a.gif", {"crf": 20}, "a GIF takes no --crf"),
        ("a.mp4", {"crf": 52}, "`52` is no --crf of .mp4: use 0, the best, to"),
        ("a.webm", {"crf": -1}, "`-1` is no --crf of .webm"),
        (
            "a.mov",
            {"crf": 20, "codec": "prores"},
            "`a.mov`: ProRes 422 HQ takes no --crf",
        ),
        (
            "a.mp4",
            {"codec": "prores"},
            "`a.mp4`: an MP4 holds no ProRes 422 HQ: use .mov or .mkv.",
        ),
        (
            "a.webm",
            {"codec": "h264"},
            "a WebM holds no H.264: use .mp4 or .mov",
        ),
        ("a.gif", {"codec": "vp9"}, "a GIF holds no VP9: use .mp4 or .mkv or"),
        ("a.mp4", {"codec": "av1"}, "There is no codec `av1`: use h264, h265,"),
    ],
)
def test_what_cannot_be_written(name, options, message):
    with pytest.raises(InputError, match=message):
        find_format(name, **options)
