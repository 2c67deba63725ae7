// A look: all that is chosen of how a photograph is painted. Never changed,
// always replaced, so that it can be undone.

export const PLAIN = Object.freeze({
  weights: {}, // {name: number in (0, 1]}, in the order of the blend
  strength: 1, // in [0, 1]
  keepColors: "none", // or "luminance", "histogram"
  strokeScale: 1, // in [0.25, 4]
  gradient: null, // degrees clockwise from horizontal, or "radial"
  mask: null, // {width, height, data: Uint8Array}: 255 is painted
});

/** Returns whether the styles turn into each other across the picture. */
export function hasGradient(look) {
  return look.gradient !== null && Object.keys(look.weights).length > 1;
}

/** Returns the look as engine/engine.mjs takes it. */
export function toEngineLook(look) {
  return {
    weights: {...look.weights},
    strength: look.strength,
    keepColors: look.keepColors,
    strokeScale: look.strokeScale,
    strokes: "fitted",
    regions: look.mask ? [{mask: look.mask}] : null,
    gradient: hasGradient(look) ? {
      angle: look.gradient,
      stops: Object.keys(look.weights).map((name) => ({[name]: 1})),
    } : null,
  };
}

/** Returns the look as the server's jobs take it.
 * @param {object} look
 * @param {string|null} mask the id of the uploaded mask.
 */
export function toServerLook(look, mask) {
  const {gradient, ...rest} = toEngineLook(look);
  return {
    ...rest,
    keepColors: look.keepColors === "none" ? false : look.keepColors,
    regions: mask ? [{mask}] : null,
    gradient: gradient && {
      angle: gradient.angle,
      stops: gradient.stops.map((weights) => ({weights})),
    },
  };
}

/** Returns whether there is anything to paint. */
export function isEmpty(look) {
  return Object.keys(look.weights).length === 0;
}
