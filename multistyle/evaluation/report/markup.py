"""The markup of a report: one HTML file that needs nothing from elsewhere."""

import base64
import html
from collections.abc import Iterable, Sequence

_CSS = """
:root {
  color-scheme: light dark;
  --ink: #1d1d1f; --paper: #fff; --faint: #6b6b70; --line: #dcdce0;
  --accent: #2463c4; --second: #c2571a; --bad: #c01f3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ececf0; --paper: #16161a; --faint: #a0a0a8; --line: #3a3a42;
    --accent: #7aaaf5; --second: #f0995c; --bad: #ff6b84;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1rem;
  color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p, ul { max-width: 46rem; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; }
a { color: var(--accent); }
.faint { color: var(--faint); }
.high { color: var(--bad); font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td {
  padding: 0.2rem 0.6rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); white-space: nowrap;
}
th:first-child, td:first-child { text-align: left; }
tr.sum td { border-top: 2px solid var(--line); font-weight: 600; }
thead th { vertical-align: bottom; white-space: normal; max-width: 9rem; }
table.matrix th, table.matrix td { padding: 0.2rem 0.3rem; font-size: 0.75rem; }
table.matrix thead th { writing-mode: vertical-rl; text-align: left; }
.pictures { display: flex; flex-wrap: wrap; gap: 0.75rem; }
figure { margin: 0; max-width: 100%; }
figure.chart { width: 200px; }
figcaption { font-size: 0.8rem; color: var(--faint); }
figure button {
  display: block; padding: 0; border: 0; background: none; cursor: zoom-in;
}
figure button img { display: block; max-width: 100%; max-height: 11rem; }
figure.large button img { max-height: none; }
dialog {
  margin: auto; padding: 0; border: 0; background: none; cursor: zoom-out;
  max-width: 100vw; max-height: 100vh; overflow: auto;
}
dialog::backdrop { background: rgb(0 0 0 / 85%); }
dialog img { display: block; max-width: none; }
svg { display: block; }
svg text { font-size: 10px; fill: var(--faint); }
svg .axis { stroke: var(--line); }
svg .content { stroke: var(--faint); stroke-dasharray: 3 2; }
svg .first { stroke: var(--accent); }
svg .second { stroke: var(--second); }
svg polyline { stroke-width: 1.5; }
svg .worse { fill: var(--bad); }
.key { font-weight: 600; }
.key.content { color: var(--faint); }
.key.first { color: var(--accent); }
.key.second { color: var(--second); }
.key.worse { color: var(--bad); }
"""

_SCRIPT = """
const dialog = document.querySelector("dialog");
document.addEventListener("click", (event) => {
  const button = event.target.closest("figure button");
  if (button) {
    const small = button.querySelector("img");
    const large = dialog.querySelector("img");
    large.src = small.src;
    large.alt = small.alt;
    dialog.showModal();
  } else if (event.target.closest("dialog")) {
    dialog.close();
  }
});
"""

# The browser itself refuses whatever is not in the file.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'"
)


def page(title: str, sections: Sequence[tuple[str | None, str]]) -> str:
    """Puts a page together.

    Args:
        title: text.
        sections: list of (heading, HTML); a heading of None has none, and no
            place in the list of contents.

    Returns:
        The HTML of the whole file.
    """
    links, body = [], []
    for number, (heading, content) in enumerate(sections):
        if heading is None:
            body.append(content)
            continue
        links.append(f'<a href="#s{number}">{escape(heading)}</a>')
        body.append(
            f'<section id="s{number}"><h2>{escape(heading)}</h2>\n'
            f"{content}</section>"
        )
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(title)}</title>",
            f"<style>{_CSS}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>\n<nav>{' '.join(links)}</nav>",
            *body,
            '<dialog><img alt=""></dialog>',
            f"<script>{_SCRIPT}</script>\n</body>\n</html>\n",
        ]
    )


def escape(text: object) -> str:
    """Escapes text for HTML and for attributes in double quotes."""
    return html.escape(str(text))


def paragraph(text: str, kind: str = "") -> str:
    """Returns a paragraph of plain text; `kind` is its class."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{escape(text)}</p>\n"


def bullets(texts: Iterable[str]) -> str:
    """Returns a list of plain texts."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>\n"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence["str | Entry"]],
    kind: str = "",
    *,
    num_sums: int = 0,
) -> str:
    """Returns a table.

    Args:
        head: list of texts.
        rows: list of lists of entries: text, or `Entry` where there is more
            to say.
        kind: text, the table's class.
        num_sums: int, how many of the last rows are sums.
    """
    lines = ["".join(f"<th>{escape(text)}</th>" for text in head)]
    lines = [f"<thead><tr>{lines[0]}</tr></thead>"]
    for number, row in enumerate(rows):
        is_sum = number >= len(rows) - num_sums
        entries = "".join(
            entry.html if isinstance(entry, Entry) else Entry(entry).html
            for entry in row
        )
        lines.append(f"<tr{' class=sum' if is_sum else ''}>{entries}</tr>")
    attribute = f' class="{kind}"' if kind else ""
    content = "\n".join(lines)
    return f'<div class="wide"><table{attribute}>\n{content}\n</table></div>\n'


class Entry:
    """An entry of a table.

    Args:
        text: text.
        below: text for a second line in a fainter ink, or None.
        is_high: bool, whether it stands out as too high.
        shade: float in [0, 1], how deep its ground is coloured.
    """

    def __init__(
        self,
        text: str,
        *,
        below: str | None = None,
        is_high: bool = False,
        shade: float = 0,
    ) -> None:
        content = escape(text)
        if is_high:
            content = f'<span class="high">{content}</span>'
        if below is not None:
            content += f'<br><span class="faint">{escape(below)}</span>'
        ground = ""
        if shade:
            mix = f"color-mix(in srgb, var(--accent) {shade:.0%}, transparent)"
            ground = f' style="background: {mix}"'
        self.html = f"<td{ground}>{content}</td>"


def picture(jpeg: bytes, caption: str, *, is_large: bool = False) -> str:
    """Returns a picture that opens at full size on a click.

    Args:
        jpeg: bytes.
        caption: text, below the picture and for those who cannot see it.
        is_large: bool, whether it is as wide as there is room.
    """
    data = base64.b64encode(jpeg).decode("ascii")
    text = escape(caption)
    return (
        f"<figure{' class=large' if is_large else ''}><button>"
        f'<img src="data:image/jpeg;base64,{data}" alt="{text}"></button>'
        f"<figcaption>{text}</figcaption></figure>"
    )


def pictures(parts: Iterable[str]) -> str:
    """Sets figures side by side."""
    return f'<div class="pictures">{"".join(parts)}</div>\n'
