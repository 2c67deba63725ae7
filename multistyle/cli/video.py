"""`multistyle video`: flags of a painted film, and wiring."""

import json
from pathlib import Path

from multistyle.cli.films.camera import run_camera
from multistyle.cli.films.look import (
    check_blend,
    has_blend,
    load_by,
    look_of,
    teach_by,
)
from multistyle.cli.films.progress import Progress
from multistyle.cli.flags.learning_flags import read_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.flags.video_flags import define_video_flags
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.streams import STREAM
from multistyle.network.models import FAST_MODEL
from multistyle.video.material.numbered import is_numbered

SUMMARY = "Paint a film, or what a camera sees, without flicker."
USAGE = (
    "multistyle video FILM|FRAMES|-|camera:0 [--style_weights=... | "
    "--keyframes=... | --mask=... | --gradient=... | --style_images=...] "
    "[--output=FILM|FRAMES|-] [flags]"
)
EXAMPLES = """
multistyle video in.mp4 --style_weights=starry_night --output=out.mp4
    the same command again, after a stop, goes on from there

multistyle video in.mp4 --style_images=mine.jpg --output=out.mp4
    in a painting of your own, which is learned first, in seconds

multistyle video in.mp4 --output=walk.webm \\
    --keyframes="0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5 smooth"

multistyle video in.mp4 --from=1:02 --to=1:05 --output=part.mp4 \\
    --mask="great_wave:sky.mp4,starry_night:ground.mp4"
    three seconds, in a style for each mask, which are films of grey

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


def define_flags(flags: VerbFlags) -> None:
    define_video_flags(flags)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise InputError(
            "Give one film, or camera:0, for example `multistyle video in.mp4 "
            "--style_weights=starry_night`."
        )
    (source,) = arguments
    if source.startswith("camera:"):
        return run_camera(source, flags)
    for name in ("sheet", "dry_run"):
        if getattr(flags, name) and flags.measure:
            raise InputError(f"`--measure` does not go with `--{name}`.")
    output = _name_output(source, flags)
    lesson = read_lesson(flags)
    if has_blend(flags) or lesson or not flags.measure:
        outcome = _paint(source, output, flags, lesson)
    else:
        outcome = {"input": source, "output": output}
    if flags.dry_run and not flags.json:
        _print_dry_run(outcome)
        return DONE
    if flags.measure:
        outcome.update(_measure(source, output))
    if output == STREAM:  # What is printed would be in the film.
        return DONE
    if flags.json:
        print(json.dumps(outcome))
    elif not flags.measure:
        print(output)
    else:
        print(
            f"{output}: flicker {outcome['flicker']:.4f} "
            f"({outcome['flicker_stylized']:.4f}, of which the film's own "
            f"{outcome['flicker_film']:.4f})"
        )
    return DONE


def _name_output(source, flags):
    """Returns what to write, as the flags say or by the film's name."""
    if flags.output == STREAM or (source == STREAM and not flags.output):
        for name in ("json", "measure"):
            if getattr(flags, name):
                raise InputError(f"A pipe takes no `--{name}`.")
    if flags.output:
        return str(expand_home(flags.output))
    if source == STREAM:
        raise InputError(
            "Say where a film of the standard input goes, for example "
            "--output=out.mp4, or --output=- for the standard output."
        )
    path = Path(source)
    if flags.sheet:
        return f"{path.stem}_sheet.jpg"
    if is_numbered(path):
        return f"{path.stem}_stylized.png"
    return f"{path.stem}_stylized.mp4"


def _paint(source, output, flags, lesson):
    """Paints a film and returns what was done, a dict for JSON."""
    check_blend(flags, lesson)

    # Late, so that help and wrong flags need not wait for it.
    from multistyle.video.film import paint_film

    progress = Progress()
    outcome = paint_film(
        source,
        output,
        style_weights=flags.style_weights,
        keyframes=flags.keyframes,
        mask=flags.mask,
        gradient=flags.gradient,
        style_images=lesson,
        model=flags.model or FAST_MODEL,
        load=load_by(flags),
        teach=teach_by(flags),
        precision=flags.precision or "auto",
        max_size=flags.max_size,
        begin=getattr(flags, "from"),
        end=flags.to,
        fps=flags.fps,
        sheet=bool(flags.sheet),
        dry_run=bool(flags.dry_run),
        codec=flags.codec,
        crf=flags.crf,
        overwrite=bool(flags.overwrite),
        note=say,
        progress=progress,
        **look_of(flags),
    )
    if not (flags.sheet or flags.dry_run):
        progress.end()
    return outcome


def _print_dry_run(outcome):
    from multistyle.video.parts.previews import Estimate
    from multistyle.video.parts.scenes import Scene

    print(Estimate(outcome["frames_a_second"], outcome["num_frames"]))
    for number, facts in enumerate(outcome["scenes"], 1):
        print(Scene(number, facts["frame"], facts["seconds"]))


def _measure(source, output):
    """Returns how much a film flickers, a dict for JSON."""
    from multistyle.video.flicker import measure_film

    flicker = measure_film(source, output)
    return {
        "flicker": flicker.figure,
        "flicker_stylized": flicker.stylized,
        "flicker_film": flicker.film,
    }
