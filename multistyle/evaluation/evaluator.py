"""The evaluator: takes all the measurements of one network."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from multistyle.evaluation import artefacts
from multistyle.evaluation.diversity import measure_diversity
from multistyle.evaluation.figures import (
    Losses,
    compare,
    extremes,
    summarize_rows,
    summarize_styles,
)
from multistyle.evaluation.judge import Judge, View, total_loss
from multistyle.evaluation.photographs import Photographs
from multistyle.evaluation.picture_folders import PictureFolders
from multistyle.evaluation.references import Reference
from multistyle.evaluation.report.album import Album
from multistyle.evaluation.ways import (
    LOSSES_AT_POINTS,
    NUM_POINTS,
    WayMeter,
    compare_with_ends,
)
from multistyle.inference.stylizer import Stylizer
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

ZERO_LINES = ("photograph", "grey")
# All pairs of twelve styles; of more they are spread over all.
MOST_PAIRS = 66


class Evaluator:
    """Judges one network on photographs, picture by picture.

    Args:
        network: a `TransformNetwork`.
        judge: a `Judge` of the paintings.
        paintings: dict style -> float32 [H, W, 3] in [0, 1], in the judge's
            order; the styles are among the network's.
        photographs: a `Photographs`.
        references: list of `Reference`.
        num_reference_photographs: int, how many of the photographs the
            references paint; None is all.
        num_blend_photographs: int, on how many photographs blends are
            measured; 0 leaves blends out.
        picture_folders: `PictureFolders` that get each photograph, painting
            and pastiche; None keeps them nowhere.
        progress: function of (pictures painted, pictures in all), or None.

    Attributes:
        album: the `Album` of all pictures, filled by `run`.
    """

    def __init__(
        self,
        network: TransformNetwork,
        judge: Judge,
        paintings: dict[str, np.ndarray],
        photographs: Photographs,
        *,
        references: Sequence[Reference] = (),
        num_reference_photographs: int | None = None,
        num_blend_photographs: int = 1,
        picture_folders: PictureFolders | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._network = network
        self._stylizer = Stylizer(network)
        self._judge = judge
        self._paintings = paintings
        self._photographs = photographs
        self._references = list(references)
        if num_reference_photographs is None:
            num_reference_photographs = len(photographs.names)
        self._reference_names = photographs.spread(num_reference_photographs)
        self._blend_names = photographs.spread(num_blend_photographs)
        pairs = list(itertools.combinations(range(len(paintings)), 2))
        self._pairs = pairs[:: max(1, math.ceil(len(pairs) / MOST_PAIRS))]
        self._picture_folders = picture_folders
        self._progress = progress
        self._num_done = 0
        self._losses: Losses = {}
        self._zero_lines: dict[str, Losses] = {name: {} for name in ZERO_LINES}
        self._reference_losses: dict[str, Losses] = {
            reference.name: {} for reference in self._references
        }
        self._artefacts: Losses = {}
        self._photographs_artefacts: dict[str, dict[str, float]] = {}
        self.album = Album()

    def run(self) -> dict[str, Any]:
        """Takes all measurements.

        Returns:
            Dict for JSON: what report.json holds, but for what only the caller
            knows.
        """
        for style, painting in self._paintings.items():
            self.album.add(painting, style=style)
        for name in self._photographs.names:
            self._judge_photograph(name)
        has_references = bool(self._references)
        return {
            "fingerprint": fingerprint(self._network),
            "styles": list(self._network.style_names),
            "without_painting": [
                style
                for style in self._network.style_names
                if style not in self._paintings
            ],
            "photographs": list(self._photographs.names),
            "figures": summarize_styles(self._losses),
            "zero_lines": {
                name: summarize_styles(losses)
                for name, losses in self._zero_lines.items()
                if losses
            },
            "references": {
                "photographs": self._reference_names if has_references else [],
                "figures": {
                    name: summarize_styles(losses)
                    for name, losses in self._reference_losses.items()
                },
                "ratios": {
                    name: compare(self._losses, losses)
                    for name, losses in self._reference_losses.items()
                },
            },
            "extremes": {
                style: extremes(self._losses[style])
                for style in self._paintings
            },
            "blends": self._measure_blends(),
            "artefacts": self._summarize_artefacts(),
            "diversity": measure_diversity(self._network),
            "pictures": {
                "losses": self._losses,
                "artefacts": self._artefacts,
                "reference_losses": self._reference_losses,
            },
        }

    def _judge_photograph(self, name: str) -> None:
        photograph = self._photographs.read(name)
        self.album.add(photograph, name)
        self._photographs_artefacts[name] = artefacts.measure(
            photograph, photograph
        )
        own = self._judge.view(photograph)
        grey = self._judge.view(np.full_like(photograph, 0.5))
        for zero_line, view in zip(ZERO_LINES, (own, grey), strict=True):
            rows = self._rows(view, own)
            for style in self._paintings:
                _keep(self._zero_lines[zero_line], style, name, rows[style])
        for style in self._network.style_names:
            pastiche = self._stylizer.stylize(photograph, {style: 1.0})
            row = self._finish(pastiche, own, name, style)
            _keep(self._losses, style, name, row)
            if self._picture_folders and style in self._paintings:
                self._picture_folders.add(
                    name,
                    style,
                    photograph=photograph,
                    style_image=self._paintings[style],
                    pastiche=pastiche,
                )
            measured = artefacts.measure(pastiche, photograph)
            _keep(self._artefacts, style, name, measured)
            if name in self._reference_names and style in self._paintings:
                for reference in self._references:
                    self._ask(reference, style, name, photograph, own)

    def _ask(
        self,
        reference: Reference,
        style: str,
        name: str,
        photograph: np.ndarray,
        own: View,
    ) -> None:
        """Lets a reference paint, if it knows the style."""
        pastiche = reference.pastiche(photograph, self._paintings[style], style)
        if pastiche is None:
            self._count()
            return
        row = self._finish(pastiche, own, name, style, reference=reference.name)
        _keep(self._reference_losses[reference.name], style, name, row)

    def _finish(
        self,
        pastiche: np.ndarray,
        own: View,
        name: str,
        style: str,
        reference: str | None = None,
    ) -> dict[str, float]:
        """Puts a pastiche into the album, and returns its losses."""
        self.album.add(pastiche, name, style, reference)
        row = self._rows(self._judge.view(pastiche), own)[style]
        self._count()
        return row

    def _rows(self, view: View, own: View) -> dict[str, dict[str, float]]:
        """Returns the losses of a picture by every style."""
        content = {"content": self._judge.content(view, own)}
        rows = {style: content for style in self._network.style_names}
        if self._paintings:
            losses = self._judge.style(view).tolist()
            for style, loss in zip(self._paintings, losses, strict=True):
                total = total_loss(content["content"], loss)
                rows[style] = {**content, "style": loss, "total": total}
        return rows

    def _measure_blends(self) -> dict[str, Any]:
        """Returns a dict for JSON: "photographs" and, for each pair, "paths".

        A path is the mean over the photographs of the ways.
        """
        styles = list(self._paintings)

        def paint(photograph: np.ndarray, weights: np.ndarray) -> np.ndarray:
            used = {
                style: float(weight)
                for style, weight in zip(styles, weights, strict=True)
                if weight
            }
            self._count()
            return self._stylizer.stylize(photograph, used)

        meters = [
            WayMeter(self._judge, paint, self._photographs.read(name))
            for name in self._blend_names
            if self._pairs
        ]
        paths = []
        for pair in self._pairs if meters else ():
            points = np.mean([meter.measure(*pair) for meter in meters], 0)
            path = dict(zip(LOSSES_AT_POINTS, points.T.tolist(), strict=True))
            paths.append(
                {
                    "styles": [styles[i] for i in pair],
                    **path,
                    **compare_with_ends(path["total"]),
                }
            )
        return {
            "photographs": self._blend_names if paths else [],
            "paths": paths,
        }

    def _summarize_artefacts(self) -> dict[str, Any]:
        """Returns a dict for JSON: means over photographs, and scales."""
        return {
            "photographs": summarize_rows(self._photographs_artefacts.values()),
            "paintings": {
                style: artefacts.measure(painting)
                for style, painting in self._paintings.items()
            },
            "styles": {
                style: summarize_rows(by_photograph.values())
                for style, by_photograph in self._artefacts.items()
            },
            "flat": {
                style: self._measure_flatness(style)
                for style in self._network.style_names
            },
        }

    def _measure_flatness(self, style: str) -> dict[str, dict[str, float]]:
        measured = artefacts.flatness(
            lambda image: self._stylizer.stylize(image, {style: 1.0})
        )
        return {name: flat._asdict() for name, flat in measured.items()}

    def _count(self) -> None:
        """Reports one more picture."""
        self._num_done += 1
        if self._progress is None:
            return
        styles, paintings = len(self._network.style_names), len(self._paintings)
        total = len(self._photographs.names) * styles
        total += len(self._reference_names) * len(self._references) * paintings
        if self._pairs:
            between = (NUM_POINTS - 2) * len(self._pairs)
            total += len(self._blend_names) * (paintings + between)
        self._progress(self._num_done, total)


def _keep(table: Losses, style: str, name: str, row: dict[str, float]) -> None:
    table.setdefault(style, {})[name] = row
