"""The styles of a network and their credits, for people and for JSON."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


def describe_styles(network: "TransformNetwork") -> list[dict[str, str]]:
    """Returns a dict a style.

    It has "name", the fields of the credit, and "thumbnail", the path of a
    small picture of the painting, where the package has one.
    """
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.network.thumbnails import painting_thumbnail

    styles = []
    for name in network.style_names:
        credit = network.credits.get(name, {})
        thumbnail = painting_thumbnail(credit)
        shown = {} if thumbnail is None else {"thumbnail": str(thumbnail)}
        styles.append({"name": name, **credit, **shown})
    return styles


def count_styles(styles: list[dict[str, str]]) -> str:
    """Returns "1 style", or how many styles there are."""
    return "1 style" if len(styles) == 1 else f"{len(styles)} styles"


def style_lines(styles: list[dict[str, str]]) -> list[str]:
    """Lays styles out by painter: the painter, the name, and what it shows.

    Painters come in the order of their first styles, and styles of no known
    painter at the end. A painter is named once.

    Args:
        styles: list of dicts, see `describe_styles`.

    Returns:
        List of str, one a style.
    """
    by_artist: dict[str, list[dict[str, str]]] = {}
    for style in styles:
        by_artist.setdefault(style.get("artist", ""), []).append(style)
    unknown = by_artist.pop("", [])
    rows = [
        (artist if index == 0 else "", style)
        for artist, group in [*by_artist.items(), ("", unknown)]
        for index, style in enumerate(group)
    ]
    left = max(len(artist) for artist, _ in rows)
    left += 2 if left else 0
    middle = max(len(style["name"]) for style in styles) + 2
    lines = []
    for artist, style in rows:
        shown = ", ".join(style[k] for k in ("title", "year") if style.get(k))
        line = f"  {artist:<{left}}{style['name']:<{middle}}{shown}"
        lines.append(line.rstrip())
    return lines
