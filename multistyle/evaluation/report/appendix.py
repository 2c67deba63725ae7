"""The appendix of the report: blends, artefacts and diversity."""

from typing import Any

from multistyle.evaluation.artefacts import FLAT_COLORS
from multistyle.evaluation.report.charts import way_chart
from multistyle.evaluation.report.markup import (
    Entry,
    bullets,
    paragraph,
    pictures,
    table,
)

# A table of those of more styles is wider than a page.
MOST_DISTANCES = 24
# Title and format of each.
ARTEFACTS = {
    "lattice_2": ("lattice, 2 px", ".1f"),
    "lattice_4": ("lattice, 4 px", ".1f"),
    "weave": ("weave", ".1f"),
    "dots": ("dots", ".1f"),
    "border": ("border", ".2f"),
    "saturated": ("saturated", ".2%"),
}


def blends(record: dict[str, Any]) -> str:
    """Shows a chart for each pair of styles."""
    measured = record["blends"]
    paths = measured["paths"]
    num_worse = sum(bool(path["worse_steps"]) for path in paths)
    worst = max(paths, key=lambda path: path["worst_ratio"])
    key = (
        '<p><span class="key content">Content loss</span>, style loss by the '
        '<span class="key first">first</span> and by the '
        '<span class="key second">second</span> painting, from the one style '
        'to the other in ten steps. <span class="key worse">A dot</span> is a '
        "step that is worse than both ends: its content + 6 style, measured "
        "against the Gram matrices of both paintings blended as the step is, "
        "exceeds that of each end.</p>\n"
    )
    count = len(measured["photographs"])
    return (
        key
        + paragraph(
            f"{num_worse} of {len(paths)} ways have such a step; the worst, "
            f"from {worst['styles'][0]} to {worst['styles'][1]}, has "
            f"{worst['worst_ratio']:.2f} times the total of its worse end. "
            f"Measured on {count} photograph{'s' * (count > 1)}: "
            f"{', '.join(measured['photographs'])}. After Dumoulin et al., "
            "2017, section 3.4."
        )
        + pictures([way_chart(path) for path in paths])
    )


def artefacts(record: dict[str, Any]) -> str:
    """Lists in numbers what an eye at full size objects to."""
    measured = record["artefacts"]
    ordinary = measured["photographs"]
    rows: list[list[str | Entry]] = []
    for style, summary in measured["styles"].items():
        painting = measured["paintings"].get(style)
        row: list[str | Entry] = [
            Entry(style, below="its painting" if painting else None)
        ]
        for name, (_, form) in ARTEFACTS.items():
            value, scale = summary[name]["mean"], ordinary[name]["mean"]
            below = None
            if painting:
                scale = max(scale, painting[name])
                below = format(painting[name], form)
            is_high = value > 2 * scale
            row.append(Entry(format(value, form), below=below, is_high=is_high))
        rows.append(row)
    means = [
        format(ordinary[name]["mean"], form)
        for name, (_, form) in ARTEFACTS.items()
    ]
    rows.append(list(map(Entry, ["photographs", *means])))
    flat_rows = [
        [style, *_flat_entries(flat)]
        for style, flat in measured["flat"].items()
    ]
    return (
        table(
            ["style", *(title for title, _ in ARTEFACTS.values())],
            rows,
            num_sums=1,
        )
        + bullets(
            [
                "Marked: more than twice what photographs and the painting "
                "have.",
                "lattice: power at periods of 2 and of 4 px over that of its "
                "neighbourhood in the spectrum; about 1 where there is none.",
                "weave: the same of the strongest other period from 3 to 10 "
                "px.",
                "dots: isolated dots of any colour, up to 4 px across, for "
                "each 10,000 px where the photograph is flat; in a painting, "
                "everywhere.",
                "border: step from the frame of 4 px inwards, over that of "
                "frames further in.",
                "saturated: share of pixels with a channel within 1/255 of "
                "its end.",
            ]
        )
        + "<h3>Flat pictures</h3>\n"
        + paragraph(
            f"What becomes of flat pictures ({', '.join(FLAT_COLORS)}), away "
            "from the border: the largest standard deviation, in steps of "
            "8 bits, and the strongest lattice; with noise of one such step "
            "and without."
        )
        + table(
            [
                "style",
                "deviation",
                "deviation, noise",
                "lattice",
                "lattice, noise",
            ],
            flat_rows,
        )
    )


def _flat_entries(flat: dict[str, dict[str, float]]) -> list[str]:
    entries = []
    for key, factor in (("deviation", 255), ("lattice", 1)):
        for noisy in (False, True):
            values = [
                value[key]
                for name, value in flat.items()
                if name.endswith("_noise") == noisy
            ]
            entries.append(f"{factor * max(values):.1f}")
    return entries


def diversity(record: dict[str, Any]) -> str:
    """Lists the distances between the styles, and each one's nearest."""
    names = record["styles"]
    measured = record["diversity"]
    rows = [
        [name, nearest["style"], f"{nearest['distance']:.2f}"]
        for name, nearest in measured["nearest"].items()
    ]
    shown = paragraph(
        "Distances of the styles' rows, all gamma and beta of a style "
        "together, brought to length 1: from 0, alike, to 2."
    ) + table(["style", "nearest", "distance"], rows)
    if len(names) > MOST_DISTANCES:
        return shown + paragraph("All distances stand in report.json.", "faint")
    largest = max(map(max, measured["distances"]))
    matrix = []
    for name, row in zip(names, measured["distances"], strict=True):
        entries = [
            Entry(f"{value:.2f}", shade=value / (2 * largest)) if value else ""
            for value in row
        ]
        matrix.append([name, *entries])
    return (
        shown
        + "<h3>All distances</h3>\n"
        + table(["", *names], matrix, "matrix")
    )
