"""A film, painted by one call."""

import contextlib
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from multistyle.blends.keyframes import Keyframes
from multistyle.errors import InputError
from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.loading import load_engine
from multistyle.inference.loaded_model import LoadedModel
from multistyle.inference.runs.stopped_runs import begun_with
from multistyle.keywords import suggest_keywords
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Painting, Paintings
from multistyle.network.models import FAST_MODEL, find_model, identify_model
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun
from multistyle.video.material.notes import say_nothing
from multistyle.video.parts.cues import read_cues
from multistyle.video.parts.previews import (
    Estimate,
    check_look,
    estimate_time,
    is_long,
    paint_sheet,
)
from multistyle.video.parts.scenes import find_scenes
from multistyle.video.stabilizer import DEFAULT_STABILITY


@suggest_keywords
def paint_film(
    film: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    style_weights: str | Mapping[str, float] | Sequence[float] | None = None,
    keyframes: str | None = None,
    mask: Any = None,
    gradient: str | None = None,
    style_images: Painting | Sequence[Painting] | Lesson | None = None,
    model: str | os.PathLike[str] = FAST_MODEL,
    load: Callable[..., Engine] = load_engine,
    teach: Callable[[LoadedModel, Lesson], LoadedModel] = LoadedModel.taught,
    precision: str = "auto",
    stability: float = DEFAULT_STABILITY,
    strength: float = 1.0,
    keep_colors: str = "none",
    strokes: str | None = None,
    stroke_scale: float = 1.0,
    max_size: int | None = None,
    begin: str | float | None = None,
    end: str | float | None = None,
    fps: str | float | None = None,
    codec: str | None = None,
    crf: int | None = None,
    sheet: bool = False,
    dry_run: bool = False,
    overwrite: bool = False,
    note: Callable[[str], None] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> dict[str, Any]:
    """Paints a film so that the painting holds still.

    The film's sound comes along. The same call again, after a stop, goes on
    from there.

    Args:
        film: of any kind that FFmpeg reads. What is turned, mirrored,
            interlaced or HDR is put right. Or numbered frames, as
            "in_%04d.png", or "-", Y4M from the standard input.
        output: .mp4, .mov, .mkv, .webm or .gif; .mov and .webm keep
            transparency. Or numbered frames, as "out_%04d.png", or "-", Y4M
            to the standard output. A picture, as "still.png", is the one
            frame at `begin` as the film will have it.
        style_weights: one blend, see `blends.weights.style_weights`; or in
            its place
        keyframes: blends over time, as "0s:starry_night=1; 5s:udnie=1", and
            strength, stroke_scale, mask and stability, with easings, as
            "2s:strength=0.5 smooth"; or the path of a file of such. See
            `blends.keyframe_specs.read_specs`.
        mask: None, or what says how far each pixel is painted: the path of a
            picture, of a film of grey or of numbered frames, or an array
            [H, W]; or such for each of several styles, as
            "great_wave:sky.mp4,starry_night:ground.mp4", or a dict.
        gradient: None, or styles that turn into each other across the
            picture, as "A>B:horizontal".
        style_images: None, or paintings, which are learned first, as
            `Stylizer.learn` does; their styles stand beside the model's own.
            Without a blend one painting is what the film is painted in. Or a
            `learning.lesson.Lesson`, which also says how they are learned.
        model: a run folder, a `.keras` file or the name of a bundled model.
        load: function of a `.keras` file's path, and by keyword of a
            precision, that returns its engine.
        teach: function of a `LoadedModel` and a `Lesson` that returns the
            model with the paintings' styles.
        precision: "float32"; "bfloat16", in about half the time, by the extra
            `fast` alone; or "auto", bfloat16 where the processor gains from
            it. What was stopped goes on in what it was begun with.
        stability: in [0, 1], for how long strokes move along with the film; 0
            paints frame by frame, which flickers.
        strength: in [0, 1], blend of pixels with the film; 0 is the film.
        keep_colors: "none", "luminance" or "histogram", what is kept of the
            film's own colours.
        strokes, stroke_scale: see `Stylizer.stylize`; None is "fitted", or
            what a stopped run was begun with.
        max_size: pixels: frames with a longer side are reduced first.
        begin, end: the part from one time, up to but without the other, in
            seconds or as text: "2.5s", "1:02.5", "00:01:02:12" (a timecode),
            "62f" (a frame). None is the first and the last frame's.
        fps: frames a second of numbered frames, as 24 or "24000/1001"; None
            is 24.
        codec: "h264", "h265", "prores" (422 HQ), "prores4444", "dnxhr" (HQ) or
            "vp9"; None is what the output's suffix says. All but "h264" and
            "vp9" keep 10 bits.
        crf: the quality: 0 is the best, 51 the smallest file (63 of .webm).
        sheet: whether to paint a picture of eight frames over the film, each
            by itself, in its place.
        dry_run: whether to say how long it will take, from a second that is
            measured, and which scenes there are, and to stop there.
        overwrite: whether to replace an output that is there, and to start
            anew what was stopped.
        note: told, in lines of text, what a user should know of the film.
        progress: told after each frame how many are done, and about how many
            there are, or None.

    Returns:
        What was done, for JSON: "input", "output", "num_frames", "model",
        "precision", "keyframes", "stability", "strength", "keep_colors",
        "strokes", and what else was given: "settings", "mask", "gradient",
        "from", "to", and what was learned, and how. "scenes" lists where the
        film is cut. Of a dry run, "num_frames" to paint, "frames_a_second",
        "seconds" and "scenes".

    Raises:
        InputError: if the film cannot be read, or the output not written; for
            other options than those of a stopped run; for a number or a name
            that there is not.

    Example:
        >>> done = multistyle.paint_film(
        ...     "in.mp4", "out.mp4", style_weights="starry_night"
        ... )
        >>> done["output"]
        'out.mp4'
    """
    note = note or say_nothing
    lesson = _lesson(style_images)
    forms = style_weights, keyframes, mask, gradient
    if lesson is None and all(form is None for form in forms):
        raise InputError(
            "Say what to paint, by `style_weights`, `keyframes`, `mask`, "
            "`gradient` or `style_images`."
        )
    path = find_model(model)
    run = FilmRun(
        film,
        output,
        max_size=max_size,
        fps=fps,
        codec=codec,
        crf=crf,
        begin=begin,
        end=end,
        is_sheet=sheet,
        overwrite=overwrite,
        note=note,
    )
    if sheet or dry_run:
        check_look(run.reader)
    num_frames = 0
    # What is wrong with the files is known before the network comes up.
    with run:
        begun = begun_with(run.manifest, overwrite)
        if precision == "auto":
            precision = begun.get("precision", precision)
        if strokes is None:
            is_fitted = stroke_scale != 1
            strokes = "fitted" if is_fitted else begun.get("strokes", "fitted")
        engine = load(path, precision=precision)
        names = engine.style_names
        facts: dict[str, Any] = {
            "model": identify_model(path),
            "precision": engine.precision,
        }
        if lesson is not None:
            lesson.check_names(names)
            names = [*names, *lesson.style_names]
            facts.update(lesson.options(engine))
        cues = read_cues(
            names,
            run.reader,
            weights=style_weights,
            gradient=gradient,
            keyframes=(
                None
                if keyframes is None
                else Keyframes.parse(keyframes, names, run.clock)
            ),
            mask=mask,
            default=None if lesson is None else lesson.style_names,
            end=None if run.span.end is None else float(run.span.end),
            note=note,
        )
        facts.update(cues.options())
        if lesson is not None:
            engine = teach(LoadedModel(engine=engine), lesson).engine

        def make_painter() -> FilmPainter:
            return FilmPainter(
                engine,
                cues,
                stability=stability,
                strength=strength,
                keep_colors=keep_colors,
                strokes=strokes,
                stroke_scale=stroke_scale,
            )

        painter = make_painter()
        outcome = {
            "input": os.fspath(film),
            "output": os.fspath(run.output),
            **run.span.options(),
            **facts,
            **painter.options(),
        }
        if sheet:
            run.write_picture(paint_sheet(run.reader, run.span, painter))
            return outcome
        if dry_run or (not begun and is_long(run.reader, run.span)):
            estimate = estimate_time(run.reader, run.span, make_painter())
            if dry_run:
                return {**outcome, **_foresee(run, estimate)}
            note(str(estimate))
        with contextlib.closing(run.paint(painter, facts)) as counts:
            for num_frames in counts:
                if progress is not None:
                    progress(num_frames, run.num_frames)
    scenes = [
        scene.facts()
        for scene in painter.scenes
        if scene.seconds >= run.span.begin - run.span.slack
    ]
    return {**outcome, "num_frames": num_frames, "scenes": scenes}


def _foresee(run: FilmRun, estimate: Estimate) -> dict[str, Any]:
    """Returns what a dry run says, a dict for JSON."""
    end = run.span.end
    scenes = itertools.takewhile(
        lambda scene: end is None or scene.seconds < end,
        find_scenes(run.reader),
    )
    return {
        "num_frames": estimate.num_frames,
        "frames_a_second": estimate.rate,
        "seconds": estimate.seconds,
        "scenes": [scene.facts() for scene in scenes],
    }


def _lesson(
    style_images: Painting | Sequence[Painting] | Lesson | None,
) -> Lesson | None:
    if style_images is None or isinstance(style_images, Lesson):
        return style_images
    return Lesson(Paintings(style_images), learning="quick")
