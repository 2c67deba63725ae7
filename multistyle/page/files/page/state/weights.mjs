// Weights of styles: {name: number above 0}, in the order of the blend.

import { texts } from "../texts.mjs";

/** Returns the weights as shares, whose sum is 1. */
export function toShares(weights) {
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, weight / sum]));
}

/** Writes weights as the command line reads them: "a=0.7,b=0.3". */
export function writeWeights(weights) {
  return Object.entries(weights)
    .map(([name, weight]) => `${name}=${Number(weight.toFixed(3))}`).join(",");
}

/** Reads "a=0.7,b=0.3"; a name alone weighs 1.
 * @param {string} text
 * @param {string[]} names the styles that there are.
 * @param {function} sayUnknown what is said of another name.
 * @returns {object} weights above 0.
 * @throws {Error} with a sentence that names what is wrong.
 */
export function parseWeights(text, names, sayUnknown = texts.unknownStyle) {
  const weights = {};
  for (const part of text.split(",").map((p) => p.trim()).filter(Boolean)) {
    const [name, value = "1"] = part.split(/[=:]/).map((p) => p.trim());
    if (!names.includes(name)) {
      throw new Error(sayUnknown(name, findNearest(name, names)));
    }
    if (name in weights) throw new Error(texts.styleTwice(name));
    const weight = Number(value);
    if (value === "" || !Number.isFinite(weight) || weight < 0) {
      throw new Error(texts.wrongWeight(name, value));
    }
    weights[name] = weight;
  }
  const largest = Math.max(0, ...Object.values(weights));
  if (largest === 0) throw new Error(texts.noWeights);
  return Object.fromEntries(Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([name, weight]) => [name, largest > 1 ? weight / largest : weight]));
}

/** Draws a blend of two or three styles. */
export function drawWeights(names, random = Math.random) {
  const left = [...names];
  const count = Math.min(left.length, random() < 0.5 ? 2 : 3);
  const weights = {};
  for (let i = 0; i < count; i++) {
    const [name] = left.splice(Math.floor(random() * left.length), 1);
    weights[name] = Math.round(20 + 80 * random()) / 100;
  }
  return weights;
}

function findNearest(name, names) {
  const ranked = names.map((other) => [countEdits(name, other), other]);
  ranked.sort(([a], [b]) => a - b);
  return ranked.slice(0, 3).map(([, other]) => other);
}

/** Returns how many letters differ (Levenshtein). */
function countEdits(a, b) {
  let row = Array.from({length: b.length + 1}, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
