import pytest

from multistyle.cli.flags.learning_flags import (
    define_painting_flags,
    read_lesson,
)
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.errors import InputError
from multistyle.images.samples import PAINTINGS_FOLDER


@pytest.fixture
def read():
    def read(*argv):
        flags = VerbFlags()
        define_painting_flags(flags)
        flags.parse(list(argv))
        return read_lesson(flags)

    return read


def test_paintings_are_named_by_either_flag_and_more_than_once(read):
    wave = PAINTINGS_FOLDER / "great_wave.jpg"
    lesson = read(f"--style_image=night:{wave}", f"--style_images={wave}")
    assert lesson.style_names == ["night", "great_wave"]


def test_no_painting_is_no_lesson(read):
    assert read() is None


@pytest.mark.parametrize(
    "flag", ["--learning=quick", "--loss_network=pocket", "--vgg_weights=x.h5"]
)
def test_learning_needs_a_painting(read, flag):
    with pytest.raises(InputError) as error:
        read(flag)
    name = flag.partition("=")[0]
    assert str(error.value) == (
        f"`{name}` goes with a painting, by --style_images."
    )


def test_what_cannot_be_read_is_told_of(read, tmp_path, capsys):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    lesson = read(f"--style_images={PAINTINGS_FOLDER},{tmp_path / 'bad.png'}")
    assert "great_wave" in lesson.style_names
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Left out: `")
