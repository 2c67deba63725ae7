// The compiled kernels: their memory, and jobs that run in it.

// A module of one function that uses an instruction of relaxed SIMD.
const RELAXED_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1,
  13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
]);
const PAGE = 65536;
const NO_SIMD =
  "This browser's WebAssembly has no SIMD, which painting needs: use a newer " +
  "one (Chrome 91, Firefox 89, Safari 16.4 or later).";
const NO_MEMORY = "This browser gives no memory of that size: paint smaller.";

/** Reads a file beside this one, in browsers and in Node. */
async function readBytes(name) {
  const url = new URL(name, import.meta.url);
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`\`${name}\` is missing from this page.`);
  return response.arrayBuffer();
}

/**
 * The kernels of network.c on one memory.
 *
 * What is written first stays (`place`); all after `mark` is for one picture.
 */
export class Kernels {
  static async load() {
    const relaxed = WebAssembly.validate(RELAXED_MODULE) ? ".relaxed" : "";
    const bytes = await readBytes(`network${relaxed}.wasm`);
    if (!WebAssembly.validate(bytes)) throw new Error(NO_SIMD);
    const kernels = new Kernels();
    kernels.memory = new WebAssembly.Memory({ initial: 4, maximum: 65535 });
    const { instance } = await WebAssembly.instantiate(
      bytes, { env: { memory: kernels.memory } });
    kernels._exports = instance.exports;
    kernels.mark = instance.exports.__heap_base.value;
    return kernels;
  }

  /** Writes an array that stays. @returns {number} its address */
  place(array) {
    const at = this.mark;
    this.mark = at + Math.ceil(array.byteLength / 64) * 64;
    this.reserve(0);
    this.write(at, array);
    return at;
  }

  /** Makes room for so many bytes behind the mark. */
  reserve(bytes) {
    const missing = this.mark + bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / PAGE));
    } catch {
      throw new RangeError(NO_MEMORY);
    }
  }

  write(at, array) {
    new array.constructor(this.memory.buffer, at, array.length).set(array);
  }

  /** A view of numbers, which is good until memory grows. */
  floats(at, length) {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at, length) {
    return new Float64Array(this.memory.buffer, at, length);
  }

  /**
   * Runs rows [start, stop) of a job.
   * @param {string} name of an export of network.c
   * @param {number} at where the job's fields are written
   * @param {number[]} fields of its struct, in order
   */
  run(name, at, fields, start, stop) {
    this.write(at, Int32Array.from(fields));
    this._exports[name](at, start, stop);
  }
}
