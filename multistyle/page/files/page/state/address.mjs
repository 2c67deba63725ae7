// The address of the page: the look after the #, so that a link shares it.
// The mask, the photograph and paintings of one's own stay where they are.

import { texts } from "../texts.mjs";
import { PLAIN } from "./look.mjs";
import { parseWeights, writeWeights } from "./weights.mjs";

/** Writes a look: "#blend=a:0.7,b:0.3&strength=0.8". */
export function writeAddress(look, sample) {
  const parts = [["blend", writeWeights(look.weights).replaceAll("=", ":")]];
  if (look.strength !== PLAIN.strength) parts.push(["strength", look.strength]);
  if (look.keepColors !== PLAIN.keepColors) {
    parts.push(["colors", look.keepColors]);
  }
  if (look.strokeScale !== PLAIN.strokeScale) {
    parts.push(["strokes", look.strokeScale]);
  }
  if (look.gradient !== null) parts.push(["gradient", look.gradient]);
  if (sample) parts.push(["photograph", sample]);
  return "#" + parts.filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`).join("&");
}

/** Reads what `writeAddress` wrote; what is wrong in it is left out.
 * @param {string} hash
 * @param {string[]} names the styles that there are.
 * @returns {{look: object|null, sample: string|null, error: string|null}}
 */
export function readAddress(hash, names) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  if (!given.has("blend")) {
    return {look: null, sample: given.get("photograph"), error: null};
  }
  const look = {...PLAIN};
  let error = null;
  try {
    look.weights = parseWeights(given.get("blend"), names,
      texts.notInAddress);
  } catch (problem) {
    error = problem.message;
  }
  look.strength = readNumber(given, "strength", 0, 1, PLAIN.strength);
  look.strokeScale = readNumber(given, "strokes", 0.25, 4, PLAIN.strokeScale);
  const colors = given.get("colors");
  if (["luminance", "histogram"].includes(colors)) look.keepColors = colors;
  look.gradient = given.get("gradient") === "radial" ? "radial"
    : readNumber(given, "gradient", -360, 360, null);
  return {look: error ? null : look, sample: given.get("photograph"), error};
}

function readNumber(given, key, least, most, otherwise) {
  const value = Number(given.get(key));
  if (!given.get(key) || !Number.isFinite(value)) return otherwise;
  return Math.min(most, Math.max(least, value));
}
