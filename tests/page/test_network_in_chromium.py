"""The page's network in Chromium, beside Keras'."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import multistyle
from tests.page.chromium_page import IS_MISSING, SOFTWARE_GPU, launch, serve
from tests.page.network_cases import (
    ENGINE,
    Picture,
    blend_map,
    bundled_weights,
    paint_by_keras,
    photograph,
    write_model,
    write_pictures,
)

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason="needs Chromium and playwright"
)
HERE = Path(__file__).parent
TOLERANCE = 2e-5
# What is painted by software takes seconds for more.
GPU_PICTURES = ("small", "small_map", "small_flat", "tall")


@pytest.fixture(scope="module")
def pictures():
    return {
        picture.name: picture
        for picture in (
            Picture("large", photograph(512, 384), (7,)),
            Picture("odd", photograph(97, 131), (2,)),
            Picture("map", photograph(90, 117), (1, 4), blend_map(90, 117)),
            Picture("flat", np.full((64, 80, 3), 1, np.float32), (3,)),
            Picture("small", photograph(48, 45), (7,)),
            Picture("tall", photograph(290, 9), (7,)),
            Picture("small_map", photograph(31, 48), (1, 4), blend_map(31, 48)),
            Picture("small_flat", np.full((32, 40, 3), 0, np.float32), (3,)),
        )
    }


@pytest.fixture(scope="module")
def site(pictures, tmp_path_factory):
    """The engine, a model, pictures, and what Keras paints of them."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ENGINE, folder / "engine")
    for name in ("network_page.mjs", "ask_worker.mjs"):
        shutil.copy(HERE / name, folder)
    (folder / "index.html").write_text(
        "<!doctype html><title>Test</title>"
        '<script type="module" src="ask_worker.mjs"></script>',
        "utf-8",
    )
    write_model(folder, bundled_weights("paintings-fast"))
    network = multistyle.load_network("paintings-fast")
    for name, picture in pictures.items():
        painted = paint_by_keras(network, picture)
        painted.astype("<f4").tofile(folder / f"{name}.keras")
    write_pictures(folder, pictures.values())
    return folder


def ask(browser, address, pictures, **message):
    told = [
        {
            "name": picture.name,
            "h": picture.image.shape[0],
            "w": picture.image.shape[1],
            "looks": list(picture.looks),
        }
        for picture in pictures
    ]
    page = browser.new_page()
    page.goto(f"{address}index.html")
    page.wait_for_function("window.ask !== undefined")
    answer = page.evaluate(
        "(message) => window.ask(message)", {**message, "pictures": told}
    )
    page.close()
    return answer


@pytest.fixture(scope="module")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(playwright):
    with launch(playwright) as browser:
        yield browser


@pytest.mark.parametrize("threads", [1, 2])
def test_it_paints_what_keras_paints(threads, chromium, site, pictures):
    asked = [pictures[name] for name in ("large", "odd", "map", "flat")]
    with serve(site) as address:
        told = ask(
            chromium,
            address,
            asked,
            name="compare",
            options={"threads": threads},
        )
    assert (told["threads"], told["notes"]) == (threads, [])
    assert told["counted"] >= 1
    assert max(told["differences"].values()) < TOLERANCE, told


def test_what_it_lacks_is_said(chromium, site, pictures):
    with serve(site, is_isolated=False) as address:
        told = ask(
            chromium,
            address,
            [pictures["odd"]],
            name="compare",
            options={"threads": 4, "gpu": True},
        )
    assert (told["backend"], told["threads"]) == ("wasm", 1)
    assert told["counted"] == 1
    isolation, adapter = told["notes"]
    assert "not isolated" in isolation
    assert "WebGPU" in adapter
    assert told["differences"]["odd"] < TOLERANCE


@pytest.fixture(scope="module")
def software_gpu(playwright):
    with launch(playwright, *SOFTWARE_GPU) as browser:
        yield browser


def test_webgpu_paints_what_keras_paints(software_gpu, site, pictures):
    asked = [pictures[name] for name in GPU_PICTURES]
    with serve(site) as address:
        differences = ask(software_gpu, address, asked, name="compareOnGpu")
    assert len(differences) == 2 * len(GPU_PICTURES)
    assert max(differences.values()) < TOLERANCE, differences


def test_an_adapter_by_software_is_refused(software_gpu, site, pictures):
    with serve(site) as address:
        told = ask(
            software_gpu,
            address,
            [pictures["odd"]],
            name="compare",
            options={"gpu": True},
        )
    assert told["backend"] == "wasm"
    (note,) = told["notes"]
    assert "by software alone" in note
    assert told["differences"]["odd"] < TOLERANCE
