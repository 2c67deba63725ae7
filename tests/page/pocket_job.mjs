// Measures a picture: node pocket_job.mjs FOLDER
// FOLDER/job.json: {engine, form, shapes, h, w}; arrays lie there as float32.
import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const job = JSON.parse(await readFile(join(folder, "job.json")));
const floats = (name) => {
  const bytes = readFileSync(join(folder, `${name.replace("/", "_")}.f32`));
  return new Float32Array(bytes.buffer.slice(
    bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const { PocketNetwork } = await import(
  pathToFileURL(join(job.engine, "pocket.mjs")));
const network = await PocketNetwork.load(job.form, (name) => ({
  shape: job.shapes[name], values: floats(name),
}));
const { means, powers } = network.statistics(floats("image"), job.h, job.w);
console.log(JSON.stringify({ means: [...means], powers: [...powers] }));
