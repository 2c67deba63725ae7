// Levels: the sizes at which a photograph is painted, coarse to fine.
//
// The same as levels.py and enlargements.py of multistyle/inference/passes. A
// size is [width, height].

import { resize, roundEven } from "./images/resizing.mjs";
import { release } from "./memory.mjs";

// The long side, in pixels, of what decides how broad strokes are.
export const DECIDING_SIZE = 1000;
const MOST_DOUBLINGS = 1.25;
const STRENGTH = 0.9;
const FULL_RATIO = Math.SQRT2;
const BROAD = 6;
const LANCZOS = 3;
// How far beyond some rows `settle` sees.
export const SETTLING_MARGIN = 32;
// Of pictures that are kept in 16 bits.
export const FULL = 65535;

/**
 * The sizes at which a photograph is painted; the last is its own.
 * @param {number[]} size [width, height]
 * @param {number} strokeScale above 0
 * @returns {number[][]}
 */
export function levelSizes(size, strokeScale = 1) {
  const longest = Math.max(...size);
  const ratio = (longest / Math.min(longest, DECIDING_SIZE)) * strokeScale;
  if (roundEven(longest / ratio) >= longest) return [size];
  const count = Math.max(1, Math.ceil(Math.log2(ratio) + 1 - MOST_DOUBLINGS));
  const sizes = [];
  for (let left = count; left > 0; left--)
    sizes.push(size.map((n) =>
      Math.max(1, roundEven(n / ratio ** (left / count)))));
  return [...sizes, size];
}

/** How much of a level's strokes is shown, in [0, 1]. */
export function levelStrength(size, sizeBefore) {
  const ratio = Math.max(...size) / Math.max(...sizeBefore);
  const share = Math.log(ratio) / Math.log(FULL_RATIO);
  return STRENGTH * Math.min(1, Math.max(0, share));
}

/** The place of the whole picture that a place of a level shows. */
export function nearest(place, whole, level) {
  return Math.floor(((2 * place + 1) * whole) / (2 * level));
}

/** Writes rows in [0, 1] into a painting of 0 to `FULL`, from place `at` on. */
export function quantize(rows, painting, at) {
  for (let i = 0; i < rows.length; i++)
    painting[at + i] = Math.round(rows[i] * FULL);
}

/**
 * Enlarges a painting, with the photograph's own fine detail.
 *
 * up(p) + I - up(i), where p is the painting, i the photograph at its size and
 * I that at the size of the next level.
 * @param {object} photograph uint8 picture, I
 * @param {object} reduced uint8 picture, i
 * @param {Uint16Array} painting p, of 0 to `FULL`; [h * w * 3]
 * @param {function(): Promise} pause awaited now and then
 * @returns {Promise<Uint16Array>} [H * W * 3], of 0 to `FULL`
 */
export async function enlarge(photograph, reduced, painting, pause) {
  const { width, height } = photograph;
  const result = new Uint16Array(width * height * 3);
  const scale = reduced.height / height;
  const stride = photograph.stride ?? 3, own = reduced.stride ?? 3;
  const step = Math.max(1, Math.round(200_000 / width));
  for (let top = 0; top < height; top += step) {
    const bottom = Math.min(height, top + step);
    const first = Math.max(0, Math.floor(top * scale) - LANCZOS - 1);
    const stop = Math.min(
      reduced.height, Math.ceil(bottom * scale) + LANCZOS + 1);
    const change = new Float32Array((stop - first) * reduced.width * 3);
    for (let i = 0, at = first * reduced.width; i < change.length; at++)
      for (let c = 0; c < 3; c++)
        change[i++] = painting[3 * at + c] / FULL - reduced.data[own * at + c] / 255;
    const part = {
      width: reduced.width, height: stop - first, channels: 3, data: change,
    };
    const box = [0, top * scale - first, reduced.width, bottom * scale - first];
    const enlarged = resize(part, width, bottom - top, "lanczos", box).data;
    for (let i = 0, at = top * width; i < enlarged.length; at++)
      for (let c = 0; c < 3; c++) {
        const value = enlarged[i++] + photograph.data[stride * at + c] / 255;
        result[3 * at + c] = Math.round(Math.min(1, Math.max(0, value)) * FULL);
      }
    release(change);
    release(enlarged);
    await pause();
  }
  return result;
}

/**
 * Lays a level's strokes over the level before.
 *
 * i + s (d - broad(d)), d = p - i; see levels.py.
 * @param {Float32Array} image some rows of what the level paints, [h * w * 3]
 * @param {Float32Array} painted their painting
 * @param {number} strength in [0, 1]
 * @param {number} top the first of these rows in the whole picture
 * @param {number} width of the picture
 * @returns {Float32Array} in [0, 1]; what is within `SETTLING_MARGIN` of an
 *   edge that is no border of the picture counts for nothing
 */
export function settle(image, painted, strength, top, width) {
  const change = new Float32Array(image.length);
  for (let i = 0; i < change.length; i++) change[i] = painted[i] - image[i];
  const broad = broadOf(change, top, width);
  for (let i = 0; i < change.length; i++) {
    const value = image[i] + strength * (change[i] - broad[i]);
    change[i] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
  release(broad);
  return change;
}

/** What of [h * w * 3] is broad, on one grid for the whole picture. */
function broadOf(change, top, width) {
  const height = change.length / (3 * width);
  const before = top % BROAD;
  const rows = Math.ceil((before + height) / BROAD);
  const columns = Math.ceil(width / BROAD);
  const padded = new Float32Array(rows * columns * BROAD * BROAD * 3);
  const line = columns * BROAD * 3;
  for (let y = 0; y < rows * BROAD; y++) {
    const from = Math.min(height - 1, Math.max(0, y - before)) * width * 3;
    padded.set(change.subarray(from, from + 3 * width), y * line);
    for (let x = 3 * width; x < line; x++)
      padded[y * line + x] = padded[y * line + x - 3];
  }
  const image = {
    width: columns * BROAD, height: rows * BROAD, channels: 3, data: padded,
  };
  const small = resize(image, columns, rows, "bicubic");
  release(padded);
  const start = before / BROAD;
  const box = [0, start, width / BROAD, start + height / BROAD];
  const broad = resize(small, width, height, "bicubic", box).data;
  release(small.data);
  return broad;
}
