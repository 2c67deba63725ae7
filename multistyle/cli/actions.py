"""The actions of a verb that does several things: `multistyle VERB ACTION`."""

import difflib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.errors import InputError


class Action(NamedTuple):
    """What is done, how it is called, and what it takes.

    Attributes:
        run: function of the flags and of each argument.
        form: str, what follows the action's name on the command line.
        counts: the least and the largest number of arguments.
        flags: names of the flags that it takes, besides `--json`.
    """

    run: Callable
    form: str
    counts: tuple
    flags: tuple = ()


def choose_action(
    verb: str,
    actions: Mapping[str, Action],
    flags: VerbFlags,
    arguments: list[str],
) -> tuple[Action, list[str]]:
    """Finds the action that is asked for and checks what it is given.

    Args:
        verb: str, its name.
        actions: dict name -> `Action`.
        flags: `VerbFlags` that were parsed.
        arguments: list of str, the action's name first.

    Returns:
        The `Action` and its arguments, a list of str.

    Raises:
        InputError: for no action or an unknown one, naming the nearest, for
            flags that are another action's, for a missing `--output`, and for
            too few or too many arguments.
    """
    if not arguments:
        raise InputError(f"Say what to do: {', '.join(actions)}; see --help.")
    name, *arguments = arguments
    if name not in actions:
        near = difflib.get_close_matches(name, actions, n=1)
        advice = f"did you mean `{near[0]}`?" if near else "see --help."
        raise InputError(f"`{verb}` has no action `{name}`: {advice}")
    action = actions[name]
    for flag in flags.given():
        if flag not in (*action.flags, "json"):
            raise InputError(f"`{verb} {name}` takes no `--{flag}`.")
    fewest, most = action.counts
    if not fewest <= len(arguments) <= most:
        raise InputError(f"Give `multistyle {verb} {name} {action.form}`.")
    if "output" in action.flags and not flags.output:
        raise InputError("Give what to write, by --output.")
    return action, arguments
