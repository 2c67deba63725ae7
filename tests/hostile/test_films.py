"""Hostile films: each is painted, or refused by one line."""

import os

import numpy as np
import pytest

pytest.importorskip("av")

from multistyle.video.decoding.films import open_film
from multistyle.video.packages import open_film_file
from tests.hostile.conftest import files_under, find_fault
from tests.hostile.film_cases import (
    film_argument,
    good_films,
    hostile_films,
)

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="needs links, pipes and devices"
)


def read_all(path):
    """Reads a film and returns how many frames it has, and the notes."""
    notes = []
    film = open_film(path, max_size=32, note=notes.append)
    return sum(1 for _ in film.frames()), notes


def test_every_hostile_film_is_read_or_refused(workshop, tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    faults, num_read, num_refused = [], 0, 0
    for case in hostile_films():
        path = case.write(folder)
        answer = workshop.ask("read_film", film_argument(path))
        fault = find_fault(answer, path.name)
        if fault:
            faults.append(f"{case.name!r}: {fault}")
        num_read += answer["refused"] is None
        num_refused += answer["refused"] is not None
    assert not faults, "\n".join(faults)
    assert num_read > 40 and num_refused > 40
    assert files_under(workshop.folder) == {"heard.txt"}


@pytest.mark.parametrize(
    "name",
    [
        *("flipped_2.mp4", "noisy.mkv", "cut_1.webm", "flipped_2.ts"),
        *("lying_rate_1_2147483647.y4m", "lying_rate_2147483647_1.y4m"),
        *(
            "lying_stts.mp4",
            "lying_tkhd.mp4",
            "lying_mvhd.mp4",
            "lying_sound.mp4",
        ),
        *("other_picture.mp4", "frames_8.exr", "a\nb.mp4"),
    ],
)
def test_what_can_be_read_of_a_film_is_painted(workshop, tmp_path, name):
    """Sound, subtitles, chapters and times are read then, too."""
    (case,) = (case for case in hostile_films() if case.name == name)
    path = case.write(tmp_path)
    command = ["video", film_argument(path), "--output=out.mp4", "--quiet"]
    command += ["--max_size=32", "--style_weights=udnie"]
    answer = workshop.ask("call", command)
    assert answer["fault"] is None
    lines = answer["heard"].splitlines()
    assert all(line.isprintable() for line in lines)
    is_there = (workshop.folder / "out.mp4").exists()
    assert is_there or len(lines) == 1
    if is_there:
        assert read_all(workshop.folder / "out.mp4")[0] >= 1


@pytest.mark.parametrize(
    "name",
    [
        "http:film.mp4",
        "concat:a|b.mp4",
        "subfile,,start,0,end,9,,:film.mp4",
        "data:film.mp4",
        "crypto:film.mp4",
        "file:film.mp4",
    ],
)
def test_a_name_is_a_file_s_and_no_address(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(good_films()["mp4"])
    assert read_all(name) == (4, [])


def test_a_playlist_leads_to_no_other_file(tmp_path):
    (tmp_path / "part.ts").write_bytes(good_films()["ts"])
    assert read_all(tmp_path / "part.ts")[0] == 4
    lists = {
        "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\npart.ts\n"
        "#EXT-X-ENDLIST\n",
        "list.ffconcat": "ffconcat version 1.0\nfile part.ts\n",
    }
    import av

    for name, text in lists.items():
        path = tmp_path / name
        path.write_text(text)
        with av.open(str(path)) as film:  # By itself, FFmpeg follows.
            assert film.streams.video
        with pytest.raises(ValueError, match="no film that can be read"):
            read_all(path)
        with pytest.raises(av.error.FFmpegError):
            open_film_file(path)


def test_a_film_of_huge_frames_is_refused_before_it_is_decoded(
    tmp_path, monkeypatch
):
    path = tmp_path / "film.mp4"
    path.write_bytes(good_films()["mp4"])
    module = "multistyle.video.decoding.decoder"
    monkeypatch.setattr(f"{module}.MAX_PIXELS", 64 * 48 - 1)
    with pytest.raises(ValueError, match=r"film\.mp4` has frames of 64 x 48"):
        read_all(path)
    # And where a film only says so later.
    monkeypatch.setattr(f"{module}.MAX_PIXELS", 64 * 48)
    monkeypatch.setattr(f"{module}._LIMIT", {"max_pixels": "100"})
    with pytest.raises(ValueError, match="no frame that can be read"):
        read_all(path)


def test_a_turned_jpeg_is_a_film_the_right_way_up(tmp_path):
    """PyAV does not know the EXIF data that lie beside its frame."""
    from PIL import Image

    from multistyle.images.codecs.reading import read_image

    path = tmp_path / "picture.jpg"
    light = np.linspace(0, 255, 24 * 32).reshape(24, 32)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    Image.fromarray(light.astype(np.uint8)).convert("RGB").save(
        path, exif=exif, quality=95
    )
    film = open_film(path, note=print)
    (frame,) = film.frames()
    picture = read_image(path)
    assert frame.pixels.shape == picture.shape == (32, 24, 3)
    difference = abs(frame.pixels.astype(int) - picture)
    assert difference.mean() < 8
