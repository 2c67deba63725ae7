// Mixing a painting with its photograph: colours, and strength.
//
// The same as multistyle/images/colors.py and multistyle/inference/transfers.py.

import { ColorTransfer } from "./images/color_transfer.mjs";
import { labToRgb, rgbToLab } from "./images/lab.mjs";
import { FULL, quantize } from "./levels.mjs";

// So many at least give a picture's distribution of colours.
const NUM_COLORS = 4_000_000;
const MODES = ["none", "luminance", "histogram"];

/**
 * Mixes a painting into its photograph, as its rows come.
 * @param {object} picture {width, height, data: RGBA}, which is changed
 * @param {object} visible uint8 picture of it without transparent colours
 * @param {Region} region says how strongly
 * @param {string} mode of keeping colours
 * @returns {object} {emit: function of (start, rows Float32Array [n * w * 3] in
 *   [0, 1]); end: function to be called after the last}
 * @throws {Error} for another mode
 */
export function makeMixer(picture, visible, region, mode) {
  if (!MODES.includes(mode))
    throw new Error(
      `Colours are kept by ${MODES.join(", ")}; got \`${mode}\`.`);
  if (mode === "histogram") return holdAll(picture, visible, region);
  return { emit: mixer(picture, visible, region, mode), end() {} };
}

function mixer(picture, visible, region, mode, transfer = null) {
  const { width, data } = picture;
  const { stride = 3 } = visible;
  return (start, rows) => {
    for (let y = start, at = 0; at < rows.length; y++, at += 3 * width) {
      const line = rows.subarray(at, at + 3 * width);
      if (mode === "luminance") {
        const colors = new Float32Array(3 * width);
        for (let x = 0, from = y * width * stride; x < width; x++, from += stride)
          for (let c = 0; c < 3; c++) colors[3 * x + c] = visible.data[from + c] / 255;
        rgbToLab(colors);
        rgbToLab(line);
        for (let i = 0; i < line.length; i += 3) colors[i] = line[i];
        line.set(labToRgb(colors));
      }
      if (transfer) transfer.apply(line);
      const strength = region.strength(y);
      for (let x = 0, to = 4 * y * width; x < width; x++, to += 4) {
        const share = typeof strength === "number" ? strength : strength[x];
        for (let c = 0; c < 3; c++) {
          const own = data[to + c];
          // Both ends are exact; a clamped array rounds halves to even.
          data[to + c] = own * (1 - share) + line[3 * x + c] * 255 * share;
        }
      }
    }
  };
}

/** Holds all of a painting, to give it the photograph's colours in the end. */
function holdAll(picture, visible, region) {
  const { width, height, data } = picture;
  const painting = new Uint16Array(width * height * 3);
  const { stride = 3 } = visible;
  const end = () => {
    const step = 1 + Math.floor(Math.sqrt(Math.floor((width * height) / NUM_COLORS)));
    const across = Math.ceil(width / step), down = Math.ceil(height / step);
    const source = new Float32Array(across * down * 3);
    const target = new Float32Array(across * down * 3);
    const weights = new Float32Array(across * down);
    let to = 0;
    for (let y = 0; y < height; y += step) {
      const strength = region.strength(y);
      for (let x = 0; x < width; x += step, to++) {
        const at = y * width + x;
        const share = typeof strength === "number" ? strength : strength[x];
        weights[to] = (share * data[4 * at + 3]) / 255;
        for (let c = 0; c < 3; c++) {
          source[3 * to + c] = painting[3 * at + c] / FULL;
          target[3 * to + c] = visible.data[stride * at + c] / 255;
        }
      }
    }
    const transfer = new ColorTransfer(source, target, weights);
    const emit = mixer(picture, visible, region, "none", transfer);
    for (let y = 0; y < height; y++) {
      const from = y * width * 3;
      emit(y, Float32Array.from(
        painting.subarray(from, from + 3 * width), (value) => value / FULL));
    }
  };
  const emit = (start, rows) => quantize(rows, painting, start * width * 3);
  return { emit, end };
}
