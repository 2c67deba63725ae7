// Runs in a worker of the page that test_network_in_chromium.py opens.
import { GpuNetwork } from "./engine/network/network_gpu.mjs";
import { countThreads, loadNetwork, readRows } from "./engine/network/network.mjs";

const bytes = async (name) => (await fetch(name)).arrayBuffer();
const floats = async (name) => new Float32Array(await bytes(name));
const load = async () => [
  await (await fetch("model.json")).json(), await bytes("weights.bin")];

/** The largest difference to what Keras painted, for each picture. */
async function compare({ options, pictures }) {
  const [model, weights] = await load();
  const network = await loadNetwork(model, weights, options);
  const rows = readRows(model, weights);
  const differences = {};
  for (const { name, h, w, looks } of pictures) {
    const map = looks.length > 1 ? await floats(`${name}.map`) : null;
    const painting = await network.paint(
      await floats(`${name}.in`), h, w, { rows: looks.map((i) => rows[i]), map });
    differences[name] = largest(painting, await floats(`${name}.keras`));
  }
  const { backend, threads, notes } = network;
  network.close();
  return { differences, backend, threads, notes, counted: countThreads() };
}

/** The same by WebGPU, also by software; and under the measured moments. */
async function compareOnGpu({ pictures }) {
  const [model, weights] = await load();
  const network = await GpuNetwork.load(model, weights, true);
  const rows = readRows(model, weights);
  const differences = {};
  for (const { name, h, w, looks } of pictures) {
    const image = await floats(`${name}.in`);
    const map = looks.length > 1 ? await floats(`${name}.map`) : null;
    const rowsOf = (array, line) => (start, stop) =>
      array.subarray(start * line, stop * line);
    const job = {
      rowsOf: rowsOf(image, 3 * w), moments: null,
      mapOf: map && rowsOf(map, looks.length * w),
      rows: looks.map((i) => rows[i]),
    };
    const { painting, moments } = await network.paint(h, w, job);
    const again = await network.paint(h, w, { ...job, moments });
    differences[name] = largest(painting, await floats(`${name}.keras`));
    differences[`${name}, again`] = largest(painting, again.painting);
  }
  network.close();
  return differences;
}

function largest(first, second) {
  if (first.length !== second.length) throw new Error("They differ in size.");
  let most = 0;
  for (let i = 0; i < first.length; i++) {
    const difference = Math.abs(first[i] - second[i]);
    if (!(difference <= most)) most = difference;
  }
  return most;
}

onmessage = async ({ data: { name, ...rest } }) => {
  try {
    postMessage({ done: await { compare, compareOnGpu }[name](rest) });
  } catch (error) {
    postMessage({ error: String(error.stack ?? error) });
  }
};
