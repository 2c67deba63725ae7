// The reader: a small network that reads a style off a painting.
//
// The same as multistyle/learning/{statistics,reader}.py.

import { readFile, readJson } from "./files.mjs";
import { withoutHoles } from "./images/holes.mjs";
import { resize, roundEven } from "./images/resizing.mjs";
import { PocketNetwork } from "./pocket.mjs";
import { decodeHalves } from "./network/weights.mjs";

const MIN_SIZE = 8;

export class StyleReader {
  /**
   * Fetches it.
   * @param {URL} base of reader.json and reader.bin
   * @throws {Error} one sentence, where these cannot be fetched
   */
  static async load(base) {
    const [form, data] = await Promise.all([
      readJson(new URL("reader.json", base)),
      readFile(new URL("reader.bin", base)),
    ]);
    const read = (name) => {
      const { shape, offset } = form.arrays[name];
      const length = shape.reduce((a, b) => a * b, 1);
      return { shape, values: decodeHalves(data, offset, length) };
    };
    const reader = new StyleReader();
    reader._form = form;
    reader._pocket = await PocketNetwork.load(
      { blocks: form.blocks, mean: form.mean }, read);
    [reader._mean, reader._deviation] =
      ["mean", "deviation"].map((name) => read(name).values);
    reader._layers = [0, 1, 2].map((i) => ({
      kernel: read(`kernel_${i}`).values, bias: read(`bias_${i}`).values,
    }));
    return reader;
  }

  /**
   * Reads a style.
   * @param {object} painting {width, height, data: RGBA}
   * @param {function(): Promise} pause awaited now and then
   * @returns {Promise<Float32Array>} a row, [2 R]
   */
  async read(painting, pause) {
    const { width, height, values } = this._fit(painting);
    await pause();
    const { means, powers } = this._pocket.statistics(values, height, width);
    await pause();
    const deviations = powers.map((power, i) =>
      Math.sqrt(Math.max(0, power - means[i] ** 2)));
    const colors = colorTable(values, this._form.color_steps).map(Math.sqrt);
    return this.readNumbers(
      Float32Array.from([...means, ...deviations, ...colors]));
  }

  /** Reads a row off the numbers of a painting, see `StyleStatistics`. */
  readNumbers(numbers) {
    const { farthest } = this._form;
    let x = numbers.map((value, i) => Math.min(farthest, Math.max(
      -farthest, (value - this._mean[i]) / this._deviation[i])));
    this._layers.forEach(({ kernel, bias }, i) => {
      const y = Float64Array.from(bias);
      x.forEach((value, k) => {
        const from = k * y.length;
        for (let j = 0; j < y.length; j++) y[j] += value * kernel[from + j];
      });
      x = i < this._layers.length - 1 ? y.map(gelu) : y;
    });
    return Float32Array.from(x);
  }

  /** Brings a painting to the size that it is read at, as floats. */
  _fit(painting) {
    const { reading_size, longest } = this._form;
    const { width, height } = painting;
    const [short, long] = [width, height].sort((a, b) => a - b);
    const isLong = long * reading_size > short * longest;
    const factor = isLong ? longest / long : reading_size / short;
    const least = isLong ? MIN_SIZE : 1;
    const [w, h] = [width, height].map((n) =>
      Math.max(least, roundEven(isLong ? (n * longest) / long : n * factor)));
    const { data } = resize(withoutHoles(painting), w, h, "lanczos");
    return { width: w, height: h, values: Float32Array.from(data, (v) => v / 255) };
  }
}

/**
 * Counts the colours of a picture, each shared by the eight nearest.
 * @param {Float32Array} values [n * 3] in [0, 1]
 * @param {number} steps of each of red, green and blue
 * @returns {Float64Array} [steps ** 3], whose sum is 1
 */
function colorTable(values, steps) {
  const table = new Float64Array(steps ** 3);
  const low = [0, 0, 0], share = [0, 0, 0];
  for (let i = 0; i < values.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      const place = Math.min(1, Math.max(0, values[i + c])) * (steps - 1);
      low[c] = Math.min(Math.floor(place), steps - 2);
      share[c] = place - low[c];
    }
    for (let corner = 0; corner < 8; corner++) {
      let weight = 1, at = 0;
      for (let c = 0; c < 3; c++) {
        const up = (corner >> (2 - c)) & 1;
        weight *= up ? share[c] : 1 - share[c];
        at = at * steps + low[c] + up;
      }
      table[at] += weight;
    }
  }
  return table.map((value) => value / (values.length / 3));
}

/** Gaussian error linear units, by tanh. */
function gelu(x) {
  const inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
  return 0.5 * x * (1 + Math.tanh(inner));
}
