// The engine: what the page asks to paint, in a worker.
//
// A picture is {width, height, data: Uint8ClampedArray RGBA}. A look is
//   {weights: {name: number}, strength: 0 to 1,
//    keepColors: "none" | "luminance" | "histogram",
//    strokes: "fitted" | "pixels", strokeScale: above 0,
//    regions: null | [{mask: {width, height, data: Uint8Array}, weights}],
//    gradient: null | {angle: degrees | "radial", stops: [{name: number}]}},
// all but `weights` may be left out; each means what the command line's flag
// does. Of one region without weights only that part is painted; of several,
// each has its weights, and what no mask holds stays photograph.

const COPYING = { transfer: false };

export class Engine {
  /**
   * Opens a model: fetches it and starts the worker.
   * @param {string} base address of its folder
   * @param {object} options threads, gpu: see network/network.mjs; memory: bytes
   * @returns {Promise<Engine>}
   * @throws {Error} one sentence, where it cannot be had or cannot run here
   */
  static async open(base = "model/", options = {}) {
    const engine = new Engine();
    const address = new URL(base, document.baseURI).href;
    try {
      Object.assign(engine, await engine._call("open", [address, options]));
    } catch (error) {
      engine.close();
      throw error;
    }
    return engine;
  }

  constructor() {
    this._worker = new Worker(
      new URL("./worker.mjs", import.meta.url), { type: "module" });
    this._worker.addEventListener("message", ({ data }) => this._receive(data));
    this._worker.addEventListener("error", (event) => {
      event.preventDefault();
      this._fail(new Error(
        "The painter stopped: load the page again, or paint a smaller picture."));
    });
    this._calls = new Map();
    this._last = 0;
    this._numbers = new WeakMap();
    this._numPictures = 0;
    this._sent = new Set();
    this._own = [];
  }

  /** All styles: the model's as in model.json, then one's own. */
  get styles() {
    const known = this.model.styles.map((style) => ({ ...style, isOwn: false }));
    return [...known, ...this._own];
  }

  /**
   * Paints a picture at its full size.
   * @param {object} picture
   * @param {object} look
   * @param {object} options
   *   signal: an AbortSignal; progress: a function of (share in [0, 1], seconds
   *   left or null); transfer: whether the picture is given away, which saves
   *   a copy of it
   * @returns {Promise<object>} a picture of the same size
   */
  paint(picture, look, { signal, progress, transfer = false } = {}) {
    return this._call("paint", [plain(picture), look, {}], {
      signal, progress, transfer: transfer ? [picture.data.buffer] : [],
    });
  }

  /**
   * Paints a picture for show. The newest call wins: the one before it is
   * rejected by an AbortError.
   * @param {object} picture not copied again where it was shown before: its
   *   data must not change; `full`: {width, height} of what it is reduced from
   * @param {object} look
   * @param {number} longSide of the result, in pixels
   * @param {object} options signal; sketch: whether to paint at that size
   *   itself: sooner, in broader strokes than those of the final picture
   */
  async preview(picture, look, longSide, { signal, sketch = false } = {}) {
    this._previewing?.abort(new DOMException("A newer one came.", "AbortError"));
    const controller = new AbortController();
    this._previewing = controller;
    const stop = () => controller.abort(signal.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    try {
      return await this._show(picture, look, longSide, { sketch }, controller.signal);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /**
   * Says what a picture of some size takes.
   * @returns {Promise<object>} {seconds, bytes, fits, largest: [width, height]}
   */
  estimate(width, height, look = {}) {
    return this._call("estimate", [width, height, look]);
  }

  /**
   * Reads a style off a painting, and adds it as one's own.
   * @returns {Promise<object>} {name, row: Float32Array}
   */
  async read(picture, name) {
    const result = await this._call("read", [plain(picture), name]);
    this._remember(name);
    return result;
  }

  /** Adds a style of one's own, or puts another row in its place. */
  async addRow(name, row) {
    await this._call("addRow", [name, row]);
    this._remember(name);
  }

  async removeRow(name) {
    await this._call("removeRow", [name]);
    this._own = this._own.filter((style) => style.name !== name);
  }

  /**
   * Encodes a picture as a file.
   * @param {object} picture
   * @param {object} options
   *   type: "image/png" or "image/jpeg"; quality: of JPEG, in [0, 1]; text: of
   *   its metadata; source, stripMetadata: see `encodePicture`; transfer: see
   *   `paint`; signal
   * @returns {Promise<Blob>}
   */
  encode(picture, { transfer, signal, ...options } = {}) {
    return this._call("encode", [plain(picture), options], {
      signal, transfer: transfer ? [picture.data.buffer] : [],
    });
  }

  close() {
    this._worker.terminate();
    this._fail(new DOMException("The painter was closed.", "AbortError"));
  }

  async _show(picture, look, longSide, options, signal) {
    if (!this._numbers.has(picture))
      this._numbers.set(picture, this._numPictures++);
    const number = this._numbers.get(picture);
    const { full } = picture;
    const send = (sent) => this._call(
      "preview", [{ ...sent, full, number }, look, longSide, options], { signal });
    if (this._sent.has(number)) {
      try {
        return await send({});
      } catch (error) {
        if (error.message !== "picture gone") throw error;
      }
    }
    this._sent.add(number);
    return send(plain(picture));
  }

  _remember(name) {
    if (!this._own.some((style) => style.name === name))
      this._own.push({ name, isOwn: true });
  }

  _call(method, args, { signal, progress, transfer } = COPYING) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this._last++;
    return new Promise((resolve, reject) => {
      const stop = () => {
        this._worker.postMessage({ id, abort: true });
        finish();
        reject(signal.reason);
      };
      const finish = () => {
        this._calls.delete(id);
        signal?.removeEventListener("abort", stop);
      };
      signal?.addEventListener("abort", stop);
      this._calls.set(id, {
        progress,
        resolve: (value) => { finish(); resolve(value); },
        reject: (error) => { finish(); reject(error); },
      });
      this._worker.postMessage({ id, method, args }, transfer || []);
    });
  }

  _receive({ id, result, error, progress }) {
    const call = this._calls.get(id);
    if (!call) return;
    if (progress) call.progress?.(...progress);
    else if (error)
      call.reject(error.name === "AbortError"
        ? new DOMException(error.message, "AbortError")
        : Object.assign(new Error(error.message), { name: error.name }));
    else call.resolve(result);
  }

  _fail(error) {
    for (const call of [...this._calls.values()]) call.reject(error);
  }
}

/** What of a picture goes to the worker. */
function plain({ width, height, data }) {
  return { width, height, data };
}
