"""A page in Chromium that runs the engine's modules, for tests."""

import contextlib
import functools
import http.server
import importlib.util
import shutil
import threading

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
IS_MISSING = importlib.util.find_spec("playwright") is None or CHROMIUM is None
# Its graphics processor by software, which the page itself refuses.
SOFTWARE_GPU = (
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder by the policy of the page."""

    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }
    is_isolated = True

    def end_headers(self):
        if self.is_isolated:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
            "worker-src 'self'",
        )
        super().end_headers()

    def log_message(self, *args):
        pass


class _OpenHandler(_Handler):
    is_isolated = False


@contextlib.contextmanager
def serve(folder, is_isolated=True):
    """Serves a folder on loopback; yields the address."""
    handler = _Handler if is_isolated else _OpenHandler
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def launch(playwright, *arguments):
    """Starts Chromium; yields the browser."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", *arguments]
    )
    try:
        yield browser
    finally:
        browser.close()
