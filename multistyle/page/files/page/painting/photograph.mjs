// Photographs: opened, reduced for the screen, and read whole for a file.

import { texts } from "../texts.mjs";
import { readSize } from "./headers.mjs";

const MOST_PIXELS = 200_000_000;
const SCREEN_SIDE = 1280;

/** Opens a picture.
 * @param {Blob} file
 * @param {string} name the file's.
 * @param {string|null} sample its name, if it comes with the page.
 * @returns {Promise<{name, file, sample, width, height,
 *   bitmap: HTMLCanvasElement, small: {width, height, data, full}}>} `width`
 *   and `height` are the file's, upright; `small` is RGBA of at most 1,280
 *   pixels a side.
 * @throws {Error} with a sentence for the visitor.
 */
export async function openPhotograph(file, name, sample = null) {
  if (file.size === 0) throw new Error(texts.emptyFile(name));
  const said = await readSize(file);
  if (said && said.width * said.height > MOST_PIXELS) {
    throw new Error(texts.tooManyPixels(name, said, MOST_PIXELS));
  }
  const bitmap = await decode(file, name);
  const {width, height} = bitmap;
  if (Math.min(width, height) < 8) throw new Error(texts.tooSmall(name));
  const canvas = draw(bitmap, ...fit(width, height, SCREEN_SIDE));
  bitmap.close();
  const small = readPixels(canvas);
  small.full = {width, height};
  return {name, file, sample, width, height, bitmap: canvas, small};
}

/** Reads all pixels of a photograph, or those of a smaller copy.
 * @param {object} photograph
 * @param {number} width
 * @param {number} height
 * @returns {Promise<{width, height, data: Uint8ClampedArray}>} RGBA.
 */
export async function readWhole(photograph, width, height) {
  const bitmap = await decode(photograph.file, photograph.name);
  let canvas;
  try {
    canvas = draw(bitmap, width, height);
    return readPixels(canvas);
  } finally {
    bitmap.close();
    if (canvas) canvas.width = canvas.height = 0; // Gives its memory back.
  }
}

/** Returns a size of which no side is longer than `side`. */
export function fit(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale))];
}

/** Makes a canvas of RGBA pixels. */
export function toCanvas({width, height, data}) {
  const canvas = makeCanvas(width, height);
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

async function decode(file, name) {
  try {
    return await createImageBitmap(file);
  } catch {
    const isHeic = /\.hei[cf]$/i.test(name);
    throw new Error(isHeic ? texts.heic(name) : texts.notAPicture(name));
  }
}

function draw(source, width, height) {
  const canvas = makeCanvas(width, height);
  const context = canvas.getContext("2d", {willReadFrequently: true});
  if (!context) throw new Error(texts.canvasTooSmall(width, height));
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** Reads the RGBA pixels of a canvas. */
export function readPixels(canvas) {
  const {width, height} = canvas;
  const context = canvas.getContext("2d");
  try {
    return {width, height, data: context.getImageData(0, 0, width, height).data};
  } catch {
    throw new Error(texts.canvasTooSmall(width, height));
  }
}

function makeCanvas(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
