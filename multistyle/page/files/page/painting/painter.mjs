// What keeps the picture on the screen up to date: a sketch while the hand
// moves, the strokes of the file when it rests, and all its pixels where they
// are looked at.

import { isEmpty, toEngineLook } from "../state/look.mjs";
import { texts } from "../texts.mjs";
import { readWhole, toCanvas } from "./photograph.mjs";

const SKETCH_SECONDS = 0.12;
const LEAST_SKETCH = 256;
const LIVE_SECONDS = 0.2; // A preview as fast needs no sketch before it.
const RETURNS = ["focus", "pointermove", "keydown"]; // of who was elsewhere

/** Paints what is asked for last. Events: "painted" (detail {canvas, kind,
 * seconds, look, model}, model being the server's where it painted), "waiting"
 * (detail {sentence}), "busy" (detail {busy}), "failed"
 * (detail {error}).
 */
export class Painter extends EventTarget {
  #session;
  #engine;
  #server;
  #wanted = null;
  #running = false;
  #stop = null;
  #sketchSide = 384;
  #previewSeconds = Infinity;
  #isClose;
  #whole = null; // {photograph, look, canvas}, the last of all pixels

  /** @param {(side: number) => boolean} isClose says whether a picture of
   *   `side` pixels is too coarse for how it is looked at. */
  constructor(session, engine, server, isClose) {
    super();
    this.#isClose = isClose;
    this.#session = session;
    this.#engine = engine;
    this.#server = server;
  }

  /** Paints the session's look anew. */
  request(settled) {
    this.#wanted = {settled};
    this.#stop?.abort();
    if (!this.#running) this.#run();
  }

  /** Returns the canvas with all pixels of the look, if it is there. */
  findWhole(photograph, look) {
    const whole = this.#whole;
    return whole?.photograph === photograph && whole.look === look
      ? whole.canvas : null;
  }

  async #run() {
    this.#running = true;
    this.#tell("busy", {busy: true});
    while (this.#wanted) {
      const {settled} = this.#wanted;
      this.#wanted = null;
      const {photograph, look, painter} = this.#session;
      if (!photograph) continue;
      if (isEmpty(look)) {
        this.#tell("painted", {canvas: null, kind: "none", seconds: 0, look});
        continue;
      }
      try {
        await this.#paint(photograph, look, settled, painter);
      } catch (error) {
        if (error.name !== "AbortError") this.#tell("failed", {error});
      }
    }
    this.#running = false;
    this.#tell("busy", {busy: false});
  }

  // Another tab of this visitor took the server's preview for itself: who comes
  // back to this one gets it again.
  #resume() {
    const back = new AbortController();
    for (const type of RETURNS) {
      addEventListener(type, () => {
        back.abort();
        this.request(true);
      }, {signal: back.signal});
    }
    this.#tell("waiting", {sentence: texts.elsewhere});
  }

  async #paint(photograph, look, settled, painter) {
    const isLive = this.#previewSeconds < LIVE_SECONDS;
    const styles = Object.keys(look.weights)
      .map((name) => this.#session.find(name));
    const isKnown = styles.every((style) => style?.here !== false);
    // What only the browser has read, the server cannot paint in yet.
    const isThere = styles.every((style) => style?.there !== false);
    if (!isLive && isKnown) await this.#sketch(photograph, look);
    if (this.#wanted || !(settled || isLive)) return;
    this.#stop = new AbortController();
    const {signal} = this.#stop;
    try {
      if (painter && isThere) {
        await this.#ask(photograph, look, painter, signal);
        return;
      }
      if (!isKnown) return;
      if (!this.findWhole(photograph, look)) {
        await this.#preview(photograph, look, signal);
      }
      if (settled && this.#isClose(this.#engine.model.deciding_size)) {
        await this.#paintWhole(photograph, look, signal);
      }
    } finally {
      this.#stop = null;
    }
  }

  async #sketch(photograph, look) {
    const side = Math.round(this.#sketchSide);
    const [picture, seconds] = await this.#time(() => this.#engine.preview(
      photograph.small, toEngineLook(look), side, {sketch: true}));
    const scale = Math.sqrt(SKETCH_SECONDS / Math.max(seconds, 0.01));
    this.#sketchSide = Math.min(this.#engine.model.deciding_size,
      Math.max(LEAST_SKETCH, side * Math.min(1.5, Math.max(0.6, scale))));
    this.#show(picture, "sketch", seconds, look);
  }

  async #preview(photograph, look, signal) {
    const [picture, seconds] = await this.#time(() => this.#engine.preview(
      photograph.small, toEngineLook(look), this.#engine.model.deciding_size,
      {signal}));
    this.#previewSeconds = seconds;
    this.#show(picture, "preview", seconds, look);
  }

  async #paintWhole(photograph, look, signal) {
    const started = performance.now();
    const {width, height} = photograph;
    if (!this.findWhole(photograph, look)) {
      const given = toEngineLook(look);
      const {fits} = await this.#engine.estimate(width, height, given);
      if (!fits) return;
      const picture = await readWhole(photograph, width, height);
      signal.throwIfAborted();
      const painted = await this.#engine.paint(picture, given, {
        signal, transfer: true, progress: (share, seconds) => {
          this.#tell("waiting", {sentence: texts.closer(seconds)});
        },
      });
      this.#whole = {photograph, look, canvas: toCanvas(painted)};
    }
    const seconds = (performance.now() - started) / 1000;
    this.#tell("painted",
      {canvas: this.#whole.canvas, kind: "whole", seconds, look});
  }

  async #ask(photograph, look, model, signal) {
    const started = performance.now();
    const content = await this.#server.uploadPhotograph(photograph);
    const given = await this.#server.toLook(look);
    const state = await this.#server.run({
      kind: "preview", model, content, look: given,
      long_side: this.#engine.model.deciding_size,
    }, {signal, progress: (now) => {
      this.#tell("waiting", {sentence: texts.waiting(now)});
    }}).catch((error) => {
      if (error.name === "AbortError" && !signal.aborted) this.#resume();
      throw error;
    });
    const blob = await this.#server.result(state.id);
    const bitmap = await createImageBitmap(blob);
    signal.throwIfAborted();
    const seconds = (performance.now() - started) / 1000;
    this.#tell("painted",
      {canvas: bitmap, kind: "preview", seconds, look, model});
    this.#server.forget(state.id);
  }

  #show(picture, kind, seconds, look) {
    this.#tell("painted", {canvas: toCanvas(picture), kind, seconds, look});
  }

  async #time(paint) {
    const started = performance.now();
    const picture = await paint();
    return [picture, (performance.now() - started) / 1000];
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
