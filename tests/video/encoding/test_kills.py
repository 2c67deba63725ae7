"""A run that is killed at any moment, and run again, ends as the unbroken."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from multistyle.files.manifests import Manifest
from multistyle.images.codecs.writing import write_image
from multistyle.video import film_run
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.frame_files import FrameFilesOutput
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun

pytest.importorskip("av")
CHECKOUT = Path(__file__).parents[3]
SEGMENT_FRAMES = 3
# Every so many moments.
STEP = 3
pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="a process is killed that was forked"
)


class Negative:
    """An engine that needs no network: it paints the negative."""

    finisher = None

    def pixel_bytes(self, has_map):
        return 12

    def paint(self, image, style_weights, moments=None):
        return 1 - image


def paint(source, output):
    film_run.SEGMENT_FRAMES = SEGMENT_FRAMES
    painter = FilmPainter(
        Negative(), lambda _: np.ones(1, np.float32), stability=0.5
    )
    with FilmRun(source, output) as run:
        for _ in run.paint(painter, {"model": "negative"}):
            pass


@contextlib.contextmanager
def killed_at(moment):
    """Kills the process before or after that many steps to the disk."""
    counter = iter(range(10**6))
    lock = threading.Lock()

    def step():
        with lock:
            if next(counter) == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    def stepping(function):
        def call(*arguments, **options):
            step()
            result = function(*arguments, **options)
            step()
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", stepping(os.replace))
        patch.setattr(Manifest, "_append", stepping(Manifest._append))
        for writer in (FilmEncoder, FrameFilesOutput):
            patch.setattr(writer, "write", stepping(writer.write))
        yield


def paint_and_be_killed(source, folder, output):
    """Paints again and again, a step to the disk further each time.

    It runs in a process of its own, which has no threads that a fork loses.
    """
    for moment in range(0, 10**6, STEP):
        child = os.fork()
        if not child:
            try:
                with killed_at(moment):
                    paint(source, Path(folder, str(moment), output))
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return


def read_folder(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("output", ["out.mp4", "out.mov", "out_%d.png"])
@pytest.mark.parametrize("source", ["film.mp4", "in_%d.png"])
def test_killed_at_any_moment(
    write_film, scene, tmp_path, monkeypatch, source, output
):
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", SEGMENT_FRAMES)
    if source == "film.mp4":
        write_film(frames=scene(7))
    else:
        for number, pixels in enumerate(scene(7)):
            write_image(tmp_path / (source % number), pixels)
    source = tmp_path / source
    paint(source, tmp_path / "whole" / output)
    expected = read_folder(tmp_path / "whole")
    assert len(expected) == (7 if "%d" in output else 1)
    subprocess.run(
        [sys.executable, __file__, source, tmp_path / "killed", output],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=True,
        timeout=300,
    )
    killed = list((tmp_path / "killed").iterdir())
    # Seven frames and three segments; the last run came to its end.
    assert len(killed) > 8
    for folder in killed:
        if folder.name != str((len(killed) - 1) * STEP):
            paint(source, folder / output)
        assert read_folder(folder) == expected


if __name__ == "__main__":
    paint_and_be_killed(*sys.argv[1:])
