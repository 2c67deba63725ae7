"""The page's files, and the model that paints in the browser."""

import hashlib
import mimetypes
import threading
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from multistyle.server.gate import Door
from multistyle.server.refusals import not_found

INDEX = "index.html"
# What is made once the server runs, and not copied.
_MADE = ("model/", "reader/")
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".bin": "application/octet-stream",
}


class PageFiles:
    """Answers requests for files, by a list of them: no path leads out.

    Args:
        files: path as the page asks for it -> the file; see `page_files`.
        folder: where the model of the browser shall lie.
        write_model: writes `model/` and `reader/` into a folder.
        door: of the server.
    """

    def __init__(
        self,
        files: Mapping[str, Traversable],
        folder: Path,
        write_model: Callable[[Path], None],
        door: Door,
    ) -> None:
        self._files: dict[str, Traversable] = dict(files)
        self._folder = folder
        self._write_model = write_model
        self._door = door
        self._lock = threading.Lock()
        self._is_made = False

    def make_model(self) -> None:
        """Writes the model of the browser, once."""
        with self._lock:
            if self._is_made:
                return
            self._folder.mkdir(exist_ok=True)
            self._write_model(self._folder)
            self._files.update(
                (path.relative_to(self._folder).as_posix(), path)
                for path in self._folder.rglob("*")
                if path.is_file()
            )
            self._is_made = True

    async def answer(self, request: Request) -> Response:
        """Answers a request for one of the files."""
        asked = request.path_params["path"] or INDEX
        token = request.query_params.get("token")
        if token is not None and self._door.token is not None:
            # Off the address, so that a link that is shared does not have it.
            response = RedirectResponse("/", 303)
            if self._door.knows(token):  # Another may not even be a header.
                cookie = self._door.cookie("token", token)
                response.headers["Set-Cookie"] = cookie
            return response
        if asked.startswith(_MADE):
            await run_in_threadpool(self.make_model)
        if asked not in self._files:
            raise not_found("page")
        data = await run_in_threadpool(self._files[asked].read_bytes)
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        # A browser keeps it, and asks each time whether it is still so.
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=_type_of(asked), headers=headers)


def _type_of(name):
    suffix = Path(name).suffix
    guessed = _TYPES.get(suffix) or mimetypes.types_map.get(suffix)
    return guessed or "application/octet-stream"
