// The line by which a gradient is drawn: its direction is the gradient's.

/** A tool of the stage that turns the session's gradient. */
export class Line {
  #session;
  #stage;
  #from = null;
  #to = null;

  constructor(session, stage) {
    this.#session = session;
    this.#stage = stage;
  }

  down(point) {
    this.#from = this.#to = point;
  }

  move(point) {
    if (!this.#from) return;
    this.#to = point;
    this.#turn(false);
    this.#stage.redraw();
  }

  up() {
    if (!this.#from) return;
    this.#turn(true);
    this.#from = null;
    this.#stage.redraw();
  }

  cancel() {
    this.#from = null;
  }

  draw(context, box) {
    const [from, to] = this.#from ? [this.#from, this.#to] : this.#ends(box);
    const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    for (const [color, width] of [["#0009", 6], ["#fff", 2.5]]) {
      context.beginPath();
      context.moveTo(...at(from));
      context.lineTo(...at(to));
      context.lineWidth = width;
      context.lineCap = "round";
      context.strokeStyle = color;
      context.stroke();
    }
    for (const [point, color] of [[from, "#fff"], [to, "#1d2a5c"]]) {
      context.beginPath();
      context.arc(...at(point), 9, 0, 7);
      context.fillStyle = color;
      context.fill();
      context.lineWidth = 2.5;
      context.strokeStyle = "#fff";
      context.stroke();
    }
  }

  #turn(settled) {
    const {width, height} = this.#session.photograph;
    const x = (this.#to[0] - this.#from[0]) * width;
    const y = (this.#to[1] - this.#from[1]) * height;
    if (Math.hypot(x, y) < 0.02 * Math.max(width, height)) return;
    const angle = Math.round(Math.atan2(y, x) * 180 / Math.PI);
    this.#session.change({gradient: angle}, settled);
  }

  // The line through the middle that stands for the gradient as it is.
  #ends(box) {
    const {gradient} = this.#session.look;
    if (gradient === "radial") return [[0.5, 0.5], [0.96, 0.96]];
    const angle = (gradient ?? 0) * Math.PI / 180;
    const reach = 0.4 * Math.min(box.width, box.height);
    const dx = Math.cos(angle) * reach / box.width;
    const dy = Math.sin(angle) * reach / box.height;
    return [[0.5 - dx, 0.5 - dy], [0.5 + dx, 0.5 + dy]];
  }
}
