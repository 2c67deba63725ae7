// One picture on its way through the layers.

import { reflect } from "./layout.mjs";
import { release } from "../memory.mjs";
import { contrastOf, joinRows } from "./moments.mjs";

const ACTIVATIONS = { relu: 1, sigmoid: 2 };
// Milliseconds after which messages, such as one to stop, are looked at.
const PATIENCE = 24;

/**
 * Paints one picture by the kernels.
 *
 * @param {Kernels} kernels
 * @param {number[]} layers addresses of their packed kernels
 * @param {Layout} layout
 * @param {object} job
 *   rowsOf: (start, stop) => Float32Array [(stop - start) * w * 3] in [0, 1];
 *   mapOf: the same of K weights a pixel, or null;
 *   rows: K of Float32Array [2 R]; moments: {mean, variance} to use, or null;
 *   signal: AbortSignal; progress: function of the share that is done.
 */
export class Painting {
  constructor(kernels, layers, layout, job) {
    Object.assign(this, { kernels, layers, layout, job });
    const { num_channels } = layout.model;
    this._starts = num_channels.map((_, i) =>
      num_channels.slice(0, i).reduce((a, b) => a + b, 0));
    this._numChannels = num_channels.reduce((a, b) => a + b);
    this.moments = job.moments ?? {
      mean: new Float32Array(this._numChannels),
      variance: new Float32Array(this._numChannels),
    };
    kernels.reserve(layout.bytes);
    this._at = kernels.mark;
    for (let i = -1; i < layers.length; i++) {
      const band = layout.band(i);
      band.first = band.isKept ? -band.margin : 0;
      band.stop = band.first;
    }
    this._lastTurn = performance.now();
    this._columns = this._borderColumns();
  }

  /** Goes through all layers, so that the last one's moments are known. */
  async measure() {
    const { layout, layers, job } = this;
    for (let i = 0; i < layers.length; i++) {
      const band = layout.band(i);
      if (!job.moments || band.isKept)
        for (const [start, stop] of layout.strips(i)) {
          if (!band.isKept) band.first = start;
          await this._convolve(i, start, stop, !job.moments);
        }
      band.stop = band.first;
      if (!job.moments) this._joinSums(i);
      this._scale(i);
      if (band.isKept) {
        for (const [start, stop] of layout.strips(i))
          await this._finish(i, start, stop);
        band.stop = band.height + band.margin;
        this._mirrorRows(i, 0, band.height);
      }
      job.progress?.((i + 1) / (layers.length + 1));
    }
    return this.moments;
  }

  /**
   * Paints, after `measure`.
   * @param {function} emit of (start, rows Float32Array [n * w * 3]), which
   *   are good until it returns
   */
  async paint(emit) {
    const { layout, layers } = this;
    const last = layers.length - 1, band = layout.band(last);
    const { extension } = layout.model;
    const { h, w } = layout;
    for (const [from, to] of layout.strips(last)) {
      const start = Math.max(from, extension);
      const stop = Math.min(to, extension + h);
      if (start >= stop) continue;
      await this._need(last, start, stop);
      const rows = new Float32Array((stop - start) * w * 3);
      const values = this.kernels.floats(
        this._address(last, start, 0), (stop - start) * band.line);
      let target = 0;
      for (let y = 0; y < stop - start; y++) {
        let source = y * band.line + extension * 4;
        for (let x = 0; x < w; x++, source += 4) {
          rows[target++] = values[source];
          rows[target++] = values[source + 1];
          rows[target++] = values[source + 2];
        }
      }
      emit(start - extension, rows);
      release(rows);
    }
    this.job.progress?.(1);
  }

  /** Sees to it that rows [start, stop) of layer i are there, finished. */
  async _need(i, start, stop) {
    const band = this.layout.band(i);
    if (band.first <= start && stop <= band.stop) return;
    const [first, last] = this.layout.existing(i, start, stop);
    band.first = Math.min(start, first);
    band.stop = band.first;
    if (i < 0) this._load(first, last);
    else {
      await this._convolve(i, first, last, false);
      await this._finish(i, first, last);
    }
    band.stop = Math.max(stop, last);
    this._mirrorRows(i, first, last);
  }

  async _convolve(i, start, stop, isMeasured) {
    const { layout } = this;
    const [from, to] = layout.sources(i, start, stop);
    await this._need(i - 1, from, to);
    const { kernel, stride, doubled } = layout.model.layers[i];
    const source = layout.band(i - 1), band = layout.band(i);
    const size = doubled ? 2 : kernel[0];
    const pad = doubled ? 1 : size >> 1;
    const fields = [
      this._address(i - 1, source.first, -pad), source.first, source.line,
      source.channels, this.layers[i], size, size * source.channels, stride, pad,
      this._address(i, band.first, 0), band.first, band.line, band.width,
      band.channels, Number(doubled),
      isMeasured ? this._at + layout.sumsAt : 0, 0, band.side, band.height,
      this._at + layout.scratchAt, layout.scratchSize / 4,
    ];
    for (const [first, last] of layout.turns(i, start, stop)) {
      this.kernels.run(
        "convolve", this._at + layout.jobAt, fields, first, last,
        band.side || 1);
      await this._giveTurn();
    }
  }

  async _finish(i, start, stop) {
    const { layout } = this;
    const { addend, activation } = layout.model.layers[i];
    if (addend !== null) await this._need(addend, start, stop);
    const other = addend === null ? null : layout.band(addend);
    const band = layout.band(i);
    const affine = this._at + band.affineAt;
    const { K } = layout;
    for (const [first, last] of layout.turns(i, start, stop)) {
      if (K > 1) this._loadMap(i, first, last);
      const fields = [
        this._address(i, band.first, 0), band.first, band.line, band.width,
        band.channels, affine, affine + 4 * K * band.channels,
        other ? this._address(addend, other.first, 0) : 0,
        other?.first ?? 0, other?.line ?? 0, ACTIVATIONS[activation] ?? 0,
        band.margin, Number(band.isEdge),
        K > 1 ? this._at + layout.mapAt : 0, first, K,
      ];
      this.kernels.run("finish", this._at + layout.jobAt, fields, first, last);
      await this._giveTurn();
    }
  }

  /** The address of a layer's row and column. */
  _address(i, row, column) {
    const { at, first, line, margin, channels } = this.layout.band(i);
    const place = (row - first) * line + (margin + column) * channels;
    return this._at + at + 4 * place;
  }

  /** Writes the rows above and below the picture that the band holds. */
  _mirrorRows(i, first, last) {
    const { layout, kernels } = this;
    const band = layout.band(i);
    const bytes = new Uint8Array(kernels.memory.buffer);
    for (let y = band.first; y < band.stop; y++) {
      if (y >= first && y < last) continue;
      const from = layout.mirror(i, y, band.height);
      const source = this._address(i, from, -band.margin);
      bytes.copyWithin(
        this._address(i, y, -band.margin), source, source + 4 * band.line);
    }
  }

  /** Columns of the extended picture, with margins, that lie beside it. */
  _borderColumns() {
    const { layout } = this;
    const { extension } = layout.model;
    const { width, margin } = layout.band(-1);
    const columns = [];
    for (let x = -margin; x < width + margin; x++)
      if (x < extension || x >= extension + layout.w)
        columns.push([x, reflect(reflect(x, width) - extension, layout.w)]);
    return columns;
  }

  /** Loads rows [first, last) of the extended picture. */
  _load(first, last) {
    const { layout } = this;
    const { extension } = layout.model;
    const { line, margin } = layout.band(-1);
    const { w } = layout;
    const [start, stop, placeOf] = this._pictureRows(first, last, 1);
    const rows = this.job.rowsOf(start, stop);
    const target = this.kernels.floats(
      this._address(-1, first, -margin), (last - first) * line);
    for (let y = first; y < last; y++) {
      const source = (placeOf(y) - start) * w * 3;
      const to = (y - first) * line + margin * 3;
      target.set(rows.subarray(source, source + w * 3), to + extension * 3);
      for (const [x, from] of this._columns)
        for (let c = 0; c < 3; c++)
          target[to + x * 3 + c] = rows[source + from * 3 + c];
    }
  }

  /** Loads the weights of rows [first, last) of layer i. */
  _loadMap(i, first, last) {
    const { layout } = this;
    const { extension } = layout.model;
    const { K, w } = layout;
    const { width, height } = layout.band(i);
    const whole = layout.band(-1);
    const scale = whole.height / height;
    const [start, stop, placeOf] = this._pictureRows(first, last, scale);
    const weights = this.job.mapOf(start, stop);
    const target = this.kernels.floats(
      this._at + layout.mapAt, (last - first) * width * K);
    const columns = Int32Array.from({ length: width }, (_, x) =>
      K * reflect(Math.floor((x * whole.width) / width) - extension, w));
    let to = 0;
    for (let y = first; y < last; y++) {
      const row = (placeOf(y) - start) * w * K;
      for (let x = 0; x < width; x++)
        for (let k = 0; k < K; k++) target[to++] = weights[row + columns[x] + k];
    }
  }

  /** The rows of the picture that rows of a layer stand for. */
  _pictureRows(first, last, scale) {
    const { layout } = this;
    const placeOf = (y) =>
      reflect(Math.floor(y * scale) - layout.model.extension, layout.h);
    let start = Infinity, stop = 0;
    for (let y = first; y < last; y++) {
      start = Math.min(start, placeOf(y));
      stop = Math.max(stop, placeOf(y) + 1);
    }
    return [start, stop, placeOf];
  }

  /** Joins the sums of a layer's rows to its moments. */
  _joinSums(i) {
    const band = this.layout.band(i);
    const sums = this.kernels.doubles(
      this._at + this.layout.sumsAt, 2 * band.height * band.channels);
    joinRows(sums, band, this.layout.model.num_channels[i], (c, mean, variance) => {
      this.moments.mean[this._starts[i] + c] = mean;
      this.moments.variance[this._starts[i] + c] = variance;
    });
  }

  /** Writes what a layer's numbers are multiplied by, and what is added. */
  _scale(i) {
    const { model, K } = this.layout;
    const { affineAt, channels } = this.layout.band(i);
    const start = this._starts[i];
    const affine = this.kernels.floats(
      this._at + affineAt, 2 * K * channels).fill(0);
    for (let c = 0; c < model.num_channels[i]; c++) {
      const mean = this.moments.mean[start + c];
      const contrast = contrastOf(mean, this.moments.variance[start + c], model);
      this.job.rows.forEach((row, k) => {
        const scale = row[start + c] * contrast;
        affine[k * channels + c] = scale;
        affine[(K + k) * channels + c] =
          row[this._numChannels + start + c] - mean * scale;
      });
    }
  }

  /** Lets messages in, now and then. */
  async _giveTurn() {
    this.job.signal?.throwIfAborted();
    if (performance.now() - this._lastTurn < PATIENCE) return;
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
    this._lastTurn = performance.now();
    this.job.signal?.throwIfAborted();
  }
}
