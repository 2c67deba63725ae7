// Ways to a photograph: chosen, dropped, pasted, a sample, or the camera.

import { make, makeButton, makeIcon, showDialog } from "../elements.mjs";
import { fail } from "../notices.mjs";
import { texts } from "../texts.mjs";
import { openPhotograph } from "./photograph.mjs";

// In files/samples; texts.mjs has their names and credits.
export const SAMPLES = ["canyon", "flower", "cat", "astronaut"];

export class Opening {
  #session;
  #useCamera;

  constructor(session) {
    this.#session = session;
  }

  /** Opens a file as the photograph. */
  async open(file) {
    try {
      this.#session.open(await openPhotograph(file, file.name || "pasted.png"));
    } catch (error) {
      fail(error);
    }
  }

  /** Reads one of the photographs that come with the page. */
  async readSample(name) {
    const response = await fetch(`samples/${name}.jpg`);
    return openPhotograph(await response.blob(), `${name}.jpg`, name);
  }

  /** Asks for a photograph. */
  ask() {
    const input = make("input", {
      type: "file", accept: "image/*", id: "photograph-file",
      class: "hidden-file", "aria-label": texts.choosePhotograph,
      on: {change: () => {
        dialog.close();
        if (input.files[0]) this.open(input.files[0]);
      }},
    });
    const samples = SAMPLES.map((name) => make("button", {
      type: "button", class: "sample", title: texts.samples[name],
      "aria-label": texts.samples[name],
      on: {click: () => {
        dialog.close();
        this.readSample(name).then((photograph) =>
            this.#session.open(photograph), fail);
      }},
    }, make("img", {src: `samples/${name}.jpg`, alt: "", loading: "lazy"})));
    const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);
    const camera = makeButton("camera", texts.camera, () => {
      dialog.close();
      this.#useCamera();
    }, {disabled: !hasCamera});
    const dialog = showDialog(texts.openPhotograph,
      make("label", {class: "drop", for: "photograph-file"}, input,
        makeIcon("open"), make("strong", {text: texts.choosePhotograph}),
        make("span", {class: "hint", text: texts.dropHint})),
      camera,
      hasCamera ? null : make("p", {class: "hint", text: texts.noCamera}),
      make("h3", {text: texts.orSample}),
      make("div", {class: "samples"}, ...samples));
  }

  /** Listens for what is dropped and pasted.
   * @param {((files: File[]) => void)|null} learn makes styles of paintings,
   *   where there is what reads them.
   * @param {() => void} useCamera
   */
  listen(learn, useCamera) {
    this.#useCamera = useCamera;
    const zones = make("div", {id: "zones", hidden: true},
      make("div", {class: "zone", text: texts.dropPhotograph}),
      learn ? make("div", {class: "zone", text: texts.dropPainting,
        "data-zone": "painting"}) : null);
    document.body.append(zones);
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zones.hidden = false;
      for (const zone of zones.children) {
        zone.classList.toggle("over", zone === event.target);
      }
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) zones.hidden = true;
    });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zones.hidden = true;
      const isPainting = event.target.dataset?.zone === "painting"
        || event.target.closest?.(".own");
      const files = [...event.dataTransfer.files];
      if (isPainting && learn) learn(files);
      else if (files[0]) this.open(files[0]);
    });
    addEventListener("paste", (event) => {
      const file = [...event.clipboardData?.files ?? []]
        .find(({type}) => type.startsWith("image/"));
      if (!file) return;
      event.preventDefault();
      this.open(file);
    });
  }
}
