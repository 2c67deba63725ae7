// Paints what it is sent by an exported page's own modules.
//
//   node web_runtime.mjs FOLDER
//
// A request on standard input is height, width and N as uint32, the picture
// [h * w * 3] and N weights as float32; the answer is the painting, float32.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const base = pathToFileURL(`${process.argv[2]}/`);
const { loadNetwork, readRows } = await import(new URL("engine/network/network.mjs", base));
const read = (name) => readFileSync(new URL(`model/${name}`, base));
const model = JSON.parse(read("model.json"));
const weights = new Uint8Array(read("weights.bin")).buffer;
const network = await loadNetwork(model, weights);
const rows = readRows(model, weights);

function blend(shares) {
  const row = new Float64Array(rows[0].length);
  shares.forEach((share, n) => {
    for (let i = 0; i < row.length; i++) row[i] += share * rows[n][i];
  });
  return Float32Array.from(row);
}

let held = Buffer.alloc(0);
let parts = [], size = 0, wanted = 12;
for await (const part of process.stdin) {
  parts.push(part);
  size += part.length;
  while (size >= wanted) {
    held = Buffer.concat(parts);
    const [h, w, count] = [0, 4, 8].map((at) => held.readUInt32LE(at));
    wanted = 12 + 4 * (h * w * 3 + count);
    if (size < wanted) {
      parts = [held];
      break;
    }
    const floats = new Float32Array(
      Uint8Array.from(held.subarray(12, wanted)).buffer);
    const look = { rows: [blend(floats.subarray(h * w * 3))], map: null };
    const painted = await network.paint(floats.subarray(0, h * w * 3), h, w, look);
    process.stdout.write(Buffer.from(painted.buffer));
    parts = [held.subarray(wanted)];
    size -= wanted;
    wanted = 12;
  }
}
