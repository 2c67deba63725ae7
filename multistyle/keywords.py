"""Keywords of public functions: a misspelt one names the nearest."""

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def suggest_keywords(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Decorates a function so that a misspelt keyword names the nearest.

    Python 3.13 does so by itself.

    Raises:
        TypeError: by the function, for a keyword that it has not.

    Example:
        >>> @suggest_keywords
        ... def paint(image, *, strength=1.0):
        ...     return strength
        >>> paint("photo.jpg", strenght=0.5)
        Traceback (most recent call last):
        TypeError: paint() has no keyword `strenght`; did you mean `strength`?
    """
    names = [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.POSITIONAL_ONLY and name != "self"
    ]

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for keyword in kwargs:
            if keyword not in names:
                raise TypeError(
                    _complaint(_name(function, args), keyword, names)
                )
        return function(*args, **kwargs)

    return call


def _name(function, args):
    """Returns what is called; a method may be that of a class below."""
    name = function.__qualname__
    if args and name.endswith(f".{function.__name__}"):
        owner = args[0] if isinstance(args[0], type) else type(args[0])
        if hasattr(owner, function.__name__):
            name = f"{owner.__qualname__}.{function.__name__}"
    return name.removesuffix(".__init__")


def _complaint(name, keyword, names):
    found = difflib.get_close_matches(keyword, names, n=1)
    if found:
        advice = f"did you mean `{found[0]}`?"
    else:
        advice = f"it has {', '.join(f'`{name}`' for name in names)}"
    return f"{name}() has no keyword `{keyword}`; {advice}"
