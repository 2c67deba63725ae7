import pytest

from multistyle.cli.actions import Action, choose_action
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.errors import InputError

ACTIONS = {
    "show": Action(print, "MODEL", (1, 1)),
    "merge": Action(print, "MODEL ... --output=FILE", (2, 9), ("output",)),
}


def choose(*argv):
    flags = VerbFlags()
    for name in ("output", "colour"):
        flags.string(name, "Help.")
    flags.boolean("json", "Help.")
    return choose_action("things", ACTIONS, flags, flags.parse(argv))


@pytest.mark.parametrize(
    ("argv", "name", "arguments"),
    [
        (["show", "a", "--json"], "show", ["a"]),
        (["merge", "a", "--output=c", "b"], "merge", ["a", "b"]),
    ],
)
def test_an_action_and_its_arguments(argv, name, arguments):
    assert choose(*argv) == (ACTIONS[name], arguments)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "Say what to do: show, merge; see --help."),
        (
            ["mrege", "a"],
            "`things` has no action `mrege`: did you mean `merge`?",
        ),
        (["xyz"], "`things` has no action `xyz`: see --help."),
        (["show", "a", "--output=b"], "`things show` takes no `--output`."),
        (["merge", "a", "b", "--colour=c"], "takes no `--colour`."),
        (["show"], "Give `multistyle things show MODEL`."),
        (["show", "a", "b"], "Give `multistyle things show MODEL`."),
        (["merge", "a", "--output=b"], "merge MODEL ... --output=FILE`."),
        (["merge", "a", "b"], "Give what to write, by --output."),
        (["merge", "a", "b", "--output="], "Give what to write, by --output."),
    ],
)
def test_wrong_use(argv, message):
    with pytest.raises(InputError) as raised:
        choose(*argv)
    assert message in str(raised.value)
