// How a picture goes through the layers: their sizes, and what memory holds.
//
// Each layer has a band: rows of it in memory. The band of a kept layer holds
// all rows; that of another holds a few, which are computed again whenever
// others are asked for. With every layer kept this is the plain pass; with the
// small ones kept it needs a fraction of the memory, and paints the same.

import { minimalSide, scratchBytes } from "./minimal.mjs";

const STRIP_ROWS = [192, 96, 48, 24];
// What need not be kept, in the order of what keeping it saves; the rest, which
// is the results of residual blocks at a quarter of the size, always is.
const CANDIDATES = [
  /^expand_3$/, /^residual_._1$/, /^contract_2$/, /^expand_1$/, /^contract_1$/,
  /^expand_2$/,
];
// Numbers of a layer's result that are computed before others have a turn.
const TURN = 1 << 18;
// A multiple of the sides of the tiles that the kernels do at a time.
const TILES = 12;
const LINE_BYTES = 64;

/** The place that is seen at place i of n, where a picture is reflected. */
export function reflect(i, n) {
  return Math.abs(Math.min(Math.abs(i), 2 * (n - 1) - Math.abs(i)));
}

/**
 * Chooses a layout for so many bytes, with as much kept as they allow.
 *
 * @param {object} model model.json
 * @param {number} h
 * @param {number} w of the picture
 * @param {number} K looks
 * @param {number} threads
 * @param {number} bytes
 * @returns {Layout} which may need more, if even the smallest does
 */
export function chooseLayout(model, h, w, K, threads, bytes) {
  const whole = wholeLayout(model, h, w, K, threads);
  if (whole.bytes <= bytes) return whole;
  const { layers } = model;
  const named = (pattern) =>
    [...layers.keys()].filter((i) => pattern.test(layers[i].name));
  const kept = new Set(layers.keys());
  for (const pattern of CANDIDATES)
    for (const i of named(pattern)) kept.delete(i);
  let layout, stripRows;
  for (stripRows of STRIP_ROWS) {
    layout = new Layout(model, h, w, K, threads, stripRows, kept);
    if (layout.bytes <= bytes) break;
  }
  for (const pattern of CANDIDATES) {
    const more = new Set([...layout.kept, ...named(pattern)]);
    const next = new Layout(model, h, w, K, threads, stripRows, more);
    if (next.bytes <= bytes) layout = next;
  }
  return layout;
}

/** The layout with every layer kept. */
export function wholeLayout(model, h, w, K, threads) {
  const kept = new Set(model.layers.keys());
  return new Layout(model, h, w, K, threads, Infinity, kept);
}

/**
 * Sizes, bands and their places in memory.
 *
 * Layers are numbered as in the model; -1 is the picture, extended.
 */
export class Layout {
  /**
   * @param {object} model model.json
   * @param {number} h
   * @param {number} w of the picture
   * @param {number} K looks
   * @param {number} threads
   * @param {number} stripRows at full size, Infinity for one piece
   * @param {Set<number>} kept layers that are held whole
   */
  constructor(model, h, w, K, threads, stripRows, kept) {
    const { layers, extension } = model;
    Object.assign(this, { model, h, w, K, threads, stripRows, kept });
    const extend = (n) => (extension ? n + 2 * extension + (-n & 3) : n);
    this._bands = [];
    let height = extend(h), width = extend(w), channels = 3;
    this._addBand(height, width, channels);
    for (const layer of layers) {
      const scale = layer.doubled ? 2 : 1;
      height = Math.ceil((height * scale) / layer.stride);
      width = Math.ceil((width * scale) / layer.stride);
      channels = Math.ceil(layer.kernel[3] / 4) * 4;
      this._addBand(height, width, channels);
    }
    this._countRows();
    this._place();
  }

  /** The band of layer i. */
  band(i) {
    return this._bands[i + 1];
  }

  /** Rows of layer i - 1 that rows [start, stop) of layer i are made of. */
  sources(i, start, stop) {
    const { doubled, stride, kernel } = this.model.layers[i];
    if (doubled) {
      const row = (y) => (y >> 1) + (y & 1) - 1;
      return [row(start), row(stop - 1) + 2];
    }
    const pad = kernel[0] >> 1;
    const { height, side } = this.band(i);
    if (side) {
      const whole = Math.ceil(stop / side) * side;
      return [
        Math.floor(start / side) * side - pad, Math.min(height, whole) + pad];
    }
    return [start * stride - pad, (stop - 1) * stride + pad + 1];
  }

  /** Rows [first, last) that exist, and show rows [start, stop) reflected. */
  existing(i, start, stop) {
    const { height, isEdge } = this.band(i);

    let first = Math.max(0, start), last = Math.min(height, stop);
    if (start < 0) last = Math.max(last, isEdge ? 1 : 1 - start);
    if (stop > height)
      first = Math.min(first, isEdge ? height - 1 : 2 * height - 1 - stop);
    return [Math.max(0, first), Math.min(height, last)];
  }

  /** The row or column that is seen at place y of n beside layer i. */
  mirror(i, y, n) {
    if (!this.band(i).isEdge) return reflect(y, n);
    return Math.min(Math.max(y, 0), n - 1);
  }

  /** Yields strips [start, stop) of layer i's rows. */
  *strips(i) {
    const { height } = this.band(i);
    const share = height / this.band(-1).height;
    const step = Math.min(height, alignTo(this.stripRows * share, TILES));
    for (let start = 0; start < height; start += step)
      yield [start, Math.min(height, start + step)];
  }

  /** Yields parts of rows [start, stop) after which others may have a turn. */
  *turns(i, start, stop) {
    const step = this._turnRows(i);
    for (let first = start; first < stop; first += step)
      yield [first, Math.min(stop, first + step)];
  }

  _turnRows(i) {
    const { width, channels } = this.band(i);
    return alignTo(TURN / (width * channels), TILES);
  }

  _addBand(height, width, channels) {
    const i = this._bands.length - 1;
    const next = this.model.layers[i + 1];
    const margin = next ? next.kernel[0] >> 1 : 0;
    const isKept = this.kept.has(i);
    this._bands.push({
      height, width, channels, margin, isKept,
      isEdge: Boolean(next?.doubled),
      line: (width + 2 * margin) * channels,
      rows: isKept ? height + 2 * margin : 0,
      side: i < 0 ? 0 : minimalSide(this.model.layers[i]),
    });
  }

  /** Counts the most rows that a band which is not kept must hold. */
  _countRows() {
    const need = (i, start, stop) => {
      const band = this.band(i);
      if (band.isKept) return;
      const [first, last] = this.existing(i, start, stop);
      const rows = Math.max(stop, last) - Math.min(start, first);
      band.rows = Math.max(band.rows, rows);
      if (i < 0) return;
      need(i - 1, ...this.sources(i, first, last));
      const { addend } = this.model.layers[i];
      if (addend !== null) need(addend, first, last);
    };
    this.model.layers.forEach(({ addend }, i) => {
      for (const [start, stop] of this.strips(i))
        if (this.band(i).isKept) {
          need(i - 1, ...this.sources(i, start, stop));
          if (addend !== null) need(addend, start, stop);
        } else need(i, start, stop);
    });
  }

  /**
   * Whether layer i may be written over the one before it, some rows behind:
   * nothing else reads that one, and each of its rows is read but once.
   */
  _mayOverwrite(i) {
    const { layers } = this.model;
    const own = this.band(i), before = this.band(i - 1);
    return own.isKept && before.isKept && layers[i].addend !== null &&
      layers[i].stride === 1 && !layers[i].doubled && own.line === before.line &&
      !layers.some(({ addend }) => addend === i - 1);
  }

  /** Gives each band its place; those not alive at one time may share. */
  _place() {
    const { layers } = this.model;
    // The layer during which each is read for the last time.
    const lasts = new Map([[layers.length - 1, layers.length]]);
    for (let i = layers.length - 2; i >= -1; i--) {
      const readers = [...layers.keys()].filter(
        (j) => j === i + 1 || layers[j].addend === i);
      lasts.set(i, Math.max(
        ...readers.map((j) => (this.band(j).isKept ? j : lasts.get(j)))));
    }
    const blocks = this._bands.map((band, n) => ({
      band, from: Math.max(0, n - 1), to: lasts.get(n - 1),
      size: align(4 * band.rows * band.line), over: null, shift: 0,
    }));
    for (let i = layers.length - 1; i > 0; i--) {
      if (!this._mayOverwrite(i)) continue;
      const [before] = blocks.splice(i, 1), block = blocks[i];
      const shift = align(4 * (this._turnRows(i) + TILES) * block.band.line);
      Object.assign(block, {
        from: before.from, size: block.size + shift, over: before.band, shift,
      });
    }
    blocks.sort((a, b) => b.size - a.size);
    const placed = [];
    let bytes = 0;
    for (const block of blocks) {
      const others = placed
        .filter((other) => other.from <= block.to && block.from <= other.to)
        .sort((a, b) => a.at - b.at);
      block.at = 0;
      for (const other of others)
        if (block.at + block.size > other.at)
          block.at = Math.max(block.at, other.at + other.size);
      placed.push(block);
      block.band.at = block.at;
      if (block.over) block.over.at = block.at + block.shift;
      bytes = Math.max(bytes, block.at + block.size);
    }
    const area = (size) => {
      const at = bytes;
      bytes = align(bytes + size);
      return at;
    };
    const numbers = this._bands.slice(1);
    const most = (f) => Math.max(...numbers.map(f));
    // The fields of a job; scales and shifts; sums of rows; weights of a map.
    this.jobAt = area(256);
    for (const band of numbers) band.affineAt = area(8 * this.K * band.channels);
    this.sumsAt = area(most((band) => 16 * band.height * band.channels));
    // Each thread's own, see minimal.h.
    this.scratchSize = align(Math.max(0, ...layers.map((layer, i) =>
      this.band(i).side && scratchBytes(
        this.band(i).side, layer.kernel[0], this.band(i - 1).channels,
        this.band(i).channels))));
    this.scratchAt = area(this.threads * this.scratchSize);
    this.mapAt = bytes;
    if (this.K > 1)
      area(4 * this.K * most((band) =>
        band.width * this._turnRows(this._bands.indexOf(band) - 1)));
    this.bytes = bytes;
  }
}

function align(bytes) {
  return alignTo(bytes, LINE_BYTES);
}

function alignTo(number, step) {
  return Math.ceil(number / step) * step;
}
