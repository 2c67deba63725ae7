"""The report: an evaluation as report.json and as one page."""

from pathlib import Path

from multistyle.evaluation import appendix, sections
from multistyle.evaluation.page import page
from multistyle.files.json_files import write_json
from multistyle.files.whole_files import refuse_existing, whole_file

JSON_FILE = "report.json"
PAGE_FILE = "report.html"


def check_folder(folder, overwrite=False):
    """Raises InputError if a folder holds a report that is to stay."""
    for name in (JSON_FILE, PAGE_FILE):
        refuse_existing(Path(folder, name), overwrite)


def write_report(folder, record, album):
    """Writes report.json and report.html; what stands there is replaced.

    Args:
        folder: path; it is made.
        record: dict for JSON, what `Evaluator.run` returned, and "model",
            "version", "judge" and "left_out".
        album: the `Album` of the same evaluation.

    Returns:
        Pair of the paths.
    """
    paths = Path(folder, JSON_FILE), Path(folder, PAGE_FILE)
    write_json(paths[0], record)
    with whole_file(paths[1], "w") as file:
        file.write(render(record, album))
    return paths


def render(record, album):
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
