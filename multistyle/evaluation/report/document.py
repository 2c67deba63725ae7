"""The document: an evaluation as report.json and as one page."""

import os
from pathlib import Path
from typing import Any

from multistyle.evaluation.report import appendix, sections
from multistyle.evaluation.report.album import Album
from multistyle.evaluation.report.markup import page
from multistyle.files.json_files import write_json
from multistyle.files.outputs import check_output_path
from multistyle.files.whole_files import whole_file

JSON_FILE = "report.json"
PAGE_FILE = "report.html"


def check_folder(
    folder: str | os.PathLike[str], *, overwrite: bool = False
) -> None:
    """Raises InputError where a report may not or cannot be written.

    Args:
        folder: path, as there.
        overwrite: bool, whether a report that stands there may be replaced.
    """
    for name in (JSON_FILE, PAGE_FILE):
        check_output_path(Path(folder, name), overwrite=overwrite)


def write_report(
    folder: str | os.PathLike[str], record: dict[str, Any], album: Album
) -> tuple[Path, Path]:
    """Writes report.json and report.html; what stands there is replaced.

    Args:
        folder: path; it is made.
        record: dict for JSON, see `evaluation.evaluate_network`.
        album: the `Album` of the same evaluation.

    Returns:
        Pair of the paths.
    """
    paths = Path(folder, JSON_FILE), Path(folder, PAGE_FILE)
    write_json(paths[0], record)
    with whole_file(paths[1], "w") as file:
        file.write(render(record, album))
    return paths


def render(record: dict[str, Any], album: Album) -> str:
    """Returns the page as HTML; see `write_report`."""
    parts = [
        (None, sections.head(record)),
        ("Figures", sections.figures(record)),
        ("Sheets", sections.sheets(record, album)),
    ]
    if record["extremes"]:
        parts.append(("Best and worst", sections.best_and_worst(record, album)))
    if record["blends"]["paths"]:
        parts.append(("Blends", appendix.blends(record)))
    parts.append(("Artefacts", appendix.artefacts(record)))
    if len(record["styles"]) > 1:
        parts.append(("Diversity", appendix.diversity(record)))
    return page(f"Evaluation of {record['model']}", parts)
