// The network by WebGPU, a picture in one piece.

import { align, GpuPass } from "./gpu_pass.mjs";
import { readKernel } from "./weights.mjs";

const NO_ADAPTER = "No WebGPU here: painted by WebAssembly.";
const SLOW_ADAPTER =
  "WebGPU runs by software alone here: painted by WebAssembly.";

/** A transform network on a graphics processor. */
export class GpuNetwork {
  /**
   * @param {object} model model.json
   * @param {ArrayBuffer} weights weights.bin
   * @param {boolean} allowsSoftware whether a fallback adapter will do
   * @returns {Promise<GpuNetwork>}
   * @throws {Error} one sentence, where there is none
   */
  static async load(model, weights, allowsSoftware = false) {
    const adapter = await globalThis.navigator?.gpu?.requestAdapter();
    if (!adapter) throw new Error(NO_ADAPTER);
    const isFallback =
      adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
    if (isFallback && !allowsSoftware) throw new Error(SLOW_ADAPTER);
    const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
    const network = new GpuNetwork();
    network._device = await adapter.requestDevice({
      requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
    });
    network._largest = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    network._device.lost.then(({ message }) => {
      network._lost = message || "The graphics processor was lost.";
    });
    network._model = model;
    network._pipelines = new Map();
    let inner = 3;
    network._kernels = model.layers.map((layer) => {
      const outer = align(layer.kernel[3]);
      const kernel = readKernel(layer, weights, align(inner), outer);
      const packed = packKernel(kernel, align(inner), outer);
      inner = outer;
      return network._upload(packed);
    });
    return network;
  }

  /** Whether a picture of K looks is painted in so many bytes. */
  fits(h, w, K, bytes) {
    const [height, width] = this._extended(h, w);
    const [full, half, quarter] = this._model.num_channels.map(align);
    const places = height * width;
    // Two layers of each size, three of the smallest; the picture, and the
    // painting in the form of both processors.
    const numbers = 2 * full + half / 2 + (3 * quarter) / 16 + 11 +
      (K > 1 ? K : 0);
    return 4 * places * Math.max(full, K) <= this._largest &&
      4 * places * numbers <= bytes;
  }

  /**
   * Paints a picture; see `Network.paint`.
   *
   * @param {object} job rowsOf, mapOf: functions (start, stop) => Float32Array;
   *   rows: K of Float32Array [2 R]; moments: to use, or null; signal
   * @returns {Promise<{painting: Float32Array, moments: object}>} [h * w * 3]
   *   in [0, 1], and the {mean, variance} that were used, each [R]
   */
  async paint(h, w, job) {
    const device = this._device;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    const pass = new GpuPass(this, h, w, job);
    let result;
    try {
      result = await pass.run();
    } finally {
      pass.release();
      const errors = [
        await device.popErrorScope(), await device.popErrorScope()];
      const error = errors.find((each) => each);
      if (error) throw new Error(error.message);
    }
    if (this._lost) throw new Error(this._lost);
    return result;
  }

  close() {
    this._device.destroy();
  }

  _extended(h, w) {
    const { extension } = this._model;
    return [h, w].map((n) => (extension ? n + 2 * extension + (-n & 3) : n));
  }

  _pipeline(code) {
    let pipeline = this._pipelines.get(code);
    if (!pipeline) {
      const module = this._device.createShaderModule({ code });
      pipeline = this._device.createComputePipeline(
        { layout: "auto", compute: { module, entryPoint: "main" } });
      this._pipelines.set(code, pipeline);
    }
    return pipeline;
  }

  _upload(array) {
    const buffer = this._device.createBuffer({
      size: array.byteLength, usage: GPUBufferUsage.STORAGE |
        GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    this._device.queue.writeBuffer(buffer, 0, array);
    return buffer;
  }
}

/** Orders a kernel [taps, inner, outer] as matrices of four by four. */
function packKernel(kernel, inner, outer) {
  const taps = kernel.length / (inner * outer);
  const packed = new Float32Array(kernel.length);
  for (let t = 0; t < taps; t++)
    for (let i = 0; i < inner; i++)
      for (let o = 0; o < outer; o++) {
        const matrix = (t * inner + (i & ~3)) / 4 * outer / 4 + (o >> 2);
        packed[16 * matrix + 4 * (i & 3) + (o & 3)] =
          kernel[(t * inner + i) * outer + o];
      }
  return packed;
}
