// The panel of styles: the map, the blend, one's own paintings, and all.

import { make, makeButton, makeIcon, makeParagraph, showDialog }
  from "../elements.mjs";
import { PRESETS } from "../state/presets.mjs";
import { drawWeights, parseWeights, writeWeights } from "../state/weights.mjs";
import { texts } from "../texts.mjs";
import { StyleMap } from "./style_map.mjs";
import { BlendRows, StyleList } from "./style_rows.mjs";

/** Makes the panel.
 * @param {object} session
 * @param {Thumbnails} thumbnails
 * @param {((files: File[]) => void)|null} learn null where the model has no
 *   network that reads a style.
 * @param {boolean} isTaught whether the server learns paintings.
 * @returns {HTMLElement}
 */
export function makeStylesPanel(session, thumbnails, learn, isTaught) {
  const list = new StyleList(session, thumbnails);
  const search = make("input", {
    type: "search", id: "search", placeholder: texts.search,
    "aria-label": texts.search, autocomplete: "off",
    on: {input: ({target}) => list.search(target.value)},
  });
  const names = () => session.styles.map(({name}) => name);
  const random = () => session.change({weights: drawWeights(names())});
  return make("div", {class: "styles"},
    new StyleMap(session, thumbnails).element,
    make("div", {class: "bar"},
      make("h3", {text: texts.yourBlend}),
      makeButton("dice", texts.random, random, {class: "quiet"}),
      makePresets(session),
      makeButton("", texts.asText, () => editText(session, names()),
        {class: "quiet"})),
    new BlendRows(session, thumbnails).element,
    learn ? makeOwn(learn, isTaught)
      : makeParagraph(texts.noReader, {class: "hint"}),
    make("div", {class: "bar search"}, makeIcon("search"), search),
    list.element);
}

function makePresets(session) {
  const select = make("select", {"aria-label": texts.presets, class: "quiet"});
  const fill = () => {
    const known = new Set(session.styles.map(({name}) => name));
    const presets = PRESETS.filter(({weights}) =>
      Object.keys(weights).every((name) => known.has(name)));
    select.hidden = presets.length === 0;
    select.replaceChildren(make("option", {value: "", text: texts.presets}),
      ...presets.map(({id}) => make("option", {
          value: id, text: texts.presetNames[id],
        })));
  };
  select.addEventListener("change", () => {
    const preset = PRESETS.find(({id}) => id === select.value);
    select.value = "";
    if (preset) session.change({weights: preset.weights});
  });
  session.addEventListener("styles", fill);
  fill();
  return select;
}

function makeOwn(learn, isTaught) {
  const input = make("input", {
    type: "file", accept: "image/*", multiple: true, class: "hidden-file",
    id: "painting-file", "aria-label": texts.ownPainting,
    on: {change: () => {
      learn([...input.files]);
      input.value = "";
    }},
  });
  return make("label", {class: "own", for: "painting-file"}, input,
    makeIcon("add"), make("span", {},
      make("strong", {text: texts.ownPainting}),
      make("span", {class: "hint", text: texts.ownPaintingHint(isTaught)})));
}

function editText(session, names) {
  const area = make("textarea", {
    rows: 4, spellcheck: "false", "aria-label": texts.weightsAsText,
    "aria-describedby": "weights-error",
    set: {value: writeWeights(session.look.weights)},
  });
  const error = make("p", {class: "error", id: "weights-error", role: "alert"});
  const take = () => {
    try {
      session.change({weights: parseWeights(area.value, names)});
      dialog.close();
    } catch (problem) {
      error.textContent = problem.message;
    }
  };
  const dialog = showDialog(texts.weightsAsText,
    make("p", {class: "hint", text: texts.weightsHint}), area, error,
    make("div", {class: "buttons"},
      makeButton("copy", texts.copy, () => {
        navigator.clipboard?.writeText(area.value);
      }, {class: "quiet"}),
      makeButton("", texts.apply, take, {class: "primary"})));
  area.focus();
}
