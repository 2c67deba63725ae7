"""`multistyle video`: flags of a painted film, and wiring."""

import contextlib
import functools
import json
import time
from pathlib import Path

from multistyle.cli.flags.learning_flags import read_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.flags.video_flags import define_video_flags
from multistyle.cli.terminal.report import PROGRESS_SECONDS, say
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import whole_file
from multistyle.network.models import FAST_MODEL, find_model
from multistyle.video.material.numbered import is_numbered

SUMMARY = "Paint a film, or what a camera sees, without flicker."
USAGE = (
    "multistyle video FILM|FRAMES|-|camera:0 [--style_weights=... | "
    "--keyframes=... | --style_images=...] [--output=FILM|FRAMES|-] [flags]"
)
EXAMPLES = """
multistyle video in.mp4 --style_weights=starry_night --output=out.mp4
    the same command again, after a stop, goes on from there

multistyle video in.mp4 --style_images=mine.jpg --output=out.mp4
    in a painting of your own, which is learned first, in seconds

multistyle video in.mp4 --output=walk.webm \\
    --keyframes="0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5"

multistyle video in_%04d.png --fps=24 --style_weights=udnie \\
    --output=out_%04d.png
    numbered frames, in and out; PNG, TIFF, EXR

ffmpeg -i in.mp4 -f yuv4mpegpipe - | multistyle video - \\
    --style_weights=udnie --output=- | ffmpeg -i - out.mp4
    FFmpeg on both sides

multistyle video in.mov --style_weights=udnie --codec=prores --output=out.mov
    for an editor: with colour tags, timecode, sound, chapters

multistyle video in.mp4 --output=out.mp4 --measure
    how much a film that was painted flickers

multistyle video camera:0 --style_weights=udnie --output=me.mp4
    a window shows it; 1 to 9, n and p choose the style, q ends it
"""

# The standard input, or output.
PIPE = "-"
LOOK = ("stability", "strength", "keep_colors", "strokes", "stroke_scale")


def define_flags(flags: VerbFlags) -> None:
    define_video_flags(flags)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise InputError(
            "Give one film, or camera:0, for example `multistyle video in.mp4 "
            "--style_weights=starry_night`."
        )
    (source,) = arguments
    if flags.style_weights is not None and flags.keyframes is not None:
        raise InputError(
            "`--style_weights` and `--keyframes` exclude each other: give one."
        )
    if source.startswith("camera:"):
        return _run_camera(source, flags)
    output = _name_output(source, flags)
    lesson = read_lesson(flags)
    if _has_blend(flags) or lesson or not flags.measure:
        outcome = _paint(source, output, flags, lesson)
    else:
        outcome = {"input": source, "output": output}
    if flags.measure:
        outcome.update(_measure(source, output))
    if output == PIPE:  # What is printed would be in the film.
        return 0
    if flags.json:
        print(json.dumps(outcome, ensure_ascii=False))
    elif not flags.measure:
        print(output)
    else:
        print(
            f"{output}: flicker {outcome['flicker']:.4f} "
            f"({outcome['flicker_stylized']:.4f}, of which the film's own "
            f"{outcome['flicker_film']:.4f})"
        )
    return 0


def _name_output(source, flags):
    """Returns what to write, as the flags say or by the film's name."""
    if flags.output == PIPE or (source == PIPE and not flags.output):
        for name in ("json", "measure"):
            if getattr(flags, name):
                raise InputError(f"A pipe takes no `--{name}`.")
    if flags.output:
        return str(expand_home(flags.output))
    if source == PIPE:
        raise InputError(
            "Say where a film of the standard input goes, for example "
            "--output=out.mp4, or --output=- for the standard output."
        )
    path = Path(source)
    if is_numbered(path):
        return f"{path.stem}_stylized.png"
    return f"{path.stem}_stylized.mp4"


def _paint(source, output, flags, lesson):
    """Paints a film and returns what was done, a dict for JSON."""
    _check_blend(flags, lesson)

    # Late, so that help and wrong flags need not wait for it.
    from multistyle.video.film import paint_film

    progress = _Progress()
    outcome = paint_film(
        source,
        output,
        style_weights=flags.style_weights,
        keyframes=flags.keyframes,
        style_images=lesson,
        model=flags.model or FAST_MODEL,
        load=_load(flags),
        teach=_teach(flags),
        precision=flags.precision or "auto",
        max_size=flags.max_size,
        fps=flags.fps,
        codec=flags.codec,
        crf=flags.crf,
        overwrite=bool(flags.overwrite),
        note=say,
        progress=progress,
        **_look(flags),
    )
    progress.end()
    return outcome


def _run_camera(source, flags):
    from multistyle.blends.weights import style_weights
    from multistyle.inference.loaded_model import LoadedModel
    from multistyle.video.camera import Camera, StyleKeys, paint_camera
    from multistyle.video.encoding.encoder import FilmEncoder
    from multistyle.video.encoding.formats import find_format
    from multistyle.video.encoding.work_folder import work_folder
    from multistyle.video.film_painter import FilmPainter
    from multistyle.video.screen import Screen

    for name in ("keyframes", "measure", "json", "fps"):
        if getattr(flags, name):
            raise InputError(f"A camera takes no `--{name}`.")
    if flags.output:
        flags.output = str(expand_home(flags.output))
        film_format = find_format(
            flags.output, codec=flags.codec, crf=flags.crf
        )
        if film_format.container.sound_codec is None:
            raise InputError("A camera is not recorded as GIF: use .mp4.")
    with contextlib.ExitStack() as stack:
        if flags.output:
            folder = stack.enter_context(
                work_folder(flags.output, overwrite=bool(flags.overwrite))
            )
        camera = stack.enter_context(Camera(source, max_size=flags.max_size))
        screen = encoder = None
        try:
            screen = stack.enter_context(Screen("multistyle"))
        except InputError as error:
            if not flags.output:
                raise InputError(f"{error} Record it, by --output.") from error
            say(f"{error} Recording until the camera ends, or Ctrl-C.")
        lesson = read_lesson(flags)
        _check_blend(flags, lesson)
        engine = _load(flags)(
            find_model(flags.model or FAST_MODEL),
            precision=flags.precision or "auto",
        )
        weights = flags.style_weights
        if lesson:
            engine = _teach(flags)(LoadedModel(engine=engine), lesson).engine
            weights = weights or lesson.style_names[0]
        names = engine.style_names
        keys = StyleKeys(style_weights(weights, names), names, say)
        painter = FilmPainter(engine, keys.at, **_look(flags))
        if screen:
            say(f"Keys: {StyleKeys.HELP}.")
        if flags.output:
            file = stack.enter_context(whole_file(flags.output, scratch=folder))
            encoder = stack.enter_context(
                FilmEncoder(file.name, film_format, camera, crf=flags.crf)
            )
        progress = _Progress()
        try:
            for done in paint_camera(
                camera, painter, keys, screen=screen, encoder=encoder
            ):
                progress(done, None)
        except KeyboardInterrupt:  # The way to end it; the film is whole.
            say("Stopped.")
        progress.end()
    if flags.output:
        print(flags.output)
    return 0


def _has_blend(flags):
    return flags.style_weights is not None or flags.keyframes is not None


def _check_blend(flags, lesson):
    if _has_blend(flags):
        return
    if lesson and len(lesson.style_names) > 1:
        names = lesson.style_names
        raise InputError(
            f"Say what to paint of the {len(names)} paintings, for example "
            f'--style_weights="{names[0]}=0.5,{names[1]}=0.5".'
        )
    if not lesson:
        raise InputError(
            "Say what to paint, for example --style_weights=starry_night, "
            '--keyframes="0s:starry_night=1; 5s:great_wave=1", or a painting '
            "of your own, --style_images=mine.jpg."
        )


def _teach(flags):
    """Returns a function that lets a model learn, and shows how far it is."""
    # Late, as below.
    from multistyle.cli.terminal.lessons import teach

    return functools.partial(teach, is_chosen=flags.learning is not None)


def _load(flags):
    """Returns a function that loads the engine of a `.keras` file."""

    def load(path, *, precision):
        # Late, so that help and wrong flags need not wait for an engine.
        from multistyle.cli.model_choice import open_engine

        say(f"Model: `{flags.model or FAST_MODEL}`.")
        return open_engine(path, flags.engine, precision)

    return load


def _look(flags):
    given = flags.given()
    return {name: given[name] for name in LOOK if name in given}


def _measure(source, output):
    """Returns how much a film flickers, a dict for JSON."""
    from multistyle.video.flicker import measure_film

    flicker = measure_film(source, output)
    return {
        "flicker": flicker.figure,
        "flicker_stylized": flicker.stylized,
        "flicker_film": flicker.film,
    }


class _Progress:
    """Says now and then how far it is, how fast, and how long it takes."""

    def __init__(self):
        self._done = self._said = 0
        self._first = self._total = None
        self._start = self._shown = time.monotonic()

    def __call__(self, done, total):
        now = time.monotonic()
        if self._first is None:
            # The first one waits for the network to be compiled.
            self._first, self._start = done, now
        self._done, self._total = done, total
        if now - self._shown >= PROGRESS_SECONDS:
            self._shown, self._said = now, done
            say(self._line(now))

    def end(self):
        if self._said < self._done or not self._done:
            say(self._line(time.monotonic()))

    def _line(self, now):
        done, total = self._done, self._total
        rate = (done - (self._first or 0)) / max(now - self._start, 1e-9)
        line = f"{done} frames"
        if total and done < total:
            line = f"{done} of about {total} frames"
        if rate:
            line += f", {rate:.1f} a second"
        if rate and total and done < total:
            line += f", about {(total - done) / rate:.0f} s left"
        return line
