from pathlib import Path

import pytest

from multistyle.files.homes import expand_home


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
