// Paints a photograph by the modules of an exported page, without a browser.
//
//   multistyle export --format=web --output=page --model=paintings-fast
//   node examples/paint_by_page.mjs page photo.ppm painted.jpg starry_night=0.7 udnie=0.3
//
// The photograph is a PPM file of 8 bits, which any image program writes; the
// painting is a JPEG or a PNG.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [page, photograph, output, ...blend] = process.argv.slice(2);
const base = pathToFileURL(`${page}/`);
const { Studio } = await import(new URL("engine/studio.mjs", base));

const file = readFileSync(photograph);
const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString("latin1", 0, 100));
const [width, height] = header.slice(1).map(Number);
const data = new Uint8ClampedArray(4 * width * height).fill(255);
for (let i = 0, from = header[0].length; i < data.length; i += 4)
  for (let c = 0; c < 3; c++) data[i + c] = file[from++];

const weights = Object.fromEntries(
  blend.map((part) => part.split("=")).map(([name, w]) => [name, Number(w ?? 1)]));
const studio = await Studio.open(new URL("model/", base));
const { seconds } = await studio.estimate(width, height);
console.log(`About ${Math.ceil(seconds)} s.`);
const picture = await studio.paint({ width, height, data }, { weights });
const type = output.endsWith(".png") ? "image/png" : "image/jpeg";
const text = `multistyle --style_weights=${blend.join(",")}`;
const encoded = await studio.encode(picture, { type, text });
writeFileSync(output, Buffer.from(await encoded.arrayBuffer()));
studio.close();
