// What model.json and weights.bin hold of a network, made ready for kernels.

/** What each of float16's 65,536 patterns stands for, made when first used. */
let halves = null;

function listHalves() {
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const size = exponent
      ? (1 + fraction / 1024) * 2 ** (exponent - 15)
      : fraction * 2 ** -24;
    values[bits] = bits & 0x8000 ? -size : size;
  }
  return values;
}

/** Decodes finite float16, little-endian. @returns {Float32Array} [length] */
export function decodeHalves(buffer, offset, length) {
  halves ??= listHalves();
  const bytes = new Uint8Array(buffer, offset, 2 * length);
  const result = new Float32Array(length);
  for (let i = 0; i < length; i++)
    result[i] = halves[bytes[2 * i] | (bytes[2 * i + 1] << 8)];
  return result;
}

/**
 * Reads the row of each style: gammas of all layers, then betas.
 * @returns {Float32Array[]} N rows, each [2 R]
 */
export function readRows(model, weights) {
  const size = 2 * model.num_channels.reduce((a, b) => a + b);
  const all = decodeHalves(weights, model.rows, size * model.styles.length);
  return model.styles.map((_, i) => all.slice(i * size, (i + 1) * size));
}

/**
 * Reads one layer's kernel, its channels filled up with zeros.
 * @returns {Float32Array} [k, k, channels, filters]
 */
export function readKernel(layer, weights, channels, filters) {
  const length = layer.kernel.reduce((a, b) => a * b);
  const stored = decodeHalves(weights, layer.offset, length);
  return fillKernel(stored, layer.kernel, channels, filters);
}

/**
 * Fills a kernel's channels up with zeros.
 * @param {Float32Array} stored of the shape [k, k, C, F]
 * @returns {Float32Array} [k, k, channels, filters]
 */
export function fillKernel(stored, shape, channels, filters) {
  const [size, , inner, outer] = shape;
  const kernel = new Float32Array(size * size * channels * filters);
  for (let i = 0; i < size * size; i++)
    for (let c = 0; c < inner; c++)
      for (let f = 0; f < outer; f++)
        kernel[(i * channels + c) * filters + f] =
          stored[(i * inner + c) * outer + f];
  return kernel;
}

// Rows of a kernel of three that fall on each of two pixels, where the picture
// is doubled: for an even row of the result, and for an odd one.
const FALLS = [[[0], [1, 2]], [[0, 1], [2]]];

/**
 * Folds the doubling into a kernel of three: one of two for each of the four
 * places (row, column) of a pixel in its pair.
 * @returns {Float32Array[]} four kernels [2, 2, channels, filters]
 */
export function foldKernel(kernel, channels, filters) {
  const depth = channels * filters;
  const phases = [];
  for (const rows of FALLS)
    for (const columns of FALLS) {
      const folded = new Float32Array(4 * depth);
      for (let r = 0; r < 2; r++)
        for (let c = 0; c < 2; c++)
          for (let i = 0; i < depth; i++) {
            let sum = 0;
            for (const y of rows[r])
              for (const x of columns[c]) sum += kernel[(3 * y + x) * depth + i];
            folded[(2 * r + c) * depth + i] = sum;
          }
      phases.push(folded);
    }
  return phases;
}

/**
 * Orders a kernel as network.c reads it: blocks of eight filters, then of four.
 * @param {Float32Array} kernel [taps, filters], filters a multiple of 4
 * @returns {Float32Array} of the same length
 */
export function blockKernel(kernel, filters) {
  const result = new Float32Array(kernel.length);
  const taps = kernel.length / filters;
  let to = 0;
  for (let first = 0; first < filters; first += 8) {
    const count = Math.min(8, filters - first);
    for (let t = 0; t < taps; t++)
      for (let f = 0; f < count; f++)
        result[to++] = kernel[t * filters + first + f];
  }
  return result;
}
