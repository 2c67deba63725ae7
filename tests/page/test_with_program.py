"""The page with the program behind it, both from the built wheel."""

import os
import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from multistyle.network.packs.exchange import make_pack
from multistyle.network.packs.pack_file import write_pack
from tests.page.conftest import ROOT, wait_for_picture
from tests.page.test_everyone import check
from tests.page.test_painting import (
    CAT,
    WAVE,
    difference,
    download,
    read_blend,
    read_picture,
    settle,
)


class Program:
    """What serves the page; it has an address, as a StaticServer."""

    def __init__(self, address):
        self.address = address


@pytest.fixture(scope="module")
def program(installed_package, tmp_path_factory):
    for name in ("starlette", "uvicorn"):
        pytest.importorskip(name)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "multistyle", "app", "--nobrowser"),
            *("--port=0", "--model=paintings"),
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(installed_package),
            "PYTHONUNBUFFERED": "1",
        },
        cwd=tmp_path_factory.mktemp("cwd"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if found := re.search(r"http://\S+", line):
            break
    else:
        pytest.fail("".join(lines))
    yield Program(found[0])
    process.terminate()
    process.wait(30)


@pytest.fixture
def app_page(open_page, program):
    return open_page("#blend=udnie&photograph=cat", server=program)


def test_the_server_paints_what_the_command_line_paints(
    app_page, run_installed, tmp_path
):
    page = app_page
    assert page.problems == []
    said = page.locator("#status").text_content()
    assert said.startswith("paintings · strokes as in the file")
    assert said.endswith("on the server")
    photograph = tmp_path / "photo.png"
    Image.open(CAT).save(photograph)
    page.click("#open")
    page.set_input_files("#photograph-file", photograph)
    settle(page)
    page.click("#tab-more")
    command = page.locator("#command").text_content()
    assert "--model=paintings " in command
    run_installed(*shlex.split(command)[1:], cwd=tmp_path)
    # How long it takes is said before it begins.
    page.click("#download")
    page.wait_for_selector(
        "#estimate:text-matches('^paintings paints it on the server in about"
        " [0-9.]+ m?s\\.$')"
    )
    page.keyboard.press("Escape")
    saved = download(page, "PNG")
    saved.save_as(tmp_path / "server.png")
    with (
        Image.open(tmp_path / "server.png") as ours,
        Image.open(tmp_path / "photo_stylized.png") as theirs,
    ):
        assert difference(np.asarray(ours), np.asarray(theirs)) < 1
    # The browser's own model is there to be chosen.
    page.get_by_role("radio", name=re.compile("In this browser")).check()
    settle(page)
    said = page.locator("#status").text_content()
    assert said.startswith("paintings-fast") and "WebAssembly" in said


def test_a_tab_whose_preview_another_one_took_goes_on(app_page):
    page = app_page
    answer = {"body": 'data: {"state": "cancelled"}\n\n'}
    page.route(
        "**/events",
        lambda route: route.fulfill(content_type="text/event-stream", **answer),
        times=1,
    )
    page.get_by_role("button", name="Random").click()
    page.wait_for_selector("#status:text('painted for another tab')")
    page.mouse.move(200, 200)
    page.wait_for_selector("#status:text('on the server')")


def test_a_painting_is_learned_better(app_page):
    page = app_page
    page.set_input_files("#painting-file", WAVE)
    page.wait_for_selector(
        "#notices .notice:has-text('is learned better now')", timeout=240_000
    )
    wait_for_picture(page)
    assert read_blend(page) == {"woman_with_a_parasol": 100}
    assert "on the server" in page.locator("#status").text_content()
    page.click("#tab-more")
    assert "--learning=quick" in page.locator("#command").text_content()
    # The longer one is offered, and stays so where it is cancelled.
    page.click("#tab-styles")
    longer = page.get_by_role("button", name="Learn it for half a minute")
    with page.expect_request("**/api/jobs") as asked:
        longer.click()
    assert asked.value.post_data_json["learning"] == "thorough"
    notice = page.locator(".notice:has-text('Learning woman_with')")
    notice.get_by_role("button", name="Cancel").click()
    notice.wait_for(state="detached")
    longer.wait_for()
    # The server knows it when the page is opened again.
    page.reload()
    wait_for_picture(page)
    assert read_blend(page) == {"woman_with_a_parasol": 100}
    command = page.locator("#command").text_content()
    assert f"--style_images={WAVE.stem}:{WAVE.name} " in command


def open_small(page, folder):
    """Opens a small photograph, which the server's fast model paints."""
    with Image.open(CAT) as cat:
        cat.resize((96, 64)).save(folder / "small.png")
    page.click("#open")
    page.set_input_files("#photograph-file", folder / "small.png")
    settle(page)
    page.click("#tab-more")
    page.get_by_role(
        "radio", name=re.compile("^paintings-fast.*on the server")
    ).check()
    settle(page)


def test_a_grid_and_a_walk_are_saved(app_page, tmp_path):
    av = pytest.importorskip("av")
    page = app_page
    page.get_by_role("button", name="Text").click()
    page.get_by_label("Weights as text").last.fill("udnie,mondrian")
    page.get_by_role("button", name="Use these weights").click()
    settle(page)
    open_small(page, tmp_path)

    def save(button):
        with page.expect_download(timeout=120_000) as caught:
            page.get_by_role("button", name=button).click()
        page.wait_for_selector("dialog", state="detached")
        return caught.value

    with Image.open(save("Grid as PNG").path()) as grid:
        assert grid.format == "PNG"
        assert grid.width > 5 * 90
    ends = [
        np.asarray(download_alone(page, name, tmp_path))
        for name in ("udnie", "mondrian")
    ]
    saved = save("Walk as GIF")
    assert saved.suggested_filename == "small_path.gif"
    with Image.open(saved.path()) as walk:
        assert (walk.format, walk.n_frames, walk.size) == ("GIF", 48, (96, 64))
        shown = []
        for number in (0, 47):
            walk.seek(number)
            shown.append(np.asarray(walk.convert("RGB")))
    check_ends(shown, ends, 8)
    saved = save("Walk as MP4")
    assert saved.suggested_filename == "small_path.mp4"
    with av.open(str(saved.path())) as walk:
        frames = [each.to_ndarray(format="rgb24") for each in walk.decode()]
    assert len(frames) == 96
    check_ends((frames[0], frames[-1]), ends, 12)


def download_alone(page, style, folder):
    """Returns the photograph as the server paints it in one style."""
    page.click("#tab-styles")
    page.locator(f".rows.blend [data-style={style}] .picture").click()
    settle(page)
    download(page, "PNG").save_as(folder / f"{style}.png")
    page.get_by_label("Undo").click()
    settle(page)
    page.click("#tab-more")
    with Image.open(folder / f"{style}.png") as picture:
        return picture.convert("RGB")


def check_ends(shown, ends, most):
    for frame, end in zip(shown, ends, strict=True):
        assert difference(frame, end) < most
    assert difference(*shown) > 2 * most


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A film of six frames."""
    av = pytest.importorskip("av")
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height = 64, 48
        for number in range(6):
            frame = np.full((48, 64, 3), 40 * number, np.uint8)
            frame[:, : 8 * number] = (200, 120, 30)
            for packet in stream.encode(
                av.VideoFrame.from_ndarray(frame, format="rgb24")
            ):
                container.mux(packet)
        container.mux(stream.encode())
    return path


def test_a_film_is_tried(app_page, film, tmp_path):
    av = pytest.importorskip("av")
    page = app_page
    open_small(page, tmp_path)
    page.set_input_files("#film-file", film)
    page.wait_for_selector(".film:not([hidden])")
    assert "64 × 48" in page.locator(".film .hint").first.text_content()
    # A gradient goes with it; a mask is its photograph's.
    page.evaluate("location.hash = '#blend=udnie:0.5,mondrian:0.5&gradient=90'")
    settle(page)
    with page.expect_request("**/api/jobs") as asked:
        page.get_by_role("button", name="Try a second").click()
    look = asked.value.post_data_json["look"]
    assert look["gradient"]["angle"] == 90 and look["regions"] is None
    page.wait_for_selector(".film video:not([hidden])", timeout=120_000)
    with page.expect_download(timeout=120_000) as caught:
        page.get_by_role("button", name="Paint the film").click()
    with av.open(str(caught.value.path())) as painted:
        assert sum(1 for _ in painted.decode(video=0)) == 6


def test_a_model_that_is_none_is_refused_with_the_reason(app_page, tmp_path):
    page = app_page
    page.click("#tab-more")
    (tmp_path / "mine.keras").write_bytes(b"no model")
    page.set_input_files("#model-file", tmp_path / "mine.keras")
    notice = page.locator(".notice.error")
    notice.wait_for()
    assert "mine.keras" in notice.text_content()
    model = ROOT / "multistyle/network/bundled/paintings-fast.keras"
    (tmp_path / "mine.keras").write_bytes(model.read_bytes())
    page.set_input_files("#model-file", tmp_path / "mine.keras")
    page.get_by_role("radio", name=re.compile("uploaded by you")).wait_for()
    settle(page)
    page.get_by_role("button", name=re.compile("Remove")).last.click()
    page.get_by_role("radio", name=re.compile("uploaded by you")).wait_for(
        state="detached"
    )


def test_a_pack_of_two_networks_paints_in_the_browser_too(app_page, tmp_path):
    """The server's network and the browser's each take their own row."""
    page = app_page
    page.click("#tab-more")
    page.get_by_role("radio", name=re.compile("In this browser")).check()
    settle(page)
    udnie = read_picture(page)
    pack = make_pack("paintings", "udnie", CAT)._replace(name="cubes")
    write_pack(tmp_path / "cubes.safetensors", pack)
    page.set_input_files("#model-file", tmp_path / "cubes.safetensors")
    page.click("#tab-styles")
    page.get_by_role("button", name="Text").click()
    page.get_by_label("Weights as text").last.fill("cubes")
    page.get_by_role("button", name="Use these weights").click()
    settle(page)
    assert read_blend(page) == {"cubes": 100}
    assert "WebAssembly" in page.locator("#status").text_content()
    assert difference(read_picture(page), udnie) < 0.5


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_in_what_the_server_adds(
    open_page, program, axe_source, film, width, scheme
):
    page = open_page(
        "#blend=udnie,mondrian&photograph=cat",
        server=program,
        width=width,
        color_scheme=scheme,
    )
    page.click("#tab-more")
    page.set_input_files("#film-file", film)
    page.wait_for_selector(".film:not([hidden])")
    assert check(page, axe_source) == []
    page.click("#download")
    page.wait_for_selector("#estimate:not(:empty)")
    assert check(page, axe_source) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Walk as GIF").click()
    page.wait_for_selector("dialog progress")
    assert check(page, axe_source) == []
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("dialog", state="detached")
