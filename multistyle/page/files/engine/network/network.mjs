// The network in the browser, and in Node: pictures in, paintings out.

import { canShare, Kernels } from "./kernels.mjs";
import { chooseLayout, wholeLayout } from "./layout.mjs";
import { GpuNetwork } from "./network_gpu.mjs";
import { minimalKernel, minimalSide } from "./minimal.mjs";
import { Painting } from "./painting.mjs";
import { blockKernel, foldKernel, readKernel } from "./weights.mjs";

export { countThreads } from "./kernels.mjs";
export { readRows } from "./weights.mjs";

const MIN_SIZE = 8;
const NOT_ISOLATED =
  "One thread: this page is not isolated, which takes https (or localhost).";

/**
 * Loads a network.
 *
 * @param {object} model model.json
 * @param {ArrayBuffer} weights weights.bin
 * @param {object} options threads: how many may paint, see `countThreads`;
 *   gpu: whether a graphics processor may, where there is one
 * @returns {Promise<Network>} whose `notes` say why it is not faster
 * @throws {Error} one sentence, where this browser cannot paint
 */
export async function loadNetwork(model, weights, { threads = 1, gpu = false } = {}) {
  const notes = [];
  let kernels;
  if (threads > 1 && !canShare()) {
    notes.push(NOT_ISOLATED);
    threads = 1;
  }
  try {
    kernels = await Kernels.load(threads);
  } catch (error) {
    if (threads === 1) throw error;
    notes.push(`One thread: ${error.message}`);
    kernels = await Kernels.load(1);
  }
  const network = new Network(model, weights, kernels, notes);
  if (gpu)
    try {
      network._gpu = await GpuNetwork.load(model, weights);
    } catch (error) {
      notes.push(error.message);
    }
  return network;
}

/**
 * A transform network.
 *
 * A look is {rows: [Float32Array [2 R], ...K], map: null, or weights of the K
 * rows}. A picture, or a map, is a Float32Array [h * w * 3 (K)], channels last,
 * or a function (start, stop) => such an array of its rows [start, stop), which
 * may be asked several times for the same.
 */
export class Network {
  constructor(model, weights, kernels, notes) {
    this.model = model;
    this._gpu = null;
    this.threads = kernels.threads;
    this.notes = notes;
    this._kernels = kernels;
    let channels = 3;
    this._layers = model.layers.map((layer) => {
      const filters = Math.ceil(layer.kernel[3] / 4) * 4;
      const packed = packLayer(layer, weights, channels, filters);
      channels = filters;
      return kernels.place(packed);
    });
    this._queue = Promise.resolve();
  }

  /** What paints: "webgpu" or "wasm". */
  get backend() {
    return this._gpu ? "webgpu" : "wasm";
  }

  /** What a picture needs in one piece, in bytes. */
  bytes(h, w, K = 1) {
    return wholeLayout(this.model, h, w, K, this.threads).bytes;
  }

  /** The least that a picture needs, in bytes. */
  fewestBytes(h, w, K = 1) {
    return chooseLayout(this.model, h, w, K, this.threads, 0).bytes;
  }

  /**
   * Paints a picture of any size from 8 pixels.
   *
   * @param {Float32Array|function} image [h * w * 3] in [0, 1]
   * @param {number} h
   * @param {number} w
   * @param {object} look
   * @param {object} options
   *   moments: null, or what `measure` gave, to be used in place of the
   *     picture's own;
   *   bytes: of memory for it. Where one piece needs more, it is painted by
   *     strips: the same picture, in up to three times the time;
   *   signal: an AbortSignal; progress: a function of the share done;
   *   emit: a function of (start, rows Float32Array [n * w * 3]) that receives
   *     the painting from top to bottom; nothing is returned then, and rows
   *     are good until it returns.
   * @returns {Promise<Float32Array>} [h * w * 3] in [0, 1]
   */
  async paint(image, h, w, look, options = {}) {
    return this._alone(async () => {
      const job = this._job(image, h, w, look, options);
      const onGpu = await this._tryGpu(h, w, job, options.bytes);
      if (onGpu && !options.emit) return onGpu.painting;
      if (onGpu) return options.emit(0, onGpu.painting);
      const painting = this._begin(h, w, job, options.bytes);
      await painting.measure();
      if (options.emit) return painting.paint(options.emit);
      const result = new Float32Array(h * w * 3);
      await painting.paint((start, rows) => result.set(rows, start * w * 3));
      return result;
    });
  }

  /**
   * Measures the moments of all layers; see `paint`.
   * @returns {Promise<{mean: Float32Array, variance: Float32Array}>} each [R]
   */
  async measure(image, h, w, look, options = {}) {
    return this._alone(async () => {
      const job = this._job(image, h, w, look, { ...options, moments: null });
      const onGpu = await this._tryGpu(h, w, job, options.bytes);
      if (onGpu) return onGpu.moments;
      return this._begin(h, w, job, options.bytes).measure();
    });
  }

  /** Ends its threads; it paints no more. */
  close() {
    this._gpu?.close();
    this._kernels.close();
  }

  _job(image, h, w, look, { moments = null, signal, progress }) {
    if (h < MIN_SIZE || w < MIN_SIZE)
      throw new RangeError(
        `A picture has at least ${MIN_SIZE} x ${MIN_SIZE} pixels; ` +
        `got ${w} x ${h}.`);
    const { rows, map } = look;
    return {
      rowsOf: rowsOf(image, w * 3),
      mapOf: rows.length > 1 ? rowsOf(map, w * rows.length) : null,
      rows, moments, signal, progress,
    };
  }

  /** Paints on the graphics processor, or returns null where it cannot. */
  async _tryGpu(h, w, job, bytes = Infinity) {
    if (!this._gpu?.fits(h, w, job.rows.length, bytes)) return null;
    try {
      const result = await this._gpu.paint(h, w, job);
      job.progress?.(1);
      return result;
    } catch (error) {
      if (job.signal?.aborted) throw error;
      this.notes.push(`WebGPU failed, WebAssembly paints: ${error.message}`);
      this._gpu.close();
      this._gpu = null;
      return null;
    }
  }

  _begin(h, w, job, bytes = Infinity) {
    const layout = chooseLayout(
      this.model, h, w, job.rows.length, this.threads, bytes);
    return new Painting(this._kernels, this._layers, layout, job);
  }

  /** One at a time: all paint in the same memory. */
  _alone(work) {
    const result = this._queue.then(work);
    this._queue = result.catch(() => {});
    return result;
  }
}

/** A layer's kernel as network.c reads it. */
function packLayer(layer, weights, channels, filters) {
  const kernel = readKernel(layer, weights, channels, filters);
  const side = minimalSide(layer);
  if (side)
    return minimalKernel(kernel, layer.kernel[0], channels, filters, side);
  if (!layer.doubled) return blockKernel(kernel, filters);
  const phases = foldKernel(kernel, channels, filters)
    .map((phase) => blockKernel(phase, filters));
  const all = new Float32Array(4 * phases[0].length);
  phases.forEach((phase, i) => all.set(phase, i * phase.length));
  return all;
}

function rowsOf(image, line) {
  if (typeof image === "function") return image;
  return (start, stop) => image.subarray(start * line, stop * line);
}
