// Runs FOLDER/source.mjs on what FOLDER/job.json names; see javascript.py.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array,
  float64: Float64Array, int32: Int32Array,
};
const folder = process.argv[2];
const { engine, inputs } = JSON.parse(
  readFileSync(join(folder, "job.json")), (_, value) => {
    if (!value?.array) return value;
    const bytes = Uint8Array.from(readFileSync(join(folder, value.array)));
    return new TYPES[value.dtype](bytes.buffer);
  });
const { default: run } = await import(pathToFileURL(join(folder, "source.mjs")));
const result = await run((name) => import(`${engine}/${name}`), inputs);
let count = 0;
console.log(JSON.stringify(result, (_, value) => {
  if (!ArrayBuffer.isView(value)) return value;
  if (value instanceof Uint8ClampedArray) value = new Uint8Array(value);
  const [dtype] = Object.entries(TYPES).find(([, type]) => value instanceof type);
  const array = `${count++}.out`;
  writeFileSync(join(folder, array), value);
  return { array, dtype };
}));
