// Resizing as Pillow does it: two passes of an antialiasing filter.
//
// A picture is {width, height, channels, data}, row by row, channels last.
// Where `stride` is given, so many values are a pixel, and the first
// `channels` of them are read.

import { release } from "../memory.mjs";

const sinc = (x) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** By name: how far a filter sees, in pixels, and what it gives there. */
const FILTERS = {
  bilinear: [1, (x) => Math.max(0, 1 - Math.abs(x))],
  bicubic: [2, (x) => {
    x = Math.abs(x);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  }],
  lanczos: [3, (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0)],
};
// Of the whole numbers that 8 bits are computed with.
const UNIT = 2 ** 22;

/**
 * Resizes a box of a picture.
 *
 * Whole numbers are rounded after each pass, as Pillow does; floats keep what
 * lies beyond 0 and 1.
 * @param {object} image data is a Uint8Array, Uint8ClampedArray or Float32Array
 * @param {number} width, height of the result
 * @param {string} filter "lanczos", "bicubic" or "bilinear"
 * @param {number[]} [box] left, top, right, bottom, with fractions
 * @returns {object} a picture whose data are of the same kind, packed
 */
export function resize(image, width, height, filter, box = null) {
  const isWhole = !(image.data instanceof Float32Array);
  const { channels } = image;
  const [left, top, right, bottom] =
    (box ?? [0, 0, image.width, image.height]).map(Math.fround);
  const across = coefficients(image.width, left, right, width, filter, isWhole);
  const down = coefficients(image.height, top, bottom, height, filter, isWhole);
  // Only the rows that are asked for.
  const first = down.starts[0];
  const stop = down.starts[height - 1] + down.counts[height - 1];
  const between = resizeRows(image, first, stop, across, width, isWhole);
  const line = width * channels;
  const data = new between.constructor(height * line);
  const sums = new Float64Array(line);
  for (let y = 0; y < height; y++) {
    sums.fill(isWhole ? UNIT / 2 : 0);
    const { weights } = down;
    const count = down.counts[y], start = y * down.length;
    let at = (down.starts[y] - first) * line;
    let i = start;
    // Four rows at a time, added one after another.
    for (; i + 4 <= start + count; i += 4, at += 4 * line) {
      const a = weights[i], b = weights[i + 1], c = weights[i + 2];
      const d = weights[i + 3];
      for (let x = 0, p = at; x < line; x++, p++)
        sums[x] = sums[x] + between[p] * a + between[p + line] * b +
          between[p + 2 * line] * c + between[p + 3 * line] * d;
    }
    for (; i < start + count; i++, at += line) {
      const a = weights[i];
      for (let x = 0; x < line; x++) sums[x] += between[at + x] * a;
    }
    store(sums, data, y * line, isWhole);
  }
  release(between);
  return { width, height, channels, data };
}

function resizeRows(image, first, stop, { starts, counts, weights, length },
                    width, isWhole) {
  const { channels, data } = image;
  const stride = image.stride ?? channels;
  const line = width * channels;
  const result = isWhole
    ? new Uint8Array((stop - first) * line)
    : new Float32Array((stop - first) * line);
  const sums = new Float64Array(line);
  for (let y = first; y < stop; y++) {
    const row = y * image.width * stride;
    for (let x = 0, to = 0; x < width; x++) {
      const from = row + starts[x] * stride, count = counts[x];
      for (let c = 0; c < channels; c++) {
        let sum = isWhole ? UNIT / 2 : 0;
        let at = from + c;
        for (let i = x * length; i < x * length + count; i++) {
          sum += data[at] * weights[i];
          at += stride;
        }
        sums[to++] = sum;
      }
    }
    store(sums, result, (y - first) * line, isWhole);
  }
  return result;
}

function store(sums, data, at, isWhole) {
  if (!isWhole) return data.set(sums, at);
  for (let i = 0; i < sums.length; i++) {
    const value = Math.floor(sums[i] / UNIT);
    data[at++] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** Which places of a line each place of the result is made of, and how. */
function coefficients(length, start, stop, count, filter, isWhole) {
  const [reach, shape] = FILTERS[filter];
  const scale = Math.fround(stop - start) / count;
  const stretch = Math.max(1, scale);
  const support = reach * stretch;
  const most = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(count), counts = new Int32Array(count);
  const weights = new Float64Array(count * most);
  for (let x = 0; x < count; x++) {
    const middle = start + (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - support + 0.5));
    const last = Math.min(length, Math.trunc(middle + support + 0.5));
    let sum = 0;
    for (let i = first; i < last; i++) {
      const weight = shape((i - middle + 0.5) / stretch);
      weights[x * most + i - first] = weight;
      sum += weight;
    }
    for (let i = x * most; i < x * most + last - first; i++) {
      if (sum !== 0) weights[i] /= sum;
      if (isWhole)
        weights[i] = Math.trunc(weights[i] * UNIT + (weights[i] < 0 ? -0.5 : 0.5));
    }
    starts[x] = first;
    counts[x] = last - first;
  }
  return { starts, counts, weights, length: most };
}

/** Rounds to a whole number, halves to the even one. */
export function roundEven(x) {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
