"""The page is for everyone: by keyboard, on a telephone, without a network."""

import socket
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.page.conftest import wait_for_picture
from tests.page.static_server import StaticServer
from tests.page.test_painting import read_blend, read_picture, settle

TABS = ("styles", "look", "parts", "more")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def check(page, axe_source):
    """Returns what axe-core finds wrong."""
    # Of the browser itself, to which the page's policy does not apply.
    page.context.new_cdp_session(page).send(
        "Runtime.evaluate", {"expression": axe_source}
    )
    found = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(({violations}) =>"
        " violations.map(({id, nodes}) => [id, nodes.map((n) => n.html)]))",
        RULES,
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_page, axe_source, scheme, width):
    page = open_page(width=width, color_scheme=scheme)
    for tab in TABS:
        page.click(f"#tab-{tab}")
        assert check(page, axe_source) == []
    page.click("#tab-styles")
    page.get_by_role("button", name="Text").click()
    assert check(page, axe_source) == []
    page.keyboard.press("Escape")
    page.click("#open")
    assert check(page, axe_source) == []
    page.get_by_role("button", name="Camera").click()
    page.wait_for_selector("dialog .hint:has-text('second')")
    assert check(page, axe_source) == []
    page.keyboard.press("Escape")
    page.click("#download")
    page.wait_for_selector("#estimate:not(:empty)")
    assert check(page, axe_source) == []


def test_axe_finds_nothing_while_a_picture_is_painted(
    open_page, axe_source, tmp_path
):
    page = open_page()
    # So large that it takes longer than the look at it.
    Image.new("RGB", (4000, 3000), "teal").save(tmp_path / "large.jpg")
    page.click("#open")
    page.set_input_files("#photograph-file", tmp_path / "large.jpg")
    settle(page)
    page.click("#download")
    page.wait_for_selector("#estimate:not(:empty)")
    page.get_by_role("button", name="Paint and save").click()
    page.wait_for_selector("dialog progress[value]")
    assert check(page, axe_source) == []
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("dialog", state="detached")
    (tmp_path / "wrong.jpg").write_bytes(b"no picture")
    page.click("#open")
    page.set_input_files("#photograph-file", tmp_path / "wrong.jpg")
    page.wait_for_selector(".notice.error")
    assert check(page, axe_source) == []


def test_the_page_itself_does_not_scroll(open_page):
    page = open_page(width=1280, height=300)
    heights = "[document.documentElement.scrollHeight, innerHeight]"
    for tab in TABS:
        page.click(f"#tab-{tab}")
        assert page.evaluate(heights) == [300, 300], tab


def test_nothing_is_wider_than_a_telephone(open_page):
    page = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    for tab in TABS:
        page.tap(f"#tab-{tab}")
        widths = page.evaluate(
            "[...document.querySelectorAll('body, .tabpanel:not([hidden])')]"
            ".map((e) => e.scrollWidth - e.clientWidth)"
        )
        assert max(widths) <= 0
    page.tap("#tab-styles")
    small = page.locator("#panel").bounding_box()["height"]
    page.get_by_label("More room for the styles").tap()
    assert page.locator("#panel").bounding_box()["height"] > 1.3 * small
    box = page.locator(".map").bounding_box()
    page.touchscreen.tap(box["x"] + 60, box["y"] + 80)
    settle(page)
    assert "starry_night" not in read_blend(page)


def test_a_keyboard_is_enough(open_page):
    page = open_page("#blend=udnie&photograph=cat")

    def press(*keys):
        for key in keys:
            page.keyboard.press(key)

    def focused():
        return page.evaluate(
            "document.activeElement.id || document.activeElement.className"
        )

    # To the styles at once; a slider by arrows.
    press("Tab", "Enter")
    assert focused() == "panel"
    while focused() != "handle":
        press("Tab")
    press("Shift+ArrowLeft")
    settle(page)
    assert read_blend(page) != {"udnie": 100}
    press("Control+z")
    settle(page)
    assert read_blend(page) == {"udnie": 100}
    # From tab to tab, and a mask by the brush.
    page.locator("#tab-styles").focus()
    press("ArrowRight", "ArrowRight")
    assert focused() == "tab-parts"
    press("Tab", "Tab", "Enter")
    page.locator("#picture").focus()
    press("Space", "Shift+ArrowRight", "Shift+ArrowRight")
    settle(page)
    assert page.get_by_role("button", name="Invert").is_enabled()
    # A photograph, and a download.
    page.locator("#open").focus()
    press("Enter")
    page.get_by_label("Antelope Canyon").focus()
    press("Enter")
    settle(page)
    page.locator("#download").focus()
    press("Enter")
    page.wait_for_selector("#estimate:not(:empty)")
    with page.expect_download(timeout=120_000):
        press("Enter")


def test_it_works_without_a_network(chromium, exported_page):
    with StaticServer(exported_page) as server:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(server.address)
        page.wait_for_selector("html[data-offline=ready]", timeout=60_000)
        wait_for_picture(page)
    # The server is gone.
    page.goto(server.address + "#blend=mondrian&photograph=cat")
    page.reload()
    wait_for_picture(page)
    assert read_blend(page) == {"mondrian": 100}
    # Its service worker gives it the headers that threads need.
    assert page.evaluate("crossOriginIsolated")
    assert "thread" in page.locator("#status").text_content()
    context.close()


def test_the_reader_is_kept_once_it_was_wanted(chromium, exported_page):
    painting = exported_page.parent / "painting.png"
    with StaticServer(exported_page) as server:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(server.address)
        page.wait_for_selector("html[data-offline=ready]", timeout=60_000)
        page.reload()
        wait_for_picture(page)
        assert not any("reader/" in path for path in server.requests)
        page.locator("#picture").screenshot(path=painting)
        page.set_input_files("#painting-file", painting)
        page.wait_for_selector(".rows.blend [data-style=painting]")
        wait_for_picture(page)
        assert "/reader/reader.bin" in server.requests
    page.reload()
    wait_for_picture(page)
    page.set_input_files("#painting-file", painting)
    page.wait_for_selector(".rows.blend [data-style=painting]", timeout=60_000)
    context.close()


def test_nothing_is_asked_of_others(open_page, page_server):
    page = open_page()
    for tab in TABS:
        page.click(f"#tab-{tab}")
    asked = {urlsplit(url).netloc for url in page.requested if "://" in url}
    assert asked == {urlsplit(page_server.address).netloc}
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy


def test_two_at_once(open_page):
    first = open_page("#blend=udnie&photograph=cat")
    second = open_page("#blend=mondrian&photograph=cat")
    first.get_by_role("button", name="Random").click()
    settle(first)
    assert read_blend(second) == {"mondrian": 100}
    assert read_blend(first) != {"udnie": 100}
    again = open_page("#blend=mondrian&photograph=cat")
    assert (read_picture(second) == read_picture(again)).all()


def test_from_another_machine_over_plain_http(chromium, exported_page):
    host = find_address()
    if host is None:
        pytest.skip("needs an address that is not loopback")
    with StaticServer(exported_page, host) as server:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(server.address + "#blend=udnie&photograph=cat")
        wait_for_picture(page)
        assert not page.evaluate("isSecureContext")
        said = page.locator("#notices").text_content()
        assert "Over https it also has threads" in said
        assert "1 thread" in page.locator("#status").text_content()
        page.click("#open")
        camera = page.get_by_role("button", name="Camera")
        assert camera.is_disabled()
        assert (
            "needs a page over https" in page.locator("dialog").text_content()
        )
        context.close()


def find_address():
    """Returns an address of this machine beside loopback, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: it only chooses a way out.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address
