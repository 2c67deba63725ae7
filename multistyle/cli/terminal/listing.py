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
    """Lays styles out in two columns: the name, and whose it is.

    Args:
        styles: list of dicts, see `describe_styles`.

    Returns:
        List of str, one a style.
    """
    column = max(len(style["name"]) for style in styles) + 2
    lines = []
    for style in styles:
        credit = [style.get(key) for key in ("artist", "title", "year")]
        shown = ", ".join(part for part in credit if part)
        lines.append(f"  {style['name']:<{column}}{shown}".rstrip())
    return lines
