// CIELAB, in which equal distances look about equally far apart.
//
// The same as multistyle/images/lab.py.

const XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
].map((row) => {
  const white = row[0] + row[1] + row[2];
  return row.map((value) => value / white);
});
const RGB = inverse(XYZ);
const KNEE = 6 / 29;

/** The inverse of a 3 x 3 matrix. */
export function inverse([[a, b, c], [d, e, f], [g, h, i]]) {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / det));
}

const linear = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const curved = (x) =>
  x > KNEE ** 3 ? Math.cbrt(x) : x / (3 * KNEE * KNEE) + 4 / 29;
const straight = (x) => (x > KNEE ? x ** 3 : 3 * KNEE * KNEE * (x - 4 / 29));
const encoded = (x) => {
  x = Math.min(1, Math.max(0, x));
  return Math.min(1, x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055);
};

/**
 * Converts sRGB in [0, 1] to CIELAB under the white of D65, in place.
 * @param {Float32Array} colors [n * 3]
 */
export function rgbToLab(colors) {
  for (let i = 0; i < colors.length; i += 3) {
    const r = linear(colors[i]), g = linear(colors[i + 1]);
    const b = linear(colors[i + 2]);
    const x = curved(XYZ[0][0] * r + XYZ[0][1] * g + XYZ[0][2] * b);
    const y = curved(XYZ[1][0] * r + XYZ[1][1] * g + XYZ[1][2] * b);
    const z = curved(XYZ[2][0] * r + XYZ[2][1] * g + XYZ[2][2] * b);
    colors[i] = 116 * y - 16;
    colors[i + 1] = 500 * (x - y);
    colors[i + 2] = 200 * (y - z);
  }
  return colors;
}

/** Converts CIELAB to sRGB in [0, 1], clipped, in place; see `rgbToLab`. */
export function labToRgb(colors) {
  for (let i = 0; i < colors.length; i += 3) {
    const middle = (colors[i] + 16) / 116;
    const x = straight(middle + colors[i + 1] / 500);
    const y = straight(middle);
    const z = straight(middle - colors[i + 2] / 200);
    for (let c = 0; c < 3; c++)
      colors[i + c] = encoded(RGB[c][0] * x + RGB[c][1] * y + RGB[c][2] * z);
  }
  return colors;
}
