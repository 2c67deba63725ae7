// Paints what test_network.py asks for: node network_job.mjs FOLDER
// FOLDER/job.json: {engine, model, weights, pictures: [{name, h, w, looks, ...}]};
// pictures and maps lie there as float32, and so do the paintings then.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const read = async (name) => {
  const bytes = await readFile(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
};
const job = JSON.parse(await readFile(join(folder, "job.json")));
const { loadNetwork, readRows } = await import(
  pathToFileURL(join(job.engine, "network/network.mjs")));
const model = JSON.parse(await readFile(join(folder, "model.json")));
const weights = await read("weights.bin");
const network = await loadNetwork(model, weights, job.options);
const rows = readRows(model, weights);
const report = [];
for (const { name, h, w, looks, share } of job.pictures) {
  const image = new Float32Array(await read(`${name}.in`));
  const map = looks.length > 1
    ? new Float32Array(await read(`${name}.map`)) : null;
  const look = { rows: looks.map((i) => rows[i]), map };
  const most = network.bytes(h, w, looks.length);
  const fewest = network.fewestBytes(h, w, looks.length);
  const bytes = share === null ? Infinity : fewest + share * (most - fewest);
  const painting = await network.paint(image, h, w, look, { bytes });
  await writeFile(join(folder, `${name}.out`), painting);
  report.push({ name, most, fewest });
}
network.close();
const { backend, threads, notes } = network;
console.log(JSON.stringify({ backend, threads, notes, report }));
