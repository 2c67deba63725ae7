"""The report: an evaluation as report.json and as one page."""
