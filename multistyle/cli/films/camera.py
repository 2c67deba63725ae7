"""Wiring of a camera that is painted."""

import contextlib

from multistyle.cli.films.look import (
    CAMERA_WAYS,
    check_blend,
    load_by,
    look_of,
    teach_by,
)
from multistyle.cli.films.progress import Progress
from multistyle.cli.flags.learning_flags import read_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.network.models import FAST_MODEL, find_model

NOT_OF_A_CAMERA = (
    "keyframes",
    "mask",
    "gradient",
    "from",
    "to",
    "sheet",
    "dry_run",
)


def run_camera(source: str, flags: VerbFlags) -> int:
    """Paints what a camera films; see `multistyle video`."""
    from multistyle.blends.weights import style_weights
    from multistyle.inference.loaded_model import LoadedModel
    from multistyle.video.film_painter import FilmPainter
    from multistyle.video.live.camera import Camera
    from multistyle.video.live.keys import StyleKeys
    from multistyle.video.live.live_painting import paint_camera
    from multistyle.video.live.recorder import DEFAULT_PATH, Recorder
    from multistyle.video.live.virtual_camera import NAME, VirtualCamera

    for name in (*NOT_OF_A_CAMERA, "measure", "json", "fps"):
        if getattr(flags, name):
            raise InputError(f"A camera takes no `--{name}`.")
    is_virtual = flags.output == NAME
    path = None if is_virtual else flags.output
    if path is not None:
        _check_output(path, flags)
    lesson = read_lesson(flags)
    check_blend(flags, lesson, ways=CAMERA_WAYS)
    with contextlib.ExitStack() as stack:
        camera = stack.enter_context(Camera(source, max_size=flags.max_size))
        writers = []
        if is_virtual:
            writers.append(stack.enter_context(VirtualCamera(camera)))
            say(f"Other programs see it as `{writers[0].device}`.")
        recorder = stack.enter_context(
            Recorder(
                path or DEFAULT_PATH,
                camera,
                codec=flags.codec,
                crf=flags.crf,
                overwrite=bool(flags.overwrite),
                say=say,
            )
        )
        screen = _open_screen(stack, flags.output)
        engine = load_by(flags)(
            find_model(flags.model or FAST_MODEL),
            precision=flags.precision or "auto",
        )
        weights = flags.style_weights
        if lesson:
            engine = teach_by(flags)(LoadedModel(engine=engine), lesson).engine
            weights = weights or lesson.style_names[0]
        names = engine.style_names
        keys = StyleKeys(style_weights(weights, names), names, say)
        painter = FilmPainter(engine, keys.at, **look_of(flags))
        if screen:
            say(f"Keys: {StyleKeys.HELP}.")
        if path is not None:
            keys.is_recording = True
        progress = Progress()
        try:
            for done in paint_camera(
                camera,
                painter,
                keys,
                screen=screen,
                recorder=recorder,
                writers=writers,
            ):
                progress(done, None)
        except KeyboardInterrupt:  # The way to end it; the film is whole.
            say("Stopped.")
        progress.end()
    for recorded in recorder.paths:
        print(recorded)
    return DONE


def _check_output(path, flags):
    """Refuses an output before a camera is switched on for it."""
    from multistyle.video.encoding.formats import find_format
    from multistyle.video.encoding.work_folder import work_folder

    found = find_format(path, codec=flags.codec, crf=flags.crf)
    if not found.container.codecs:
        raise InputError("A camera is not recorded as GIF: use .mp4.")
    with work_folder(expand_home(path), overwrite=bool(flags.overwrite)):
        pass


def _open_screen(stack, output):
    """Returns a `Screen`, or None where there is none and none is needed."""
    from multistyle.video.live.screen import Screen

    try:
        return stack.enter_context(Screen("multistyle"))
    except InputError as error:
        if not output:
            raise InputError(f"{error} Record it, by --output.") from error
        say(f"{error} Painting until the camera ends, or Ctrl-C.")
        return None
