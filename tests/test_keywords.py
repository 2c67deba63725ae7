import inspect

import pytest

import multistyle
from multistyle.keywords import suggest_keywords


@suggest_keywords
def paint(image, *, strength=1.0, keep_colors="none"):
    """Paints."""
    return image, strength, keep_colors


class Painter:
    @suggest_keywords
    def __init__(self, engine, *, tiling="estimated"):
        self.engine = engine


class BroadPainter(Painter):
    pass


def test_a_good_call_is_passed_on():
    assert paint("a", strength=0.5) == ("a", 0.5, "none")
    assert paint(image="a") == ("a", 1.0, "none")
    assert Painter(1, tiling="exact").engine == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: paint("a", strenght=0.5),
            "paint() has no keyword `strenght`; did you mean `strength`?",
        ),
        (
            lambda: paint("a", x=1),
            "paint() has no keyword `x`; it has `image`, `strength`, "
            "`keep_colors`",
        ),
        (
            lambda: Painter(1, tilling="exact"),
            "Painter() has no keyword `tilling`; did you mean `tiling`?",
        ),
        (
            lambda: BroadPainter(1, tilling="exact"),
            "BroadPainter() has no keyword `tilling`; did you mean `tiling`?",
        ),
        (
            lambda: multistyle.Stylizer.load("paintings", engin="keras"),
            "Stylizer.load() has no keyword `engin`; did you mean `engine`?",
        ),
    ],
)
def test_a_misspelt_keyword_names_the_nearest(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_other_mistakes_are_python_s_own():
    with pytest.raises(TypeError, match="missing 1 required positional"):
        paint()


def test_the_signature_and_the_docstring_stay():
    assert paint.__doc__ == "Paints."
    assert list(inspect.signature(paint).parameters) == [
        "image",
        "strength",
        "keep_colors",
    ]


PUBLIC_FUNCTIONS = [
    name
    for name in multistyle.__all__
    if inspect.isfunction(getattr(multistyle, name))
]


@pytest.mark.parametrize("name", PUBLIC_FUNCTIONS)
def test_a_public_function_names_the_nearest_of_a_misspelt_keyword(name):
    function = getattr(multistyle, name)
    *_, keyword = inspect.signature(function).parameters
    misspelt = f"{keyword}s"
    with pytest.raises(TypeError) as caught:
        function(**{misspelt: 1})
    assert str(caught.value) == (
        f"{name}() has no keyword `{misspelt}`; did you mean `{keyword}`?"
    )
