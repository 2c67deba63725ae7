// Regions: which styles where, and how strongly, at each pixel of a picture.
//
// The same as multistyle/blends/{weights,regions,masks,gradients}.py.

import { fillHoles } from "./images/holes.mjs";
import { nearest } from "./levels.mjs";
import { resize, roundEven } from "./images/resizing.mjs";

// Where no style is painted, the nearest one counts by this much. It is looked
// for on masks whose long side has been reduced to this.
const FAINT = 1 / 16;
const COARSE_SIZE = 128;

/**
 * Blends rows of styles.
 * @param {object} weights style name -> number from 0; their sum is above 0
 * @param {Map<string, Float32Array>} rows by name, each [2 R]
 * @returns {Float32Array} [2 R]
 * @throws {Error} for a name that there is not, and for weights that are none
 */
function blendRows(weights, rows) {
  const entries = Object.entries(weights ?? {}).filter(([, w]) => w !== 0);
  let sum = 0;
  for (const [name, weight] of entries) {
    if (!rows.has(name)) throw new Error(`There is no style \`${name}\`.`);
    if (!(weight > 0 && weight < Infinity))
      throw new Error(
        `The weight of \`${name}\` is a number from 0; got \`${weight}\`.`);
    sum += weight;
  }
  if (!(sum > 0)) throw new Error("Give one style a weight above 0.");
  const [[first]] = entries;
  const blended = new Float64Array(rows.get(first).length);
  for (const [name, weight] of entries) {
    const row = rows.get(name);
    for (let i = 0; i < row.length; i++) blended[i] += (weight / sum) * row[i];
  }
  return Float32Array.from(blended);
}

/**
 * Reads the regions of a look, for a picture of a size.
 *
 * @param {object} look see engine.mjs
 * @param {Map<string, Float32Array>} rows of all styles, by name
 * @param {number} width, height of the picture
 * @returns {Region}
 */
export function readRegion(look, rows, width, height) {
  const { weights, regions, gradient, strength = 1 } = look;
  if (!(strength >= 0 && strength <= 1))
    throw new Error(`A strength is a number from 0 to 1; got \`${strength}\`.`);
  const masks = (regions ?? []).map(({ mask }) => fitMask(mask, width, height));
  if (masks.length > 1) {
    const blended = regions.map((region) => blendRows(region.weights, rows));
    return new StyleMasks(blended, strength, width, height, masks);
  }
  const own = regions?.[0]?.weights;
  if (gradient && !own) {
    const blended = gradient.stops.map((stop) => blendRows(stop, rows));
    return new Gradient(
      blended, strength, width, height, masks[0], gradient.angle);
  }
  const row = blendRows(own ?? weights, rows);
  return new Region([row], strength, width, height, masks[0]);
}

/** Brings a mask to the size of a picture. @returns {Uint8Array} */
function fitMask(mask, width, height) {
  if (mask.width === width && mask.height === height) return mask.data;
  const image = { ...mask, channels: 1 };
  return resize(image, width, height, "bilinear").data;
}

/** The same style weights at every pixel; one mask may say how strongly. */
export class Region {
  /**
   * @param {Float32Array[]} rows K blends, each [2 R]
   * @param {number} strength in [0, 1]
   * @param {number} width, height of the picture
   * @param {Uint8Array} [mask] [height * width]
   */
  constructor(rows, strength, width, height, mask) {
    Object.assign(this, { rows, _strength: strength, width, height, _mask: mask });
  }

  /**
   * Says how far a row of the picture is painted.
   * @returns {number|Float32Array} in [0, 1]; [width] where it varies
   */
  strength(y) {
    if (!this._mask) return this._strength;
    const start = y * this.width;
    return Float32Array.from(
      this._mask.subarray(start, start + this.width),
      (value) => (value / 255) * this._strength);
  }

  /**
   * The look of a level of some size, for the network.
   * @returns {object} {rows, map: null or a function of (start, stop) that
   *   returns the weights of rows of the level, Float32Array [h * w * K]}
   */
  at(width, height) {
    const { rows } = this;
    if (rows.length === 1) return { rows, map: null };
    const columns = Int32Array.from(
      { length: width }, (_, x) => nearest(x, this.width, width));
    const map = (start, stop) => {
      const weights = new Float32Array((stop - start) * width * rows.length);
      for (let y = start, to = 0; y < stop; y++) {
        const row = nearest(y, this.height, height);
        for (let x = 0; x < width; x++, to += rows.length)
          this._weigh(columns[x], row, weights, to);
      }
      return weights;
    };
    return { rows, map };
  }
}

/** Styles that turn into each other across the picture. */
class Gradient extends Region {
  constructor(rows, strength, width, height, mask, angle) {
    super(rows, strength, width, height, mask);
    if (rows.length < 2) throw new Error("A gradient has 2 stops or more.");
    this._halves = [(width - 1) / 2, (height - 1) / 2];
    const [halfX, halfY] = this._halves;
    if (angle === "radial") {
      this._direction = null;
      this._reach = Math.hypot(halfX, halfY) || 1;
      return;
    }
    const radians = (angle * Math.PI) / 180;
    const round = (value) => Math.round(value * 1e12) / 1e12;
    const cosine = round(Math.cos(radians)), sine = round(Math.sin(radians));
    this._direction = [cosine, sine];
    this._reach = 2 * (Math.abs(cosine) * halfX + Math.abs(sine) * halfY) || 1;
  }

  _weigh(column, row, weights, to) {
    const x = column - this._halves[0], y = row - this._halves[1];
    const last = this.rows.length - 1;
    const share = this._direction
      ? (x * this._direction[0] + y * this._direction[1]) / this._reach + 0.5
      : Math.hypot(x, y) / this._reach;
    const place = Math.min(1, Math.max(0, share)) * last;
    const stop = Math.min(Math.floor(place), last - 1);
    weights[to + stop] = 1 - (place - stop);
    weights[to + stop + 1] = place - stop;
  }
}

/**
 * A mask for each of some blends.
 *
 * Where masks overlap, their sum is brought to 1; where it is below 1, the rest
 * stays photograph. The network gets the weights of the styles around there.
 */
class StyleMasks extends Region {
  constructor(rows, strength, width, height, masks) {
    super(rows, strength, width, height);
    this._masks = masks;
    const factor = Math.min(1, COARSE_SIZE / Math.max(width, height));
    const w = Math.max(1, roundEven(width * factor));
    const h = Math.max(1, roundEven(height * factor));
    const coarse = masks.map((data) =>
      resize({ width, height, channels: 1, data }, w, h, "bilinear").data);
    const confidence = new Float32Array(w * h);
    const planes = masks.map(() => new Float32Array(w * h));
    for (let i = 0; i < w * h; i++) {
      const total = coarse.reduce((sum, mask) => sum + mask[i], 0);
      planes.forEach((plane, k) => {
        plane[i] = total > 0 ? coarse[k][i] / total : 1 / masks.length;
      });
      confidence[i] = Math.min(1, total / 255);
    }
    this._around = planes.map((plane) => fillHoles(plane, confidence, w, h));
    this._across = interpolations(width, w);
    this._down = interpolations(height, h);
    this._coarseWidth = w;
  }

  strength(y) {
    const result = new Float32Array(this.width);
    for (let x = 0; x < this.width; x++)
      result[x] = Math.min(1, this._total(y * this.width + x)) * this._strength;
    return result;
  }

  _weigh(x, y, weights, to) {
    const place = y * this.width + x;
    const total = this._total(place);
    const faint = FAINT * (1 - Math.min(1, total));
    const [left, right, share] = this._across[x];
    const [top, bottom, below] = this._down[y];
    const first = top * this._coarseWidth, second = bottom * this._coarseWidth;
    this._masks.forEach((mask, k) => {
      const plane = this._around[k];
      const around =
        (plane[first + left] * (1 - below) + plane[second + left] * below) *
          (1 - share) +
        (plane[first + right] * (1 - below) + plane[second + right] * below) *
          share;
      weights[to + k] = (mask[place] / 255 + faint * around) / (total + faint);
    });
  }

  _total(place) {
    let total = 0;
    for (const mask of this._masks) total += mask[place] / 255;
    return total;
  }
}

/** For each of `length` places, the two of `count` beside it, and the share. */
function interpolations(length, count) {
  return Array.from({ length }, (_, i) => {
    const place = Math.min(
      count - 1, Math.max(0, ((i + 0.5) * count) / length - 0.5));
    const first = Math.floor(place);
    return [first, Math.min(first + 1, count - 1), place - first];
  });
}
