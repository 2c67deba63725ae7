// The painter: a picture of any size, coarse to fine, in bounded memory.
//
// The same as multistyle/inference/{stylizer,passes/painter}.py. A level that
// memory does not hold in one pass the network paints by strips of rows, which
// equal the one pass.

import { withoutHoles } from "./images/holes.mjs";
import { resize } from "./images/resizing.mjs";
import {
  enlarge, FULL, levelSizes, levelStrength, quantize, settle, SETTLING_MARGIN,
} from "./levels.mjs";
import { lend, release } from "./memory.mjs";
import { makeMixer } from "./mixing.mjs";

const MIN_SIZE = 8;
// Rows are settled so many at a time, or a few more.
const SETTLED_ROWS = 64;

/** Lets messages in, such as one to stop. */
export function pause(signal) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    port2.postMessage(null);
  });
}

/** The sizes at which a look paints a picture; see `levelSizes`. */
export function sizesOf(look, width, height) {
  const { strokes = "fitted", strokeScale = 1 } = look;
  if (!(strokeScale > 0 && strokeScale < Infinity))
    throw new Error(
      `A breadth of strokes is a number above 0; got \`${strokeScale}\`.`);
  if (strokes === "pixels") return [[width, height]];
  const sizes = levelSizes([width, height], strokeScale);
  if (strokeScale > 1 && Math.min(...sizes[0]) < MIN_SIZE)
    throw new Error(
      `Strokes ${strokeScale} times as broad leave nothing of a picture of ` +
      `${width} x ${height} pixels: give less.`);
  return sizes;
}

/** What of a painting's memory is no network's, in bytes; at most. */
export function heldBytes(sizes, keepsColors) {
  const [width, height] = sizes.at(-1);
  // The picture, what the last level paints, and its painting.
  const pixels = width * height;
  if (sizes.length === 1) return pixels * (keepsColors ? 13 : 7);
  const before = sizes.at(-2)[0] * sizes.at(-2)[1];
  return pixels * (keepsColors ? 16 : 10) + 9 * before;
}

/**
 * Paints a picture, in place.
 *
 * @param {Network} network
 * @param {object} picture {width, height, data: Uint8ClampedArray RGBA}, which
 *   holds the painting in the end; alpha stays
 * @param {Region} region of the picture
 * @param {object} look see engine.mjs
 * @param {object} options
 *   memory: bytes for all; signal: an AbortSignal; progress: a function of the
 *   share that is done, in [0, 1]
 */
export async function paintPicture(network, picture, region, look, options) {
  const { width, height } = picture;
  const { memory = Infinity, signal, progress = () => {} } = options;
  const mode = look.keepColors || "none";
  const sizes = sizesOf(look, width, height);
  const room = memory - heldBytes(sizes, mode === "histogram");
  const shares = sharesOf(network, sizes, room, region.rows.length);
  const visible = withoutHoles(picture);
  const mixer = makeMixer(picture, visible, region, mode);
  // The painting is written over the picture while strips of it are still read.
  const first = sizes.length === 1 ? packed(visible) : fit(visible, sizes[0]);
  let level = { photograph: first, image: null, strength: null };
  for (let i = 0; i < sizes.length - 1; i++) {
    const [w, h] = sizes[i];
    const painting = new Uint16Array(w * h * 3);
    await paintLevel(network, level, region, {
      room, signal,
      progress: (share) =>
        progress(shares[i] + share * (shares[i + 1] - shares[i])),
      emit: (start, rows) => quantize(rows, painting, start * w * 3),
    });
    const photograph = fit(visible, sizes[i + 1]);
    const image = await enlarge(
      photograph, level.photograph, painting, () => pause(signal));
    release(painting);
    release(level.photograph.data);
    if (level.image) release(level.image);
    const strength = levelStrength(sizes[i + 1], sizes[i]);
    level = { photograph, image, strength };
  }
  const from = shares.at(-2);
  await paintLevel(network, level, region, {
    room, signal, emit: mixer.emit,
    progress: (share) => progress(from + share * (1 - from)),
  });
  if (level.image) release(level.image);
  mixer.end();
  progress(1);
}

/** How long each level takes, of all; sums from 0 to 1. */
function sharesOf(network, sizes, room, K) {
  const times = sizes.map(([w, h]) => levelTime(network, w, h, K, room));
  const total = times.reduce((a, b) => a + b);
  let sum = 0;
  return [0, ...times.map((time) => (sum += time) / total)];
}

/** How long a level takes, in pixels painted by one pass. */
export function levelTime(network, width, height, K, room) {
  const fits = network.bytes(
    Math.max(MIN_SIZE, height), Math.max(MIN_SIZE, width), K) <= room;
  return width * height * (fits ? 1 : 2);
}

function fit(image, [width, height]) {
  if (image.width === width && image.height === height) return image;
  return resize(image, width, height, "lanczos");
}

/** A copy of a picture without its alpha. */
function packed({ width, height, data, stride = 3 }) {
  const copy = new Uint8Array(width * height * 3);
  for (let to = 0, from = 0; to < copy.length; from += stride)
    for (let c = 0; c < 3; c++) copy[to++] = data[from + c];
  return { width, height, channels: 3, data: copy };
}

/** Paints one level; `emit` gets (start, rows Float32Array [n * w * 3]). */
async function paintLevel(network, level, region, options) {
  const { photograph, strength } = level;
  const { width, height } = photograph;
  const { room, signal, progress, emit } = options;
  const rowsOf = lend((start, stop) => imageRows(level, start, stop));
  const { rows, map } = region.at(width, height);
  // Extended by reflection to the network's smallest size.
  const w = Math.max(MIN_SIZE, width), h = Math.max(MIN_SIZE, height);
  const isSmall = w > width || h > height;
  const extended = (read, channels) => (isSmall && read
    ? extend(read(0, height), width, height, w, h, channels) : read);
  const bytes = Math.max(room, network.fewestBytes(h, w, rows.length));
  const settler = strength === null ? null : new Settler(level, emit);
  await network.paint(
    extended(rowsOf, 3), h, w, { rows, map: extended(map, rows.length) },
    {
      bytes, signal, progress,
      emit: (start, painted) => {
        if (isSmall) painted = crop(painted, start, w, width, height);
        if (!painted.length) return;
        if (settler) settler.add(start, painted);
        else emit(start, painted);
      },
    });
}

/** Rows of what a level paints, Float32Array [n * w * 3] in [0, 1]. */
function imageRows({ photograph, image }, start, stop) {
  const { width } = photograph;
  const rows = new Float32Array((stop - start) * width * 3);
  if (image) {
    const from = start * width * 3;
    for (let i = 0; i < rows.length; i++) rows[i] = image[from + i] / FULL;
    return rows;
  }
  const { data, stride = 3 } = photograph;
  let from = start * width * stride;
  for (let i = 0; i < rows.length; from += stride) {
    rows[i++] = data[from] / 255;
    rows[i++] = data[from + 1] / 255;
    rows[i++] = data[from + 2] / 255;
  }
  return rows;
}

function extend(values, width, height, w, h, channels) {
  const mirror = (place, length) => {
    const period = Math.max(1, 2 * (length - 1));
    return Math.min(place % period, Math.abs(2 * (length - 1) - (place % period)));
  };
  const result = new Float32Array(w * h * channels);
  for (let y = 0, to = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const from = (mirror(y, height) * width + mirror(x, width)) * channels;
      for (let c = 0; c < channels; c++) result[to++] = values[from + c];
    }
  return result;
}

function crop(painted, start, w, width, height) {
  const count = Math.max(0, Math.min(height - start, painted.length / (3 * w)));
  const rows = new Float32Array(count * width * 3);
  for (let y = 0; y < count; y++)
    rows.set(painted.subarray(y * w * 3, (y * w + width) * 3), y * width * 3);
  return rows;
}

/** Settles a level's rows as they come, from top to bottom. */
class Settler {
  constructor(level, emit) {
    this._level = level;
    this._emit = emit;
    this._done = 0;
    this._first = 0; // Of the rows that are held.
    this._held = new Float32Array(0);
  }

  add(start, painted) {
    const { width, height } = this._level.photograph;
    const line = width * 3;
    const held = new Float32Array(this._held.length + painted.length);
    held.set(this._held);
    held.set(painted, this._held.length);
    release(this._held);
    const stop = start + painted.length / line;
    const ready = stop === height ? height : stop - SETTLING_MARGIN;
    const rowsOf = (from, to) =>
      held.subarray((from - this._first) * line, (to - this._first) * line);
    const isEnough = (rows) =>
      rows >= SETTLED_ROWS || (stop === height && rows > 0);
    while (isEnough(ready - this._done)) {
      const target = Math.min(ready, this._done + 2 * SETTLED_ROWS);
      const top = Math.max(0, this._done - SETTLING_MARGIN);
      const bottom = Math.min(height, target + SETTLING_MARGIN);
      const image = imageRows(this._level, top, bottom);
      const settled = settle(
        image, rowsOf(top, bottom), this._level.strength, top, width);
      this._emit(this._done, settled.subarray(
        (this._done - top) * line, (target - top) * line));
      release(image);
      release(settled);
      this._done = target;
    }
    const first = Math.max(this._first, this._done - SETTLING_MARGIN);
    this._held = held.slice((first - this._first) * line);
    release(held);
    this._first = first;
  }
}
