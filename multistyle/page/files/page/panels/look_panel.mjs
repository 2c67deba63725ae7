// The panel of the look: strength, colours and breadth of strokes.

import { make, makeChoice, makeSection, makeSlider } from "../elements.mjs";
import { PLAIN } from "../state/look.mjs";
import { texts } from "../texts.mjs";

/** Makes the panel. */
export function makeLookPanel(session) {
  const strength = makeSlider(texts.strength, {
    min: 0, max: 1, step: 0.01, value: 1, show: texts.percent,
  }, (value, settled) => session.change({strength: value}, settled));
  const colors = makeChoice(texts.keepColors, Object.entries(texts.colorChoices),
    (value) => session.change({keepColors: value}));
  // Doubled or halved by a step to either side.
  const strokes = makeSlider(texts.strokes, {
    min: -2, max: 2, step: 0.25, value: 0,
    show: (value) => texts.times(toScale(value)),
  }, (value, settled) => session.change({strokeScale: toScale(value)}, settled));
  const reset = make("button", {
    type: "button", class: "quiet", text: texts.resetLook,
    on: {click: () => {
      const {strength, keepColors, strokeScale} = PLAIN;
      session.change({strength, keepColors, strokeScale});
    }},
  });
  const update = () => {
    const {look} = session;
    strength.update(look.strength);
    colors.update(look.keepColors);
    strokes.update(Math.log2(look.strokeScale));
  };
  session.addEventListener("look", update);
  update();
  return make("div", {},
    makeSection(texts.strength, texts.strengthHint, strength),
    makeSection(texts.keepColors, texts.keepColorsHint, colors),
    makeSection(texts.strokes, texts.strokesHint, strokes), reset);
}

function toScale(value) {
  return Math.round(100 * 2 ** value) / 100;
}
