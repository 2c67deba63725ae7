"""Makes the pictures of the page in the documents.

python recipes/page_pictures.py [CHROMIUM]

It exports the page, opens it in a Chromium, by Playwright, and photographs
it: page.jpg on a screen, page_telephone.jpg on two telephones, and
page_parts.jpg with a mask.
"""

import functools
import http.server
import io
import sys
import tempfile
import threading
from pathlib import Path

from PIL import Image

from multistyle.export.web import write_page

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PAINTED = "#stage[data-painted=preview][aria-busy=false]"
QUALITY = 82
GAP = 24


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_):
        pass


def serve(folder):
    """Serves a folder as long as the program runs; returns the address."""
    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def open_page(browser, address, size, **options):
    page = browser.new_context(
        viewport=dict(zip(("width", "height"), size, strict=True)),
        service_workers="block",
        reduced_motion="reduce",
        **options,
    ).new_page()
    page.goto(address)
    page.wait_for_selector(PAINTED, timeout=120_000)
    return page


def photograph(page):
    page.wait_for_timeout(200)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def make_screen(browser, address):
    page = open_page(browser, address, (1280, 800))
    page.get_by_label("Compare with the photograph").click()
    page.mouse.move(5, 795)
    return photograph(page)


def make_parts(browser, address):
    page = open_page(
        browser,
        address + "#blend=matisse_hat&photograph=flower",
        (1280, 800),
        color_scheme="dark",
    )
    page.click("#tab-parts")
    page.get_by_role("button", name="Brush").click()
    box = page.locator("#picture").bounding_box()
    x, y = box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5
    page.mouse.move(x - 170, y - 60)
    page.mouse.down()
    for dx, dy in ((-40, -120), (120, -90), (170, 40), (20, 110), (-120, 40)):
        page.mouse.move(x + dx, y + dy, steps=8)
    page.mouse.move(x, y, steps=8)
    page.mouse.up()
    page.wait_for_timeout(100)
    page.wait_for_selector(PAINTED, timeout=120_000)
    return photograph(page)


def make_telephones(browser, address):
    shots = []
    for scheme, tab, blend in (
        ("light", "styles", "klimt_kiss:0.7,adele_bloch_bauer:0.4"),
        ("dark", "look", "sudden_shower:0.6,red_fuji:0.4"),
    ):
        page = open_page(
            browser,
            f"{address}#blend={blend}&photograph=cat",
            (360, 740),
            color_scheme=scheme,
            device_scale_factor=1.5,
            has_touch=True,
            is_mobile=True,
        )
        page.click(f"#tab-{tab}")
        shots.append(photograph(page))
    width, height = shots[0].size
    both = Image.new("RGB", (2 * width + GAP, height), "white")
    for number, shot in enumerate(shots):
        both.paste(shot, (number * (width + GAP), 0))
    return both


PICTURE_MAKERS = {
    "page.jpg": make_screen,
    "page_parts.jpg": make_parts,
    "page_telephone.jpg": make_telephones,
}


def make_pictures(folder, chromium, address):
    """Writes the pictures into a folder."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        for name, make in PICTURE_MAKERS.items():
            make(browser, address).save(
                folder / name, quality=QUALITY, optimize=True
            )
        browser.close()


def main():
    chromium = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        write_page("paintings-fast", Path(folder))
        make_pictures(PICTURES, chromium, serve(folder))


if __name__ == "__main__":
    main()
