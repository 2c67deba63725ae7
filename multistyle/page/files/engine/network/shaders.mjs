// The layers in WGSL. Maps are channels last, four channels to a vec4.

const MIRROR = `
fn mirror(i: i32, n: i32) -> i32 { return abs((n - 1) - abs((n - 1) - abs(i))); }
`;

// Vectors of results, and pixels, that one invocation computes.
function shape(outer) {
  const vectors = [4, 2, 1].find((count) => outer % count === 0);
  return [vectors, vectors === 1 ? 4 : 2];
}

/** How many workgroups a convolution takes: [x, y, z]. */
export function convolutionGroups({ outer, height, width }) {
  const [vectors, pixels] = shape(outer);
  return [
    Math.ceil(width / (8 * pixels)), Math.ceil(height / 8), outer / vectors];
}

/**
 * A convolution with reflection around it.
 * @param {object} form {size, stride, doubled, inner, outer}; inner and outer
 *   count vectors of four channels
 */
export function convolution({ size, stride, doubled, inner, outer }) {
  const [vectors, pixels] = shape(outer);
  const scale = doubled ? 2 : 1;
  const each = (count, f) => Array.from({ length: count }, (_, i) => f(i)).join("\n");
  return `
struct Sizes { height: u32, width: u32, result_height: u32, result_width: u32 }
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read> kernel: array<mat4x4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(3) var<uniform> sizes: Sizes;
${MIRROR}
@compute @workgroup_size(8, 8)
fn main(@builtin(local_invocation_id) local: vec3u, @builtin(workgroup_id) group: vec3u) {
  let y = group.y * 8u + local.y;
  let x = group.x * ${8 * pixels}u + local.x;
  if (y >= sizes.result_height) { return; }
  let height = i32(sizes.height) * ${scale};
  let width = i32(sizes.width) * ${scale};
  let first = group.z * ${vectors}u;
  ${each(pixels, (p) => each(vectors, (v) => `var sum_${p}_${v} = vec4f(0);`))}
  for (var r = 0; r < ${size}; r++) {
    let row = u32(mirror(i32(y) * ${stride} + r - ${size >> 1}, height) / ${scale}) * sizes.width;
    for (var c = 0; c < ${size}; c++) {
      ${each(pixels, (p) => `let at_${p} = (row + u32(mirror(min(i32(x) + ${8 * p},
        i32(sizes.result_width) - 1) * ${stride} + c - ${size >> 1}, width) / ${scale})) * ${inner}u;`)}
      let tap = u32(r * ${size} + c) * ${inner}u;
      for (var i = 0u; i < ${inner}u; i++) {
        let k = (tap + i) * ${outer}u + first;
        ${each(vectors, (v) => `let w_${v} = kernel[k + ${v}u];`)}
        ${each(pixels, (p) => `let x_${p} = source[at_${p} + i];
        ${each(vectors, (v) => `sum_${p}_${v} += w_${v} * x_${p};`)}`)}
      }
    }
  }
  ${each(pixels, (p) => `if (x + ${8 * p}u < sizes.result_width) {
    let to = (y * sizes.result_width + x + ${8 * p}u) * ${outer}u + first;
    ${each(vectors, (v) => `result[to + ${v}u] = sum_${p}_${v};`)}
  }`)}
}`;
}

const LANES = 64;
// Lanes sum so many numbers one after the other; the rest is summed in pairs.
const LANE_COUNT = 32;

const SUM_LANES = `
var<workgroup> lanes: array<vec4f, ${LANES}>;
fn sum_lanes(own: vec4f, lane: u32) -> vec4f {
  lanes[lane] = own;
  workgroupBarrier();
  for (var k = ${LANES / 2}u; k > 0u; k >>= 1u) {
    if (lane < k) { lanes[lane] += lanes[lane + k]; }
    workgroupBarrier();
  }
  return lanes[0];
}
`;

/** How many partial sums there are of so many places. */
export function partCount(places) {
  return Math.min(1024, Math.ceil(places / (LANES * LANE_COUNT)));
}

/** Partial sums of a map, or of the squares around its mean. */
export function partialSums({ outer, isSquare }) {
  const value = isSquare ? "let d = values[i * OUTER + g.y] - moments[g.y]; own += d * d;"
    : "own += values[i * OUTER + g.y];";
  return `
struct Counts { places: u32, parts: u32 }
@group(0) @binding(0) var<storage, read> values: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read> moments: array<vec4f>;
@group(0) @binding(3) var<uniform> counts: Counts;
const OUTER = ${outer}u;
${SUM_LANES}
@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) g: vec3u, @builtin(local_invocation_index) lane: u32) {
  _ = moments[0];
  var own = vec4f(0);
  for (var i = g.x * ${LANES}u + lane; i < counts.places; i += counts.parts * ${LANES}u) { ${value} }
  let sum = sum_lanes(own, lane);
  if (lane == 0u) { parts[g.y * counts.parts + g.x] = sum; }
}`;
}

/** The mean, or the variance behind it, of partial sums. */
export function moment({ outer, isSquare }) {
  return `
struct Counts { places: u32, parts: u32 }
@group(0) @binding(0) var<storage, read> parts: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> moments: array<vec4f>;
@group(0) @binding(2) var<uniform> counts: Counts;
${SUM_LANES}
@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) g: vec3u, @builtin(local_invocation_index) lane: u32) {
  var own = vec4f(0);
  for (var i = lane; i < counts.parts; i += ${LANES}u) { own += parts[g.x * counts.parts + i]; }
  let sum = sum_lanes(own, lane);
  if (lane == 0u) { moments[g.x + ${isSquare ? outer : 0}u] = sum / f32(counts.places); }
}`;
}

/** What the numbers of a layer are multiplied by, and what is added. */
export function scales({ outer, looks, epsilon, flat }) {
  return `
@group(0) @binding(0) var<storage, read> moments: array<vec4f>;
@group(0) @binding(1) var<storage, read> rows: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> affine: array<vec4f>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) g: vec3u) {
  let mean = moments[g.x];
  let variance = moments[g.x + ${outer}u];
  let share = variance / (${flat} * (1.0 + mean * mean)) - 1.0;
  let contrast = clamp(share, vec4f(0), vec4f(1)) / sqrt(variance + ${epsilon});
  for (var k = 0u; k < ${looks}u; k++) {
    let at = k * ${2 * outer}u + g.x;
    let scale = rows[at] * contrast;
    affine[at] = scale;
    affine[at + ${outer}u] = rows[at + ${outer}u] - mean * scale;
  }
}`;
}

const ACTIVATIONS = {
  relu: "v = max(v, vec4f(0));", sigmoid: "v = 1.0 / (1.0 + exp(-v));",
};

/** Normalization, sum and activation, in place. */
export function finish({ outer, looks, activation, hasAddend }) {
  const look = looks === 1
    ? `let scale = affine[c]; let shift = affine[c + OUTER];`
    : `let place = i / OUTER;
  let y = place / sizes.width * sizes.map_height / sizes.height;
  let x = place % sizes.width * sizes.map_width / sizes.width;
  let weights = (y * sizes.map_width + x) * ${looks}u;
  var scale = vec4f(0); var shift = vec4f(0);
  for (var k = 0u; k < ${looks}u; k++) {
    let weight = map[weights + k];
    scale += weight * affine[k * 2u * OUTER + c];
    shift += weight * affine[k * 2u * OUTER + OUTER + c];
  }`;
  return `
struct Sizes { height: u32, width: u32, map_height: u32, map_width: u32 }
@group(0) @binding(0) var<storage, read_write> values: array<vec4f>;
@group(0) @binding(1) var<storage, read> affine: array<vec4f>;
@group(0) @binding(2) var<storage, read> addend: array<vec4f>;
@group(0) @binding(3) var<storage, read> map: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;
const OUTER = ${outer}u;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) g: vec3u, @builtin(num_workgroups) groups: vec3u) {
  _ = addend[0]; _ = map[0];
  let i = g.y * groups.x * 64u + g.x;
  if (i >= sizes.height * sizes.width * OUTER) { return; }
  let c = i % OUTER;
  ${look}
  var v = values[i] * scale + shift;
  ${hasAddend ? "v += addend[i];" : ""}
  ${ACTIVATIONS[activation] ?? ""}
  values[i] = v;
}`;
}
