// Threads that share the rows of a job with the one that leads them.
//
// Control words, in shared memory: whether a job is open, its number, who is
// inside, the next row, and the job itself. One who comes late finds it closed.

const OPEN = 0, NUMBER = 1, INSIDE = 2, NEXT = 3;
const NAME = 4, AT = 5, STOP = 6, STEP = 7;
export const NUM_WORDS = 8;
export const STACK_BYTES = 16384;
// Jobs follow each other closely: looked for so often before sleeping.
const SPINS = 400;
const NAP = 1000;

export const NAMES = ["convolve", "finish", "halve"];

/** Does rows of the open job until none is left. */
function takeRows(words, exports, thread) {
  const run = exports[NAMES[words[NAME]]];
  const at = words[AT], stop = words[STOP], step = words[STEP];
  for (;;) {
    const start = Atomics.add(words, NEXT, step);
    if (start >= stop) return;
    run(at, start, Math.min(stop, start + step), thread);
  }
}

/** The life of one thread: waits for jobs, and does rows of them. */
export function follow(words, exports, thread) {
  let seen = 0;
  for (;;) {
    for (let i = 0; i < SPINS && Atomics.load(words, NUMBER) === seen; i++);
    Atomics.wait(words, NUMBER, seen, NAP);
    const number = Atomics.load(words, NUMBER);
    if (number === seen) continue;
    seen = number;
    Atomics.add(words, INSIDE, 1);
    if (Atomics.load(words, OPEN)) takeRows(words, exports, thread);
    Atomics.sub(words, INSIDE, 1);
    Atomics.notify(words, INSIDE);
  }
}

/** Those that follow, and how they are led. */
export class Threads {
  /**
   * Starts threads.
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Memory} memory, shared
   * @param {number} wordsAt address of `NUM_WORDS` words
   * @param {number[]} stacks address of the end of the stack of each thread
   *   beside the one that leads
   */
  static async start(module, memory, wordsAt, stacks) {
    const threads = new Threads();
    threads.count = stacks.length + 1;
    threads._words = new Int32Array(memory.buffer, wordsAt, NUM_WORDS);
    threads._workers = [];
    try {
      await Promise.all(stacks.map((stack, i) => startWorker(
        threads._workers, { module, memory, wordsAt, stack, thread: i + 1 })));
    } catch (error) {
      threads.close();
      throw error;
    }
    return threads;
  }

  run(name, at, start, stop, side, exports) {
    const words = this._words;
    words[NAME] = NAMES.indexOf(name);
    words[AT] = at;
    words[STOP] = stop;
    const share = (stop - start) / (4 * this.count);
    words[STEP] = Math.ceil(share / side) * side;
    Atomics.store(words, NEXT, start);
    Atomics.store(words, OPEN, 1);
    Atomics.add(words, NUMBER, 1);
    Atomics.notify(words, NUMBER);
    takeRows(words, exports, 0);
    Atomics.store(words, OPEN, 0);
    for (let i = 0; ; i++) {
      const inside = Atomics.load(words, INSIDE);
      if (inside === 0) return;
      if (i >= SPINS) Atomics.wait(words, INSIDE, inside, 1);
    }
  }

  close() {
    for (const worker of this._workers) worker.terminate();
    this._workers = [];
  }
}

/** Starts one thread, in browsers and in Node. */
async function startWorker(workers, message) {
  const url = new URL("thread.mjs", import.meta.url);
  if (typeof Worker === "undefined") {
    const { Worker: NodeWorker } = await import("node:worker_threads");
    const worker = new NodeWorker(url);
    workers.push(worker);
    worker.unref();
    await new Promise((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
      worker.postMessage(message);
    });
  } else {
    const worker = new Worker(url, { type: "module" });
    workers.push(worker);
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) =>
        reject(new Error(event.message || "A thread did not start."));
      worker.postMessage(message);
    });
  }
}
