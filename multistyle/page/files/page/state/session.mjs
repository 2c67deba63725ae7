// The session: what is open, how it looks, and how it came to look so.

import { PLAIN } from "./look.mjs";

const MOST_STEPS = 200;

/** What the parts of the page share. Events: "look" (detail {settled}),
 * "photograph", "styles", "tool", "painter".
 */
export class Session extends EventTarget {
  #past = [];
  #future = [];
  #settled = PLAIN;

  look = PLAIN;
  photograph = null; // see painting/photograph.mjs
  // {name, title, artist, year, license, x, y, thumbnail, own}; of one's own
  // `deepen` learns it for longer, where that can be.
  styles = [];
  tool = "view"; // or "brush", "eraser", "line"
  painter = null; // the name of the server's model; null is the browser
  files = {}; // {name of a style of one's own: its painting's file}

  /** Changes the look.
   * @param {object} patch
   * @param {boolean} settled whether the hand rests: a step to undo.
   */
  change(patch, settled = true) {
    this.look = Object.freeze({...this.look, ...patch});
    if (settled) this.#keep();
    this.#tell("look", {settled});
  }

  /** Paints the same look anew, as when a style was learned better. */
  repaint() {
    this.#tell("look", {settled: true});
  }

  /** Sets the weight of one style; 0 takes it out of the blend. */
  weigh(name, weight, settled = true) {
    const weights = {...this.look.weights};
    if (weight > 0) weights[name] = weight;
    else delete weights[name];
    this.change({weights}, settled);
  }

  /** Takes a look as the first one, before which nothing is undone. */
  begin(look) {
    this.look = this.#settled = Object.freeze({...PLAIN, ...look});
    this.#past = [];
    this.#future = [];
    this.#tell("look", {settled: true});
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /** Opens a photograph, to which no mask of another belongs. */
  open(photograph) {
    this.photograph = photograph;
    const unmask = (look) => Object.freeze({...look, mask: null});
    this.look = this.#settled = unmask(this.look);
    this.#past = this.#past.map(unmask);
    this.#future = this.#future.map(unmask);
    this.#tell("photograph");
  }

  take(tool) {
    this.tool = tool;
    this.#tell("tool");
  }

  choose(painter) {
    this.painter = painter;
    this.#tell("painter");
  }

  /** Adds a style of this session, or replaces the one of its name. */
  addStyle(style) {
    const others = this.styles.filter(({name}) => name !== style.name);
    this.styles = style.own ? [style, ...others] : [...others, style];
    this.#tell("styles");
  }

  find(name) {
    return this.styles.find((style) => style.name === name);
  }

  #keep() {
    if (this.look === this.#settled) return;
    this.#past.push(this.#settled);
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.#settled = this.look;
  }

  #step(from, to) {
    if (from.length === 0) return;
    to.push(this.#settled);
    this.look = this.#settled = from.pop();
    this.#tell("look", {settled: true, undone: true});
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
