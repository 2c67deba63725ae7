// The panel of parts: a mask by brush and eraser, a gradient by a line.

import { make, makeButton, makeChoice, makeSection, makeSlider }
  from "../elements.mjs";
import { Brush } from "../stage/brush.mjs";
import { Line } from "../stage/line.mjs";
import { invert, toPicture } from "../stage/mask.mjs";
import { texts } from "../texts.mjs";

/** Makes the panel, and gives the stage its tools.
 * @param {object} session
 * @param {Stage} stage
 * @param {(file: Blob, name: string) => void} save
 * @param {(file: File) => Promise<object|null>} readMask
 */
export function makePartsPanel(session, stage, save, readMask) {
  let size = 0.08;
  const tools = makeChoice(texts.maskTool, Object.entries(texts.maskTools),
    (tool) => session.take(session.tool === tool ? "view" : tool));
  const breadth = makeSlider(texts.brushSize, {
    min: 0.01, max: 0.4, step: 0.01, value: size, show: texts.percent,
  }, (value) => {
    size = value;
    if (stage.tool instanceof Brush) stage.tool.size = value;
  });
  const file = make("input", {
    type: "file", accept: "image/*", id: "mask-file", class: "hidden-file",
    "aria-label": texts.maskFile,
    on: {change: async () => {
      const mask = await readMask(file.files[0]);
      if (mask) session.change({mask});
      file.value = "";
    }},
  });
  const clear = makeButton("", texts.maskClear,
    () => session.change({mask: null}), {class: "quiet"});
  const turn = makeButton("", texts.maskInvert,
    () => session.change({mask: invert(session.look.mask)}), {class: "quiet"});
  const keep = makeButton("", texts.maskSave,
    async () => save(await toPicture(session.look.mask), "mask.png"),
    {class: "quiet"});
  const kinds = makeChoice(texts.gradient, Object.entries(texts.gradients),
    (kind) => {
      const gradient = {none: null, line: 0, radial: "radial"}[kind];
      session.change({gradient});
      session.take(kind === "line" ? "line" : "view");
    });
  const angle = makeSlider(texts.angle, {
    min: -180, max: 180, step: 1, value: 0, show: texts.degrees,
  }, (value, settled) => session.change({gradient: value}, settled));
  const needs = make("p", {class: "hint", text: texts.gradientNeeds});

  const update = () => {
    const {gradient, mask, weights} = session.look;
    kinds.update(gradient === null ? "none"
      : gradient === "radial" ? "radial" : "line");
    angle.hidden = typeof gradient !== "number";
    if (!angle.hidden) angle.update(gradient);
    needs.hidden = gradient === null || Object.keys(weights).length > 1;
    for (const button of [clear, turn, keep]) button.disabled = !mask;
    stage.redraw();
  };
  const take = () => {
    tools.update(session.tool);
    const isBrush = ["brush", "eraser"].includes(session.tool);
    breadth.hidden = !isBrush;
    if (!session.photograph) stage.tool = null;
    else if (isBrush) {
      if (!(stage.tool instanceof Brush)) stage.tool = new Brush(session, stage);
      stage.tool.size = size;
    } else if (session.tool === "line") stage.tool = new Line(session, stage);
    else stage.tool = null;
    stage.element.dataset.tool = session.tool;
    stage.redraw();
  };
  session.addEventListener("look", ({detail}) => {
    if (detail.undone || !session.look.mask) {
      stage.tool?.take?.(session.look.mask);
    }
    update();
  });
  session.addEventListener("tool", take);
  session.addEventListener("photograph", () => {
    session.take("view");
    update();
  });
  update();
  take();
  return make("div", {},
    makeSection(texts.mask, texts.maskHint, tools, breadth,
      make("div", {class: "buttons"}, turn, clear, keep,
        make("label", {class: "button quiet", for: "mask-file"}, file,
          make("span", {text: texts.maskOpen})))),
    makeSection(texts.gradient, texts.gradientHint, kinds, angle, needs));
}
