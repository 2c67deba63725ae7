from multistyle.cli.terminal.listing import (
    count_styles,
    describe_styles,
    style_lines,
)


def test_styles_in_two_columns(small_network):
    styles = describe_styles(small_network)
    assert styles == [
        {"name": "starry_night"},
        {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
        {"name": "the_scream"},
    ]
    assert style_lines(styles) == [
        "  starry_night",
        "  great_wave    Hokusai, 1831",
        "  the_scream",
    ]


def test_counts():
    assert count_styles([{}]) == "1 style"
    assert count_styles([{}, {}]) == "2 styles"
