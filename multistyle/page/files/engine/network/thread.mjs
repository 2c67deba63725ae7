// One thread that helps with the rows of a picture; see threads.mjs.

import { follow, NUM_WORDS } from "./threads.mjs";

async function begin({ module, memory, wordsAt, stack, thread }, tell) {
  const { exports } = await WebAssembly.instantiate(
    module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  tell("ready");
  follow(new Int32Array(memory.buffer, wordsAt, NUM_WORDS), exports, thread);
}

if (typeof WorkerGlobalScope !== "undefined") {
  addEventListener("message", ({ data }) => begin(data, postMessage));
} else {
  const { parentPort } = await import("node:worker_threads");
  parentPort.once("message", (data) =>
    begin(data, (message) => parentPort.postMessage(message)));
}
