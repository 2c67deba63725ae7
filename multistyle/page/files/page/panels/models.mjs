// Which model paints: the one in the browser, or one of the server's.

import { make, makeButton, makeParagraph, makeSection } from "../elements.mjs";
import { texts } from "../texts.mjs";

/** Makes the section.
 * @param {object} session
 * @param {Engine} engine
 * @param {Tasks} tasks
 */
export function makeModels(session, engine, tasks) {
  const {server} = tasks;
  const list = make("div", {class: "models", role: "radiogroup",
    "aria-label": texts.models});
  const build = () => {
    const entries = [{name: null, title: engine.model.name,
      said: texts.inBrowser(engine)}];
    for (const model of server?.info.models ?? []) {
      entries.push({...model, title: model.label ?? model.name,
        said: texts.modelSaid(model)});
    }
    list.replaceChildren(...entries.map((entry) =>
      makeEntry(entry, session, tasks, build)));
  };
  session.addEventListener("painter", build);
  build();
  if (!server) return makeSection(texts.models, texts.modelsNeedServer, list);
  const input = make("input", {
    type: "file", accept: ".keras,.safetensors", id: "model-file",
    class: "hidden-file", "aria-label": texts.uploadModel,
    on: {change: async () => {
      const [file] = input.files;
      input.value = "";
      if (!file) return;
      const added = await tasks.watch(texts.uploading, (progress) =>
        server.upload("model", file, file, file.name,
          (share) => progress(share, texts.uploaded(share, file.size))));
      if (!added) return;
      await server.refresh();
      if (added.model) choose(session, server, added.model.name);
      if (added.style) {
        const {name, row} = added.style;
        if (row) await engine.addRow(name, Float32Array.from(row));
        session.addStyle({...added.style, own: true, here: Boolean(row)});
      }
      build();
    }},
  });
  const upload = server.allows("models")
    ? make("label", {class: "button quiet", for: "model-file"}, input,
      make("span", {text: texts.uploadModel}))
    : makeParagraph(texts.modelsOff, {class: "hint"});
  return makeSection(texts.models, texts.modelsHint, list, upload);
}

/** Lets a model paint, and adds the styles that the browser does not have. */
export function choose(session, server, name) {
  const model = server?.info.models.find((entry) => entry.name === name);
  for (const style of model?.styles ?? []) {
    if (!session.find(style.name)) {
      session.addStyle({...style, thumbnail: null, here: false});
    }
  }
  session.choose(name);
}

function makeEntry(entry, session, tasks, build) {
  const radio = make("input", {
    type: "radio", name: "model", value: entry.name ?? "",
    set: {checked: session.painter === entry.name},
    on: {change: () => choose(session, tasks.server, entry.name)},
  });
  const card = entry.card?.description
    ? makeParagraph(entry.card.description, {class: "hint"}, "span") : null;
  const remove = entry.kind === "uploaded" ? makeButton("close",
    texts.remove(entry.title), async () => {
      await tasks.server.discard(entry.upload);
      await tasks.server.refresh();
      if (session.painter === entry.name) session.choose(null);
      build();
    }, {bare: true}) : null;
  return make("div", {class: "model"}, make("label", {}, radio,
    make("span", {}, make("strong", {text: entry.title}),
      make("span", {class: "hint", text: entry.said}), card)), remove);
}
