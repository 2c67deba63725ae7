"""The examination of an installation: what there is, and what is broken."""

from collections.abc import Iterable, Mapping
from typing import Any

import multistyle
from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.files.whole_files import whole_file
from multistyle.installation.caches import describe_caches
from multistyle.installation.faults import Fault
from multistyle.installation.machine import (
    chosen_backend,
    describe_machine,
    list_backends,
    list_engines,
)
from multistyle.installation.packages import (
    DISTRIBUTION,
    examine_extra,
    read_needs,
    required_packages,
)
from multistyle.keywords import suggest_keywords
from multistyle.network.models import bundled_models
from multistyle.perceptual.pocket_form import POCKET_PATH
from multistyle.perceptual.vgg16_weights import find_vgg16_weights

_AGAIN = "Install multistyle again."


@suggest_keywords
def examine_installation(*, paints: bool = True) -> dict[str, Any]:
    """Says what is installed, what the machine has, and what is broken.

    Nothing is downloaded.

    Args:
        paints: whether each engine paints a picture by each bundled model,
            which is compared with the expected one; it takes about ten
            seconds, most of it the import of Keras.

    Returns:
        A dict for JSON: "version", "machine", "packages", "backends",
        "backend" (Keras' choice), "engines", "loss_networks", "extras",
        "models", "caches", "self_test", and "broken", a list of {"what",
        "advice"}, which is empty where all is well.

    Example:
        >>> found = multistyle.examine_installation(paints=False)
        >>> found["broken"], "pocket" in found["loss_networks"]
        ([], True)
    """
    faults: list[Fault] = []

    def noted(found: tuple[Any, list[Fault]]) -> Any:
        facts, new = found
        faults.extend(new)
        return facts

    needs = read_needs()
    report = {
        "version": multistyle.__version__,
        "machine": describe_machine(),
        "packages": noted(required_packages(needs)) if needs else None,
        "backends": list_backends(),
        "backend": noted(_choose_backend()),
        "engines": list_engines(),
        "loss_networks": noted(_find_loss_networks()),
        "extras": {
            extra: noted(examine_extra(extra, asked_for))
            for extra, asked_for in (needs.extras if needs else {}).items()
        },
        "models": noted(_find_models()),
        "caches": noted(_examine_caches()),
    }
    if needs is None:
        faults.append(
            Fault(
                f"`{DISTRIBUTION}` was not installed by pip.",
                "Run `pip install .` in the folder of its `setup.cfg`.",
            )
        )
    if paints:
        report["self_test"] = noted(_test(report["engines"], report["models"]))
    return {**report, "broken": [fault._asdict() for fault in faults]}


def _choose_backend() -> tuple[str, list[Fault]]:
    chosen = chosen_backend()
    if list_backends().get(chosen):
        return chosen, []
    return chosen, [
        Fault(
            f"Keras is told to compute on `{chosen}`, which is not installed.",
            "Install it, or set the environment variable KERAS_BACKEND to "
            "one that is: tensorflow, jax or torch.",
        )
    ]


def _find_loss_networks() -> tuple[dict[str, str | None], list[Fault]]:
    faults = []
    if not POCKET_PATH.is_file():
        faults.append(Fault(f"`{POCKET_PATH}` is missing.", _AGAIN))
    found: dict[str, str | None] = {"pocket": str(POCKET_PATH), "vgg16": None}
    try:
        path = find_vgg16_weights()
        found["vgg16"] = None if path is None else str(path)
    except InputError as error:
        advice = "Set the environment variable anew, or take it away."
        faults.append(Fault(str(error), advice))
    return found, faults


def _find_models() -> tuple[dict[str, Any], list[Fault]]:
    models = {
        name: {"path": str(path), "bytes": path.stat().st_size}
        for name, path in bundled_models().items()
    }
    if models:
        return models, []
    return models, [Fault("No model is bundled.", _AGAIN)]


def _examine_caches() -> tuple[dict[str, Any], list[Fault]]:
    probe = cache_folder() / "probe"
    try:
        with whole_file(probe) as file:
            file.write(b"")
        probe.unlink()
    except (InputError, OSError) as error:
        advice = (
            f"Let `{cache_folder()}` be written; else graphs are compiled and "
            "paintings learned at each call."
        )
        return describe_caches(), [Fault(str(error), advice)]
    return describe_caches(), []


def _test(
    engines: Mapping[str, str | None], models: Iterable[str]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Lets each engine paint by each model."""
    # Late: it takes longer than all else.
    from multistyle.installation.self_test import run_self_test

    outcomes: list[dict[str, Any]] = []
    faults = []
    for engine in (name for name, version in engines.items() if version):
        for model in models:
            outcome: dict[str, Any] = {"engine": engine, "model": model}
            outcomes.append(outcome)
            again = "fast" if engine == "openvino" else None
            advice = _advice(again)
            try:
                found = run_self_test(model, engine)
            except Exception as error:
                # What a broken installation raises depends on where it is.
                reason = " ".join(str(error).split()) or type(error).__name__
                outcome["error"] = reason
                what = f"`{engine}` cannot paint by `{model}`: {reason}"
                faults.append(Fault(what, advice))
                continue
            outcome.update(found._asdict())
            if not found.is_right:
                what = (
                    f"`{engine}` paints another picture by `{model}` than is "
                    f"expected: {found.difference:.1f} of 255 in the mean."
                )
                faults.append(Fault(what, advice))
    return outcomes, faults


def _advice(extra: str | None) -> str:
    name = f"multistyle[{extra}]" if extra else "multistyle"
    aside = " or take the other one, by --engine=keras" if extra else ""
    return f'Install it again, `pip install "{name}"`,{aside}.'
