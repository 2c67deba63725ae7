// Elements of the page: what builds the document, and the icons in it.

import { texts } from "./texts.mjs";

const SVG = "http://www.w3.org/2000/svg";

// Strokes on a square of 24 by 24.
const ICONS = {
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  redo: "m15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6",
  share: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.700l-1.6 1.6"
    + "M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.700l1.6-1.6",
  download: "M12 4v11m-5-4 5 5 5-5M5 20h14",
  open: "M4 17V6h5l2 2h9v9a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z",
  camera: "M4 8h4l1.5-2.500h5L16 8h4v11H4ZM12 16.500a3.3 3.3 0 1 0 0-6.6 "
    + "3.3 3.3 0 0 0 0 6.600Z",
  compare: "M12 3v18M4 6h5v12H4M15 6h5v12h-5",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "m6 6 12 12M18 6 6 18",
  add: "M12 5v14M5 12h14",
  dice: "M5 5h14v14H5ZM9 9h.01M15 15h.01M12 12h.01M15 9h.01M9 15h.01",
  search: "M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12Zm4.5-1.500L20 20",
  brush: "M20 4 10.5 13.500m-2 .5a3 3 0 0 1 3 3c0 2-1.5 3-4 3-1.5 0-3-.5-3.5-1 "
    + "1.5-.5 1.5-1 1.5-2a3 3 0 0 1 3-3Z",
  eraser: "m8 19-4-4L14 5l6 6-8 8Zm0 0h12M9 10l6 6",
  line: "M5 19 19 5M5 19h.01M19 5h.01",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  play: "M8 5v14l11-7Z",
  sheet: "M7 10l5-5 5 5M7 14l5 5 5-5",
};

/** Makes an element.
 * @param {string} tag
 * @param {object} options attributes; `class`, `text`, `html` is not among
 *   them; `on` is {event: listener}; `set` is {property: value}; true gives
 *   an attribute without a value, false, null and undefined none.
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") element.textContent = value;
    else if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (name === "set") Object.assign(element, value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Makes an icon that screen readers pass over. */
export function makeIcon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Makes a button with an icon, its text beside it or for readers alone.
 * @param {string} icon a name of ICONS, or "".
 * @param {string} text
 * @param {Function} press
 * @param {{bare: boolean, class: string}} options bare: the text is a hint.
 */
export function makeButton(icon, text, press, {bare = false, ...rest} = {}) {
  return make("button", {
    type: "button",
    class: bare ? "bare" : null,
    "aria-label": bare ? text : null,
    title: bare ? text : null,
    on: {click: press},
    ...rest,
  }, icon ? makeIcon(icon) : null, bare ? null : make("span", {text}));
}

/** Makes a labelled slider whose value stands beside it.
 * @param {string} label
 * @param {{min: number, max: number, step: number, value: number,
 *   show: Function}} scale `show` makes the text of a value.
 * @param {Function} change gets (value, settled).
 * @returns {HTMLElement} with `.update(value)`.
 */
export function makeSlider(label, scale, change) {
  const {min, max, step, show} = scale;
  const output = make("output");
  const input = make("input", {
    type: "range", min, max, step, "aria-label": label,
  });
  const update = (value) => {
    input.value = value;
    output.textContent = show(value);
    input.setAttribute("aria-valuetext", show(value));
    fill(input);
  };
  input.addEventListener("input", () => {
    update(Number(input.value));
    change(Number(input.value), false);
  });
  input.addEventListener("change", () => change(Number(input.value), true));
  const row = make("div", {class: "slider"},
    make("span", {class: "label", text: label, "aria-hidden": "true"}),
    output, input);
  row.update = update;
  update(scale.value);
  return row;
}

/** Tells the style sheet how far a slider stands, in percent. */
export function fill(input) {
  const {min, max, value} = input;
  const share = (value - min) / (max - min);
  input.style.setProperty("--share", `${100 * share}%`);
}

/** Makes a choice of few, as buttons of which one is pressed.
 * @param {string} label
 * @param {Array<[string, string]>} options of value and text.
 * @param {Function} change gets the value.
 * @returns {HTMLElement} with `.update(value)`.
 */
export function makeChoice(label, options, change) {
  const buttons = new Map(options.map(([value, text]) => [value,
    make("button", {type: "button", text, on: {click: () => change(value)}}),
  ]));
  const group = make("div", {
    class: "choice", role: "group", "aria-label": label,
  }, ...buttons.values());
  group.update = (value) => {
    for (const [key, button] of buttons) {
      button.setAttribute("aria-pressed", String(key === value));
    }
  };
  return group;
}

/** Makes a paragraph, or another element; what is in backticks is code. */
export function makeParagraph(text, options = {}, tag = "p") {
  const parts = text.split("`").map((part, i) =>
    (i % 2 ? make("code", {text: part}) : part));
  return make(tag, options, ...parts);
}

/** Makes a section with a heading, and a line that says what it is for. */
export function makeSection(heading, hint, ...children) {
  return make("section", {class: "section"}, make("h3", {text: heading}),
    hint ? makeParagraph(hint, {class: "hint"}) : null, ...children);
}

/** Makes a modal dialog that is gone once it is closed. */
export function showDialog(heading, ...children) {
  const close = makeButton("close", texts.close, () => dialog.close(),
    {bare: true, class: "bare close"});
  const dialog = make("dialog", {"aria-label": heading},
    make("div", {class: "heading"}, make("h2", {text: heading}), close),
    ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
