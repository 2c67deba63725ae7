// The compiled kernels: their memory, and jobs that run in it.

import { NUM_WORDS, STACK_BYTES, Threads } from "./threads.mjs";

// A module of one function that uses an instruction of relaxed SIMD.
const RELAXED_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1,
  13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
]);
const PAGE = 65536;
// A shared memory's limit is set aside at once: less where there is less.
const LIMITS = [65535, 32768, 16384, 8192];
const MOST_THREADS = 8;
const NO_SIMD =
  "This browser has no WebAssembly with SIMD, which painting needs: use a " +
  "newer one (Chrome 91, Firefox 89, Safari 16.4 or later).";
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

function makeMemory(shared) {
  if (!shared) return new WebAssembly.Memory({ initial: 4, maximum: LIMITS[0] });
  for (const maximum of LIMITS) {
    try {
      return new WebAssembly.Memory({ initial: 4, maximum, shared });
    } catch {
      continue;
    }
  }
  throw new RangeError(NO_MEMORY);
}

/** Whether this page, or Node, lets threads share memory. */
export function canShare() {
  return (globalThis.crossOriginIsolated ?? true) &&
    typeof SharedArrayBuffer === "function";
}

/** How many threads paint best here. @returns {number} from 1 */
export function countThreads() {
  if (!canShare()) return 1;
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.min(MOST_THREADS, cores);
}

/**
 * The kernels of network.c on one memory.
 *
 * What is written first stays (`place`); all after `mark` is for one picture.
 */
export class Kernels {
  /**
   * @param {number} threads that paint; more than one where `canShare()`
   * @returns {Promise<Kernels>}
   * @throws {Error} one sentence, where this browser cannot paint
   */
  static async load(threads = 1) {
    const { WebAssembly } = globalThis;
    if (!WebAssembly) throw new Error(NO_SIMD);
    const relaxed = WebAssembly.validate(RELAXED_MODULE) ? ".relaxed" : "";
    const shared = threads > 1;
    const bytes = await readBytes(
      `network${shared ? ".threads" : ""}${relaxed}.wasm`);
    if (!WebAssembly.validate(bytes)) throw new Error(NO_SIMD);
    const kernels = new Kernels();
    const module = await WebAssembly.compile(bytes);
    kernels.memory = makeMemory(shared);
    const { exports } = await WebAssembly.instantiate(
      module, { env: { memory: kernels.memory } });
    kernels._exports = exports;
    kernels.mark = exports.__heap_base.value;
    kernels.threads = 1;
    if (shared) {
      const wordsAt = kernels.place(new Int32Array(NUM_WORDS));
      const stacks = Array.from({ length: threads - 1 }, () =>
        kernels.place(new Uint8Array(STACK_BYTES)) + STACK_BYTES);
      kernels._threads = await Threads.start(
        module, kernels.memory, wordsAt, stacks);
      kernels.threads = threads;
    }
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
   * @param {number} side rows that are best done together
   */
  run(name, at, fields, start, stop, side = 1) {
    this.write(at, Int32Array.from(fields));
    if (this._threads)
      this._threads.run(name, at, start, stop, side, this._exports);
    else this._exports[name](at, start, stop, 0);
  }

  close() {
    this._threads?.close();
  }
}
