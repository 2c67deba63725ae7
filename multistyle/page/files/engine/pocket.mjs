// What the pocket network sees in a painting, by the same kernels.

import { Kernels } from "./network/kernels.mjs";
import { blockKernel, fillKernel } from "./network/weights.mjs";

const RELU = 1, ZEROS = 2;
const CONVOLUTION_BYTES = 256;

/**
 * The pocket network; see multistyle/perceptual/pocket_features.py.
 */
export class PocketNetwork {
  /**
   * @param {object} form {blocks: filters of each convolution, block by block;
   *   mean: what is taken from a picture}
   * @param {function} read of a name such as "conv1_1/kernel" =>
   *   {shape: number[], values: Float32Array}
   * @returns {Promise<PocketNetwork>}
   */
  static async load(form, read) {
    const network = new PocketNetwork();
    network._kernels = await Kernels.load();
    network._form = form;
    network._layers = new Map();
    const place = (name) => {
      const { shape, values } = read(`${name}/kernel`);
      const [size, , channels, filters] = shape;
      const filled = fillKernel(values, shape, channels, align(filters));
      const layer = {
        at: network._kernels.place(blockKernel(filled, align(filters))),
        size, filters,
      };
      network._layers.set(name, layer);
      return layer;
    };
    form.blocks.forEach((widths, b) => {
      widths.forEach((_, i) => {
        const name = `conv${b + 1}_${i + 1}`;
        const layer = place(name);
        // Scales of one, then the biases as shifts.
        const affine = new Float32Array(2 * align(layer.filters));
        affine.fill(1, 0, align(layer.filters));
        affine.set(read(`${name}/bias`).values, align(layer.filters));
        layer.affineAt = network._kernels.place(affine);
      });
      place(`relu${b + 1}_${widths.length}`);
    });
    return network;
  }

  /**
   * Measures a picture: of each channel of the style layers, layer by layer.
   *
   * @param {Float32Array} image [h * w * 3] in [0, 1], RGB; from 16 pixels
   * @param {number} h
   * @param {number} w
   * @returns {{means: Float64Array, powers: Float64Array}} each [C]; the mean,
   *   and the mean of the squares
   */
  statistics(image, h, w) {
    const kernels = this._kernels;
    let top = 0;
    const area = (bytes) => {
      const at = kernels.mark + top;
      top += Math.ceil(bytes / 64) * 64;
      kernels.reserve(top);
      return at;
    };
    const jobAt = area(CONVOLUTION_BYTES);
    let x = this._load(image, h, w, area);
    const means = [], powers = [];
    this._form.blocks.forEach((widths, b) => {
      // What the last block gave is all that this one needs.
      for (let i = 0; i < widths.length; i++) {
        const layer = this._layers.get(`conv${b + 1}_${i + 1}`);
        const y = makeMaps(x.height, x.width, layer.filters, area);
        this._convolve(layer, x, y, jobAt, 0);
        this._finish(layer, y, jobAt);
        x = y;
      }
      const layer = this._layers.get(`relu${b + 1}_${widths.length}`);
      const seen = makeMaps(x.height, x.width, layer.filters, area);
      const sumsAt = area(16 * seen.height * seen.channels);
      this._convolve(layer, x, seen, jobAt, sumsAt);
      const sums = kernels.doubles(sumsAt, 2 * seen.height * seen.channels);
      for (let c = 0; c < layer.filters; c++) {
        let mean = 0, power = 0;
        for (let row = 0; row < seen.height; row++) {
          const rowMean = sums[2 * row * seen.channels + c];
          const squares = sums[(2 * row + 1) * seen.channels + c];
          mean += rowMean;
          power += squares / seen.width + rowMean * rowMean;
        }
        means.push(mean / seen.height);
        powers.push(power / seen.height);
      }
      if (b < this._form.blocks.length - 1) x = this._halve(x, jobAt, area);
    });
    return { means: Float64Array.from(means), powers: Float64Array.from(powers) };
  }

  _load(image, h, w, area) {
    const maps = makeMaps(h, w, 3, area, 3);
    const values = this._kernels.floats(
      maps.at - 4 * (maps.line + 3), (h + 2) * maps.line).fill(0);
    for (let y = 0; y < h; y++) {
      const to = (y + 1) * maps.line + 3;
      for (let i = 0; i < 3 * w; i++)
        values[to + i] = image[y * w * 3 + i] - this._form.mean;
    }
    return maps;
  }

  _convolve(layer, x, y, jobAt, sumsAt) {
    const pad = layer.size >> 1;
    this._kernels.run("convolve", jobAt, [
      x.at - 4 * (pad * x.line + pad * x.channels), -pad, x.line, x.channels,
      layer.at, layer.size, layer.size * x.channels, 1, pad,
      y.at, 0, y.line, y.width, y.channels, 0, sumsAt, 0, 0, y.height, 0, 0,
    ], 0, y.height);
  }

  _finish({ affineAt }, y, jobAt) {
    this._kernels.run("finish", jobAt, [
      y.at, 0, y.line, y.width, y.channels, affineAt, affineAt + 4 * y.channels,
      0, 0, 0, RELU, 1, ZEROS, 0, 0, 1,
    ], 0, y.height);
    this._clearRows(y);
  }

  _halve(x, jobAt, area) {
    const y = makeMaps(x.height >> 1, x.width >> 1, x.channels, area);
    this._kernels.floats(
      y.at - 4 * (y.line + y.channels), (y.height + 2) * y.line).fill(0);
    this._kernels.run("halve", jobAt, [
      x.at, y.at, x.line, y.line, y.width, y.channels,
    ], 0, y.height);
    return y;
  }

  /** Zeros above and below. */
  _clearRows({ at, line, channels, height }) {
    for (const row of [-1, height])
      this._kernels.floats(at + 4 * (row * line - channels), line).fill(0);
  }
}

/** Maps with a margin of one; `at` is the address of their first pixel. */
function makeMaps(height, width, filters, area, channels = align(filters)) {
  const line = (width + 2) * channels;
  const at = area(4 * (height + 2) * line + 64) + 4 * (line + channels);
  return { at, height, width, channels, line };
}

function align(filters) {
  return Math.ceil(filters / 4) * 4;
}
