// The map of styles: where each lies, and which blend a point means.

const NEAREST = 4;
const ROUNDS = 400;
const GAP = 1.1; // of a thumbnail, from one's middle to the next one's
const RANK_SHARE = 0.85; // how far crowded styles are spread evenly

/** Lays styles out so that their thumbnails do not overlap.
 * @param {Array<{x: number, y: number}>} styles alike beside alike, in [-1, 1].
 * @param {[number, number]} size a thumbnail's, of the map's width and height.
 * @returns {Array<[number, number]>} points in [0, 1].
 */
export function layOut(styles, size) {
  const spread = ["x", "y"].map((axis) => rank(styles.map((s) => s[axis] ?? 0)));
  const points = styles.map((style, i) => ["x", "y"].map((axis, k) =>
    RANK_SHARE * spread[k][i] + (1 - RANK_SHARE) * ((style[axis] ?? 0) + 1) / 2));
  for (let round = 0; round < ROUNDS; round++) {
    push(points, size);
    for (const point of points) {
      for (const axis of [0, 1]) {
        const edge = 0.62 * size[axis];
        point[axis] = Math.min(1 - edge, Math.max(edge, point[axis]));
      }
    }
  }
  return points;
}

/** Returns the weights of the styles that lie nearest to a point.
 * @param {[number, number]} at in [0, 1].
 * @param {Array<[number, number]>} points the styles'.
 * @returns {Array<[number, number]>} of index and weight, nearest first; one
 *   alone where the point lies on it.
 */
export function blendAt(at, points) {
  const near = points
    .map((point, i) => [i, Math.hypot(point[0] - at[0], point[1] - at[1])])
    .sort(([, a], [, b]) => a - b).slice(0, NEAREST + 1);
  // The one after the nearest weighs nothing, so that no style jumps in.
  const reach = near.length > NEAREST ? near.pop()[1] : near.at(-1)[1] * 1.5;
  if (near[0][1] < 0.012) return [[near[0][0], 1]];
  const weights = near.map(([i, distance]) =>
    [i, Math.max(0, 1 / distance - 1 / reach) ** 1.5]);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (!(sum > 0)) return [[near[0][0], 1]];
  return weights.map(([i, weight]) => [i, weight / sum])
    .filter(([, weight]) => weight > 0.02);
}

/** Returns the point that a blend means: the middle of its styles. */
export function findPoint(shares, points) {
  let x = 0, y = 0, sum = 0;
  for (const [i, share] of shares) {
    x += share * points[i][0];
    y += share * points[i][1];
    sum += share;
  }
  return sum ? [x / sum, y / sum] : [0.5, 0.5];
}

function rank(values) {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = [];
  order.forEach((index, place) => {
    ranks[index] = values.length > 1 ? place / (values.length - 1) : 0.5;
  });
  return ranks;
}

// Moves what overlaps apart, along the side on which it overlaps less.
function push(points, size) {
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      const apart = [0, 1].map((axis) =>
        (points[i][axis] - points[j][axis]) / size[axis]);
      const axis = Math.abs(apart[0]) > Math.abs(apart[1]) ? 0 : 1;
      const lack = GAP - Math.abs(apart[axis]);
      if (lack <= 0) continue;
      const move = Math.sign(apart[axis] || 1) * 0.25 * lack * size[axis];
      points[i][axis] += move;
      points[j][axis] -= move;
    }
  }
}
