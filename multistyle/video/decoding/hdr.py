"""Films of more light or colour than BT.709 has, brought to it."""

import numpy as np

from multistyle.images.values import to_dtype

# Codes of ITU-T H.273, as FFmpeg's AVCOL_TRC_* and AVCOL_PRI_*.
PQ = 16
HLG = 18
BT709 = 1
BT2020 = 9
P3_D65 = 12

# Corners of the gamuts, (x, y) of red, green, blue; the white of all is D65.
_CORNERS = {
    BT709: ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    P3_D65: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_WHITE = (0.3127, 0.3290)
# Weights of BT.2020's red, green and blue in luminance.
_LUMINANCE = np.array([0.2627, 0.6780, 0.0593], np.float32)

# The brightest light that is told from brighter, in cd/m²; the peak of HLG.
_PEAK = 1000.0
# Shown as SDR's white. An 18 % grey, which BT.2408 puts at 26 cd/m² or 38 %
# of either signal, thus becomes 118 of 255, as in a picture of sRGB.
_SDR_PEAK = 166.0
# Of the displays that SDR is made for (BT.1886), and of HLG's (BT.2100).
_GAMMA = 2.4
_HLG_GAMMA = 1.2

# Constants of PQ.
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32

_TABLE_SIZE = 1 << 14
_ROWS = 64


def pq_to_light(signal: np.ndarray) -> np.ndarray:
    """Returns the light in cd/m², 0 to 10,000, of a PQ signal in [0, 1].

    Reference:
        SMPTE ST 2084; ITU-R BT.2100, table 4.
    """
    root = np.power(signal, 1 / _M2)
    ratio = np.maximum(root - _C1, 0) / (_C2 - _C3 * root)
    return 10000 * np.power(ratio, 1 / _M1)


def light_to_pq(light: np.ndarray | float) -> np.ndarray:
    """Returns the PQ signal in [0, 1] of a light in cd/m²."""
    power = np.power(np.asarray(light) / 10000, _M1)
    return np.power((_C1 + _C2 * power) / (1 + _C3 * power), _M2)


def hlg_to_scene(signal: np.ndarray) -> np.ndarray:
    """Returns the scene's light in [0, 1] of an HLG signal in [0, 1].

    Reference:
        ARIB STD-B67; ITU-R BT.2100, table 5, the inverse of the OETF.
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(
        signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12
    )


def roll_off(light: np.ndarray) -> np.ndarray:
    """Returns SDR's light in [0, 1]: highlights bend smoothly towards 1.

    Args:
        light: array, cd/m². What is above 1000 counts as 1000.

    Reference:
        ITU-R BT.2390, the EETF: below the knee light stays as it is; above
        it a Hermite spline in PQ leads to the display's peak.
    """
    peak = light_to_pq(_PEAK)
    top = light_to_pq(_SDR_PEAK) / peak
    knee = 1.5 * top - 0.5
    signal = light_to_pq(np.minimum(light, _PEAK)) / peak
    t = np.maximum(signal - knee, 0) / (1 - knee)
    bent = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (3 * t**2 - 2 * t**3) * top
    )
    signal = np.where(signal < knee, signal, bent)
    return np.minimum(pq_to_light(signal * peak) / _SDR_PEAK, 1)


def gamut_matrix(primaries: int) -> np.ndarray:
    """Returns what brings linear RGB of a gamut to BT.709.

    Args:
        primaries: `BT709`, `BT2020` or `P3_D65`.

    Returns:
        float64 [3, 3], for columns of red, green and blue.
    """
    return np.linalg.inv(_to_xyz(BT709)) @ _to_xyz(primaries)


def _to_xyz(primaries):
    corners = np.array([(x, y, 1 - x - y) for x, y in _CORNERS[primaries]]).T
    x, y = _WHITE
    white = np.array([x / y, 1, (1 - x - y) / y])
    return corners * np.linalg.solve(corners, white)


class ToneMapper:
    """Brings frames to BT.709: their light, where it is HDR, and gamut.

    By tables: a frame of 1920 x 1080 takes some tenths of a second.

    Args:
        transfer: int, of H.273: `PQ` and `HLG` are toned down, all others are
            SDR as BT.1886 shows it.
        primaries: int, of H.273, one of those of `gamut_matrix`.
    """

    def __init__(self, transfer: int, primaries: int):
        signal = np.linspace(0, 1, 1 << 16)
        is_hlg = transfer == HLG
        if transfer == PQ:
            light = roll_off(pq_to_light(signal))
        elif is_hlg:
            light = hlg_to_scene(signal)
        else:
            light = signal**_GAMMA
        self._light = light.astype(np.float32)
        # Indexed by roots, since eyes tell dark values apart more finely.
        squares = np.linspace(0, 1, _TABLE_SIZE) ** 2
        self._hlg_gain = self._tone = None
        if is_hlg:
            gain = squares ** (_HLG_GAMMA - 1)
            self._hlg_gain = gain.astype(np.float32)
            self._tone = roll_off(_PEAK * squares).astype(np.float32)
        self._codes = {
            dtype: to_dtype(squares ** (1 / _GAMMA), dtype)
            for dtype in (np.uint8, np.uint16)
        }
        self._matrix = gamut_matrix(primaries).T.astype(np.float32)

    def tone_down(
        self, signal: np.ndarray, dtype: type[np.unsignedinteger] = np.uint8
    ) -> np.ndarray:
        """Converts a frame.

        Args:
            signal: uint16 [H, W, 3], RGB as the film's signal has it, of the
                full range.
            dtype: `np.uint8` or `np.uint16`.

        Returns:
            [H, W, 3] of that kind, RGB of BT.709.
        """
        code = self._codes[dtype]
        result = np.empty(signal.shape, dtype)
        for row in range(0, len(signal), _ROWS):
            rows = slice(row, row + _ROWS)
            light = self._light[signal[rows]]
            if self._tone is not None:
                luminance = light @ _LUMINANCE
                light *= _look_up(self._hlg_gain, luminance)[..., None]
                light = _look_up(self._tone, light)
            result[rows] = _look_up(code, light @ self._matrix)
        return result


def _look_up(table, values):
    """Returns what a table that is indexed by roots has for values."""
    roots = np.sqrt(np.clip(values, 0, 1))
    return table[(roots * (_TABLE_SIZE - 1) + 0.5).astype(np.int32)]


def find_tone_mapper(transfer: int, primaries: int) -> ToneMapper | None:
    """Returns what brings a film to BT.709, or None where nothing has to.

    Args:
        transfer, primaries: int, of H.273; any value.
    """
    is_hdr = transfer in (PQ, HLG)
    if primaries not in _CORNERS:
        # All HDR that does not say is of BT.2020, by BT.2100.
        primaries = BT2020 if is_hdr else BT709
    if not is_hdr and primaries == BT709:
        return None
    return ToneMapper(transfer, primaries)
