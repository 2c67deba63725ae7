// Grid of four styles and path through several: seen here, and written as
// GIF or MP4 by the server.

import { make, makeButton, makeParagraph, makeSection } from "../elements.mjs";
import { toEngineLook } from "../state/look.mjs";
import { toShares } from "../state/weights.mjs";
import { toCanvas } from "../painting/photograph.mjs";
import { texts } from "../texts.mjs";

const CELLS = 5;
const CELL_SIDE = 160;
const GAP = 2;
const FRAMES = 12; // from one style to the next
const FRAME_SIDE = 320;
const FRAME_MILLISECONDS = 90;

/** Makes the section.
 * @param {object} session
 * @param {Engine} engine
 * @param {object} tasks see painting/tasks.mjs
 * @returns {HTMLElement}
 */
export function makeSeries(session, engine, tasks) {
  const canvas = make("canvas", {
    class: "series", role: "img", "aria-label": texts.seriesPicture,
    hidden: true,
  });
  const cells = make("div", {class: "cells"});
  const picture = make("div", {class: "picture"}, canvas, cells);
  const stops = make("p", {class: "hint"});
  let stop = null;
  const end = () => {
    stop?.abort();
    stop = null;
  };
  const names = () => Object.keys(session.look.weights);
  const show = async (paint) => {
    end();
    stop = new AbortController();
    const {signal} = stop;
    canvas.hidden = false;
    cells.replaceChildren();
    try {
      await paint(signal);
    } catch (error) {
      if (error.name !== "AbortError") tasks.fail(error);
    }
  };
  const preview = (weights, side, signal, sketch = true) => engine.preview(
    session.photograph.small,
    {...toEngineLook({...session.look, gradient: null}), weights}, side,
    {signal, sketch});

  const showGrid = () => show(async (signal) => {
    const corners = findCorners(names());
    const blends = Array.from({length: CELLS * CELLS}, (_, i) =>
      mixCorners(corners, Math.floor(i / CELLS) / (CELLS - 1),
        (i % CELLS) / (CELLS - 1)));
    cells.append(...blends.map((weights) => make("button", {
      type: "button", "aria-label": texts.blend(weights),
      title: texts.blend(weights), on: {click: () => session.change({weights})},
    })));
    // Sketches first, then the strokes of the file.
    for (const sketch of [true, false]) {
      for (const [i, weights] of blends.entries()) {
        const picture = await preview(weights, sketch ? FRAME_SIDE : CELL_SIDE,
          signal, sketch);
        signal.throwIfAborted();
        drawCell(canvas, picture, i, sketch);
      }
    }
  });

  const showPath = () => show(async (signal) => {
    const frames = [];
    for (const weights of walk(names(), FRAMES)) {
      const picture = toCanvas(await preview(weights, FRAME_SIDE, signal));
      signal.throwIfAborted();
      frames.push(picture);
      if (frames.length === 1) {
        Object.assign(canvas, {width: picture.width, height: picture.height});
      }
      canvas.getContext("2d").drawImage(picture, 0, 0);
    }
    await play(canvas, frames, signal);
  });

  const grid = makeButton("", texts.showGrid, showGrid);
  const path = makeButton("play", texts.showPath, showPath);
  const saves = tasks.server ? [
    makeButton("download", texts.gridFile, () => tasks.run(texts.grid, {
      kind: "grid", corners: findCorners(names()), format: "png",
    }, true)),
    makeButton("download", texts.pathGif, () => tasks.run(texts.path, {
      kind: "path", points: names().map((name) => ({[name]: 1})), format: "gif",
    }, true)),
    makeButton("download", texts.pathMp4, () => tasks.run(texts.path, {
      kind: "path", points: names().map((name) => ({[name]: 1})), format: "mp4",
    }, true), {disabled: !tasks.server.info.video}),
  ] : [makeParagraph(texts.seriesNeedsServer, {class: "hint"})];
  const update = () => {
    end();
    const titles = names().map((name) => session.find(name)?.title ?? name);
    stops.textContent = texts.stops(titles);
    const few = titles.length < 2;
    for (const button of [grid, path, ...saves]) {
      if (button.tagName === "BUTTON") button.disabled = few;
    }
    cells.replaceChildren();
    if (few) canvas.hidden = true;
  };
  session.addEventListener("look", update);
  session.addEventListener("photograph", () => {
    end();
    cells.replaceChildren();
    canvas.hidden = true;
  });
  update();
  return makeSection(texts.series, texts.seriesHint, stops,
    make("div", {class: "buttons"}, grid, path), picture,
    make("div", {class: "buttons"}, ...saves));
}

function drawCell(canvas, picture, index, isFirst) {
  const scale = CELL_SIDE / Math.max(picture.width, picture.height);
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  if (index === 0 && isFirst) {
    canvas.width = CELLS * (width + GAP) - GAP;
    canvas.height = CELLS * (height + GAP) - GAP;
  }
  canvas.getContext("2d").drawImage(toCanvas(picture),
    (index % CELLS) * (width + GAP),
    Math.floor(index / CELLS) * (height + GAP), width, height);
}

/** Returns the weights of four corners: top left, top right, bottom left,
 * bottom right; two or three styles stand in several. */
function findCorners(names) {
  const order = {2: [0, 1, 0, 1], 3: [0, 1, 2, 1]}[names.length] ?? [0, 1, 2, 3];
  return order.map((i) => ({[names[i]]: 1}));
}

function mixCorners(corners, y, x) {
  const shares = [(1 - y) * (1 - x), (1 - y) * x, y * (1 - x), y * x];
  return mix(corners, shares);
}

function mix(blends, shares) {
  const weights = {};
  blends.forEach((blend, i) => {
    for (const [name, weight] of Object.entries(toShares(blend))) {
      const sum = (weights[name] ?? 0) + shares[i] * weight;
      if (sum > 0) weights[name] = Math.round(1e4 * sum) / 1e4;
    }
  });
  return weights;
}

/** Yields blends from style to style. */
function* walk(names, frames) {
  for (let i = 0; i + 1 < names.length; i++) {
    for (let k = 0; k < frames; k++) {
      yield mix([{[names[i]]: 1}, {[names[i + 1]]: 1}],
        [1 - k / frames, k / frames]);
    }
  }
  yield {[names.at(-1)]: 1};
}

/** Shows frames forth and back until it is stopped. */
async function play(canvas, frames, signal) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isStill) return;
  const context = canvas.getContext("2d");
  for (let i = frames.length; !signal.aborted; i++) {
    const period = 2 * frames.length - 2;
    const at = i % period;
    context.drawImage(frames[at < frames.length ? at : period - at], 0, 0);
    await new Promise((resolve) => {
      setTimeout(resolve, FRAME_MILLISECONDS);
    });
  }
}
