// The map of styles as it is shown: a point on it blends the nearest.

import { make } from "../elements.mjs";
import { toShares } from "../state/weights.mjs";
import { texts } from "../texts.mjs";
import { blendAt, findPoint, layOut } from "./layout.mjs";

const ASPECT = 0.8; // height of width, as in style.css
const THUMBNAIL = 0.9; // of a cell, and at most
const MOST = 0.16; // of the map's width
const EDGE = 2; // CSS pixels
const STEP = 0.02; // of the map's side, that an arrow key moves

export class StyleMap {
  #session;
  #thumbnails;
  #canvas = make("canvas", {"aria-hidden": "true"});
  #handle = make("div", {
    class: "handle", role: "slider", tabindex: "0",
    "aria-label": texts.mapPoint, "aria-valuemin": "0", "aria-valuemax": "100",
  });
  #points = [];
  #size = 0;
  #at = [0.5, 0.5];
  #isMoving = false;

  constructor(session, thumbnails) {
    this.#session = session;
    this.#thumbnails = thumbnails;
    this.element = make("div", {class: "map"}, this.#canvas, this.#handle);
    this.element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      this.#handle.focus({preventScroll: true});
      this.#isMoving = true;
      this.#follow(event);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.#isMoving) this.#follow(event);
    });
    for (const type of ["pointerup", "pointercancel"]) {
      this.element.addEventListener(type, () => this.#rest());
    }
    this.#handle.addEventListener("keydown", (event) => this.#key(event));
    this.#handle.addEventListener("keyup", () => this.#rest());
    session.addEventListener("look", () => this.#update());
    session.addEventListener("styles", () => this.#place());
    new ResizeObserver(() => this.#draw()).observe(this.element);
    this.#place();
  }

  #place() {
    const {points, size} = layOut(this.#session.styles, ASPECT);
    this.#points = points;
    this.#size = Math.min(MOST, THUMBNAIL * size);
    this.#update();
  }

  #follow(event) {
    const {left, top, width, height} = this.element.getBoundingClientRect();
    this.#move((event.clientX - left) / width, (event.clientY - top) / height);
  }

  #move(x, y) {
    this.#isMoving = true;
    this.#at = [x, y].map((value) => Math.min(1, Math.max(0, value)));
    const {styles} = this.#session;
    const weights = Object.fromEntries(blendAt(this.#at, this.#points)
      .map(([i, weight]) => [styles[i].name, Math.round(100 * weight) / 100]));
    this.#session.change({weights}, false);
  }

  #rest() {
    if (!this.#isMoving) return;
    this.#isMoving = false;
    this.#session.change({}, true);
  }

  #key(event) {
    const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1],
      ArrowDown: [0, 1]};
    if (!(event.key in moves)) return;
    event.preventDefault();
    const [dx, dy] = moves[event.key];
    const step = event.shiftKey ? 5 * STEP : STEP;
    this.#move(this.#at[0] + dx * step, this.#at[1] + dy * step);
  }

  #update() {
    const {look, styles} = this.#session;
    const shares = toShares(look.weights);
    if (!this.#isMoving) {
      this.#at = findPoint(styles.map(({name}, i) => [i, shares[name] ?? 0]),
        this.#points);
    }
    const {style} = this.#handle;
    style.left = `${100 * this.#at[0]}%`;
    style.top = `${100 * this.#at[1]}%`;
    this.#handle.setAttribute("aria-valuenow", Math.round(100 * this.#at[0]));
    this.#handle.setAttribute("aria-valuetext", texts.blend(shares));
    this.#draw();
  }

  #draw() {
    const side = this.element.clientWidth;
    if (!side) return;
    const height = this.element.clientHeight;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = side * ratio;
    this.#canvas.height = height * ratio;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    const {styles, look} = this.#session;
    const shares = toShares(look.weights);
    const size = this.#size * side;
    const at = ([x, y]) => [x * side, y * height];
    const color = getComputedStyle(this.element).color;
    for (const [i, style] of styles.entries()) {
      const share = shares[style.name] ?? 0;
      if (!share) continue;
      context.beginPath();
      context.moveTo(...at(this.#points[i]));
      context.lineTo(...at(this.#at));
      context.lineWidth = 1 + 4 * share;
      context.strokeStyle = color;
      context.stroke();
    }
    // Those of the blend last, above the others.
    const order = [...styles.entries()].sort(([, a], [, b]) =>
      (shares[a.name] ?? 0) - (shares[b.name] ?? 0));
    for (const [i, style] of order) {
      const share = shares[style.name] ?? 0;
      const grown = size * (share ? 1 + 0.35 * share : 1);
      // Grown ones stay within the map.
      const [x, y] = at(this.#points[i]).map((value, axis) => Math.max(EDGE,
        Math.min((axis ? height : side) - grown - EDGE, value - grown / 2)));
      context.globalAlpha = share ? 1 : 0.9;
      context.save();
      context.beginPath();
      context.roundRect(x, y, grown, grown, 5);
      context.clip();
      this.#thumbnails.draw(context, style, x, y, grown);
      context.restore();
      context.globalAlpha = 1;
      if (!share) continue;
      context.beginPath();
      context.roundRect(x - 1, y - 1, grown + 2, grown + 2, 6);
      context.lineWidth = 2.5;
      context.strokeStyle = color;
      context.stroke();
    }
  }
}
