"""The evaluator: takes all the measurements of one network."""

import itertools

import numpy as np

from multistyle.evaluation import artefacts
from multistyle.evaluation.album import Album
from multistyle.evaluation.blends import TERMS, BlendMeter, compare_with_ends
from multistyle.evaluation.diversity import measure_diversity
from multistyle.evaluation.figures import (
    compare,
    extremes,
    summarize_styles,
    summarize_terms,
)
from multistyle.evaluation.judge import total_loss
from multistyle.inference.stylizer import Stylizer
from multistyle.network.styles import fingerprint

ZERO_LINES = ("photograph", "grey")


class Evaluator:
    """Judges one network on photographs, picture by picture.

    Args:
        network: a `TransformNetwork`.
        judge: a `Judge` of the paintings.
        paintings: dict style -> float32 [H, W, 3] in [0, 1], in the judge's
            order; the styles are among the network's.
        photographs: a `Photographs`.
        references: list, as `evaluation.references` loads them.
        num_reference_photographs: int, how many of the photographs they
            paint; None is all.
        num_blend_photographs: int, on how many blends are measured; 0 leaves
            them out.
        progress: function of (pictures painted, pictures in all), or None.

    Attributes:
        album: the `Album` of all pictures, filled by `run`.
    """

    def __init__(
        self,
        network,
        judge,
        paintings,
        photographs,
        references=(),
        num_reference_photographs=None,
        num_blend_photographs=1,
        progress=None,
    ):
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
        self._pairs = list(itertools.combinations(range(len(paintings)), 2))
        self._progress = progress or (lambda done, total: None)
        self._num_done = 0
        # Style -> photograph -> term -> value; of each painter its own.
        self._losses = {}
        self._zero_lines = {name: {} for name in ZERO_LINES}
        self._reference_losses = {ref.name: {} for ref in self._references}
        self._artefacts = {}
        self._photographs_artefacts = {}
        self.album = Album()

    def run(self):
        """Takes all measurements.

        Returns:
            Dict for JSON, the content of report.json but for what only the
            caller knows.
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

    def _judge_photograph(self, name):
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
            measured = artefacts.measure(pastiche, photograph)
            _keep(self._artefacts, style, name, measured)
            if name in self._reference_names and style in self._paintings:
                for reference in self._references:
                    self._ask(reference, style, name, photograph, own)

    def _ask(self, reference, style, name, photograph, own):
        """Lets a reference paint, if it knows the style."""
        pastiche = reference.pastiche(photograph, self._paintings[style], style)
        if pastiche is None:
            self._count()
            return
        row = self._finish(pastiche, own, name, style, reference.name)
        _keep(self._reference_losses[reference.name], style, name, row)

    def _finish(self, pastiche, own, *key):
        """Puts a pastiche into the album, and returns its losses."""
        self.album.add(pastiche, *key)
        row = self._rows(self._judge.view(pastiche), own)[key[1]]
        self._count()
        return row

    def _rows(self, view, own):
        """Returns the losses of a picture by every style."""
        content = {"content": self._judge.content(view, own)}
        rows = {style: content for style in self._network.style_names}
        if self._paintings:
            losses = self._judge.style(view).tolist()
            for style, loss in zip(self._paintings, losses, strict=True):
                total = total_loss(content["content"], loss)
                rows[style] = {**content, "style": loss, "total": total}
        return rows

    def _measure_blends(self):
        """Returns a dict for JSON: "photographs" and, for each pair, "paths".

        A path is the mean over the photographs.
        """
        styles = list(self._paintings)

        def paint(photograph, weights):
            used = {
                style: float(weight)
                for style, weight in zip(styles, weights, strict=True)
                if weight
            }
            self._count()
            return self._stylizer.stylize(photograph, used)

        meters = [
            BlendMeter(self._judge, paint, self._photographs.read(name))
            for name in self._blend_names
            if self._pairs
        ]
        paths = []
        for pair in self._pairs if meters else ():
            points = np.mean([meter.measure(*pair) for meter in meters], 0)
            path = dict(zip(TERMS, points.T.tolist(), strict=True))
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

    def _summarize_artefacts(self):
        """Returns a dict for JSON: means over photographs, and scales."""
        return {
            "photographs": summarize_terms(
                self._photographs_artefacts.values()
            ),
            "paintings": {
                style: artefacts.measure(painting)
                for style, painting in self._paintings.items()
            },
            "styles": {
                style: summarize_terms(by_photograph.values())
                for style, by_photograph in self._artefacts.items()
            },
            "flat": {
                style: self._measure_flatness(style)
                for style in self._network.style_names
            },
        }

    def _measure_flatness(self, style):
        measured = artefacts.flatness(
            lambda image: self._stylizer.stylize(image, {style: 1.0})
        )
        return {name: flat._asdict() for name, flat in measured.items()}

    def _count(self):
        """Reports one more picture."""
        self._num_done += 1
        styles, paintings = len(self._network.style_names), len(self._paintings)
        total = len(self._photographs.names) * styles
        total += len(self._reference_names) * len(self._references) * paintings
        if self._pairs:
            total += len(self._blend_names) * (paintings + 9 * len(self._pairs))
        self._progress(self._num_done, total)


def _keep(table, style, name, row):
    table.setdefault(style, {})[name] = row
