from multistyle.cli.terminal.listing import (
    count_styles,
    describe_styles,
    style_lines,
)
from multistyle.network.growth import remove_styles


def test_styles_without_painters(small_network):
    styles = describe_styles(remove_styles(small_network, ["great_wave"]))
    assert styles == [{"name": "starry_night"}, {"name": "the_scream"}]
    assert style_lines(styles) == ["  starry_night", "  the_scream"]


def test_styles_stand_by_their_painters():
    monet, hokusai = "Claude Monet", "Hokusai"
    styles = [
        {"name": "mine"},
        {"name": "lilies", "artist": monet, "title": "Water Lilies"},
        {"name": "wave", "artist": hokusai, "year": "1831"},
        {"name": "sun", "artist": monet, "title": "Sunrise", "year": "1872"},
    ]
    assert style_lines(styles) == [
        "  Claude Monet  lilies  Water Lilies",
        "                sun     Sunrise, 1872",
        "  Hokusai       wave    1831",
        "                mine",
    ]


def test_counts():
    assert count_styles([{}]) == "1 style"
    assert count_styles([{}, {}]) == "2 styles"
