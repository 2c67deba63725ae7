// The studio: one network with all that it paints and reads, on one thread.
//
// The page's Engine runs it in a worker; in Node it is used as it is:
//
//   import { Studio } from "./engine/studio.mjs";
//   const studio = await Studio.open(new URL("./model/", import.meta.url));
//   await studio.paint(picture, { weights: { starry_night: 1 } });

import { encodePicture } from "./codecs/encoding.mjs";
import { readFile, readJson } from "./files.mjs";
import { withoutHoles } from "./images/holes.mjs";
import { resize } from "./images/resizing.mjs";
import { loadNetwork, readRows } from "./network/network.mjs";
import { heldBytes, levelTime, paintPicture, pause, sizesOf } from "./painter.mjs";
import { readRegion } from "./regions.mjs";

// For the whole of a painting, unless a computer has little.
const MEMORY = 376e6;
const LITTLE_MEMORY = 250e6;
// Pixels from which a painting's memory is given back.
const LARGE = 4e6;
// What the speed is measured on, in pixels a side.
const TRIAL_SIZE = 208;
// The shortest counts: the first compiles.
const TRIALS = 3;

export class Studio {
  /**
   * Opens a model.
   * @param {URL|string} base of model.json and weights.bin
   * @param {object} options threads, gpu: see `loadNetwork`; memory: bytes
   * @throws {Error} one sentence, where it is not there or cannot run
   */
  static async open(base, { memory, ...options } = {}) {
    const studio = new Studio();
    const [model, weights] = await Promise.all([
      readJson(new URL("model.json", base)),
      readFile(new URL("weights.bin", base)),
    ]);
    studio.model = model;
    studio._load = () => loadNetwork(model, weights, options);
    studio.network = await studio._load();
    const { backend, threads, notes } = studio.network;
    Object.assign(studio, { backend, threads, notes });
    const rows = readRows(model, weights);
    studio.rows = new Map(model.styles.map(({ name }, i) => [name, rows[i]]));
    studio._base = base;
    studio._own = new Set();
    studio._small = new WeakMap();
    studio._memory = memory ?? usualMemory();
    studio._secondsPerPixel = null;
    studio._running = 0;
    return studio;
  }

  /**
   * Paints a picture at its full size, in place.
   * @param {object} picture {width, height, data: Uint8ClampedArray RGBA}
   * @param {object} look see engine.mjs
   * @param {object} options signal: an AbortSignal; progress: a function of
   *   (share in [0, 1], seconds left)
   * @returns {Promise<object>} the picture
   */
  async paint(picture, look, { signal, progress } = {}) {
    const { width, height } = picture;
    const region = readRegion(look, this.rows, width, height);
    const start = performance.now();
    const report = (share) => {
      const passed = (performance.now() - start) / 1000;
      progress?.(share, share > 0 ? (passed * (1 - share)) / share : null);
    };
    this._running++;
    try {
      await paintPicture(this.network, picture, region, look, {
        memory: this._memory, signal, progress: report,
      });
    } finally {
      this._running--;
      if (width * height > LARGE) await this._giveMemoryBack();
    }
    const work = this._work(look, width, height, region.rows.length);
    if (width * height > TRIAL_SIZE ** 2)
      this._secondsPerPixel = (performance.now() - start) / 1000 / work;
    return picture;
  }

  /**
   * Paints a picture for show, with the strokes that it has at full size.
   * @param {object} picture as of `paint`, which stays as it is; `full`, where
   *   it is there, is the {width, height} of which this is a reduced copy
   * @param {object} look
   * @param {number} longSide of the result, in pixels; it is never enlarged
   * @param {object} options signal; sketch: whether to paint the reduced
   *   picture itself: sooner, in broader strokes
   * @returns {Promise<object>} a new picture
   */
  async preview(picture, look, longSide, { signal, sketch = false } = {}) {
    const full = picture.full ?? picture;
    const [shown] = sketch ? [[full.width, full.height]]
      : sizesOf(look, full.width, full.height);
    const size = sketch ? fitted(shown, longSide) : shown;
    const painted = await this.paint(
      this._reduced(picture, fitted(size, Math.max(picture.width, picture.height))),
      { ...look, strokes: "pixels", strokeScale: 1 }, { signal });
    return reduce(painted, fitted([painted.width, painted.height], longSide));
  }

  /**
   * Says what a picture of some size takes.
   * @returns {Promise<object>} {seconds, bytes, fits: whether there is room,
   *   largest: [width, height] of such a picture that fits}
   */
  async estimate(width, height, look = {}) {
    if (this._secondsPerPixel === null) await this._measureSpeed();
    const K = Math.max(1, look.regions?.length ?? 0, look.gradient?.stops.length ?? 0);
    const bytes = this._bytes(look, width, height, K);
    const fits = (w, h) =>
      this._bytes(look, w, h, K) <= this._memory && canvasHolds(w, h);
    let largest = [width, height];
    for (let share = 0.95; !fits(...largest) && share > 0.05; share -= 0.05)
      largest = [width, height].map((n) =>
        Math.max(1, Math.round(n * Math.sqrt(share))));
    const work = this._work(look, width, height, K);
    return {
      seconds: this._secondsPerPixel * work,
      bytes, fits: largest[0] === width, largest,
    };
  }

  /**
   * Reads a style off a painting, and adds it.
   * @param {object} picture RGBA
   * @param {string} name that it shall have
   * @returns {Promise<object>} {name, row: Float32Array [2 R]}
   */
  async read(picture, name) {
    if (!this.model.reader)
      throw new Error("No style can be read off a painting for this model.");
    const { StyleReader } = await import("./reader.mjs");
    this._reader ??= StyleReader.load(new URL("../reader/", this._base));
    this._reader.catch(() => { this._reader = undefined; });
    const reader = await this._reader;
    const row = await reader.read(picture, () => pause());
    this.addRow(name, row);
    return { name, row };
  }

  /** Adds a style of one's own, or puts another row in its place. */
  addRow(name, row) {
    if (this.rows.has(name) && !this._own.has(name))
      throw new Error(`There is a style \`${name}\` already: give another name.`);
    const [first] = this.rows.values();
    if (row.length !== first.length)
      throw new Error(`\`${name}\` is a style of another network.`);
    this._own.add(name);
    this.rows.set(name, Float32Array.from(row));
  }

  removeRow(name) {
    if (this._own.delete(name)) this.rows.delete(name);
  }

  /** Encodes a picture as a file; see `encodePicture`. */
  async encode(picture, options) {
    return encodePicture(picture, options);
  }

  close() {
    this.network.close();
  }

  /** A copy of a picture at a size; the last of each picture is kept. */
  _reduced(picture, size) {
    let small = this._small.get(picture);
    if (small?.width !== size[0] || small.height !== size[1]) {
      small = reduce(picture, size);
      this._small.set(picture, small);
    }
    return { ...small, data: new Uint8ClampedArray(small.data) };
  }

  /** WebAssembly's memory never shrinks: another one begins small. */
  async _giveMemoryBack() {
    if (this._running || this.backend !== "wasm") return;
    const fresh = await this._load();
    // Meanwhile the old one may have begun to paint.
    const [kept, left] = this._running
      ? [this.network, fresh] : [fresh, this.network];
    this.network = kept;
    left.close();
  }

  _bytes(look, width, height, K) {
    const sizes = sizesOf(look, width, height);
    const [w, h] = sizes.at(-1).map((n) => Math.max(8, n));
    return heldBytes(sizes, look.keepColors === "histogram") +
      this.network.fewestBytes(h, w, K);
  }

  _work(look, width, height, K) {
    const sizes = sizesOf(look, width, height);
    const room = this._memory - heldBytes(sizes, look.keepColors === "histogram");
    return sizes.reduce(
      (sum, [w, h]) => sum + levelTime(this.network, w, h, K, room), 0);
  }

  async _measureSpeed() {
    const side = TRIAL_SIZE, data = new Uint8ClampedArray(side * side * 4);
    for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : i * 37;
    const { name } = this.model.styles[0];
    let seconds = Infinity;
    for (let run = 0; run < TRIALS; run++) {
      const start = performance.now();
      await this.paint({ width: side, height: side, data }, { weights: { [name]: 1 } });
      seconds = Math.min(seconds, (performance.now() - start) / 1000);
    }
    this._secondsPerPixel = seconds / (side + 2 * this.model.extension) ** 2;
  }
}

/** A size with its long side at most `longSide`. */
function fitted([width, height], longSide) {
  const share = Math.min(1, longSide / Math.max(width, height));
  return [width, height].map((n) => Math.max(1, Math.round(n * share)));
}

/** A copy of a picture at a size, RGBA. */
function reduce({ width, height, data }, [w, h]) {
  if (w === width && h === height)
    return { width, height, data: new Uint8ClampedArray(data) };
  // Colours under transparency have no part in those that show.
  const colors = resize(withoutHoles({ width, height, data }), w, h, "lanczos");
  const alpha = data.subarray(3);
  const opacity = resize(
    { width, height, channels: 1, stride: 4, data: alpha }, w, h, "lanczos");
  const reduced = new Uint8ClampedArray(4 * w * h);
  for (let i = 0; i < w * h; i++) {
    for (let c = 0; c < 3; c++) reduced[4 * i + c] = colors.data[3 * i + c];
    reduced[4 * i + 3] = opacity.data[i];
  }
  return { width: w, height: h, data: reduced };
}

function usualMemory() {
  const gigabytes = globalThis.navigator?.deviceMemory ?? 4;
  return gigabytes < 2 ? LITTLE_MEMORY : MEMORY;
}

/** Whether a picture of some size can be shown here. */
function canvasHolds(width, height) {
  if (typeof OffscreenCanvas === "undefined") return true;
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.fillRect(width - 1, height - 1, 1, 1);
    return context.getImageData(width - 1, height - 1, 1, 1).data[3] === 255;
  } catch {
    return false;
  }
}
