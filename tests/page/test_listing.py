from pathlib import Path

import multistyle
from multistyle.page.listing import page_files


def test_every_file_is_listed_by_its_address():
    folder = Path(multistyle.__file__).parent / "page" / "files"
    expected = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )
    files = page_files()
    assert list(files) == expected
    assert {"index.html", "engine/engine.mjs"} <= set(files)
    for path, file in files.items():
        assert file.read_bytes() == (folder / path).read_bytes()
