// Films, by the server: a second to try, then the whole.

import { make, makeButton, makeChoice, makeSection, makeSlider }
  from "../elements.mjs";
import { toServerLook } from "../state/look.mjs";
import { texts } from "../texts.mjs";

/** Makes the section.
 * @param {object} session
 * @param {Tasks} tasks
 */
export function makeFilms(session, tasks) {
  const {server} = tasks;
  if (!server) return makeSection(texts.films, texts.filmsNeedServer);
  if (!server.allows("films")) return makeSection(texts.films, texts.filmsOff);
  if (!server.info.video) {
    return makeSection(texts.films, texts.filmsNeedExtra);
  }
  let film = null;
  const options = {stability: 0.5, max_size: 1280, format: "mp4"};
  const from = makeTime(texts.from);
  const to = makeTime(texts.to);
  const sizes = makeChoice(texts.filmSize, [["640", "640"], ["1280", "1280"],
    ["", texts.asFilmed]], (value) => {
    options.max_size = value ? Number(value) : null;
    sizes.update(value);
  });
  const formats = makeChoice(texts.format, [["mp4", "MP4"], ["webm", "WebM"],
    ["gif", "GIF"]], (value) => {
    options.format = value;
    formats.update(value);
  });
  sizes.update("1280");
  formats.update("mp4");
  const stability = makeSlider(texts.stability, {
    min: 0, max: 1, step: 0.05, value: options.stability, show: texts.percent,
  }, (value) => {
    options.stability = value;
  });
  const video = make("video", {controls: true, loop: true, muted: true,
    playsinline: true, hidden: true, "aria-label": texts.trial});
  const said = make("p", {class: "hint"});
  const job = (kind) => ({
    kind, content: film.id,
    look: toServerLook({...session.look, mask: null}, null),
    model: session.painter ?? server.info.model,
    from: from.read(), to: to.read(), ...options,
  });
  const tryOut = () => tasks.watch(texts.trial, async (progress, signal) => {
    const state = await server.run(job("trial"), {
      signal, progress: (now) => progress(now.share, texts.jobState(now)),
    });
    video.src = URL.createObjectURL(await server.result(state.id));
    video.hidden = false;
    server.forget(state.id);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      await video.play().catch(() => {});
    }
  });
  const paint = () => tasks.watch(texts.paintingFilm, (progress, signal) =>
    tasks.finish(job("film"), progress, signal));
  const form = make("div", {class: "film", hidden: true}, said,
    make("div", {class: "times"}, from, to), sizes, formats, stability,
    make("div", {class: "buttons"},
      makeButton("play", texts.tryOut, tryOut),
      makeButton("download", texts.paintFilm, paint, {class: "primary"})),
    video);
  const input = make("input", {
    type: "file", accept: "video/*,image/gif", id: "film-file",
    class: "hidden-file", "aria-label": texts.chooseFilm,
    on: {change: async () => {
      const [file] = input.files;
      input.value = "";
      if (!file) return;
      film = await tasks.watch(texts.uploading, (progress) => server.upload(
        "film", file, file, file.name,
        (share) => progress(share, texts.uploaded(share, file.size)))) ?? film;
      form.hidden = !film;
      if (film) said.textContent = texts.filmSaid(film);
    }},
  });
  return makeSection(texts.films, texts.filmsHint,
    make("label", {class: "button", for: "film-file"}, input,
      make("span", {text: texts.chooseFilm})), form);
}

function makeTime(label) {
  const input = make("input", {type: "number", min: 0, step: 0.1,
    placeholder: texts.seconds});
  const element = make("label", {class: "time"}, make("span", {text: label}),
    input);
  element.read = () => (input.value === "" ? null : Number(input.value));
  return element;
}
