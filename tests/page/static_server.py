"""A static server, as anyone has one, that notes what is asked of it."""

import functools
import http.server
import threading


class StaticServer:
    """Serves a folder; a context.

    Args:
        folder: what is served.
        host: the address to listen at.
    """

    def __init__(self, folder, host="127.0.0.1"):
        self.requests = []
        handler = functools.partial(
            _Handler, directory=str(folder), requests=self.requests
        )
        self._server = http.server.ThreadingHTTPServer((host, 0), handler)
        self.address = f"http://{host}:{self._server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *args, requests, **kwargs):
        self._requests = requests
        super().__init__(*args, **kwargs)

    def log_message(self, *_):
        self._requests.append(self.path)
