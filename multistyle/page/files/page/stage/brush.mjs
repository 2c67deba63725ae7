// The brush and the eraser: what they paint is the mask.

import { MaskCanvas } from "./mask.mjs";

const STEP = 0.02; // of the picture, that an arrow key moves the cursor

/** A tool of the stage that paints the session's mask. */
export class Brush {
  #session;
  #stage;
  #mask;
  #tint;
  #last = null;
  #cursor = [0.5, 0.5];
  #isShown = false;
  size = 0.08; // breadth, of the picture's long side

  constructor(session, stage) {
    this.#session = session;
    this.#stage = stage;
    this.take(session.look.mask);
  }

  /** Goes on at another mask, as after an undo. */
  take(mask) {
    this.#mask = new MaskCanvas(this.#session.photograph, mask);
    this.#tint = null;
    this.#stage.redraw();
  }

  get #erases() {
    return this.#session.tool === "eraser";
  }

  down(point) {
    this.#last = this.#cursor = point;
    this.#dab(point);
  }

  move(point) {
    this.#cursor = point;
    if (this.#last) this.#dab(point);
  }

  hover(point) {
    this.#cursor = point;
    this.#isShown = true;
    this.#stage.redraw();
  }

  up() {
    if (!this.#last) return;
    this.#last = null;
    this.#session.change({mask: this.#mask.read()});
  }

  /** Forgets a stroke that turned out to be two fingers. */
  cancel() {
    this.#last = null;
    this.take(this.#session.look.mask);
  }

  key(event) {
    const moves = {ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP], ArrowDown: [0, STEP]};
    this.#isShown = true;
    if (event.key in moves) {
      this.#cursor = this.#cursor.map((at, i) =>
        Math.min(1, Math.max(0, at + moves[event.key][i])));
      if (event.shiftKey) this.#press();
      this.#stage.redraw();
    } else if (event.key === " ") this.#press();
    else return false;
    return true;
  }

  draw(context, box) {
    context.save();
    context.globalAlpha = 0.45;
    context.drawImage(this.#shade(), box.x, box.y, box.width, box.height);
    context.restore();
    if (!this.#isShown && !this.#last) return;
    const [x, y] = this.#cursor;
    const radius = this.size * Math.max(box.width, box.height) / 2;
    for (const [color, width] of [["#000", 3], ["#fff", 1.5]]) {
      context.beginPath();
      context.arc(box.x + x * box.width, box.y + y * box.height, radius, 0, 7);
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    }
  }

  #press() {
    this.down(this.#cursor);
    this.up();
  }

  #dab(point) {
    this.#mask.stroke(this.#last, point, this.size, this.#erases);
    this.#last = point;
    this.#tint = null;
    this.#stage.redraw();
  }

  // What is not painted is darkened.
  #shade() {
    if (this.#tint) return this.#tint;
    const {width, height} = this.#mask.canvas;
    this.#tint ??= document.createElement("canvas");
    Object.assign(this.#tint, {width, height});
    const context = this.#tint.getContext("2d");
    const pixels = this.#mask.context.getImageData(0, 0, width, height);
    const {data} = pixels;
    for (let i = 0; i < data.length; i += 4) {
      data[i + 3] = 255 - data[i];
      data[i] = 20;
      data[i + 1] = 24;
      data[i + 2] = 60;
    }
    context.putImageData(pixels, 0, 0);
    return this.#tint;
  }
}
