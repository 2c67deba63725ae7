// Giving one picture the colours of another.
//
// The same as multistyle/images/color_transfer.py, which says why.

import { inverse, labToRgb, rgbToLab } from "./lab.mjs";

const NUM_SAMPLES = 250_000;
const NUM_KNOTS = 257;
const MAX_GAIN = 4;
const SOFTNESS = 0.25;

/** Gives pictures the colours of a target, as measured on a source. */
export class ColorTransfer {
  /**
   * @param {Float32Array} source [n * 3] in [0, 1], the colours to change
   * @param {Float32Array} target the same, the colours to arrive at
   * @param {Float32Array} weights [n], how much each counts; 0 or more
   */
  constructor(source, target, weights) {
    const from = sample(source, weights), to = sample(target, weights);
    const own = moments(from), wanted = moments(to);
    const softened = own.covariance.map((row, i) =>
      row.map((value, j) => value + (i === j ? 0.01 : 0)));
    const root = apply(softened, Math.sqrt);
    const back = inverse(root);
    const middle = apply(product(product(root, wanted.covariance), root), Math.sqrt);
    this._matrix = apply(
      product(product(back, middle), back), (gain) => Math.min(MAX_GAIN, gain));
    this._shift = wanted.mean.map((value, j) =>
      value - own.mean.reduce((sum, m, i) => sum + m * this._matrix[i][j], 0));
    this._move(from.colors);
    this._curves = [0, 1, 2].map((axis) => {
      const deviation = Math.sqrt(wanted.covariance[axis][axis]);
      const spread = (values) => values.map((value, i) =>
        value + SOFTNESS * ((2 * i) / (NUM_KNOTS - 1) - 1) * deviation);
      return [spread(quantiles(from, axis)), spread(quantiles(to, axis))];
    });
  }

  /** Changes the colours of [n * 3] in [0, 1], in place. */
  apply(colors) {
    this._move(rgbToLab(colors));
    for (let axis = 0; axis < 3; axis++) {
      const [knots, values] = this._curves[axis];
      for (let i = axis; i < colors.length; i += 3)
        colors[i] = interpolate(colors[i], knots, values);
    }
    return labToRgb(colors);
  }

  _move(lab) {
    const matrix = this._matrix, shift = this._shift;
    for (let i = 0; i < lab.length; i += 3) {
      const l = lab[i], a = lab[i + 1], b = lab[i + 2];
      for (let j = 0; j < 3; j++)
        lab[i + j] =
          l * matrix[0][j] + a * matrix[1][j] + b * matrix[2][j] + shift[j];
    }
  }
}

/** CIELAB colours and weights of the pixels that count, of some of them. */
function sample(image, weights) {
  const count = image.length / 3;
  const step = Math.floor(count / NUM_SAMPLES) | 1;
  let isCounted = false;
  for (let i = 0; i < count; i += step) isCounted ||= weights[i] > 0;
  const colors = [], kept = [];
  for (let i = 0; i < count; i += step) {
    if (isCounted && !(weights[i] > 0)) continue;
    colors.push(image[3 * i], image[3 * i + 1], image[3 * i + 2]);
    kept.push(isCounted ? weights[i] : 1);
  }
  return { colors: rgbToLab(Float32Array.from(colors)), weights: kept };
}

function moments({ colors, weights }) {
  const mean = [0, 0, 0];
  const covariance = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  const total = weights.reduce((a, b) => a + b, 0);
  weights.forEach((weight, i) => {
    for (let c = 0; c < 3; c++) mean[c] += (weight / total) * colors[3 * i + c];
  });
  weights.forEach((weight, i) => {
    for (let c = 0; c < 3; c++)
      for (let d = 0; d < 3; d++)
        covariance[c][d] += (weight / total) *
          (colors[3 * i + c] - mean[c]) * (colors[3 * i + d] - mean[d]);
  });
  return { mean, covariance };
}

function product(a, b) {
  return a.map((row) =>
    [0, 1, 2].map((j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}

/** A function of a symmetric 3 x 3 matrix without negative values. */
function apply(matrix, change) {
  const { values, vectors } = eigen(matrix);
  const changed = values.map((value) => change(Math.max(0, value)));
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) =>
    changed.reduce((sum, x, k) => sum + x * vectors[i][k] * vectors[j][k], 0)));
}

/** Eigenvalues and -vectors of a symmetric 3 x 3 matrix, by Jacobi. */
function eigen(matrix) {
  const a = matrix.map((row, i) =>
    row.map((value, j) => (value + matrix[j][i]) / 2));
  const vectors = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  for (let sweep = 0; sweep < 50; sweep++) {
    if (Math.abs(a[0][1]) + Math.abs(a[0][2]) + Math.abs(a[1][2]) === 0) break;
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]]) {
      if (a[p][q] === 0) continue;
      const slope = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const t = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(1, slope));
      const cosine = 1 / Math.hypot(1, t), sine = t * cosine;
      const turn = (first, second) => [
        cosine * first - sine * second, sine * first + cosine * second];
      for (const row of a) [row[p], row[q]] = turn(row[p], row[q]);
      for (let k = 0; k < 3; k++) [a[p][k], a[q][k]] = turn(a[p][k], a[q][k]);
      for (const row of vectors) [row[p], row[q]] = turn(row[p], row[q]);
    }
  }
  return { values: [a[0][0], a[1][1], a[2][2]], vectors };
}

/** The values below which even shares of the weights lie. */
function quantiles({ colors, weights }, axis) {
  const order = Uint32Array.from(weights.keys());
  order.sort((i, j) => colors[3 * i + axis] - colors[3 * j + axis]);
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  const shares = [], values = [];
  for (const i of order) {
    sum += weights[i];
    shares.push((sum - weights[i] / 2) / total);
    values.push(colors[3 * i + axis]);
  }
  return Array.from({ length: NUM_KNOTS }, (_, i) =>
    interpolate(i / (NUM_KNOTS - 1), shares, values));
}

/** The value at a place between rising knots, straight between them. */
function interpolate(place, knots, values) {
  const last = knots.length - 1;
  if (place <= knots[0]) return values[0];
  if (place >= knots[last]) return values[last];
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= place) low = middle;
    else high = middle;
  }
  const width = knots[high] - knots[low];
  const share = width > 0 ? (place - knots[low]) / width : 0;
  return values[low] + share * (values[high] - values[low]);
}
