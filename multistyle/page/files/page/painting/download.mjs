// The download: at full size, by the browser or by the server.

import { make, makeButton, makeChoice, showDialog } from "../elements.mjs";
import { save } from "../notices.mjs";
import { toEngineLook } from "../state/look.mjs";
import { writeWeights } from "../state/weights.mjs";
import { texts } from "../texts.mjs";
import { fit, readPixels, readWhole } from "./photograph.mjs";

const QUALITY = 0.95;
// What the person chose last, of this visit.
let stripMetadata = false;

/** Asks for format and size, paints, and saves.
 * @param {object} session
 * @param {Engine} engine
 * @param {Tasks} tasks
 * @param {Painter} screen which may have painted all pixels already
 */
export async function download(session, engine, tasks, screen) {
  const {photograph, look, painter} = session;
  const {width, height} = photograph;
  const said = await engine.estimate(width, height, toEngineLook(look));
  const most = painter || said.fits ? [width, height]
    : fit(width, height, Math.max(...said.largest));
  let format = /\.(png|webp|gif)$/i.test(photograph.name) ? "png" : "jpeg";
  let size = most;
  const formats = makeChoice(texts.format, [["jpeg", "JPEG"], ["png", "PNG"]],
    (value) => update(value, size));
  const sizes = new Map(findSizes(width, height, most)
    .map((pair) => [pair.join("x"), pair]));
  const choices = makeChoice(texts.size, [...sizes].map(([key, pair]) =>
    [key, texts.pixels(...pair)]), (key) => update(format, sizes.get(key)));
  const metadata = makeChoice(texts.metadata, Object.entries(
    texts.metadataChoices), (value) => strip(value === "strip"));
  const strip = (value) => {
    stripMetadata = value;
    metadata.update(value ? "strip" : "keep");
  };
  strip(stripMetadata);
  const line = make("p", {class: "hint", id: "estimate"});
  let last = 0;
  const update = async (newFormat, newSize) => {
    [format, size] = [newFormat, newSize];
    formats.update(format);
    choices.update(size.join("x"));
    const number = ++last;
    const foreseen = painter ? await foreseeThere(session, tasks, format, size)
      : await foreseeHere(engine, look, size);
    if (number === last) line.textContent = foreseen;
  };
  const start = () => {
    dialog.close();
    const work = painter ? paintThere : paintHere;
    work(session, engine, tasks, {format, size, screen});
  };
  const dialog = showDialog(texts.download,
    make("h3", {text: texts.format}), formats,
    make("h3", {text: texts.size}), choices,
    most[0] < width ? make("p", {class: "hint", text: texts.tooLargeHere(
      width, height, Boolean(tasks.server))}) : null,
    make("h3", {text: texts.metadata}), metadata,
    line, make("div", {class: "buttons"},
      makeButton("download", texts.paintAndSave, start,
        {class: "primary", autofocus: true})));
  update(format, size);
}

/** Returns the sizes to choose of: the largest, and smaller ones. */
function findSizes(width, height, most) {
  const sizes = [most];
  for (const side of [4096, 2048, 1024]) {
    if (side < 0.9 * Math.max(...most)) sizes.push(fit(width, height, side));
  }
  return sizes;
}

async function foreseeHere(engine, look, size) {
  const {seconds, bytes} = await engine.estimate(...size, toEngineLook(look));
  return texts.estimate(engine.model.name, seconds, bytes);
}

async function foreseeThere(session, {server}, format, size) {
  const {photograph: {width, height}, look, painter} = session;
  const job = orderPicture(session.photograph, format, size);
  try {
    return texts.serverPaints(painter, await server.estimate({
      model: painter, width, height, look: await server.toLook(look), ...job,
    }));
  } catch (error) {
    return error.message;
  }
}

async function paintHere(session, engine, tasks, {format, size, screen}) {
  const {photograph, look} = session;
  await tasks.watch(texts.painting, async (progress, signal) => {
    const started = performance.now();
    const isWhole = size[0] === photograph.width;
    const known = isWhole ? screen.findWhole(photograph, look) : null;
    const painted = known ? readPixels(known) : await engine.paint(
      await readWhole(photograph, ...size), toEngineLook(look), {
        signal, transfer: true,
        progress: (share, seconds) => progress(0.97 * share,
          texts.secondsLeft(seconds)),
      });
    progress(0.97, texts.writing);
    const type = `image/${format}`;
    const blob = await engine.encode(painted, {
      type, quality: QUALITY, transfer: true,
      text: describe(look, engine.model.name), source: photograph.file,
      stripMetadata,
    });
    signal.throwIfAborted();
    const seconds = (performance.now() - started) / 1000;
    performance.measure("download", {start: started});
    save(blob, nameFile(photograph.name, format));
    tasks.tell(texts.saved(...size, seconds));
  });
}

async function paintThere(session, engine, tasks, {format, size}) {
  await tasks.run(texts.painting,
    orderPicture(session.photograph, format, size));
}

function orderPicture({width, height}, format, size) {
  const isWhole = size[0] === width && size[1] === height;
  return {
    kind: "picture", format, max_size: isWhole ? null : Math.max(...size),
    strip_metadata: stripMetadata,
  };
}

/** Returns what a file says of how it was painted. */
export function describe(look, model) {
  return `multistyle: ${model}, ${writeWeights(look.weights)}`;
}

function nameFile(name, format) {
  const stem = name.replace(/\.[^.]*$/, "") || "picture";
  return `${stem}_stylized.${format === "jpeg" ? "jpg" : "png"}`;
}
