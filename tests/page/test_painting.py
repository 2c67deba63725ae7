"""The page paints: loaded, moved, dropped on, and downloaded from."""

import io
import re

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.page.conftest import ROOT, wait_for_picture

CAT = ROOT / "docs" / "photographs" / "cat.jpg"
WAVE = (
    ROOT
    / "multistyle/images/sample_pictures/paintings/woman_with_a_parasol.jpg"
)


def read_picture(page):
    """Returns the stage's picture, uint8 [H, W, 3]."""
    data = page.locator("#picture").screenshot()
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def read_blend(page):
    """Returns {style: percent} as the rows of the blend say it."""
    rows = page.locator(".rows.blend .row").all()
    return {
        row.get_attribute("data-style"): int(
            row.locator("output").text_content().split()[0]
        )
        for row in rows
    }


def difference(first, second):
    return np.abs(first.astype(int) - second.astype(int)).mean()


def move_slider(page, label, value):
    slider = page.get_by_label(label, exact=True).first
    slider.evaluate(
        """(slider, value) => {
            slider.value = value;
            for (const type of ["input", "change"])
                slider.dispatchEvent(new Event(type, {bubbles: true}));
        }""",
        value,
    )
    settle(page)


def settle(page):
    page.wait_for_timeout(60)
    wait_for_picture(page)


def download(page, format):
    page.click("#download")
    page.get_by_role("button", name=format, exact=True).click()
    with page.expect_download(timeout=120_000) as caught:
        page.get_by_role("button", name="Paint and save").click()
    return caught.value


def test_it_opens_on_a_picture(open_page):
    page = open_page()
    assert page.problems == []
    assert read_blend(page) == {"starry_night": 70, "great_wave": 30}
    said = page.locator("#status").text_content()
    assert said.startswith("paintings-fast · strokes as in the file")
    assert read_picture(page).std() > 20


def test_the_first_picture_comes_soon(open_page):
    page = open_page()
    page.reload()
    wait_for_picture(page)
    for name, what in (("first", "a sketch"), ("final", "the final strokes")):
        took = page.evaluate(
            "name => performance.getEntriesByName(name)[0].startTime", name
        )
        print(f"{took / 1000:.2f} s from opening the page again to {what}")


def test_a_slider_paints(open_page):
    page = open_page()
    before = read_picture(page)
    move_slider(page, "Weight of The Starry Night", 0)
    assert read_blend(page) == {"great_wave": 100}
    assert difference(before, read_picture(page)) > 5
    page.get_by_label("Undo").click()
    settle(page)
    assert read_blend(page) == {"starry_night": 70, "great_wave": 30}
    assert difference(before, read_picture(page)) < 0.5
    page.get_by_label("Redo").click()
    settle(page)
    assert read_blend(page) == {"great_wave": 100}


def test_the_map_blends_the_nearest(open_page):
    page = open_page()
    box = page.locator(".map").bounding_box()
    x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=4)
    page.mouse.up()
    settle(page)
    blend = read_blend(page)
    assert 1 <= len(blend) <= 4
    assert abs(sum(blend.values()) - 100) <= 2
    assert "starry_night" not in blend
    # One drag is one step.
    page.get_by_label("Undo").click()
    settle(page)
    assert read_blend(page) == {"starry_night": 70, "great_wave": 30}


def test_a_link_shares_the_blend(open_page):
    page = open_page("#blend=udnie:0.25,the_scream:0.75&strength=0.8")
    assert read_blend(page) == {"udnie": 25, "the_scream": 75}
    move_slider(page, "Weight of Udnie", 0)
    assert page.evaluate("location.hash") == (
        "#blend=the_scream:0.75&strength=0.8&photograph=canyon"
    )
    other = open_page(page.evaluate("location.hash"))
    assert difference(read_picture(page), read_picture(other)) < 0.5
    wrong = open_page("#blend=the_skream")
    assert "`the_skream`" not in wrong.locator("#notices").text_content()
    assert "near it: the_scream" in wrong.locator("#notices").text_content()


def test_weights_are_text_and_are_searched(open_page):
    page = open_page()
    page.get_by_role("button", name="Text").click()
    area = page.get_by_label("Weights as text").last
    assert area.input_value() == "starry_night=0.7,great_wave=0.3"
    area.fill("nothing=1")
    page.get_by_role("button", name="Use these weights").click()
    assert "nothing" in page.locator("dialog [role=alert]").text_content()
    area.fill("mondrian=3,udnie")
    page.get_by_role("button", name="Use these weights").click()
    settle(page)
    assert read_blend(page) == {"mondrian": 75, "udnie": 25}
    page.locator("#search").fill("cezanne")
    shown = page.locator(".rows.all .row:visible")
    assert shown.count() == 1
    assert shown.get_attribute("data-style") == "sainte_victoire"
    page.locator("#search").fill("")
    page.get_by_role("button", name="Random").click()
    settle(page)
    assert 2 <= len(read_blend(page)) <= 3
    page.get_by_label("Presets").select_option("gold_leaf")
    settle(page)
    assert set(read_blend(page)) == {
        "klimt_kiss",
        "adele_bloch_bauer",
        "trinity_icon",
    }


def test_what_is_downloaded_is_what_the_command_line_paints(
    open_page, run_installed, tmp_path
):
    page = open_page("#blend=great_wave:0.6,udnie:0.4&colors=luminance")
    # A PNG, which every program decodes alike.
    photograph = tmp_path / "photo.png"
    Image.open(CAT).save(photograph)
    page.click("#open")
    page.set_input_files("#photograph-file", photograph)
    settle(page)
    page.click("#tab-more")
    command = page.locator("#command").text_content()
    expected = {
        "--model=paintings-fast",
        "--style_weights=great_wave=0.6,udnie=0.4",
        "--keep_colors=luminance",
        "--output=photo_stylized.png",
    }
    words = command.replace('"', "").split()
    assert words[:3] == ["multistyle", "interpolate", "photo.png"]
    assert set(words[3:]) == expected
    run_installed(*words[1:], cwd=tmp_path)
    painted = tmp_path / "browser.png"
    saved = download(page, "PNG")
    assert saved.suggested_filename == "photo_stylized.png"
    saved.save_as(painted)
    with (
        Image.open(painted) as ours,
        Image.open(tmp_path / "photo_stylized.png") as theirs,
    ):
        assert ours.size == theirs.size
        assert difference(np.asarray(ours)[..., :3], np.asarray(theirs)) < 1
        described = str(dict(ours.getexif())) + str(ours.info)
    assert "great_wave" in described
    saved = download(page, "JPEG")
    assert saved.suggested_filename == "photo_stylized.jpg"


def test_a_turned_photograph_keeps_what_its_file_says(open_page, tmp_path):
    page = open_page("#blend=udnie&photograph=cat")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Kamera"
    exif[ExifTags.IFD.Exif] = {36867: "2024:05:06 07:08:09"}
    with Image.open(CAT) as cat:
        small = cat.resize((96, 64))
    small.save(tmp_path / "turned.jpg", exif=exif)
    page.click("#open")
    page.set_input_files("#photograph-file", tmp_path / "turned.jpg")
    settle(page)
    for format in ("JPEG", "PNG"):
        with Image.open(download(page, format).path()) as painted:
            assert painted.size == (64, 96)
            exif = painted.getexif()
        assert exif[ExifTags.Base.Orientation] == 1
        assert exif[ExifTags.Base.Make] == "Kamera"
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert details == {36867: "2024:05:06 07:08:09"}
        assert "udnie" in exif[ExifTags.Base.ImageDescription]
    page.click("#download")
    page.get_by_role("button", name="Leave out").click()
    page.keyboard.press("Escape")
    # What was chosen last stays chosen.
    with Image.open(download(page, "JPEG").path()) as painted:
        exif = painted.getexif()
    assert "udnie" in exif[ExifTags.Base.ImageDescription]
    assert ExifTags.Base.Make not in exif
    assert exif.get_ifd(ExifTags.IFD.Exif) == {}


def test_a_mask_paints_a_part(open_page):
    page = open_page("#blend=great_wave&photograph=cat")
    painted = read_picture(page)
    move_slider(page, "Strength", 0)
    photograph = read_picture(page)
    page.get_by_label("Undo").click()
    page.click("#tab-parts")
    page.get_by_role("button", name="Brush").click()
    box = page.locator("#picture").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1], steps=3)
    page.mouse.up()
    page.click("#tab-styles")
    settle(page)
    part = read_picture(page)
    here = np.s_[int(box["height"] / 2) - 8 :, int(box["width"] / 2) :]
    inside = tuple(slice(s.start, s.start + 16) for s in here)
    assert difference(part[inside], painted[inside]) < 2
    corner = np.s_[150:190, 60:120]
    assert difference(part[corner], photograph[corner]) < 2
    assert difference(part[corner], painted[corner]) > 5
    page.click("#tab-more")
    assert "--mask=mask.png" in page.locator("#command").text_content()


def test_a_gradient_is_drawn_by_a_line(open_page):
    page = open_page("#blend=mondrian:0.5,water_lilies:0.5")
    page.click("#tab-parts")
    page.get_by_role("button", name="Along a line").click()
    box = page.locator("#picture").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 100, steps=3)
    page.mouse.up()
    settle(page)
    page.click("#tab-more")
    command = page.locator("#command").text_content()
    assert '--gradient="mondrian>water_lilies:90"' in command


def test_a_painting_becomes_a_slider(open_page):
    page = open_page()
    before = read_picture(page)
    page.set_input_files("#painting-file", WAVE)
    page.wait_for_selector(
        ".rows.blend .row[data-style=woman_with_a_parasol]", timeout=60_000
    )
    settle(page)
    assert read_blend(page) == {"woman_with_a_parasol": 100}
    assert difference(before, read_picture(page)) > 5
    page.click("#tab-more")
    command = page.locator("#command").text_content()
    assert "--style_images=woman_with_a_parasol:woman_with_a_parasol.jpg" in (
        command
    )


def test_a_photograph_is_dropped_and_pasted(open_page):
    page = open_page()
    give = """async ([type, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "cat.jpg",
            {type: "image/jpeg"}));
        document.body.dispatchEvent(type === "paste"
            ? new ClipboardEvent(type, {clipboardData: data, bubbles: true})
            : new DragEvent(type, {dataTransfer: data, bubbles: true,
                cancelable: true}));
    }"""
    for type in ("drop", "paste"):
        page.evaluate(give, [type, list(CAT.read_bytes())])
        page.wait_for_selector("#picture[aria-label^='cat.jpg']")
        settle(page)


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("notes.txt", b"no picture", "`notes.txt` is damaged"),
        ("empty.png", b"", "`empty.png` is empty"),
        ("photo.heic", b"ftypheic", "does not read HEIC"),
        # What it says in its first bytes is 60,000 x 60,000 pixels.
        (
            "huge.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\0\xea\x60" * 2 + b"\x08\2",
            "has 3,600 megapixels; up to 200 are opened",
        ),
    ],
)
def test_wrong_and_huge_files_get_a_sentence(
    open_page, tmp_path, name, content, sentence
):
    page = open_page()
    (tmp_path / name).write_bytes(content)
    page.click("#open")
    page.set_input_files("#photograph-file", tmp_path / name)
    notice = page.locator(".notice.error")
    notice.wait_for()
    assert sentence.replace("`", "") in notice.text_content()
    assert (
        page.locator("#picture")
        .get_attribute("aria-label")
        .startswith("canyon.jpg")
    )


def test_divider_and_zoom(open_page):
    page = open_page("#photograph=cat")
    painted = read_picture(page)
    page.get_by_label("Compare with the photograph").click()
    divider = page.get_by_role("slider", name="Divider")
    divider.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    assert divider.get_attribute("aria-valuenow") == "100"
    assert difference(painted, read_picture(page)) > 5
    page.get_by_label("Compare with the photograph").click()
    page.get_by_role("button", name="1:1").click()
    assert page.locator("#zoom").text_content() == "100 %"
    page.get_by_label("Fit the window").click()
    page.wait_for_timeout(100)
    assert difference(painted, read_picture(page)) < 0.5


def test_the_grid_shows_blends_and_gives_them(open_page):
    page = open_page("#blend=udnie,mondrian&photograph=cat")
    page.click("#tab-more")
    page.get_by_role("button", name="Show the grid").click()
    cells = page.locator(".cells button")
    assert cells.count() == 25
    assert (
        cells.nth(2).get_attribute("aria-label") == "udnie 50 %, mondrian 50 %"
    )
    cells.nth(2).press("Enter")
    page.click("#tab-styles")
    settle(page)
    assert read_blend(page) == {"udnie": 50, "mondrian": 50}


def test_the_camera_is_painted_live(open_page):
    page = open_page()
    page.click("#open")
    page.get_by_role("button", name="Camera").click()
    speed = page.locator("dialog .hint")
    page.wait_for_selector("dialog .hint:has-text('second')")
    assert re.match(
        r"[\d.]+ pictures a second at \d+ × \d+", speed.text_content()
    )
    page.get_by_role("button", name="Take this picture").click()
    page.wait_for_selector("#picture[aria-label^='camera.png']")
    settle(page)
