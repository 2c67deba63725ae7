"""Charts: the way of the losses from one style to another, as SVG."""

from typing import Any

from multistyle.evaluation.report.markup import escape

WIDTH, HEIGHT = 200, 110
LEFT, RIGHT, TOP, BOTTOM = 28, 6, 10, 6


def way_chart(path: dict[str, Any]) -> str:
    """Draws the content loss and both style losses on a way.

    Args:
        path: dict "styles", "content", "first_style", "second_style" and
            "worse_steps", see `Evaluator.run`.

    Returns:
        HTML of a figure: three lines over the points of the way, up to the
        largest value, and a dot on the lower edge at each point that is worse
        than both ends.
    """
    limit = max(
        value
        for loss in ("content", "first_style", "second_style")
        for value in path[loss]
    )
    last = len(path["content"]) - 1

    def place(point: int, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * point / last
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / limit
        return round(x, 1), round(y, 1)

    marks = []
    for kind, loss in (
        ("content", "content"),
        ("first", "first_style"),
        ("second", "second_style"),
    ):
        places = [place(i, value) for i, value in enumerate(path[loss])]
        points = " ".join(f"{x},{y}" for x, y in places)
        marks.append(
            f'<polyline class="{kind}" fill="none" points="{points}"/>'
        )
    for point in path["worse_steps"]:
        x, y = place(point, 0)
        marks.append(f'<circle class="worse" cx="{x}" cy="{y}" r="3"/>')
    (left, bottom), (right, top) = place(0, 0), place(last, limit)
    first, second = map(escape, path["styles"])
    return (
        '<figure class="chart">'
        f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{first} to {second}">'
        f'<path class="axis" fill="none" d="M{left},{top}V{bottom}H{right}"/>'
        f'<text x="0" y="{top + 4}">{limit:.2g}</text>'
        f'<text x="0" y="{bottom}">0</text>{"".join(marks)}</svg>'
        f'<figcaption><span class="key first">{first}</span> to '
        f'<span class="key second">{second}</span></figcaption></figure>\n'
    )
