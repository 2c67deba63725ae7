// Kernels for minimal filtering; see multistyle/page/kernels/minimal.h.

import { blockKernel } from "./weights.mjs";

// What brings three taps to the points of tiles of 3 and of 4.
const TO_POINTS = {
  3: [[1 / 2, 0, 0], [-1 / 2, -1 / 2, -1 / 2], [-1 / 6, 1 / 6, -1 / 6],
    [1 / 6, 1 / 3, 2 / 3], [0, 0, 1]],
  4: [[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6], [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]],
};
// Tiles side by side that the kernels do at a time.
const BLOCK = 24;

/** The side of the tiles by which a layer is convolved; 0: without. */
export function minimalSide({ kernel, stride, doubled }) {
  if (stride !== 1 || doubled) return 0;
  return { 3: 4, 9: 3 }[kernel[0]] ?? 0;
}

/**
 * Brings a kernel to the points.
 * @param {Float32Array} kernel [k, k, channels, filters], k = 3 or 9
 * @param {number} side of the tiles
 * @returns {Float32Array} [points] of kernels of k/3 x k/3 tiles, each packed
 */
export function minimalKernel(kernel, size, channels, filters, side) {
  const matrix = TO_POINTS[side];
  const depth = channels * filters;
  const groups = size / 3, n = matrix.length;
  const length = groups * groups * depth;
  const result = new Float32Array(n * n * length);
  const point = new Float32Array(length);
  const rows = new Float32Array(3 * length);
  for (let v = 0; v < n; v++) {
    for (let tile = 0; tile < groups * groups; tile++) {
      const top = 3 * Math.floor(tile / groups), left = 3 * (tile % groups);
      const at = (top * size + left) * depth;
      for (let x = 0; x < 3; x++)
        combine(matrix[v], kernel, at + x * depth, size * depth,
          rows, x * length + tile * depth, depth);
    }
    for (let u = 0; u < n; u++) {
      combine(matrix[u], rows, 0, length, point, 0, length);
      result.set(blockKernel(point, filters), (v * n + u) * length);
    }
  }
  return result;
}

/** Sums three arrays, which stand `apart` in `source`, by their factors. */
function combine([a, b, c], source, from, apart, target, to, count) {
  for (let i = 0; i < count; i++)
    target[to + i] = a * source[from + i] + b * source[from + apart + i] +
      c * source[from + 2 * apart + i];
}

/** What one thread needs beside the pictures, in bytes. */
export function scratchBytes(side, size, channels, filters) {
  const points = (side + 2) ** 2;
  const groups = size / 3;
  const slot = (BLOCK + groups - 1) * channels + 4;
  return 4 * (points * (groups * slot + BLOCK * filters + channels) + 4);
}
