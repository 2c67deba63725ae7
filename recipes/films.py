"""Makes the picture of a film painted frame by frame and held still: films.jpg.

python recipes/films.py FILM FIRST_FRAME LEFT TOP

Six frames of the film, one in two, and of what is painted of them, each cut out
where a corner is given in pixels of the reduced film.
"""

import sys
import tempfile
from pathlib import Path

import av
import numpy as np

from multistyle.cli.main import main as multistyle
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.sheet import sheet

DOCS = Path(__file__).parents[1] / "docs"
STYLE = "great_wave"
LONG_SIDE = 480
CUT = 160
# Frames that are painted before the first that is shown.
NUM_BEFORE = 12
SHOWN = range(NUM_BEFORE, NUM_BEFORE + 12, 2)
TITLES = ("the film", "frame by frame", "held still")


def read_frames(path, first=0, count=None):
    """Returns frames of a film, uint8 [H, W, 3] each."""
    frames = []
    with av.open(str(path)) as film:
        for number, frame in enumerate(film.decode(video=0)):
            if count is not None and number >= first + count:
                break
            if number >= first:
                frames.append(frame.to_ndarray(format="rgb24"))
    return frames


def write_clip(path, frames):
    height, width = (length // 2 * 2 for length in frames[0].shape[:2])
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            pixels = np.ascontiguousarray(frame[:height, :width])
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        film.mux(stream.encode(None))


def main(film, first, left, top):
    first, left, top = int(first), int(left), int(top)
    count = SHOWN[-1] + 1
    frames = [
        resize_long_side(frame, LONG_SIDE)
        for frame in read_frames(film, first - NUM_BEFORE, count)
    ]
    rows = [frames]
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        write_clip(clip, frames)
        for stability in ("0", "0.5"):
            output = clip.with_name(f"{stability}.mp4")
            code = multistyle(
                [
                    *("video", str(clip), f"--style_weights={STYLE}"),
                    *(f"--stability={stability}", f"--output={output}"),
                    "--crf=8",
                ]
            )
            if code:
                sys.exit(code)
            rows.append(read_frames(output))
    rows = [
        [row[n][top : top + CUT, left : left + CUT] for n in SHOWN]
        for row in rows
    ]
    page = sheet(rows, row_titles=TITLES, cell_size=CUT)
    path = DOCS / "pictures" / "films.jpg"
    write_image(path, page, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
