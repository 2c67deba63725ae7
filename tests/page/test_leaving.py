"""What the page says where something of the user's stays behind."""

import shutil

import pytest

from tests.page.conftest import wait_for_picture
from tests.page.static_server import StaticServer
from tests.page.test_painting import WAVE, settle

UNSERVED = "The page did not load. No browser runs it from a file"


def test_a_page_that_is_opened_as_a_file_says_how_it_runs(
    chromium, exported_page
):
    page = chromium.new_page()
    page.goto((exported_page / "index.html").as_uri())
    page.wait_for_selector("#unserved")
    assert UNSERVED in page.locator("body").inner_text()
    page.close()


def test_so_does_one_whose_modules_have_no_type(chromium, exported_page):
    page = chromium.new_page()
    with StaticServer(exported_page) as server:
        page.route(
            "**/*.mjs",
            lambda route: route.fulfill(
                body="", content_type="application/octet-stream"
            ),
        )
        page.goto(server.address)
        page.wait_for_selector("#unserved")
    page.close()


def test_a_page_that_runs_does_not_say_so(open_page):
    assert open_page().locator("#unserved").is_hidden()


def test_a_link_and_another_visit_hold_no_painting(open_page, tmp_path):
    page = open_page()
    mine = shutil.copy(WAVE, tmp_path / "mine.jpg")
    page.set_input_files("#painting-file", mine)
    page.wait_for_selector(".rows.blend .row[data-style=mine]", timeout=60_000)
    settle(page)
    assert page.url.endswith("#blend=mine:1&photograph=canyon")
    page.get_by_label("Copy a link to this blend").click()
    page.wait_for_selector(".notice:has-text('your own painting is missing')")
    page.reload()
    wait_for_picture(page)
    said = page.locator(".notice.error p").text_content()
    assert said.startswith("The style mine is not here. If it is a painting")


@pytest.mark.parametrize("is_masked", [False, True])
def test_the_browser_asks_before_a_mask_goes(open_page, is_masked):
    page = open_page()
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.click("#tab-parts")
    if is_masked:
        page.get_by_role("button", name="Brush").click()
        box = page.locator("#picture").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 80, y, steps=4)
        page.mouse.up()
        settle(page)
    page.reload()
    wait_for_picture(page)
    assert asked == ["beforeunload"] * is_masked
