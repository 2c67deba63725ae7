// The page: opens the engine, looks for the server, and puts it all together.

import { Engine } from "../engine/engine.mjs";
import { countThreads } from "../engine/network/kernels.mjs";
import { make, makeButton } from "./elements.mjs";
import { fail, notify } from "./notices.mjs";
import { makeOffline } from "./offline.mjs";
import { download } from "./painting/download.mjs";
import { Opening, SAMPLES } from "./painting/opening.mjs";
import { Painter } from "./painting/painter.mjs";
import { findLearned, learnPaintings } from "./painting/paintings.mjs";
import { openPhotograph } from "./painting/photograph.mjs";
import { Server } from "./painting/server.mjs";
import { Tasks } from "./painting/tasks.mjs";
import { makeFilms } from "./panels/films.mjs";
import { makeLookPanel } from "./panels/look_panel.mjs";
import { choose, makeModels } from "./panels/models.mjs";
import { makeMorePanel } from "./panels/more_panel.mjs";
import { makePartsPanel } from "./panels/parts_panel.mjs";
import { makeSeries } from "./panels/series.mjs";
import { makeStylesPanel } from "./panels/styles_panel.mjs";
import { makeTabs } from "./panels/tabs.mjs";
import { Thumbnails } from "./panels/thumbnails.mjs";
import { useCamera } from "./stage/camera.mjs";
import { readMask } from "./stage/mask.mjs";
import { Stage } from "./stage/stage.mjs";
import { readAddress, writeAddress } from "./state/address.mjs";
import { isEmpty } from "./state/look.mjs";
import { PRESETS } from "./state/presets.mjs";
import { Session } from "./state/session.mjs";
import { texts } from "./texts.mjs";

const REST_MILLISECONDS = 400; // after which a hand rests on the view

const byId = (id) => document.getElementById(id);

async function start() {
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = texts[element.dataset.text];
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", texts[element.dataset.label]);
  }
  byId("status").textContent = texts.loading;
  const session = new Session();
  const stage = new Stage(byId("stage"));
  const finding = Server.find();
  const opening = new Opening(session);
  const sample = readAddress(location.hash, []).sample;
  const first = opening.readSample(SAMPLES.includes(sample) ? sample
    : SAMPLES[0]);
  first.then(({bitmap, width, height}) => stage.show(bitmap, width, height),
    fail);
  const engine = await Engine.open("model/",
    {threads: countThreads(), gpu: true});
  const {styles} = engine.model;
  session.styles = styles;
  const [thumbnails, {server, refusal}] = await Promise.all([
    Thumbnails.load(engine.model), finding]);
  if (refusal) notify(refusal, {isError: true});

  // Wanted are all pixels where a preview would show fewer than the screen.
  const isClose = (side) => {
    const {width, height, magnification} = stage.view;
    const long = Math.max(width, height);
    return long > side && long * magnification > 1.3 * side;
  };
  const painter = new Painter(session, engine, server, isClose);
  const tasks = new Tasks(session, server);
  const learn = engine.model.reader
    ? (files) => learnPaintings(files, session, engine, server)
    : null;
  opening.listen(learn, () =>
    useCamera(session, engine, (file) => opening.open(file)));
  const readOne = async (file) => {
    try {
      return readMask(await openPhotograph(file, file.name));
    } catch (error) {
      fail(error);
      return null;
    }
  };
  const saveFile = (file, name) => tasks.save(file, name);
  makeActions(session, stage, () => download(session, engine, tasks, painter));
  makeStageBar(stage, opening);
  const model = () => session.painter ?? engine.model.name;
  byId("panel").append(makeGrip(), ...makeTabs(texts.panel, [
    {id: "styles", text: texts.tabs.styles,
      panel: makeStylesPanel(session, thumbnails, learn,
        Boolean(server?.allows("learning")))},
    {id: "look", text: texts.tabs.look, panel: makeLookPanel(session)},
    {id: "parts", text: texts.tabs.parts,
      panel: makePartsPanel(session, stage, saveFile, readOne)},
    {id: "more", text: texts.tabs.more, panel: makeMorePanel(session, {
      model,
      sections: [makeSeries(session, engine, tasks),
        makeFilms(session, tasks), makeModels(session, engine, tasks)],
      hints: engine.notes, hasServer: Boolean(server),
    })},
  ], (tab) => {
    if (tab !== "parts") session.take("view");
  }));
  connect({session, stage, painter, engine, isClose});

  if (server) await findLearned(session, engine, server);
  const names = session.styles.map(({name}) => name);
  const given = readAddress(location.hash, names);
  if (given.error) notify(given.error, {isError: true});
  session.begin(given.look ?? {weights: findFirst(names)});
  session.open(await first);
  if (server && server.info.model !== engine.model.name) {
    choose(session, server, server.info.model);
  }
  makeOffline(engine, session);
}

/** Returns the weights that the page begins with. */
function findFirst(names) {
  const preset = PRESETS.find(({weights}) =>
    Object.keys(weights).every((name) => names.includes(name)));
  return preset?.weights ?? {[names[0]]: 1};
}

function makeActions(session, stage, save) {
  const undo = makeButton("undo", texts.undo, () => session.undo(), {bare: true});
  const redo = makeButton("redo", texts.redo, () => session.redo(), {bare: true});
  const share = makeButton("share", texts.share, async () => {
    await navigator.clipboard?.writeText(location.href);
    const hasOwn = Object.keys(session.look.weights)
      .some((name) => session.find(name).own);
    const copied = hasOwn ? texts.sharedWithOwn : texts.shared;
    notify(navigator.clipboard ? copied : texts.shareByHand);
  }, {bare: true});
  const load = makeButton("download", texts.download, save,
    {class: "primary", id: "download"});
  byId("actions").append(undo, redo, share, load);
  const update = () => {
    undo.disabled = !session.canUndo;
    redo.disabled = !session.canRedo;
    load.disabled = !session.photograph || isEmpty(session.look);
  };
  session.addEventListener("look", update);
  session.addEventListener("photograph", update);
  update();
  addEventListener("keydown", (event) => {
    const isText = event.target.matches?.("textarea, input:not([type=range])");
    if (!(event.ctrlKey || event.metaKey) || isText) return;
    const key = event.key.toLowerCase();
    if (key === "z") event.shiftKey ? session.redo() : session.undo();
    else if (key === "y") session.redo();
    else return;
    event.preventDefault();
  });
}

function makeStageBar(stage, opening) {
  const compare = makeButton("compare", texts.compare, () => {
    stage.isComparing = !stage.isComparing;
    compare.setAttribute("aria-pressed", String(stage.isComparing));
  }, {bare: true, "aria-pressed": "false"});
  const life = makeButton("", texts.lifeSize,
    () => stage.changeView((view) => view.showLifeSize()));
  const fitted = makeButton("fit", texts.fit,
    () => stage.changeView((view) => view.fit()), {bare: true});
  const zoom = make("output", {id: "zoom"});
  stage.addEventListener("view", () => {
    zoom.textContent = texts.percent(stage.view.magnification);
    fitted.disabled = stage.view.isFitted;
  });
  fitted.disabled = true;
  byId("stage").append(make("div", {class: "stagebar", role: "toolbar",
    "aria-label": texts.stageTools},
  makeButton("open", texts.open, () => opening.ask(), {id: "open"}),
  make("span", {class: "rule"}), compare, fitted, life, zoom),
  make("div", {id: "busy", hidden: true}));
}

/** Makes what draws the sheet of styles up and down on a telephone. */
function makeGrip() {
  const grip = makeButton("sheet", texts.grip, () => {
    const isTall = document.body.classList.toggle("tall");
    grip.setAttribute("aria-expanded", String(isTall));
  }, {bare: true, class: "bare grip", "aria-expanded": "false"});
  return grip;
}

function connect({session, stage, painter, engine, isClose}) {
  session.addEventListener("photograph", () => {
    const {bitmap, width, height} = session.photograph;
    stage.show(bitmap, width, height);
    stage.dispatchEvent(new Event("view"));
    painter.request(true);
    keepAddress(session);
  });
  session.addEventListener("look", ({detail}) => {
    painter.request(detail.settled);
    if (detail.settled) keepAddress(session);
  });
  session.addEventListener("painter", () => painter.request(true));
  painter.addEventListener("painted", ({detail}) => {
    stage.paint(detail.canvas);
    stage.describe(texts.described(session.photograph, detail.look, session));
    markOnce("first");
    if (detail.kind === "preview") markOnce("final");
    byId("status").textContent = texts.painted(detail, engine);
    stage.element.dataset.painted = detail.kind;
  });
  painter.addEventListener("waiting", ({detail}) => {
    byId("status").textContent = detail.sentence;
  });
  painter.addEventListener("busy", ({detail}) => {
    byId("busy").hidden = !detail.busy;
    stage.element.setAttribute("aria-busy", String(detail.busy));
  });
  painter.addEventListener("failed", ({detail}) => fail(detail.error));
  let resting = 0;
  stage.addEventListener("view", () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const {painted} = stage.element.dataset;
      if (painted !== "whole" && isClose(engine.model.deciding_size)) {
        painter.request(true);
      }
    }, REST_MILLISECONDS);
  });
  // The browser asks whether what was brushed shall go.
  addEventListener("beforeunload", (event) => {
    if (session.look.mask) event.preventDefault();
  });
  addEventListener("hashchange", () => {
    const given = readAddress(location.hash,
      session.styles.map(({name}) => name));
    if (given.error) notify(given.error, {isError: true});
    if (given.look) session.change({...given.look, mask: session.look.mask});
  });
}

/** Notes when something was first seen, for whoever measures. */
function markOnce(name) {
  if (!performance.getEntriesByName(name).length) performance.mark(name);
}

function keepAddress(session) {
  history.replaceState(null, "",
    writeAddress(session.look, session.photograph?.sample));
}

start().catch((error) => {
  byId("status").textContent = "";
  fail(error);
});
