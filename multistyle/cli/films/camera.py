"""Wiring of a camera that is painted."""

import contextlib

from multistyle.cli.films.look import check_blend, load_by, look_of, teach_by
from multistyle.cli.films.progress import Progress
from multistyle.cli.flags.learning_flags import read_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import whole_file
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
    from multistyle.video.camera import Camera, StyleKeys, paint_camera
    from multistyle.video.encoding.encoder import FilmEncoder
    from multistyle.video.encoding.formats import find_format
    from multistyle.video.encoding.work_folder import work_folder
    from multistyle.video.film_painter import FilmPainter
    from multistyle.video.screen import Screen

    for name in (*NOT_OF_A_CAMERA, "measure", "json", "fps"):
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
        check_blend(flags, lesson)
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
        if flags.output:
            file = stack.enter_context(whole_file(flags.output, scratch=folder))
            encoder = stack.enter_context(
                FilmEncoder(file.name, film_format, camera, crf=flags.crf)
            )
        progress = Progress()
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
