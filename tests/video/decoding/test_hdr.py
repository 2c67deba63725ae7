import numpy as np
import pytest

from multistyle.video.decoding.hdr import (
    BT709,
    BT2020,
    HLG,
    P3_D65,
    PQ,
    ToneMapper,
    find_tone_mapper,
    gamut_matrix,
    hlg_to_scene,
    light_to_pq,
    pq_to_light,
    roll_off,
)
from multistyle.video.decoding.reader import FilmReader

# 18 % of sRGB, and of BT.1886: what SDR shows of the grey card.
SDR_GREYS = (117.6, 124.8)


def flat(red, green=None, blue=None):
    color = [
        red,
        red if green is None else green,
        red if blue is None else blue,
    ]
    return np.full((64, 64, 3), np.rint(65535 * np.array(color)), np.uint16)


@pytest.mark.parametrize(
    ("signal", "light"),
    # SMPTE ST 2084; BT.2408's reference white and grey card.
    [(0, 0), (0.508078, 100), (0.751827, 1000), (1, 10000), (0.58, 201.67)],
)
def test_pq_is_st_2084(signal, light):
    assert pq_to_light(np.array(signal)) == pytest.approx(light, rel=1e-3)
    assert light_to_pq(light) == pytest.approx(signal, abs=1e-3)


def test_hlg_is_bt_2100():
    signal = np.array([0, 0.5, 0.75, 1])
    # 75 % is the reference white of BT.2408.
    np.testing.assert_allclose(
        hlg_to_scene(signal), [0, 1 / 12, 0.26496, 1], atol=1e-4
    )


def test_gamuts():
    # ITU-R BT.2087, table 4.
    expected = [
        [1.6605, -0.5876, -0.0728],
        [-0.1246, 1.1329, -0.0083],
        [-0.0182, -0.1006, 1.1187],
    ]
    np.testing.assert_allclose(gamut_matrix(BT2020), expected, atol=1e-4)
    np.testing.assert_allclose(gamut_matrix(BT709), np.eye(3), atol=1e-9)
    np.testing.assert_allclose(gamut_matrix(P3_D65).sum(1), 1, atol=1e-9)


def test_highlights_roll_off_smoothly():
    light = np.geomspace(1, 10000, 2000)
    shown = roll_off(light)
    slope = np.diff(shown) / np.diff(light)
    # Light below the knee stays light; then it bends, without a corner.
    np.testing.assert_allclose(slope[light[1:] < 60], 1 / 166, rtol=1e-3)
    assert (slope >= 0).all() and (np.diff(slope) < 1e-6).all()
    assert np.abs(np.diff(slope)).max() < 0.01 / 166
    assert roll_off(np.array(1000.0)) == pytest.approx(1, abs=1e-6)
    assert shown.max() == pytest.approx(1, abs=1e-6)
    # BT.2408's reference white stays below SDR's.
    assert 0.75 < roll_off(np.array(203.0)) < 0.9


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_grey_card_is_what_sdr_shows(transfer):
    # BT.2408: 38 % of either signal.
    pixels = ToneMapper(transfer, BT2020).tone_down(flat(0.38))
    assert pixels.dtype == np.uint8 and pixels.shape == (64, 64, 3)
    assert np.ptp(pixels.astype(int)) <= 1
    for grey in SDR_GREYS:
        assert abs(int(pixels[0, 0, 0]) - grey) < 8


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_greys_stay_neutral_and_in_order(transfer):
    ramp = np.linspace(0, 65535, 4096).astype(np.uint16)
    signal = np.repeat(ramp[None, :, None], 3, 2)
    pixels = ToneMapper(transfer, BT2020).tone_down(signal).astype(int)
    assert (np.ptp(pixels, axis=2) <= 1).all()
    steps = np.diff(pixels[0, :, 1])
    assert (pixels[0, 0] == 0).all() and (pixels[0, -1] == 255).all()
    assert steps.min() >= 0 and steps.max() <= 1


def test_the_steps_are_those_of_the_formulas():
    """Tables against the formulas, on colours of HLG."""
    rng = np.random.default_rng(0)
    signal = rng.integers(0, 65536, (32, 32, 3), np.uint16)
    scene = hlg_to_scene(signal / 65535)
    luminance = scene @ [0.2627, 0.6780, 0.0593]
    light = 1000 * scene * luminance[..., None] ** 0.2
    linear = np.clip(roll_off(light) @ gamut_matrix(BT2020).T, 0, 1)
    expected = 255 * linear ** (1 / 2.4)
    pixels = ToneMapper(HLG, BT2020).tone_down(signal)
    assert np.abs(pixels - expected).max() < 1


def test_a_wide_gamut_of_sdr_keeps_its_greys():
    mapper = find_tone_mapper(1, BT2020)
    for value in (0.1, 0.5, 0.9):
        pixels = mapper.tone_down(flat(value)).astype(int)
        assert np.abs(pixels - 255 * value).max() <= 1
    # A red of BT.709 as BT.2020 holds it.
    linear = np.linalg.inv(gamut_matrix(BT2020)) @ [0.5, 0, 0]
    pixels = mapper.tone_down(flat(*linear ** (1 / 2.4)))
    expected = [255 * 0.5 ** (1 / 2.4), 0, 0]
    np.testing.assert_allclose(pixels[0, 0], expected, atol=2)


@pytest.mark.parametrize(
    ("transfer", "primaries", "has_one"),
    [
        (1, 1, False),
        (2, 2, False),
        (6, 5, False),
        (13, 1, False),
        (PQ, BT2020, True),
        (HLG, BT2020, True),
        (PQ, 2, True),
        (1, BT2020, True),
        (1, P3_D65, True),
    ],
)
def test_which_films_are_converted(transfer, primaries, has_one):
    assert (find_tone_mapper(transfer, primaries) is not None) == has_one


@pytest.mark.parametrize(("transfer", "name"), [(PQ, "PQ"), (HLG, "HLG")])
@pytest.mark.parametrize(
    ("codec", "options"),
    [("libx265", {"x265-params": "log-level=none"}), ("libx264", {})],
)
def test_films_are_toned_down(write_film, transfer, name, codec, options):
    path = write_film(
        frames=[flat(0.38)] * 3,
        codec=codec,
        pixel_format="yuv420p10le",
        colors=(9, transfer, BT2020),
        options=options.items(),
    )
    notes = []
    reader = FilmReader(path, max_size=32, note=notes.append)
    assert notes == [f"`{path}` is HDR ({name}): it is toned down to SDR."]
    assert reader.treatment == {"colors": name}
    for frame in reader.frames():
        assert frame.pixels.shape == (32, 32, 3)
        assert np.ptp(frame.pixels.astype(int)) <= 3
        for grey in SDR_GREYS:
            assert abs(frame.pixels.mean() - grey) < 10


def test_a_film_of_a_wide_gamut_is_said(write_film):
    path = write_film(colors=(9, 1, BT2020))
    notes = []
    FilmReader(path, note=notes.append)
    assert notes == [
        f"`{path}` has a wide gamut: its colours are brought to BT.709."
    ]
