import pytest

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.errors import InputError


@pytest.fixture
def flags():
    flags = VerbFlags(
        usage="multistyle paint --model=...",
        summary="Paints.",
        examples="multistyle paint --steps=3\n",
    )
    flags.string("model", "The network.", group="Network")
    flags.integer("steps", "How many.", group="Work", lower_bound=1)
    flags.float("strength", "How strong.", lower_bound=0, upper_bound=1)
    flags.boolean("overwrite", "Replace what is there.", group="Work")
    flags.enum("format", ("saved_model", "onnx"), "Which.", group="Work")
    flags.multi_string("input", "Pictures.")
    return flags


def test_every_default_is_none(flags):
    assert flags.parse([]) == []
    for name in ("model", "steps", "strength", "overwrite", "format", "input"):
        assert getattr(flags, name) is None
    assert flags.given() == {}


def test_flags_and_arguments_may_be_mixed(flags):
    arguments = flags.parse(
        ["a.jpg", "--steps=3", "b.jpg", "--strength", "0.5", "--", "--c.jpg"]
    )
    assert arguments == ["a.jpg", "b.jpg", "--c.jpg"]
    assert flags.given() == {"steps": 3, "strength": 0.5}


def test_an_alias_is_the_flag_itself(flags):
    flags.alias("inputs", "input")
    flags.parse(["--inputs=a", "--input=b"])
    assert flags.given() == {"input": ["a", "b"]}
    assert flags.input == ["a", "b"]
    assert "--inputs" not in flags.help_text()


def test_given_knows_a_value_of_zero_and_false(flags):
    flags.parse(["--strength=0", "--nooverwrite", "--help"])
    assert flags.given() == {"strength": 0.0, "overwrite": False}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("--overwrite", True),
        ("--nooverwrite", False),
        ("--overwrite=false", False),
    ],
)
def test_boolean_forms(flags, argument, value):
    flags.parse([argument])
    assert flags.overwrite is value


def test_a_repeated_string_is_a_list_and_a_repeated_number_the_last(flags):
    flags.parse(["--input=a", "--input=b", "--steps=1", "--steps=2"])
    assert flags.input == ["a", "b"]
    assert flags.steps == 2


@pytest.mark.parametrize("argument", ["-h", "--help"])
def test_help_flag(flags, argument):
    flags.parse([argument])
    assert flags.help is True


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--step=3", "There is no flag `--step`: did you mean `--steps`?"),
        (
            "--overwrit",
            "There is no flag `--overwrit`: did you mean `--overwrite`?",
        ),
        (
            "--no-overwrite",
            "There is no flag `--no-overwrite`: did you mean `--nooverwrite`?",
        ),
        (
            "--st=3",
            "There is no flag `--st`: did you mean `--steps` or `--strength`?",
        ),
        ("-x", "There is no flag `-x`: see `--help`."),
        (
            "--zzz",
            "There is no flag `--zzz`: see `--help`.",
        ),
        (
            "--steps=0",
            "`--steps` must be a whole number of at least 1, got `0`.",
        ),
        (
            "--steps=1e3",
            "`--steps` must be a whole number of at least 1, got `1e3`.",
        ),
        (
            "--strength=nan",
            "`--strength` must be a number from 0 to 1, got `nan`.",
        ),
        (
            "--strength=1.5",
            "`--strength` must be a number from 0 to 1, got `1.5`.",
        ),
        (
            "--format=tflite",
            "`--format` must be one of `saved_model`, `onnx`, got `tflite`.",
        ),
        (
            "--overwrite=maybe",
            "`--overwrite` must be true or false, got `maybe`.",
        ),
        ("--model", "Missing value for flag --model"),
    ],
)
def test_error_messages(flags, argument, message):
    with pytest.raises(InputError) as caught:
        flags.parse([argument])
    assert str(caught.value) == message


def test_an_infinite_number_is_refused_without_bounds():
    flags = VerbFlags()
    flags.float("rate", "The rate.")
    with pytest.raises(InputError, match="must be a number, got `inf`"):
        flags.parse(["--rate=inf"])


def test_two_verbs_may_have_the_same_flag(flags):
    other = VerbFlags()
    other.string("model", "Another network.")
    other.parse(["--model=there"])
    flags.parse(["--model=here"])
    assert (flags.model, other.model) == ("here", "there")


def test_an_undefined_flag_is_no_attribute(flags):
    with pytest.raises(AttributeError, match="No flag `depth`"):
        _ = flags.depth


def test_a_long_usage_is_wrapped():
    usage = "multistyle paint " + "--model=PATH " * 8
    lines = VerbFlags(usage).help_text().splitlines()
    assert lines[:2] == [
        "Usage: multistyle paint" + " --model=PATH" * 4,
        " " * 6 + " --model=PATH" * 4,
    ]


def test_help_text(flags):
    flags.string("long", "word " * 20, group="Network")
    assert flags.help_text() == (
        "Usage: multistyle paint --model=...\n"
        "\n"
        "Paints.\n"
        "\n"
        "Network:\n"
        "  --model=TEXT                The network.\n"
        "  --long=TEXT                 "
        "word word word word word word word word word word\n"
        + " "
        * 30
        + "word word word word word word word word word word\n"
        "\n"
        "Work:\n"
        "  --steps=N                   How many.\n"
        "  --[no]overwrite             Replace what is there.\n"
        "  --format=saved_model|onnx   Which.\n"
        "\n"
        "Options:\n"
        "  --strength=X                How strong.\n"
        "  --input=TEXT ...            Pictures.\n"
        "\n"
        "Every verb:\n"
        "  --help                      Show this text.\n"
        "  --quiet                     Print results and what goes wrong, "
        "and nothing\n"
        "                              else.\n"
        "  --[no]progress              Say how far it is. "
        "Default: on a terminal alone.\n"
        "\n"
        "Example:\n"
        "  multistyle paint --steps=3\n"
    )


def test_a_flag_can_be_set_and_what_is_no_flag_cannot():
    flags = VerbFlags()
    flags.string("output", "A file.")
    flags.parse(["--output=a"])
    flags.output = "b"
    assert flags.output == "b"
    assert flags.given() == {"output": "b"}
    with pytest.raises(AttributeError, match="outptu"):
        flags.outptu = "c"
