// Where the picture lies on the stage: fitted, or magnified and moved.

const MARGIN = 20; // CSS pixels around a fitted picture
const FOOT = 76; // and below it, for what lies on the stage
const MOST_SCALE = 8; // screen pixels a pixel of the photograph

/** A view of a picture of `width` by `height` on a stage; all lengths are in
 * CSS pixels of the stage, and points of the picture in [0, 1].
 */
export class View {
  stageWidth = 1;
  stageHeight = 1;
  width = 1;
  height = 1;
  ratio = 1; // screen pixels a CSS pixel
  #scale = null; // CSS pixels a picture's pixel; null is fitted
  #x = 0.5; // the picture's point in the middle of the stage
  #y = 0.5;

  /** Shows a picture of another size, fitted. */
  show(width, height) {
    this.width = width;
    this.height = height;
    this.fit();
  }

  fit() {
    this.#scale = null;
    this.#x = this.#y = 0.5;
  }

  get isFitted() {
    return this.#scale === null;
  }

  /** CSS pixels a pixel of the picture. */
  get scale() {
    const margin = Math.min(this.stageWidth, this.stageHeight) < 420
      ? 0 : MARGIN;
    return this.#scale ?? Math.min(
      (this.stageWidth - 2 * margin) / this.width,
      (this.stageHeight - margin - FOOT) / this.height, 4);
  }

  /** Screen pixels a pixel of the picture: 1 is life size. */
  get magnification() {
    return this.scale * this.ratio;
  }

  get rectangle() {
    const width = this.width * this.scale;
    const height = this.height * this.scale;
    const foot = this.isFitted ? FOOT : 0;
    return {
      x: this.stageWidth / 2 - this.#x * width,
      y: (this.stageHeight - foot) / 2 - this.#y * height,
      width, height,
    };
  }

  toPicture(x, y) {
    const box = this.rectangle;
    return [(x - box.x) / box.width, (y - box.y) / box.height];
  }

  /** Magnifies so that the stage's point (x, y) stays where it is. */
  magnify(factor, x = this.stageWidth / 2, y = this.stageHeight / 2) {
    const [u, v] = this.toPicture(x, y);
    const fitted = this.#fittedScale();
    const scale = Math.min(MOST_SCALE / this.ratio,
      Math.max(fitted, this.scale * factor));
    if (scale <= fitted * 1.001) {
      this.fit();
      return;
    }
    this.#scale = scale;
    this.#x = u + (this.stageWidth / 2 - x) / (this.width * scale);
    this.#y = v + (this.stageHeight / 2 - y) / (this.height * scale);
    this.#keepInside();
  }

  /** Shows a pixel of the picture on a pixel of the screen. */
  showLifeSize() {
    this.#scale = 1 / this.ratio;
    this.#keepInside();
  }

  move(dx, dy) {
    if (this.isFitted) return;
    this.#x -= dx / (this.width * this.#scale);
    this.#y -= dy / (this.height * this.#scale);
    this.#keepInside();
  }

  #fittedScale() {
    const kept = this.#scale;
    this.#scale = null;
    const {scale} = this;
    this.#scale = kept;
    return scale;
  }

  #keepInside() {
    const clamp = (at, stage, length) => {
      const half = Math.min(0.5, stage / length / 2);
      return Math.min(1 - half, Math.max(half, at));
    };
    this.#x = clamp(this.#x, this.stageWidth, this.width * this.#scale);
    this.#y = clamp(this.#y, this.stageHeight, this.height * this.#scale);
  }
}
