"""Figures: what many measurements come to."""

import numpy as np

from multistyle.evaluation.references import loss_ratios


def summarize(values):
    """Returns {"mean", "spread"} of floats; the spread is their deviation."""
    return {"mean": float(np.mean(values)), "spread": float(np.std(values))}


def summarize_terms(rows):
    """Summarizes each term of many measurements.

    Args:
        rows: iterable of dicts of floats with the same keys.

    Returns:
        Dict term -> {"mean", "spread"}.
    """
    rows = list(rows)
    return {term: summarize([row[term] for row in rows]) for term in rows[0]}


def summarize_styles(losses):
    """Summarizes the losses of each style, and then the styles.

    Args:
        losses: dict style -> dict photograph -> dict term -> float. A style
            without a painting has the term "content" alone.

    Returns:
        Dict "styles" -> style -> term -> {"mean", "spread"} over photographs,
        and "mean" -> term -> {"mean", "spread"} of the styles' means, over
        the styles that have the term.
    """
    styles = {
        style: summarize_terms(by_photograph.values())
        for style, by_photograph in losses.items()
    }
    means = {}
    for terms in styles.values():
        for term, summary in terms.items():
            means.setdefault(term, []).append(summary["mean"])
    return {
        "styles": styles,
        "mean": {term: summarize(values) for term, values in means.items()},
    }


def compare(losses, reference_losses):
    """Compares losses with a reference's, on the photographs of both.

    Args:
        losses, reference_losses: as of `summarize_styles`; the reference's
            photographs are among the others.

    Returns:
        Dict as of `references.loss_ratios`, and "median" -> term -> float,
        over the styles; empty if the reference has none of the styles.
    """
    if not reference_losses:
        return {}
    own = {
        style: {name: losses[style][name] for name in by_photograph}
        for style, by_photograph in reference_losses.items()
    }
    ratios = loss_ratios(_columns(own), _columns(reference_losses))
    rows = ratios["rows"].values()
    terms = next(iter(rows))
    ratios["median"] = {
        term: float(np.median([row[term] for row in rows])) for term in terms
    }
    return ratios


def extremes(losses, count=3):
    """Finds the photographs with the lowest and the highest total.

    Args:
        losses: dict photograph -> dict with "total".
        count: int, how many of each at most; none is among both.

    Returns:
        Dict "best", best first, and "worst", worst first: lists of names.
    """
    ordered = sorted(losses, key=lambda name: losses[name]["total"])
    half = (len(ordered) + 1) // 2
    best = ordered[: min(count, half)]
    worst = ordered[max(half, len(ordered) - count) :]
    return {"best": best, "worst": worst[::-1]}


def _columns(losses):
    """Turns photographs' terms into each term's list of values."""
    columns = {}
    for style, by_photograph in losses.items():
        rows = list(by_photograph.values())
        columns[style] = {term: [row[term] for row in rows] for term in rows[0]}
    return columns
