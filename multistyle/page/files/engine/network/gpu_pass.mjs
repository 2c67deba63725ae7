// One picture on its way through the layers, by WebGPU.

import { reflect } from "./layout.mjs";
import {
  convolution, convolutionGroups, finish, moment, partCount, partialSums, scales,
} from "./shaders.mjs";

const MOST_GROUPS = 32768;
// Rows of a picture that are sent at a time.
const CHUNK_ROWS = 256;

/** What a `GpuNetwork` makes of one picture; its buffers are its own. */
export class GpuPass {
  constructor(network, h, w, job) {
    Object.assign(this, { network, h, w, job });
    this._device = network._device;
    this._model = network._model;
    this._buffers = new Set();
    this._free = [];
    this._encoder = this._device.createCommandEncoder();
  }

  async run() {
    const { layers } = this._model;
    const [height, width] = this.network._extended(this.h, this.w);
    this._dummy = this._buffer(16);
    this._map = this._loadMap(height, width) ?? this._dummy;
    let maps = { height, width, channels: 4, buffer: this._loadImage(height, width) };
    const outputs = [];
    layers.forEach((layer, i) => {
      const result = this._convolve(i, maps);
      const addend = layer.addend === null ? null : outputs[layer.addend];
      this._finish(i, result, addend, height, width);
      outputs.push(result);
      // What no later layer reads is written anew.
      const isRead = (j) => layers.some((other, k) => k > i && other.addend === j);
      if (!isRead(i - 1)) this._free.push(maps.buffer);
      if (addend && addend !== maps && !isRead(layer.addend))
        this._free.push(addend.buffer);
      maps = result;
    });
    const read = this._readLater(maps.buffer, 16 * maps.height * maps.width);
    const moments = outputs.map(({ moments, channels }) =>
      this._readLater(moments, 8 * channels));
    this._device.queue.submit([this._encoder.finish()]);
    const painting = this._crop(await this._read(read), maps.width);
    this.job.signal?.throwIfAborted();
    return { painting, moments: await this._joinMoments(moments) };
  }

  release() {
    for (const buffer of this._buffers) buffer.destroy();
  }

  _convolve(i, maps) {
    const { network } = this;
    const layer = this._model.layers[i];
    const scale = layer.doubled ? 2 : 1;
    const height = Math.ceil((maps.height * scale) / layer.stride);
    const width = Math.ceil((maps.width * scale) / layer.stride);
    const channels = align(layer.kernel[3]);
    const outer = channels / 4;
    const buffer = this._buffer(4 * height * width * channels);
    const code = convolution({
      size: layer.kernel[0], stride: layer.stride, doubled: layer.doubled,
      inner: maps.channels / 4, outer,
    });
    const sizes = this._uniform(maps.height, maps.width, height, width);
    this._dispatch(code, [maps.buffer, network._kernels[i], buffer, sizes],
      ...convolutionGroups({ outer, height, width }));
    const moments = this._measure(i, buffer, height * width, outer);
    return { height, width, channels, buffer, moments };
  }

  /** Measures a layer's moments, or takes those given: [mean, variance]. */
  _measure(i, buffer, places, outer) {
    const moments = this._buffer(32 * outer);
    const given = this.job.moments;
    if (given) {
      const start = this._start(i), count = this._model.num_channels[i];
      const both = new Float32Array(8 * outer);
      both.set(given.mean.subarray(start, start + count));
      both.set(given.variance.subarray(start, start + count), 4 * outer);
      this._device.queue.writeBuffer(moments, 0, both);
      return moments;
    }
    const parts = partCount(places);
    const sums = this._buffer(16 * parts * outer);
    const counts = this._uniform(places, parts, 0, 0);
    for (const isSquare of [false, true]) {
      this._dispatch(partialSums({ outer, isSquare }),
        [buffer, sums, isSquare ? moments : this._dummy, counts], parts, outer);
      this._dispatch(moment({ outer, isSquare }), [sums, moments, counts], outer);
    }
    return moments;
  }

  _finish(i, { buffer, moments, height, width, channels }, addend, mapHeight, mapWidth) {
    const { epsilon, flat, layers, num_channels } = this._model;
    const { rows } = this.job;
    const outer = channels / 4, looks = rows.length;
    const start = this._start(i), count = num_channels[i];
    const numbers = rows[0].length / 2;
    const tables = new Float32Array(2 * channels * looks);
    rows.forEach((row, k) => {
      for (const part of [0, 1]) {
        const from = part * numbers + start;
        tables.set(row.subarray(from, from + count), (2 * k + part) * channels);
      }
    });
    const affine = this._buffer(tables.byteLength);
    const table = this._keep(this.network._upload(tables));
    this._dispatch(scales({ outer, looks, epsilon, flat }),
      [moments, table, affine], outer);
    const groups = Math.ceil((height * width * outer) / 64);
    const across = Math.min(groups, MOST_GROUPS);
    const { activation } = layers[i];
    this._dispatch(
      finish({ outer, looks, activation, hasAddend: addend !== null }),
      [buffer, affine, addend?.buffer ?? this._dummy, this._map,
        this._uniform(height, width, mapHeight, mapWidth)],
      across, Math.ceil(groups / across));
  }

  _dispatch(code, buffers, x, y = 1, z = 1) {
    const pipeline = this.network._pipeline(code);
    const pass = this._encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this._device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    }));
    pass.dispatchWorkgroups(x, y, z);
    pass.end();
  }

  _buffer(size) {
    const at = this._free.findIndex((buffer) => buffer.size === size);
    if (at >= 0) return this._free.splice(at, 1)[0];
    return this._keep(this._device.createBuffer({
      size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
        GPUBufferUsage.COPY_DST,
    }));
  }

  _uniform(...numbers) {
    const buffer = this._keep(this._device.createBuffer(
      { size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST }));
    this._device.queue.writeBuffer(buffer, 0, Uint32Array.from(numbers));
    return buffer;
  }

  _keep(buffer) {
    this._buffers.add(buffer);
    return buffer;
  }

  _readLater(buffer, size) {
    const copy = this._keep(this._device.createBuffer(
      { size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }));
    this._encoder.copyBufferToBuffer(buffer, 0, copy, 0, size);
    return copy;
  }

  async _read(copy) {
    await copy.mapAsync(GPUMapMode.READ);
    return new Float32Array(copy.getMappedRange());
  }

  /** The extended picture, four numbers a pixel. */
  _loadImage(height, width) {
    return this._load(this.job.rowsOf, 3, 4, height, width);
  }

  _loadMap(height, width) {
    const looks = this.job.rows.length;
    if (looks === 1) return null;
    return this._load(this.job.mapOf, looks, looks, height, width);
  }

  /** Loads what has `count` numbers a pixel, extended, some rows at a time. */
  _load(rowsOf, count, step, height, width) {
    const { h, w } = this;
    const { extension } = this._model;
    const buffer = this._buffer(4 * step * height * width);
    for (let first = 0; first < height; first += CHUNK_ROWS) {
      const rows = Array.from(
        { length: Math.min(CHUNK_ROWS, height - first) },
        (_, i) => reflect(first + i - extension, h));
      const start = Math.min(...rows), stop = Math.max(...rows) + 1;
      const source = rowsOf(start, stop);
      const target = new Float32Array(step * rows.length * width);
      let to = 0;
      for (const row of rows)
        for (let x = 0; x < width; x++, to += step) {
          const column = reflect(x - extension, w);
          const from = ((row - start) * w + column) * count;
          for (let c = 0; c < count; c++) target[to + c] = source[from + c];
        }
      this._device.queue.writeBuffer(buffer, 4 * step * first * width, target);
    }
    return buffer;
  }

  _crop(pixels, width) {
    const { extension } = this._model;
    const painting = new Float32Array(3 * this.h * this.w);
    for (let y = 0, to = 0; y < this.h; y++) {
      let from = 4 * ((y + extension) * width + extension);
      for (let x = 0; x < this.w; x++, from += 4)
        for (let c = 0; c < 3; c++) painting[to++] = pixels[from + c];
    }
    return painting;
  }

  async _joinMoments(copies) {
    const { num_channels } = this._model;
    const count = num_channels.reduce((a, b) => a + b);
    const mean = new Float32Array(count), variance = new Float32Array(count);
    for (const [i, copy] of copies.entries()) {
      const both = await this._read(copy);
      const start = this._start(i), half = both.length / 2;
      mean.set(both.subarray(0, num_channels[i]), start);
      variance.set(both.subarray(half, half + num_channels[i]), start);
    }
    return { mean, variance };
  }

  _start(i) {
    return this._model.num_channels.slice(0, i).reduce((a, b) => a + b, 0);
  }
}

/** Channels as vectors of four hold them. */
export function align(channels) {
  return Math.ceil(channels / 4) * 4;
}
