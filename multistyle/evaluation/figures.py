"""Figures: what many measurements come to."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

# Style -> photograph -> loss -> value.
Losses = dict[str, dict[str, dict[str, float]]]


def summarize(values: Sequence[float]) -> dict[str, float]:
    """Returns {"mean", "spread"} of floats; the spread is their deviation."""
    return {"mean": float(np.mean(values)), "spread": float(np.std(values))}


def summarize_rows(
    rows: Iterable[dict[str, float]],
) -> dict[str, dict[str, float]]:
    """Summarizes each value of many measurements.

    Args:
        rows: iterable of dicts of floats with the same keys.

    Returns:
        Dict key -> {"mean", "spread"}.
    """
    rows = list(rows)
    return {key: summarize([row[key] for row in rows]) for key in rows[0]}


def summarize_styles(losses: Losses) -> dict[str, Any]:
    """Summarizes the losses of each style, and then the styles.

    Args:
        losses: dict style -> photograph -> loss -> float. A style without a
            painting has the loss "content" alone.

    Returns:
        Dict "styles" -> style -> loss -> {"mean", "spread"} over photographs,
        and "mean" -> loss -> {"mean", "spread"} of the styles' means, over
        the styles that have a painting; over all where none has.
    """
    styles = {
        style: summarize_rows(by_photograph.values())
        for style, by_photograph in losses.items()
    }
    # A mean total is the sum of the mean losses only over the same styles.
    judged = [row for row in styles.values() if "total" in row]
    means: dict[str, list[float]] = {}
    for summaries in judged or styles.values():
        for loss, summary in summaries.items():
            means.setdefault(loss, []).append(summary["mean"])
    return {
        "styles": styles,
        "mean": {loss: summarize(values) for loss, values in means.items()},
    }


def compare(losses: Losses, reference_losses: Losses) -> dict[str, Any]:
    """Compares losses with a reference's, on the photographs of both.

    Args:
        losses, reference_losses: see `summarize_styles`; the reference's
            photographs are among the others.

    Returns:
        Dict, see `loss_ratios`, and "median" -> loss -> float, over the
        styles; empty if the reference has none of the styles.
    """
    if not reference_losses:
        return {}
    own = {
        style: {name: losses[style][name] for name in by_photograph}
        for style, by_photograph in reference_losses.items()
    }
    ratios = loss_ratios(_columns(own), _columns(reference_losses))
    rows = ratios["rows"].values()
    ratios["median"] = {
        loss: float(np.median([row[loss] for row in rows]))
        for loss in next(iter(rows))
    }
    return ratios


def loss_ratios(
    losses: dict[str, dict[str, list[float]]],
    reference_losses: dict[str, dict[str, list[float]]],
) -> dict[str, Any]:
    """Compares losses with those of a reference: the paper's table.

    Args:
        losses, reference_losses: dicts style -> loss -> list of float, one a
            photograph.

    Returns:
        Dict "rows" -> style -> loss -> ratio of the two means, for the styles
        that both have, and "mean" and "spread" -> loss -> float, the mean and
        the standard deviation of the ratios over the styles.

    Reference:
        Dumoulin et al., 2017, section 3.2 and figure 3: many-style over
        single-style losses, each the mean over photographs.
    """
    rows = {
        style: {
            loss: float(
                np.mean(values) / np.mean(reference_losses[style][loss])
            )
            for loss, values in columns.items()
        }
        for style, columns in losses.items()
        if style in reference_losses
    }
    ratios: dict[str, list[float]] = {}
    for row in rows.values():
        for loss, ratio in row.items():
            ratios.setdefault(loss, []).append(ratio)
    return {
        "rows": rows,
        "mean": {loss: float(np.mean(r)) for loss, r in ratios.items()},
        "spread": {loss: float(np.std(r)) for loss, r in ratios.items()},
    }


def extremes(
    losses: dict[str, dict[str, float]], *, count: int = 3
) -> dict[str, list[str]]:
    """Finds the photographs with the lowest and the highest total.

    Args:
        losses: dict photograph -> dict with "total".
        count: int, how many of each at most; no photograph is in both.

    Returns:
        Dict "best", best first, and "worst", worst first: lists of names.
    """
    ordered = sorted(losses, key=lambda name: losses[name]["total"])
    half = (len(ordered) + 1) // 2
    best = ordered[: min(count, half)]
    worst = ordered[max(half, len(ordered) - count) :]
    return {"best": best, "worst": worst[::-1]}


def _columns(losses: Losses) -> dict[str, dict[str, list[float]]]:
    """Turns the losses of each photograph into a list for each loss."""
    columns = {}
    for style, by_photograph in losses.items():
        rows = list(by_photograph.values())
        columns[style] = {loss: [row[loss] for row in rows] for loss in rows[0]}
    return columns
