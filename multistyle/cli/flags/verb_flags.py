"""The flags of one verb: definitions in groups, values, errors and help."""

import difflib
import math
import textwrap
from collections.abc import Sequence
from typing import Any

from absl import flags as absl_flags

from multistyle.errors import InputError

Number = int | float

WIDTH = 80
HELP_COLUMN = 30
HELP = "Show this text."
QUIET = "Print results and what goes wrong, and nothing else."
PROGRESS = "Say how far it is. Default: on a terminal alone."
# So many flags that begin as a wrong one are named.
_MOST_NAMED = 4
# Every verb's; they decide nothing of what it makes.
_OF_EVERY_VERB = ("help", "h", "quiet", "progress")


class VerbFlags:
    """The flags of one verb, apart from those of every other verb.

    Every default is None: "use the constructor's". A flag's value is an
    attribute of its name once `parse` was called.

    Args:
        usage: str, one line that shows how the verb is called.
        summary: str, one line that says what the verb does.
        examples: str, lines for the end of the help.
    """

    def __init__(
        self, usage: str = "", summary: str = "", examples: str = ""
    ) -> None:
        self._usage = usage
        self._summary = summary
        self._examples = examples
        self._groups: dict[str, list[tuple[str, str]]] = {}
        self._aliases: set[str] = set()
        self._values = absl_flags.FlagValues()
        self._values.set_gnu_getopt(True)
        absl_flags.DEFINE_boolean(
            "help", None, HELP, short_name="h", flag_values=self._values
        )
        for name, help in (("quiet", QUIET), ("progress", PROGRESS)):
            absl_flags.DEFINE_boolean(
                name, None, help, flag_values=self._values
            )

    def string(self, name: str, help: str, group: str = "Options") -> None:
        """Defines `--name=TEXT`."""
        parser: Any = absl_flags.ArgumentParser()
        self._define(_Flag(name, parser, "text"), help, group, "=TEXT")

    def integer(
        self,
        name: str,
        help: str,
        group: str = "Options",
        lower_bound: int | None = None,
        upper_bound: int | None = None,
    ) -> None:
        """Defines `--name=N`, a whole number; both bounds are inclusive."""
        parser = _NumberParser(int, lower_bound, upper_bound)
        self._define(_Flag(name, parser, parser.allowed), help, group, "=N")

    def float(
        self,
        name: str,
        help: str,
        group: str = "Options",
        lower_bound: Number | None = None,
        upper_bound: Number | None = None,
    ) -> None:
        """Defines `--name=X`, a finite number; both bounds are inclusive."""
        parser = _NumberParser(float, lower_bound, upper_bound)
        self._define(_Flag(name, parser, parser.allowed), help, group, "=X")

    def boolean(self, name: str, help: str, group: str = "Options") -> None:
        """Defines `--name` and `--noname`."""
        parser = absl_flags.BooleanParser()
        flag = _Flag(name, parser, "true or false", boolean=True)
        self._define(flag, help, group)

    def enum(
        self,
        name: str,
        values: Sequence[str],
        help: str,
        group: str = "Options",
    ) -> None:
        """Defines `--name=VALUE`, one of `values`, a sequence of str."""
        allowed = "one of " + ", ".join(f"`{value}`" for value in values)
        flag = _Flag(name, absl_flags.EnumParser(values), allowed)
        self._define(flag, help, group, "=" + "|".join(values))

    def multi_string(
        self, name: str, help: str, group: str = "Options"
    ) -> None:
        """Defines `--name=TEXT`, which may be repeated; its value is a list."""
        parser: Any = absl_flags.ArgumentParser()
        flag: Any = absl_flags.MultiFlag(parser, None, name, None, help)
        self._define(flag, help, group, "=TEXT ...")

    def alias(self, name: str, flag: str) -> None:
        """Lets `--name` stand for another flag; the help does not show it."""
        self._aliases.add(name)
        absl_flags.DEFINE_alias(name, flag, flag_values=self._values)

    def parse(self, argv: list[str]) -> list[str]:
        """Reads the command line; flags and arguments may be mixed.

        Args:
            argv: list of str, without the program's and the verb's name.

        Returns:
            List of str, what is not a flag.

        Raises:
            InputError: for an unknown flag, naming the nearest, and for a
                value that the flag does not allow.
        """
        try:
            return self._values(["multistyle", *argv])[1:]
        except absl_flags.UnrecognizedFlagError as error:
            message = self._unknown(error.flagname, argv)
            raise InputError(message) from None
        except absl_flags.Error as error:
            raise InputError(str(error)) from None

    def given(self) -> dict[str, Any]:
        """Returns {name: value} of the flags that the user set."""
        return {
            name: self._values[name].value
            for name in self._values
            if name not in (*_OF_EVERY_VERB, *self._aliases)
            and self._values[name].present
        }

    def help_text(self) -> str:
        """Returns the usage, each group of flags, and the examples."""
        usage = textwrap.wrap(
            f"Usage: {self._usage}",
            WIDTH,
            subsequent_indent=" " * 7,
            break_on_hyphens=False,
        )
        parts = ["\n".join(usage), self._summary]
        every_verbs = [
            ("--help", HELP),
            ("--quiet", QUIET),
            ("--[no]progress", PROGRESS),
        ]
        groups = {**self._groups, "Every verb": every_verbs}
        for group, entries in groups.items():
            lines = [f"{group}:"]
            for shown, help in entries:
                lines += _help_lines(shown, help)
            parts.append("\n".join(lines))
        if self._examples:
            examples = textwrap.dedent(self._examples).strip()
            parts.append("Example:\n" + textwrap.indent(examples, "  "))
        return "\n\n".join(parts) + "\n"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"No flag `{name}` is defined.")
        return getattr(self._values, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        elif name in self._values:
            setattr(self._values, name, value)
        else:
            raise AttributeError(f"No flag `{name}` is defined.")

    def _define(self, flag, help, group, value=""):
        absl_flags.DEFINE_flag(flag, flag_values=self._values)
        shown = f"--[no]{flag.name}" if flag.boolean else f"--{flag.name}"
        self._groups.setdefault(group, []).append((shown + value, help))

    def _unknown(self, name, argv):
        known = [key for key in self._values if key not in self._aliases]
        begun = [f"`--{key}`" for key in known if key.startswith(name)]
        known += [f"no{key}" for key in known if self._values[key].boolean]
        near = difflib.get_close_matches(name.replace("-", "_"), known, n=1)
        if 1 < len(begun) <= _MOST_NAMED:
            advice = f"did you mean {', '.join(begun[:-1])} or {begun[-1]}?"
        else:
            advice = f"did you mean `--{near[0]}`?" if near else "see `--help`."
        dashes = "-" if f"-{name}" in argv else "--"
        return f"There is no flag `{dashes}{name}`: {advice}"


class _Flag(absl_flags.Flag):
    """A flag without a default that says in words what it allows."""

    def __init__(self, name, parser, allowed, boolean=False):
        super().__init__(parser, None, name, None, allowed, boolean=boolean)
        self.allowed = allowed

    def parse(self, argument):
        try:
            super().parse(argument)
        except absl_flags.IllegalFlagValueError:
            raise InputError(
                f"`--{self.name}` must be {self.allowed}, got `{argument}`."
            ) from None


class _NumberParser(absl_flags.ArgumentParser):
    """Parses a finite number of type `kind` between two bounds or None."""

    def __init__(self, kind, lower_bound, upper_bound):
        self.kind = kind
        self.lower_bound = -math.inf if lower_bound is None else lower_bound
        self.upper_bound = math.inf if upper_bound is None else upper_bound
        self.allowed = "a whole number" if kind is int else "a number"
        if lower_bound is not None and upper_bound is not None:
            self.allowed += f" from {lower_bound} to {upper_bound}"
        elif lower_bound is not None:
            self.allowed += f" of at least {lower_bound}"
        elif upper_bound is not None:
            self.allowed += f" of at most {upper_bound}"

    def parse(self, argument):
        value = self.kind(argument)
        is_inside = self.lower_bound <= value <= self.upper_bound
        if not (is_inside and math.isfinite(value)):
            raise ValueError(self.allowed)
        return value


def _help_lines(shown, help):
    """Lays one flag out in two columns of together 80."""
    lines = textwrap.wrap(
        help,
        WIDTH,
        initial_indent=" " * HELP_COLUMN,
        subsequent_indent=" " * HELP_COLUMN,
        break_on_hyphens=False,
    )
    head = f"  {shown}"
    if len(head) + 2 > HELP_COLUMN:
        return [head, *lines]
    return [head.ljust(HELP_COLUMN) + lines[0].lstrip(), *lines[1:]]
