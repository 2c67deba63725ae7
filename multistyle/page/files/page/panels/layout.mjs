// The map of styles: where each lies, and which blend a point means.

const NEAREST = 4;
const ROOM = 1.3; // cells for each style, so that the map keeps its shape
const RANK_SHARE = 0.7; // how far crowded styles are spread evenly
const ROUNDS = 40;

/** Lays styles out on cells, each near where it lies among its like.
 * @param {Array<{x: number, y: number}>} styles alike beside alike, in [-1, 1].
 * @param {number} aspect the map's height of its width.
 * @returns {{points: Array<[number, number]>, size: number}} points in [0, 1],
 *   and a cell's width, of the map's.
 */
export function layOut(styles, aspect) {
  const count = Math.max(4, Math.ceil(ROOM * styles.length));
  const columns = Math.ceil(Math.sqrt(count / aspect));
  const rows = Math.ceil(count / columns);
  const spread = ["x", "y"].map((axis) => rank(styles.map((s) => s[axis] ?? 0)));
  const wanted = styles.map((style, i) => ["x", "y"].map((axis, k) =>
    RANK_SHARE * spread[k][i] + (1 - RANK_SHARE) * ((style[axis] ?? 0) + 1) / 2));
  const cells = Array.from({length: rows * columns}, (_, i) =>
    [(i % columns + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows]);
  const places = improve(findPlaces(wanted, columns, rows), wanted, cells);
  return {
    points: places.map((cell) => cells[cell]),
    size: Math.min(1 / columns, aspect / rows),
  };
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

// Rows from above, each as full as the others, and in a row from the left.
function findPlaces(wanted, columns, rows) {
  const order = wanted.map((_, i) => i)
    .sort((a, b) => wanted[a][1] - wanted[b][1]);
  const places = [];
  for (let row = 0; row < rows; row++) {
    const from = Math.round(row * order.length / rows);
    const to = Math.round((row + 1) * order.length / rows);
    order.slice(from, to).sort((a, b) => wanted[a][0] - wanted[b][0])
      .forEach((index, place) => {
        const column = Math.floor((place + 0.5) * columns / (to - from));
        places[index] = row * columns + column;
      });
  }
  return places;
}

// Exchanges cells, empty ones, too, as long as styles come nearer to where
// they want to be.
function improve(places, wanted, cells) {
  const holders = cells.map(() => -1);
  places.forEach((cell, i) => {
    holders[cell] = i;
  });
  const cost = (i, cell) => (i < 0 ? 0
    : (wanted[i][0] - cells[cell][0]) ** 2
      + (wanted[i][1] - cells[cell][1]) ** 2);
  for (let round = 0, changes = 1; changes && round < ROUNDS; round++) {
    changes = 0;
    for (let a = 0; a < cells.length; a++) {
      for (let b = 0; b < a; b++) {
        const [i, j] = [holders[a], holders[b]];
        const gain = cost(i, a) + cost(j, b) - cost(i, b) - cost(j, a);
        if (gain <= 1e-9) continue;
        [holders[a], holders[b]] = [j, i];
        changes++;
      }
    }
  }
  const improved = [];
  holders.forEach((i, cell) => {
    if (i >= 0) improved[i] = cell;
  });
  return improved;
}
