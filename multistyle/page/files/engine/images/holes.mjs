// Holes: places without a colour of their own, filled from around them.

import { resize } from "./resizing.mjs";

/**
 * Fills one channel of a picture where it counts little; by push and pull, as
 * multistyle/images/holes.py does.
 * @param {Float32Array} plane [height * width]
 * @param {Float32Array} confidence the same, in [0, 1]: a pixel of 1 keeps its
 *   value exactly, and one of 0 takes no part
 * @returns {Float32Array} [height * width]; `plane` where nothing counts
 */
export function fillHoles(plane, confidence, width, height) {
  let least = 1, most = 0;
  for (const value of confidence) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most === 0 || least === 1) return plane;
  return fill(plane, confidence, width, height);
}

function fill(plane, confidence, width, height) {
  if (width === 1 && height === 1) return plane;
  const w = Math.ceil(width / 2), h = Math.ceil(height / 2);
  const total = new Float32Array(w * h), mean = new Float32Array(w * h);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = y * width + x, to = (y >> 1) * w + (x >> 1);
      total[to] += confidence[from];
      mean[to] += plane[from] * confidence[from];
    }
  for (let i = 0; i < total.length; i++) {
    if (total[i] > 0) mean[i] /= total[i];
    total[i] = Math.min(1, total[i]);
  }
  const coarse = { width: w, height: h, channels: 1, data: fill(mean, total, w, h) };
  const around = resize(coarse, 2 * w, 2 * h, "bilinear").data;
  const result = new Float32Array(plane.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x, own = confidence[i];
      result[i] = plane[i] * own + around[2 * w * y + x] * (1 - own);
    }
  return result;
}

/**
 * Gives the colours under transparency those from around them.
 * @param {object} picture {width, height, data: RGBA}
 * @returns {object} uint8 picture of three channels; the picture's own data
 *   where it is opaque
 */
export function withoutHoles({ width, height, data }) {
  const opaque = { width, height, channels: 3, stride: 4, data };
  const count = width * height;
  let isOpaque = true;
  for (let i = 3; i < 4 * count && isOpaque; i += 4) isOpaque = data[i] === 255;
  if (isOpaque) return opaque;
  const confidence = new Float32Array(count), plane = new Float32Array(count);
  for (let i = 0; i < count; i++) confidence[i] = data[4 * i + 3] / 255;
  const filled = new Uint8Array(3 * count);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) plane[i] = data[4 * i + c] / 255;
    const full = fillHoles(plane, confidence, width, height);
    for (let i = 0; i < count; i++) filled[3 * i + c] = Math.round(full[i] * 255);
  }
  return { width, height, channels: 3, data: filled };
}
