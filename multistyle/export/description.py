"""The description of an export: `export.json`, and what was measured."""

import os
import platform
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

import multistyle
from multistyle.export.formats import Paint, Settings, Written
from multistyle.export.parity import FLAT_SIZE, Parity, check_parity
from multistyle.files.json_files import write_json
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

DESCRIPTION_FILE = "export.json"
LATENCY_SIZE = (512, 512)
_ROUNDS = 3


def check_and_describe(
    network: TransformNetwork,
    folder: Path,
    format: str,
    settings: Settings,
    styles: list[dict[str, Any]],
    written: Written,
) -> list[Parity]:
    """Compares what was written with the network, and writes `export.json`.

    Args:
        network: that was exported.
        folder: that was written.
        format: its name.
        settings: that it was written with.
        styles: "name" and credits of each style, and "weight" in a blend.
        written: see `Written`.

    Returns:
        The difference at each size; none where it could not be run here.

    Raises:
        ParityError: see `check_parity`.
    """
    description = {
        "format": format,
        "styles": styles,
        "inputs": written.inputs,
        "outputs": written.outputs,
        "store": settings.store,
        "channels": [block.filters for block in network.blocks],
        "width_multiplier": network.width_multiplier,
        "fingerprint": fingerprint(network),
    }
    if written.others is not None:
        description["others"] = written.others
    rows: list[Parity] = []
    if written.note is not None:
        description["note"] = written.note
    if written.paint is not None:
        agreement = check_parity(
            network,
            written.paint,
            sizes=[settings.size] if settings.size else None,
            flat_size=settings.size or FLAT_SIZE,
        )
        rows = agreement.rows
        description.update(agreement.as_dict())
        description["latency"] = _measure_latency(
            written.paint, settings.size or LATENCY_SIZE, network.num_styles
        )
    description["versions"] = {
        "multistyle": multistyle.__version__,
        "keras": keras.__version__,
        **written.versions,
        "python": platform.python_version(),
    }
    write_json(folder / DESCRIPTION_FILE, description)
    return rows


def _measure_latency(
    paint: Paint, size: tuple[int, int], num_styles: int
) -> dict[str, Any]:
    """Returns the shortest of some runs on this machine."""
    image = np.random.default_rng(0).random((1, *size, 3), np.float32)
    weights = np.full((1, num_styles), 1 / num_styles, np.float32)
    seconds = []
    for _ in range(1 + _ROUNDS):  # The first one warms up.
        start = time.perf_counter()
        paint(image, weights)
        seconds.append(time.perf_counter() - start)
    return {
        "height": size[0],
        "width": size[1],
        "seconds": round(min(seconds[1:]), 4),
        "cores": os.cpu_count(),
    }
