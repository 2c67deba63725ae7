"""Keyframe specs: keyframes as text and in files, not yet understood."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from multistyle.blends.times import split_time
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import parse_json
from multistyle.files.texts import read_text

EASES = ("linear", "smooth", "hold")
MASK = "mask"
# What a keyframe may set besides its blend: the smallest and largest number.
SETTINGS = {
    "strength": (0, 1),
    "stroke_scale": (0.25, 8),
    MASK: (0, 1),
    "stability": (0, 1),
}
FORM = "`0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5 strength=0.8 smooth`"

# Not the semicolon of a timecode that drops frames.
_SEPARATOR = re.compile(r"[;\n]")
_DROPPING = re.compile(r"(\d+:\d\d:\d\d);(\d\d+\s*:)")
_DROP_MARK = "\0"
_COMMENT = re.compile(r"#.*")
_SETTING = re.compile(r"(\w+)(?:\.([\w.\-]+))?=(\S+)")
# As between styles; a comma between settings is one too many.
_COMMA = re.compile(rf",(?=(?:{'|'.join(SETTINGS)})(?:\.[\w.\-]+)?=)")
_FILES = (".json", ".txt")
_KEYS = ("at", "style_weights", *SETTINGS, "ease")


class KeyframeSpec(NamedTuple):
    """A keyframe as it was given.

    Attributes:
        at: its time, as `Clock.seconds` reads it.
        blend: its blend, as `style_weights` reads it, or None.
        settings: dict from "strength", "stroke_scale", "stability", "mask" or
            "mask.STYLE" to a float.
        ease: one of `EASES`, how it leads to the next.
    """

    at: str | float
    blend: Any
    settings: dict[str, float]
    ease: str


def read_specs(text: str) -> list[KeyframeSpec]:
    """Reads keyframes from text, or from a file of such.

    Args:
        text: keyframes with semicolons between them: a time, a colon, a blend
            or none, then settings and an easing, as
            "0s:udnie; 2s:strength=0.5 mask.udnie=0.2 smooth". Or the path of
            a file: .txt of the same, a keyframe a line, "#" before remarks;
            or .json, a list of dicts of "at", "style_weights", "strength",
            "stroke_scale", "mask" (a number, or a dict style name -> number),
            "stability" and "ease", or a dict of "keyframes", such a list, and
            "ease", of those that name none.

    Returns:
        List of `KeyframeSpec`, at least one.

    Raises:
        InputError: for another form, and a file that cannot be read.
    """
    specs = None
    if text.strip().endswith(_FILES) and split_time(text) is None:
        path = expand_home(text.strip())
        text = read_text(path, "keyframes")
        if path.suffix == ".json":
            specs = _from_json(text, path)
    if specs is None:
        text = _DROPPING.sub(rf"\1{_DROP_MARK}\2", _COMMENT.sub("", text))
        pieces = _SEPARATOR.split(text)
        specs = [_from_text(piece) for piece in pieces if piece.strip()]
    if not specs:
        raise InputError(f"Keyframes are given as {FORM}; got `{text}`.")
    return specs


def _from_text(piece):
    piece = piece.replace(_DROP_MARK, ";").strip()
    pair = split_time(piece)
    if pair is None:
        raise InputError(
            f"A keyframe is a time, a colon and a blend, as in {FORM}; got "
            f"`{piece}`."
        )
    at, rest = pair
    words = _COMMA.sub(" ", re.sub(r"\s*([,=])\s*", r"\1", rest)).split()
    settings: dict[str, float] = {}
    ease = None
    # From the end, so that a path may have blanks.
    while words:
        match = _SETTING.fullmatch(words[-1])
        if words[-1] in EASES and ease is None:
            ease = words[-1]
        elif match and match[1] in SETTINGS:
            name = ".".join(filter(None, match.groups()[:2]))
            _set(settings, name, match[3], piece)
        else:
            break
        words.pop()
    blend = " ".join(words) or None
    if blend and len(words) > 1 and not blend.endswith(".json"):
        raise InputError(
            f"After its blend a keyframe has {', '.join(SETTINGS)} or an "
            f"easing ({', '.join(EASES)}), as in {FORM}; got `{piece}`."
        )
    return _spec(at, blend, settings, ease or "linear", piece)


def _from_json(text, path):
    try:
        given = parse_json(text)
    except ValueError as error:
        raise InputError(
            f"The keyframes `{path}` are not JSON: {error}."
        ) from error
    default = "linear"
    if isinstance(given, dict):
        _check_keys(given, ("keyframes", "ease"), path)
        default = given.get("ease", default)
        given = given.get("keyframes")
    if not (isinstance(given, list) and given):
        raise InputError(
            f"The keyframes `{path}` must hold a list, such as "
            '`[{"at": "0s", "style_weights": {"starry_night": 1}}]`.'
        )
    return [_from_dict(entry, default, path) for entry in given]


def _from_dict(entry, default, path):
    shown = json.dumps(entry, ensure_ascii=False)
    if not isinstance(entry, dict) or "at" not in entry:
        raise InputError(
            f"`{path}`: a keyframe is a dict with `at`, its time, as "
            f'`{{"at": "5s", "strength": 0.5}}`; got `{shown}`.'
        )
    _check_keys(entry, _KEYS, path)
    settings: dict[str, float] = {}
    for name in SETTINGS:
        value = entry.get(name)
        if name == MASK and isinstance(value, Mapping):
            for style, opacity in value.items():
                _set(settings, f"{MASK}.{style}", opacity, shown)
        elif value is not None:
            _set(settings, name, value, shown)
    ease = entry.get("ease", default)
    return _spec(entry["at"], entry.get("style_weights"), settings, ease, shown)


def _check_keys(given, known, path):
    for key in given:
        if key not in known:
            raise InputError(
                f"`{path}`: `{key}` is not one of {', '.join(known)}."
            )


def _set(settings, name, value, shown):
    """Enters a setting, whose number is checked."""
    kind, _, style = name.partition(".")
    if style and kind != MASK:
        raise InputError(f"`{name}`: only `{MASK}` is set style by style.")
    if name in settings:
        raise InputError(f"`{shown}` gives `{name}` twice.")
    lowest, highest = SETTINGS[kind]
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        number = float("nan")
    # Written so that NaN fails, too.
    if not lowest <= number <= highest:
        raise InputError(
            f"`{name}` is a number from {lowest:g} to {highest:g}; got "
            f"`{value}`."
        )
    settings[name] = number


def _spec(at, blend, settings, ease, shown):
    if ease not in EASES:
        raise InputError(
            f"An easing is one of {', '.join(EASES)}; got `{ease}`."
        )
    if blend is None and not settings:
        raise InputError(
            f"A keyframe says what to paint, as in {FORM}; got `{shown}`."
        )
    return KeyframeSpec(at, blend, settings, ease)
