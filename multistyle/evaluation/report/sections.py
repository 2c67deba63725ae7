"""The sections of the report: each a function of the record to HTML."""

from typing import Any

from multistyle.evaluation.report.album import Album
from multistyle.evaluation.report.markup import (
    Entry,
    bullets,
    escape,
    paragraph,
    picture,
    pictures,
    table,
)

LOSSES_SHOWN = ("content", "style", "total")
ZERO_LINES = {"photograph": "the photograph itself", "grey": "flat grey"}


def head(record: dict[str, Any]) -> str:
    """Says what was judged, how, and what was left out."""
    judge = record["judge"]
    num_styles, num_photographs = (
        len(record[key]) for key in ("styles", "photographs")
    )
    lines = paragraph(
        f"{num_styles} style{'s' * (num_styles > 1)} on {num_photographs} "
        f"photograph{'s' * (num_photographs > 1)}, judged by "
        f"{judge['loss_network']}: photographs of "
        f"{judge['photograph_size']} px and paintings of "
        f"{judge['painting_size']} px on the short side; total = content + "
        f"{judge['style_loss_weight']:g} style, relative to their targets. "
        "Lower is better. A picture opens at full size on a click."
    )
    lines += paragraph(
        f"multistyle {record['version']}, shared weights "
        f"{record['fingerprint'][:12]}.",
        "faint",
    )
    notes = list(record["left_out"])
    missing = record["without_painting"]
    if len(missing) == len(record["styles"]):
        notes.append(
            "No paintings were given, so style losses, totals, references "
            "and blends are left out."
        )
    elif missing:
        notes.append(
            f"Without a painting, and so without a style loss: "
            f"{', '.join(missing)}."
        )
    return lines + (bullets(notes) if notes else "")


def figures(record: dict[str, Any]) -> str:
    """Lists each style's losses beside the zero lines and the references."""
    own = record["figures"]
    shown = [loss for loss in LOSSES_SHOWN if loss in own["mean"]]
    others = [(ZERO_LINES[name], f) for name, f in record["zero_lines"].items()]
    others += list(record["references"]["figures"].items())
    ratios = record["references"]["ratios"]
    rows = []
    for style in [*own["styles"], None]:
        summary = own["mean"] if style is None else own["styles"][style]
        row = ["mean of the styles" if style is None else style]
        row += [_spread(summary.get(loss)) for loss in shown]
        for _, theirs in others:
            theirs = (
                theirs["styles"].get(style, {}) if style else theirs["mean"]
            )
            row.append(_mean(theirs.get("total")))
        rows.append(row)
    content = table(
        ["", *shown, *(f"{name}: total" for name, _ in others)],
        rows,
        num_sums=1,
    )
    note = (
        "Below each mean its spread: the standard deviation over the "
        "photographs; in the last line, over the styles."
    )
    if ratios:
        count = len(record["references"]["photographs"])
        note += f" The references painted {count} of the photographs."
    content += paragraph(note, "faint")
    for name, table_of_ratios in ratios.items():
        content += _ratios(name, table_of_ratios)
    return content


def _ratios(name: str, ratios: dict[str, Any]) -> str:
    heading = f"<h3>{escape(f'This network over {name}')}</h3>\n"
    if not ratios:
        return heading + paragraph(f"{name} knows none of the styles.")
    rows = [
        [style, *(f"{row[loss]:.2f}" for loss in LOSSES_SHOWN)]
        for style, row in ratios["rows"].items()
    ]
    rows += [
        [kind, *(f"{ratios[kind][loss]:.2f}" for loss in LOSSES_SHOWN)]
        for kind in ("mean", "spread", "median")
    ]
    return (
        heading
        + paragraph(
            "Ratios of the mean losses over the photographs of both; below 1 "
            "this network is better."
        )
        + table(["", *LOSSES_SHOWN], rows, num_sums=3)
    )


def sheets(record: dict[str, Any], album: Album) -> str:
    """Shows sheets: photographs in columns, styles in rows."""
    parts = [
        picture(jpeg, ", ".join(names), is_large=True)
        for jpeg, names in album.sheets(record["photographs"], record["styles"])
    ]
    return pictures(parts)


def best_and_worst(record: dict[str, Any], album: Album) -> str:
    """Shows each style's painting, and photographs beside pastiches."""
    content = ""
    references = record["references"]["figures"]
    for style, extremes in record["extremes"].items():
        content += f"<h3>{escape(style)}</h3>\n"
        content += _row([(album.get(style=style), "the painting")])
        for kind, names in extremes.items():
            for rank, name in enumerate(names, 1):
                losses = record["pictures"]["losses"][style][name]
                caption = (
                    f"{kind} {rank}: total {losses['total']:.2f}, content "
                    f"{losses['content']:.2f}, style {losses['style']:.2f}"
                )
                shown = [
                    (album.get(name), name),
                    (album.get(name, style), caption),
                ]
                shown += [
                    (album.get(name, style, reference), reference)
                    for reference in references
                ]
                content += _row(shown)
    return content


def _row(shown: list[tuple[bytes | None, str]]) -> str:
    """Sets side by side the pictures that there are, with their captions."""
    return pictures(picture(jpeg, text) for jpeg, text in shown if jpeg)


def _spread(summary: dict[str, float] | None) -> Entry | str:
    if summary is None:
        return ""
    mean, spread = summary["mean"], summary["spread"]
    return Entry(f"{mean:.3f}", below=f"± {spread:.3f}")


def _mean(summary: dict[str, float] | None) -> str:
    return "" if summary is None else f"{summary['mean']:.3f}"
