"""Lists the files of the page where they are named.

In its service worker, which keeps them; and its modules in index.html, which
a browser then fetches at once rather than one after the other. Run it after a
file of `multistyle/page/files` came, went or was renamed.
"""

from pathlib import Path

from multistyle.page.listing import page_files

FILES = Path(__file__).parents[1] / "multistyle" / "page" / "files"
WORKER, INDEX = FILES / "service_worker.mjs", FILES / "index.html"
BEGIN, END = "const FILES = [\n", "];\n"
# What an export adds, but for the reader, which is kept once it is wanted.
EXPORTED = ("model/model.json", "model/thumbnails.jpg", "model/weights.bin")
# Of the engine, what runs beside its worker.
PAGE_ENGINE = (
    "engine/engine.mjs",
    "engine/network/kernels.mjs",
    "engine/network/threads.mjs",
)
LEFT_OUT = ("index.html", "service_worker.mjs")


def list_files() -> str:
    """Returns the list as it stands in the service worker."""
    paths = [path for path in page_files() if path not in LEFT_OUT]
    lines = [f'  "{path}",\n' for path in sorted([*paths, *EXPORTED])]
    return BEGIN + "".join(lines) + END


def list_modules() -> str:
    """Returns the lines of index.html that name the modules."""
    return "".join(
        f'  <link rel="modulepreload" href="{path}">\n'
        for path in page_files()
        if path.endswith(".mjs")
        and (path.startswith("page/") or path in PAGE_ENGINE)
    )


def main():
    text = WORKER.read_text("utf-8")
    begin = text.index(BEGIN)
    end = text.index(END, begin) + len(END)
    WORKER.write_text(text[:begin] + list_files() + text[end:], "utf-8")
    lines = INDEX.read_text("utf-8").splitlines(keepends=True)
    old = [line for line in lines if "modulepreload" in line]
    first = lines.index(old[0])
    lines = [line for line in lines if line not in old]
    lines.insert(first, list_modules())
    INDEX.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
