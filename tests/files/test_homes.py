from pathlib import Path

import pytest

from multistyle.files.homes import expand_home, keras_home


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("~", "{home}"),
        ("~/runs/mine", "{home}/runs/mine"),
        (Path("~/a.png"), "{home}/a.png"),
        ("a/~/b", "a/~/b"),
        ("~nobody_of_this_name/a", "~nobody_of_this_name/a"),
        ("", "."),
    ],
)
def test_a_leading_tilde(tmp_path, monkeypatch, path, expected):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert expand_home(path) == Path(expected.format(home=tmp_path))


def test_keras_has_a_home_of_its_own(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    assert keras_home() == tmp_path / ".keras"
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "other"))
    assert keras_home() == tmp_path / "other"
