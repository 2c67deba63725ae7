import pytest

from multistyle.cli.main import main


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["photo.jpg"], "`photo.jpg` is not a flag: the page takes"),
        (["--allow=films,dances"], "`--allow` takes models, films, learning"),
        (["--port=70000"], "`--port` must be a whole number from 0 to 65535"),
        (["--model=monet"], "There is no model `monet`"),
        (["--max_upload=much"], "`much`"),
        (["--address=paint"], "`--address` is as `https://"),
    ],
)
def test_what_is_wrong_is_one_line(flags, sentence, capsys):
    assert main(["app", "--nobrowser", *flags]) == 2
    error = capsys.readouterr().err
    assert sentence in error and error.count("\n") == 1


def test_without_its_extra_it_says_what_to_install(monkeypatch, capsys):
    import sys

    for name in list(sys.modules):
        if name.startswith(
            ("multistyle.server.running", "multistyle.server.web_server")
        ):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["app"]) == 2
    assert 'pip install "multistyle[app]"' in capsys.readouterr().err
