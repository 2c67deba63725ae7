import io

import numpy as np
from PIL import Image

from multistyle.inference.stylizer import Stylizer

POINTS = [{"starry_night": 1}, {"udnie": 1}]


def test_a_walk_leads_from_the_first_to_the_last(visit, png, pixels, tmp_path):
    visitor = visit()
    upload = visitor.upload("picture", png, "a.png")["id"]
    stylizer = Stylizer.load("paintings-fast")
    ends = [stylizer.stylize(pixels, point) for point in POINTS]

    order = {"kind": "path", "content": upload, "points": POINTS}
    result, answer = visitor.make(**order, seconds=0.5)
    assert result["name"] == "a_path.gif" and result["seconds"] == 0.5
    gif = Image.open(io.BytesIO(answer.content))
    assert gif.n_frames == 6
    for number, end in zip((0, 5), ends, strict=True):
        gif.seek(number)
        shown = np.array(gif.convert("RGB"), float)
        assert np.abs(shown - end).mean() < 8

    result, answer = visitor.make(**order, seconds=0.5, format="mp4")
    assert result["name"] == "a_path.mp4" and result["type"] == "video/mp4"
    path = tmp_path / "walk.mp4"
    path.write_bytes(answer.content)
    import av

    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode()]
    assert len(frames) == 12
    for frame, end in zip((frames[0], frames[-1]), ends, strict=True):
        assert np.abs(frame.astype(float) - end).mean() < 12


def test_a_walk_is_short(visit, png):
    visitor = visit()
    upload = visitor.upload("picture", png)["id"]
    order = {"kind": "path", "content": upload, "points": POINTS}
    for changes, sentence in [
        ({"seconds": 61}, "`seconds` is a number from 0.5 to 60"),
        ({"points": POINTS[:1]}, "`points` is a list of 2 to 16"),
        ({"format": "avi"}, "`format` is one of gif, mp4"),
    ]:
        assert sentence in visitor.refusal(
            400, "POST", "/api/jobs", json={**order, **changes}
        )
