// The stage: the photograph and its painting, with a divider between them,
// moved and magnified by hand, and what tools draw on it.

import { make } from "../elements.mjs";
import { texts } from "../texts.mjs";
import { View } from "./view.mjs";

const WHEEL = 1.0015; // magnification a pixel of the wheel
const STEP = 40; // CSS pixels that an arrow key moves

/** Events: "view" when it is magnified or moved. */
export class Stage extends EventTarget {
  #root;
  #canvas;
  #divider;
  #photograph = null;
  #painting = null;
  #share = 0.5; // where the divider stands, of the picture's width
  #isComparing = false;
  #pointers = new Map();
  #isDue = false;

  view = new View();
  tool = null; // {down, move, up, draw, key}; see stage/brush.mjs

  constructor(root) {
    super();
    this.#root = root;
    this.#canvas = make("canvas", {
      id: "picture", role: "img", tabindex: "0", "aria-label": texts.picture,
    });
    this.#divider = make("div", {
      id: "divider", role: "slider", tabindex: "0", hidden: true,
      "aria-label": texts.divider, "aria-valuemin": "0", "aria-valuemax": "100",
      "aria-orientation": "horizontal",
    }, make("span"));
    root.prepend(this.#canvas, this.#divider);
    this.#listen();
    new ResizeObserver(() => this.#resize()).observe(root);
  }

  get element() {
    return this.#root;
  }

  /** Shows a photograph; `bitmap` may be a smaller copy of it. */
  show(bitmap, width, height) {
    this.#photograph = bitmap;
    this.#painting = null;
    this.view.show(width, height);
    this.#resize();
  }

  /** Shows the painting of the photograph; null is the photograph itself. */
  paint(canvas) {
    this.#painting = canvas;
    this.redraw();
  }

  /** Says in words what is to be seen. */
  describe(text) {
    this.#canvas.setAttribute("aria-label", text);
  }

  set isComparing(isComparing) {
    this.#isComparing = isComparing;
    this.#divider.hidden = !isComparing;
    this.redraw();
  }

  get isComparing() {
    return this.#isComparing;
  }

  changeView(change) {
    change(this.view);
    this.redraw();
    this.dispatchEvent(new Event("view"));
  }

  redraw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #resize() {
    const {clientWidth, clientHeight} = this.#root;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    Object.assign(this.view, {
      stageWidth: clientWidth, stageHeight: clientHeight, ratio,
    });
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#draw();
  }

  #draw() {
    const context = this.#canvas.getContext("2d");
    const {ratio} = this.view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!this.#photograph) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = this.view.magnification < 3;
    context.imageSmoothingQuality = "high";
    const box = this.view.rectangle;
    const put = (image) => {
      context.drawImage(image, box.x, box.y, box.width, box.height);
    };
    put(this.#photograph);
    const split = box.x + this.#share * box.width;
    if (this.#painting) {
      context.save();
      if (this.#isComparing) {
        context.beginPath();
        context.rect(split, 0, this.view.stageWidth, this.view.stageHeight);
        context.clip();
      }
      put(this.#painting);
      context.restore();
    }
    this.tool?.draw(context, box);
    if (this.#isComparing) this.#placeDivider(split, box);
  }

  #placeDivider(split, box) {
    const {style} = this.#divider;
    style.left = `${Math.min(this.view.stageWidth, Math.max(0, split))}px`;
    style.top = `${Math.max(0, box.y)}px`;
    style.height = `${Math.min(this.view.stageHeight, box.height)}px`;
    const percent = Math.round(100 * this.#share);
    this.#divider.setAttribute("aria-valuenow", percent);
    this.#divider.setAttribute("aria-valuetext", texts.dividerAt(percent));
  }

  #listen() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(type, (event) => this.#up(event));
    }
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.changeView((view) => view.magnify(WHEEL ** -event.deltaY,
        event.offsetX, event.offsetY));
    }, {passive: false});
    canvas.addEventListener("dblclick", () => {
      if (this.tool) return;
      this.changeView((view) => (view.isFitted ? view.showLifeSize()
        : view.fit()));
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#divider.addEventListener("pointerdown", (event) => {
      this.#divider.setPointerCapture(event.pointerId);
      event.preventDefault();
      this.#divider.focus({preventScroll: true});
    });
    this.#divider.addEventListener("pointermove", (event) => {
      if (!this.#divider.hasPointerCapture(event.pointerId)) return;
      const {left} = this.#root.getBoundingClientRect();
      this.#setShare(this.view.toPicture(event.clientX - left, 0)[0]);
    });
    this.#divider.addEventListener("keydown", (event) => {
      const steps = {ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02,
        ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1};
      if (!(event.key in steps)) return;
      event.preventDefault();
      this.#setShare(this.#share + steps[event.key]);
    });
  }

  #setShare(share) {
    this.#share = Math.min(1, Math.max(0, share));
    this.redraw();
  }

  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (this.#pointers.size === 1) {
      this.tool?.down(this.view.toPicture(event.offsetX, event.offsetY), event);
    } else this.tool?.cancel?.();
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    const now = [event.offsetX, event.offsetY];
    if (!before) {
      this.tool?.hover?.(this.view.toPicture(...now));
      return;
    }
    if (this.#pointers.size === 2) this.#pinch(event.pointerId, now);
    else if (this.tool) this.tool.move(this.view.toPicture(...now), event);
    else {
      this.changeView((view) => view.move(now[0] - before[0],
        now[1] - before[1]));
    }
    this.#pointers.set(event.pointerId, now);
  }

  #pinch(id, now) {
    const before = this.#pointers.get(id);
    const [other] = [...this.#pointers].filter(([key]) => key !== id)
      .map(([, point]) => point);
    const span = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
    this.changeView((view) => {
      view.magnify(span(now) / Math.max(1, span(before)),
        (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      view.move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    });
  }

  #up(event) {
    const isLast = this.#pointers.size === 1;
    if (this.#pointers.delete(event.pointerId) && isLast) this.tool?.up();
  }

  #key(event) {
    if (this.tool?.key?.(event)) {
      event.preventDefault();
      return;
    }
    const moves = {ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0],
      ArrowUp: [0, STEP], ArrowDown: [0, -STEP]};
    const zooms = {"+": 1.25, "=": 1.25, "-": 0.8};
    if (event.key in moves) {
      this.changeView((view) => view.move(...moves[event.key]));
    } else if (event.key in zooms && !event.ctrlKey && !event.metaKey) {
      this.changeView((view) => view.magnify(zooms[event.key]));
    } else if (event.key === "0") this.changeView((view) => view.fit());
    else if (event.key === "1") this.changeView((view) => view.showLifeSize());
    else return;
    event.preventDefault();
  }
}
