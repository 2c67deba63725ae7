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
  const groups = size / 3;
  const length = groups * groups * depth;
  const points = matrix.length ** 2;
  const result = new Float32Array(points * length);
  matrix.forEach((rows, v) => matrix.forEach((columns, u) => {
    const at = new Float32Array(length);
    for (let a = 0; a < groups; a++)
      for (let b = 0; b < groups; b++)
        for (let i = 0; i < depth; i++) {
          let sum = 0;
          for (let y = 0; y < 3; y++)
            for (let x = 0; x < 3; x++)
              sum += rows[y] * columns[x] *
                kernel[((3 * a + y) * size + 3 * b + x) * depth + i];
          at[(a * groups + b) * depth + i] = sum;
        }
    const point = v * matrix.length + u;
    result.set(blockKernel(at, filters), point * length);
  }));
  return result;
}

/** What one thread needs beside the pictures, in bytes. */
export function scratchBytes(side, size, channels, filters) {
  const points = (side + 2) ** 2;
  const groups = size / 3;
  const slot = (BLOCK + groups - 1) * channels + 4;
  return 4 * (points * (groups * slot + BLOCK * filters + channels) + 4);
}
