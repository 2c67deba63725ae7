"""Picture folders: an evaluation's pictures, as other metrics read them."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.files.json_files import parse_json, write_json
from multistyle.files.whole_folders import whole_folder
from multistyle.images.codecs.writing import encode_image

KINDS = ("content", "style", "stylized")
INDEX_FILE = "pictures.json"
# Letters of a photograph's and of a style's name in the name of a file.
MAX_LETTERS = 30


class PictureFolders:
    """The folders content, style and stylized, with files of the same names.

    A name stands for a photograph painted in one style, and for the
    photograph, the painting and the pastiche of that. ArtFID pairs the files
    of content and stylized in the order of their names, and wants as many in
    style; FID compares style with stylized.

    Args:
        folder: path of the folder that they are in.

    Reference:
        Wright and Ommer, 2022, "ArtFID: Quantitative Evaluation of Neural
        Style Transfer", https://github.com/matthias-wright/art-fid .
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: list[dict[str, str]] = []
        for kind in KINDS:
            (folder / kind).mkdir()

    def add(
        self,
        photograph_name: str,
        style_name: str,
        *,
        photograph: np.ndarray,
        style_image: np.ndarray,
        pastiche: np.ndarray,
    ) -> None:
        """Writes three PNG files; pictures are float [H, W, 3] in [0, 1]."""
        stem = Path(photograph_name).stem[:MAX_LETTERS]
        number = len(self._index) + 1
        file = f"{number:05d}_{stem}_{style_name[:MAX_LETTERS]}.png"
        pictures = photograph, style_image, pastiche
        for kind, picture in zip(KINDS, pictures, strict=True):
            path = self._folder / kind / file
            path.write_bytes(encode_image(picture, "png"))
        self._index.append(
            {"file": file, "photograph": photograph_name, "style": style_name}
        )

    def write_index(self) -> None:
        """Writes pictures.json: what each name stands for."""
        write_json(self._folder / INDEX_FILE, self._index)


@contextlib.contextmanager
def picture_folders(
    path: str | os.PathLike[str], *, overwrite: bool = False
) -> Iterator[PictureFolders]:
    """Makes picture folders that appear when the block is left, whole.

    Args:
        path: of the folder that holds them; it must be new or empty.
        overwrite: bool, whether picture folders that stand there are
            replaced.

    Yields:
        `PictureFolders`.

    Raises:
        InputError: if something else stands there, or other files are in it.
    """
    if overwrite:
        _refuse_other_files(Path(path))
    with whole_folder(path, INDEX_FILE, overwrite=overwrite) as folder:
        folders = PictureFolders(folder)
        yield folders
        folders.write_index()


def _refuse_other_files(folder: Path) -> None:
    """Refuses to replace a folder in which there is more than its pictures."""
    index = folder / INDEX_FILE
    if not os.path.isfile(index):
        return  # Then `whole_folder` refuses.
    try:
        entries = parse_json(index.read_text("utf-8"))
        names = [Path(entry["file"]).name for entry in entries]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"`{folder}` is not replaced, because its `{INDEX_FILE}` cannot be "
            "read: give another folder."
        ) from error
    own = {folder / kind / name for kind in KINDS for name in names}
    own |= {folder / kind for kind in KINDS} | {index}
    others = sorted(path for path in folder.rglob("*") if path not in own)
    if others:
        raise InputError(
            f"`{folder}` is not replaced, because `{others[0]}` is none of "
            "its pictures: move it, or give another folder."
        )
