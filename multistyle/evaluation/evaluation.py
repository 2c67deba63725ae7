"""An evaluation: from a network, photographs and paintings to a report."""

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import multistyle
from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError
from multistyle.evaluation.evaluator import Evaluator
from multistyle.evaluation.judge import PAINTING_SIZE, STYLE_LOSS_WEIGHT, Judge
from multistyle.evaluation.photographs import PHOTOGRAPH_SIZE, Photographs
from multistyle.evaluation.picture_folders import picture_folders
from multistyle.evaluation.references import load_references
from multistyle.evaluation.report.document import check_folder, write_report
from multistyle.files.homes import expand_home
from multistyle.keywords import suggest_keywords
from multistyle.learning.paintings import Paintings
from multistyle.network.growth import style_rows, with_styles
from multistyle.network.models import find_model, load_network
from multistyle.network.transform import TransformNetwork
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.whole_numbers import check_whole_number


@suggest_keywords
def evaluate_network(
    network: TransformNetwork | str | os.PathLike[str],
    content_images: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    name: str | None = None,
    style_images: (
        str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None
    ) = None,
    styles: Sequence[str] | None = None,
    output: str | os.PathLike[str] | None = None,
    save_pictures: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    references: str | Sequence[str] = (),
    num_reference_photographs: int | None = None,
    num_blend_photographs: int = 1,
    loss_network: str = "vgg16",
    vgg_weights: str | os.PathLike[str] | None = None,
    max_pixels: int | None = None,
    note: Callable[[str], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Says in figures and pictures how good a network is.

    Args:
        network: a `TransformNetwork`, or a model, see
            `network.models.find_model`.
        content_images: photographs that the network was not trained on: a
            folder, a glob or a list, see `images.finding.find_images`.
        name: text by which the report calls the network; None is the model as
            it was given.
        style_images: the paintings of the network's styles, likewise, matched
            by their names; None leaves out style losses, totals, references
            and blends.
        styles: list of names of the styles to judge; None is all. Where there
            are many, all take long.
        output: path of a folder for report.json and report.html; None writes
            no report.
        save_pictures: path of a folder for the pictures, see
            `picture_folders.PictureFolders`; None saves none. Styles without
            a painting are left out.
        overwrite: bool, whether to replace a report and pictures that stand
            there.
        references: what to compare with, see `references.load_references`.
        num_reference_photographs: int, on how many of the photographs the
            references paint; None is all.
        num_blend_photographs: int, on how many of the photographs pairs of
            styles are blended: each, or of many 66 that are spread over all.
        loss_network: one of `loss_options.LOSS_NETWORKS`, the judge. Figures
            of different judges do not compare.
        vgg_weights: path, see `perceptual.vgg16.load_vgg16`.
        max_pixels: int, the most that a file may have; None is 200 million.
        note: function of a line of text, called for each picture that is left
            out; or None.
        progress: function of (pictures painted, pictures in all), called
            after each; or None.

    Returns:
        Dict for JSON, what report.json holds: among others "figures", each
        style's losses and their means, "references", "blends", "artefacts",
        "diversity", "left_out", a list of messages, and "unreadable", those
        of them that tell of a file that cannot be read or judged.

    Raises:
        InputError: if nothing can be judged, an option is out of its limits,
            or an output cannot be written; before anything is painted.

    Example:
        >>> report = multistyle.evaluate_network(
        ...     "paintings-fast",
        ...     "photographs",
        ...     style_images="model_paintings",
        ...     styles=["great_wave"],
        ...     loss_network="pocket",
        ...     num_blend_photographs=0,
        ... )
        >>> sorted(report["figures"]["mean"])
        ['content', 'style', 'total']
    """
    for option, value in (
        ("references", references),
        ("save_pictures", save_pictures),
    ):
        if value and not style_images:
            raise InputError(
                f"`{option}` needs the paintings: give `style_images`."
            )
    for option, count, least in (
        ("num_reference_photographs", num_reference_photographs, 1),
        ("num_blend_photographs", num_blend_photographs, 0),
    ):
        if count is not None:
            check_whole_number(option, count, least=least)
    if output is not None:
        output = expand_home(output)
        check_folder(output, overwrite=overwrite)
    if save_pictures is not None:
        save_pictures = expand_home(save_pictures)
    if isinstance(network, TransformNetwork):
        judged, name = network, name or network.name
    else:
        judged = load_network(find_model(network))
        name = name or os.fspath(network)
    if styles is not None:
        credits = {n: judged.credits[n] for n in styles if n in judged.credits}
        rows = style_rows(judged, styles)
        judged = with_styles(judged, styles, rows, credits)
    photographs = Photographs(content_images, max_pixels=max_pixels)
    unreadable, others = list(photographs.unreadable), []
    paintings: dict[str, np.ndarray] = {}
    if style_images:
        found = Paintings(style_images, max_pixels=max_pixels)
        paintings = _match(found, judged.style_names, style_images)
        unreadable += found.unreadable
        others = [
            f"`{style}` is no style of the model."
            for style in found.style_names
            if style not in paintings
        ]
    num_others = photographs.num_others
    if num_others:
        noun = "file is" if num_others == 1 else "files are"
        others.append(f"{num_others} {noun} no picture.")
    left_out = unreadable + others
    if note:
        for message in left_out:
            note(message)
    judging_network = load_loss_network(
        loss_network, weights_path=vgg_weights, dtype="float32"
    )
    with contextlib.ExitStack() as stack:
        folders = None
        if save_pictures is not None:
            folders = stack.enter_context(
                picture_folders(save_pictures, overwrite=overwrite)
            )
        evaluator = Evaluator(
            judged,
            Judge(judging_network, paintings.values()),
            paintings,
            photographs,
            references=load_references(references, judging_network),
            num_reference_photographs=num_reference_photographs,
            num_blend_photographs=num_blend_photographs,
            picture_folders=folders,
            progress=progress,
        )
        record = {
            "model": name,
            "version": multistyle.__version__,
            "judge": {
                "loss_network": judging_network.name,
                "photograph_size": PHOTOGRAPH_SIZE,
                "painting_size": PAINTING_SIZE,
                "style_loss_weight": STYLE_LOSS_WEIGHT,
            },
            "left_out": left_out,
            "unreadable": unreadable,
            **evaluator.run(),
        }
    if output is not None:
        write_report(output, record, evaluator.album)
    return record


def _match(
    found: Paintings, style_names: Sequence[str], spec: object
) -> dict[str, np.ndarray]:
    """Returns the paintings of styles, in the network's order.

    Raises:
        InputError: if none is the painting of a style.
    """
    pictures = zip(found.style_names, found.read(PAINTING_SIZE), strict=True)
    known = {name: image for name, image in pictures if name in style_names}
    if not known:
        name = found.style_names[0]
        raise InputError(
            f"None of the {len(found.style_names)} paintings of `{spec}` has "
            f"the name of one of the model's styles; the first is `{name}`"
            f"{did_you_mean(name, style_names)}"
        )
    return {name: known[name] for name in style_names if name in known}
