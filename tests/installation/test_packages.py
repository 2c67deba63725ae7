import configparser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from multistyle.installation.packages import (
    EXTRAS,
    Needs,
    examine_extra,
    find_version,
    read_needs,
    required_packages,
)

SETUP = Path(__file__).parents[2] / "setup.cfg"
OF_DEVELOPERS = {"docs", "test"}


@pytest.fixture
def make_package(tmp_path, monkeypatch):
    """Returns a function that installs a package with the source it is given.

    It is found by this process and by those that it starts.
    """
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name, version, source):
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )

    return make


def test_every_extra_for_users_says_what_it_is_for():
    config = configparser.ConfigParser()
    config.read(SETUP, "utf-8")
    extras = {*config["options.extras_require"]} - OF_DEVELOPERS
    assert list(EXTRAS) == sorted(extras)


def test_the_needs_are_those_of_the_installed_package():
    needs = read_needs()
    assert "keras" in {need.name for need in needs.required}
    assert [need.name for need in needs.extras["fast"]] == ["openvino"]
    assert list(needs.extras) == list(EXTRAS)


def test_what_is_required_has_its_version_and_its_faults(make_package):
    make_package("palette", "1.2", "")
    needs = ["palette>=1", "palette<1.1", "no_easel>=3"]
    versions, faults = required_packages(Needs([*map(Requirement, needs)], {}))
    assert versions == {"palette": "1.2", "no_easel": None}
    assert [tuple(fault) for fault in faults] == [
        (
            "`palette` is 1.2; it must be <1.1.",
            'Install it: `pip install "palette<1.1"`.',
        ),
        (
            "`no_easel` is not installed.",
            'Install it: `pip install "no_easel>=3"`.',
        ),
    ]


def test_an_extra_that_is_not_installed_is_no_fault():
    facts, faults = examine_extra("deep", [Requirement("no_easel")])
    assert facts == {
        "for": EXTRAS["deep"],
        "installed": False,
        "packages": {"no_easel": None},
    }
    assert faults == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", None),
        ("raise OSError('no libGL')", "OSError: no libGL"),
        ("import os; os._exit(3)", "it ended"),
    ],
)
def test_an_extra_must_be_importable(make_package, source, reason):
    make_package("palette", "1.2", source)
    facts, faults = examine_extra("deep", [Requirement("palette")])
    assert facts["installed"] and facts["packages"] == {"palette": "1.2"}
    what = f"`palette` cannot be imported: {reason}."
    advice = 'Install it again: `pip install "multistyle[deep]"`.'
    assert faults == ([(what, advice)] if reason else [])


def test_an_extra_may_be_too_old(make_package):
    make_package("palette", "1.2", "")
    _, faults = examine_extra("deep", [Requirement("palette>=2")])
    assert faults[0].what == "`palette` is 1.2; it must be >=2."


def test_a_package_that_is_not_there_has_no_version():
    assert find_version("no_easel") is None
