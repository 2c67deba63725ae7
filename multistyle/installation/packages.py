"""The packages that are installed, required ones and those of extras."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from packaging.requirements import Requirement

from multistyle.installation.faults import Fault

DISTRIBUTION = "multistyle"
# What each extra is for; those of developers are not shown.
EXTRAS = {
    "app": "the page in a browser on this machine: `multistyle app`",
    "camera": "a camera that other programs see: --output=virtual",
    "data": "trainings on ArrayRecord files and remote photographs",
    "deep": "16 bits a channel in PNG and TIFF",
    "fast": "painting in half the time and less, by OpenVINO",
    "litert": "export for telephones: --format=litert",
    "onnx": "export for other programs: --format=onnx, onnx_filter",
    "photos": "HEIC photographs, as telephones take them",
    "ray": "folders painted by Ray, on a cluster: --runner=ray",
    "serving": "warm-up requests in a SavedModel, for TensorFlow Serving",
    "video": "films and cameras: `multistyle video`",
}
# Where a package is imported by another name than the one it is installed by.
_MODULES = {
    "ai-edge-litert": "ai_edge_litert.interpreter",
    "absl-py": "absl",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "tensorflow-serving-api": "tensorflow_serving",
}
# Seconds after which an import is taken to hang.
_PATIENCE = 120


class Needs(NamedTuple):
    """What the package asks for.

    Attributes:
        required: list of `Requirement`.
        extras: dict extra -> list of `Requirement`, those of `EXTRAS`.
    """

    required: list[Requirement]
    extras: dict[str, list[Requirement]]


def read_needs() -> Needs | None:
    """Reads what the installed package asks for; None where it is not one."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    needs = [Requirement(line) for line in lines]
    return Needs(
        [need for need in needs if not need.marker],
        {
            extra: [
                need
                for need in needs
                if need.marker and need.marker.evaluate({"extra": extra})
            ]
            for extra in EXTRAS
        },
    )


def find_version(name: str) -> str | None:
    """Returns the version of an installed package; None where it is not."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def required_packages(
    needs: Needs,
) -> tuple[dict[str, str | None], list[Fault]]:
    """Returns the versions of what is required, and what is wrong with them."""
    versions = {need.name: find_version(need.name) for need in needs.required}
    faults = [
        Fault(
            _wrong(need),
            f'Install it: `pip install "{need.name}{need.specifier}"`.',
        )
        for need in needs.required
        if _wrong(need)
    ]
    return versions, faults


def examine_extra(
    extra: str, needs: Iterable[Requirement]
) -> tuple[dict[str, Any], list[Fault]]:
    """Says whether an extra is installed, and whether it can be imported.

    Args:
        extra: str, its name.
        needs: iterable of `Requirement`.

    Returns:
        (dict for JSON with "for", "installed" and "packages", a dict name ->
        version or None; list of `Fault`).
    """
    needs = list(needs)
    versions = {need.name: find_version(need.name) for need in needs}
    is_installed = all(versions.values())
    facts = {
        "for": EXTRAS[extra],
        "installed": is_installed,
        "packages": versions,
    }
    if not is_installed:  # Not asked for, though a package may be there.
        return facts, []
    advice = f'Install it again: `pip install "multistyle[{extra}]"`.'
    wrong = [_wrong(need) for need in needs if _wrong(need)]
    wrong = wrong or _cannot_be_imported([need.name for need in needs])
    return facts, [Fault(what, advice) for what in wrong]


def _wrong(need: Requirement) -> str:
    """Returns what is wrong with a package that is needed, or ""."""
    version = find_version(need.name)
    if version is None:
        return f"`{need.name}` is not installed."
    if not need.specifier.contains(version, prereleases=True):
        return f"`{need.name}` is {version}; it must be {need.specifier}."
    return ""


def _cannot_be_imported(names: list[str]) -> list[str]:
    """Imports packages in a process of its own, which a broken one may end."""
    wrong = []
    for name in names:
        module = _MODULES.get(name, name.replace("-", "_"))
        try:
            done = subprocess.run(
                [sys.executable, "-c", f"import {module}"],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
            )
            reason = (done.stderr.strip().splitlines() or ["it ended"])[-1]
            is_wrong = done.returncode != 0
        except subprocess.TimeoutExpired:
            is_wrong, reason = True, f"not done in {_PATIENCE} s"
        if is_wrong:
            wrong.append(f"`{name}` cannot be imported: {reason}.")
    return wrong
