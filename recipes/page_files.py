"""Lists the files of the page in its service worker, which keeps them.

Run it after a file of `multistyle/page/files` came, went or was renamed.
"""

from pathlib import Path

from multistyle.page.listing import page_files

WORKER = (
    Path(__file__)
    .parents[1]
    .joinpath("multistyle", "page", "files", "service_worker.mjs")
)
BEGIN, END = "const FILES = [\n", "];\n"
# What an export adds, but for the reader, which is kept once it is wanted.
EXPORTED = ("model/model.json", "model/thumbnails.jpg", "model/weights.bin")
LEFT_OUT = ("index.html", "service_worker.mjs")


def list_files() -> str:
    """Returns the list as it stands in the service worker."""
    paths = [path for path in page_files() if path not in LEFT_OUT]
    lines = [f'  "{path}",\n' for path in sorted([*paths, *EXPORTED])]
    return BEGIN + "".join(lines) + END


def main():
    text = WORKER.read_text("utf-8")
    begin = text.index(BEGIN)
    end = text.index(END, begin) + len(END)
    WORKER.write_text(text[:begin] + list_files() + text[end:], "utf-8")


if __name__ == "__main__":
    main()
