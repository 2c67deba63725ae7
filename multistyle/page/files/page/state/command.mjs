// The command line that makes the same picture.

import { hasGradient, PLAIN } from "./look.mjs";
import { writeWeights } from "./weights.mjs";

/** Writes the command for a look.
 * @param {object} session
 * @param {{model: string, output: string}} names
 */
export function writeCommand(session, {model, output}) {
  const {look, photograph, files} = session;
  const names = Object.keys(look.weights);
  const parts = ["multistyle interpolate", quote(photograph?.name ?? "photo.jpg"),
    `--model=${quote(model)}`];
  const own = names.filter((name) => files[name]);
  if (own.length) {
    const images = own.map((name) => `${name}:${files[name].name}`);
    parts.push(`--style_images=${quote(images.join(","))}`,
      `--learning=${files[own[0]].learning ?? "instant"}`);
  }
  if (hasGradient(look)) {
    parts.push(`--gradient=${quote(`${names.join(">")}:${look.gradient}`)}`);
  } else {
    parts.push(`--style_weights=${quote(writeWeights(look.weights))}`);
  }
  if (look.mask) parts.push("--mask=mask.png");
  if (look.strength !== PLAIN.strength) parts.push(`--strength=${look.strength}`);
  if (look.keepColors !== PLAIN.keepColors) {
    parts.push(`--keep_colors=${look.keepColors}`);
  }
  if (look.strokeScale !== PLAIN.strokeScale) {
    parts.push(`--stroke_scale=${look.strokeScale}`);
  }
  parts.push(`--output=${quote(output)}`);
  return parts.join(" ");
}

/** Quotes a word where a shell would read more into it. */
function quote(word) {
  if (/^[\w.,:/@%+-]+$/.test(word)) return word;
  return `"${word.replace(/(["\\$`])/g, "\\$1")}"`;
}
