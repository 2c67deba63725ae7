import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.learning import kept_rows

av = pytest.importorskip("av")
CHECKOUT = Path(__file__).parents[2]


def write_film(path, num_frames=8):
    patches = np.random.default_rng(0).integers(0, 256, (4, 32, 3), np.uint8)
    scene = patches.repeat(8, 0).repeat(8, 1)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        for number in range(num_frames):
            pixels = np.ascontiguousarray(scene[:, number : number + 48])
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        film.mux(stream.encode(None))


def read_film(path):
    with av.open(str(path)) as film:
        return [f.to_ndarray(format="rgb24") for f in film.decode(video=0)]


@pytest.fixture
def video(tmp_path, monkeypatch, small_model_path, capsys):
    """Returns a function that calls the verb: (code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    write_film("in.mp4")

    def call(*argv):
        code = run_verb("video", [*argv, f"--model={small_model_path}"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_a_film_in_a_blend(video):
    blend = "--style_weights=starry_night=3,great_wave=1"
    code, out, err = video("in.mp4", blend)
    assert (code, out) == (0, "in_stylized.mp4\n")
    assert "8 frames, " in err and " a second" in err
    frames = read_film("in_stylized.mp4")
    assert len(frames) == 8 and frames[0].shape == (32, 48, 3)
    assert [path for path in os.listdir() if path.startswith(".")] == []
    code, out, err = video("in.mp4", blend)
    assert (code, out) == (2, "")
    assert "`in_stylized.mp4` exists already" in err
    assert video("in.mp4", blend, "--overwrite")[0] == 0


def test_a_film_in_a_painting_of_one_s_own(
    video, small_reader, tmp_path, monkeypatch
):
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    for name in ("night", "wave"):
        pixels = np.random.default_rng(len(name)).random((40, 60, 3)) * 255
        Image.fromarray(pixels.astype(np.uint8)).save(f"{name}.png")
    learn = "--learning=instant"
    code, _, err = video("in.mp4", "--style_image=night.png,wave.png", learn)
    assert code == 2
    assert '--style_weights="night=0.5,wave=0.5"' in err
    code, out, err = video("in.mp4", "--style_image=night.png", learn, "--json")
    assert code == 0
    assert "Learning `night`: instant" in err
    assert json.loads(out)["keyframes"] == {"0s": {"night": 1}}
    assert len(read_film("in_stylized.mp4")) == 8


def test_keyframes_and_the_flicker_figure(video):
    code, out, _ = video(
        "in.mp4",
        "--keyframes=0s:starry_night; 0.28s:the_scream=1,great_wave=1",
        "--output=out.webm",
        "--stability=0",
        "--json",
        "--measure",
    )
    outcome = json.loads(out)
    assert code == 0 and outcome["num_frames"] == 8
    assert outcome["stability"] == 0
    assert outcome["keyframes"] == {
        "0s": {"starry_night": 1},
        "0.28s": {"great_wave": 0.5, "the_scream": 0.5},
    }
    assert outcome["flicker"] == pytest.approx(
        outcome["flicker_stylized"] - outcome["flicker_film"]
    )
    # The same, of the film that stands there.
    code, out, _ = video("in.mp4", "--output=out.webm", "--measure")
    assert (code, out) == (
        0,
        f"out.webm: flicker {outcome['flicker']:.4f} "
        f"({outcome['flicker_stylized']:.4f}, of which the film's own "
        f"{outcome['flicker_film']:.4f})\n",
    )


def test_what_is_shown_before_the_film(video):
    """Its time and scenes, a sheet, one frame; nothing else is written."""
    blend = "--style_weights=great_wave"
    code, out, err = video("in.mp4", blend, "--dry_run")
    assert code == 0 and "frames" not in err
    first, second = out.splitlines()
    assert first.startswith("Painting 8 frames takes about ")
    assert first.endswith(" frames a second, measured.")
    assert second == "Scene 1 begins at 0.00 s, frame 0."
    code, out, _ = video("in.mp4", blend, "--dry_run", "--to=3f", "--json")
    outcome = json.loads(out)
    assert outcome["num_frames"] == 3 and outcome["frames_a_second"] > 0
    assert outcome["scenes"] == [{"frame": 0, "seconds": 0}]
    assert os.listdir() == ["in.mp4"]

    code, out, _ = video("in.mp4", blend, "--sheet")
    assert (code, out) == (0, "in_sheet.jpg\n")
    with Image.open("in_sheet.jpg") as sheet:
        assert sheet.width > 4 * 96
    code, out, err = video("in.mp4", blend, "--output=still.png", "--from=5f")
    assert (code, out) == (0, "still.png\n")
    assert "1 frame" in err and "1 frames" not in err
    with Image.open("still.png") as still:
        assert still.size == (48, 32)
    assert sorted(os.listdir()) == ["in.mp4", "in_sheet.jpg", "still.png"]


def test_a_part_in_a_style_for_each_mask(video):
    write_mask = Image.fromarray(np.eye(32, 48, dtype=np.uint8) * 255)
    write_mask.save("mask.png")
    code, out, err = video(
        "in.mp4",
        "--mask=great_wave:mask.png,the_scream:in.mp4",
        "--keyframes=0s:mask.great_wave=0; 4f:mask.great_wave=1 smooth",
        "--from=00:00:00:02",
        "--to=0.24",
        "--output=part_%02d.png",
        "--json",
    )
    assert code == 0 and "4 frames" in err
    outcome = json.loads(out)
    assert (outcome["from"], outcome["to"]) == (0.08, 0.24)
    assert list(outcome["mask"]) == ["great_wave", "the_scream"]
    assert sorted(path.name for path in Path().glob("part_*")) == [
        f"part_{number:02}.png" for number in range(3, 7)
    ]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "Give one film, or camera:0"),
        (["in.mp4", "b.mp4"], "Give one film, or camera:0"),
        (["no.mp4", "--style_weights=udnie"], "There is no film `no.mp4`."),
        (["in.mp4"], "Say what to paint, for example --style_weights="),
        (["in.mp4", "--style_weights=udnie"], "There is no style `udnie`"),
        (["in.mp4", "--keyframes=soon"], "A keyframe is a time, a colon"),
        (
            ["in.mp4", "--keyframes=0s:great_wave", "--style_weights=udnie"],
            "or by a `mask` for each; got `style_weights, keyframes`.",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--from=9:00"],
            "There is no frame from 540.00 s on in `in.mp4`, which is 0.32 s",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--mask=none.mp4"],
            "There is no film `none.mp4`.",
        ),
        (["camera:0", "--mask=a.png"], "A camera takes no `--mask`"),
        (
            ["in.mp4", "--style_weights=great_wave", "--dry_run", "--measure"],
            "`--measure` does not go with `--dry_run`.",
        ),
        (
            [
                "in.mp4",
                "--style_weights=great_wave",
                "--sheet",
                "--output=a.mp4",
            ],
            "`a.mp4`: a sheet is a picture: give --output=sheet.png.",
        ),
        (
            [
                "in.mp4",
                "--style_weights=great_wave",
                "--to=1",
                "--output=a.png",
            ],
            "A picture is one frame of a film, that at --from: leave --to away",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--from=scene 2"],
            "There is no scene 2 in `in.mp4`: 1 are found.",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--output=a.avi"],
            "use .mp4, .mov, .mkv, .webm, .gif, or numbered",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--output=in.mp4"],
            "`in.mp4` is the film that is to be read",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--crf=60"],
            "`60` is no --crf of .mp4",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--output=a_%d.bmp"],
            "numbered frames are written as .png, .tif, .tiff, .exr, .jpg",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--fps=24"],
            "`in.mp4` has a rate of its own: --fps is for numbered frames.",
        ),
        (
            ["in_%02d.png", "--style_weights=great_wave"],
            "There are no frames `in_%02d.png`.",
        ),
        (["-", "--style_weights=great_wave"], "Say where a film of the stand"),
        (
            ["in.mp4", "--output=-", "--measure"],
            "A pipe takes no `--measure`.",
        ),
        (
            ["in.mp4", "--style_weights=great_wave", "--codec=prores"],
            "an MP4 holds no ProRes 422 HQ: use .mov or .mkv.",
        ),
        (["in.mp4", "--stability=2"], "must be a number from 0 to 1"),
        (["in.mp4", "--measure"], "There is no film `in_stylized.mp4`."),
        (["camera:0", "--keyframes=0s:great_wave"], "takes no `--keyframes`"),
        (["camera:0", "--output=a.gif"], "A camera is not recorded as GIF"),
        (
            ["camera:99", "--output=a.mp4"],
            "Say what to paint, for example --style_weights=starry_night, or a "
            "painting of your own, --style_images=mine.jpg.",
        ),
        (
            ["camera:99", "--output=a.mp4", "--style_weights=great_wave"],
            "`camera:99` gives no picture",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(video, argv, message):
    code, out, err = video(*argv)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]
    assert sorted(os.listdir()) == ["in.mp4"]


def test_a_film_of_another_shape_is_not_measured(video):
    assert video("in.mp4", "--style_weights=great_wave")[0] == 0
    with av.open("wide.mp4", "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 32, "yuv420p"
        pixels = np.zeros((32, 96, 3), np.uint8)
        film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        film.mux(stream.encode(None))
    code, _, err = video("wide.mp4", "--output=in_stylized.mp4", "--measure")
    assert code == 2 and "was not painted from `wide.mp4`" in err


def test_a_film_poses_as_a_camera(video, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    code, out, err = video(
        "camera:in.mp4", "--style_weights=great_wave", "--output=me.mp4"
    )
    assert (code, out) == (0, "me.mp4\n")
    assert "8 frames" in err
    assert len(read_film("me.mp4")) == 8


def test_a_second_run_is_refused_before_its_network_comes_up(
    video, monkeypatch
):
    from multistyle.inference.engines import loading
    from multistyle.video.encoding.work_folder import work_folder

    def fail(path, **options):
        raise AssertionError("the network came up")

    monkeypatch.setattr(loading, "load_engine", fail)
    blend = "--style_weights=great_wave"
    with work_folder("out.mp4"):
        for flags in ([], ["--overwrite"]):
            code, out, err = video("in.mp4", blend, "--output=out.mp4", *flags)
            assert (code, out) == (2, "")
            holder = f"{os.getpid()} on `{platform.node()}`"
            assert err.splitlines() == [
                f"multistyle video: Another process ({holder}) writes "
                "`out.mp4`: wait for it, or give another --output."
            ]
    # Nor for an output that cannot be written, or that is there.
    Path("folder.mp4").mkdir()
    for output, message in (
        ("in.mp4/out.mp4", "`in.mp4/out.mp4` cannot be written: "),
        ("folder.mp4", "`folder.mp4` is a folder: give the name of a film."),
    ):
        code, out, err = video("in.mp4", blend, f"--output={output}")
        assert (code, out) == (2, "") and len(err.splitlines()) == 1
        assert message in err
    assert sorted(os.listdir()) == ["folder.mp4", "in.mp4"]


def test_the_home_folder(video, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    Path("blend.json").write_text('{"great_wave": 1}', "utf-8")
    call = ["~/in.mp4", "--output=~/films/out.mp4"]
    code, out, _ = video(*call, "--style_weights=~/blend.json")
    written = tmp_path / "films" / "out.mp4"
    assert (code, out) == (0, f"{written}\n")
    assert len(read_film(written)) == 8
    assert video(*call, "--measure")[0] == 0
    code, out, _ = video(
        "camera:~/in.mp4",
        "--style_weights=great_wave",
        "--output=~/films/camera.mp4",
    )
    assert code == 0 and (tmp_path / "films" / "camera.mp4").is_file()
    assert "~" not in os.listdir()


def test_killed_it_goes_on(video, small_model_path):
    """SIGKILL after the first segment; then the rest, and the same film."""
    write_film("long.mp4", 200)
    call = ["long.mp4", "--style_weights=great_wave", "--output=out.mp4"]
    model = f"--model={small_model_path}"
    process = subprocess.Popen(
        [sys.executable, "-m", "multistyle", "video", *call, model],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stderr=subprocess.DEVNULL,
    )
    manifest = Path(".out.mp4.segments", "manifest.jsonl")
    deadline = time.monotonic() + 300
    while not (manifest.is_file() and "finished" in manifest.read_text()):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not Path("out.mp4").exists()

    code, out, err = video(*call, "--strength=0.5")
    assert (code, out) == (2, "")
    assert "`strength` was 1.0, now 0.5" in err

    code, out, err = video(*call)
    assert (code, out) == (0, "out.mp4\n")
    assert "Going on after " in err
    assert video(*call[:2], "--output=whole.mp4")[0] == 0
    for one, other in zip(
        read_film("whole.mp4"), read_film("out.mp4"), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert not manifest.exists()


def test_ffmpeg_on_both_sides_of_a_pipe(video, small_model_path):
    """Ten bits in, ten bits out, frame by frame; and stopped, it goes on."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    scene = "testsrc=size=48x32:rate=24:duration=0.5"
    made = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", scene),
            *("-pix_fmt", "yuv422p10le", "-strict", "-1"),
            *("-f", "yuv4mpegpipe", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout
    call = [sys.executable, "-m", "multistyle", "video", "-"]
    call += ["--style_weights=great_wave", f"--model={small_model_path}"]
    options = {
        "env": {**os.environ, "PYTHONPATH": str(CHECKOUT)},
        "capture_output": True,
    }
    done = subprocess.run([*call, "--output=-"], input=made, **options)
    assert done.returncode == 0, done.stderr
    header, *frames = done.stdout.split(b"FRAME\n")
    assert header == (
        b"YUV4MPEG2 W48 H32 F24:1 Ip A1:1 C422p10 XCOLORRANGE=LIMITED\n"
    )
    assert len(frames) == 12 and set(map(len, frames)) == {48 * 32 * 2 * 2}
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "-", "-c:v", "ffv1", "piped.mkv"],
        input=done.stdout,
        check=True,
    )
    Path("in.y4m").write_bytes(made)
    assert video("in.y4m", *call[-2:-1], "--output=file_%02d.png")[0] == 0
    for number, piped in enumerate(read_film("piped.mkv")):
        # Colour has half the columns, so that squares are compared.
        frame = read_image(f"file_{number + 1:02}.png")
        squares = [
            picture.reshape(4, 8, 6, 8, 3).mean((1, 3))
            for picture in (piped, frame)
        ]
        assert np.abs(squares[0] - squares[1]).mean() < 3
    # What is cut off is as long as it is.
    done = subprocess.run(
        [*call, "--output=cut.mp4"], input=made[: len(made) // 2], **options
    )
    assert done.returncode == 0
    assert 4 <= len(read_film("cut.mp4")) <= 6
