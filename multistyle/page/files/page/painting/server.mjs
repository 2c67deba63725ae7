// The program behind the page, where `multistyle app` serves it.

import { toPicture } from "../stage/mask.mjs";
import { toServerLook } from "../state/look.mjs";
import { texts } from "../texts.mjs";

const ENDED = ["done", "failed", "cancelled"];

export class Server {
  #uploads = new WeakMap();
  #running = new Set();

  constructor(info, base) {
    this.info = info;
    this.base = base;
    addEventListener("pagehide", () => {
      for (const id of this.#running) {
        fetch(this.#at(`jobs/${id}`), {method: "DELETE", keepalive: true});
      }
    });
  }

  /** Looks for the program.
   * @returns {Promise<{server: Server|null, refusal: string|null}>}
   */
  static async find(base = "api/") {
    try {
      const response = await fetch(base + "info", {cache: "no-store"});
      const isJson = response.headers.get("Content-Type")?.includes("json");
      if (!isJson) return {server: null, refusal: null};
      const info = await response.json();
      if (response.ok) return {server: new Server(info, base), refusal: null};
      const said = response.status === 404 ? null : info.error ?? null;
      return {server: null, refusal: said};
    } catch {
      return {server: null, refusal: null};
    }
  }

  allows(what) {
    return this.info.allowed.includes(what);
  }

  /** Asks anew what there is, and for whom. */
  async refresh() {
    this.info = await this.#ask("info");
  }

  /** Uploads a file once.
   * @param {"picture"|"painting"|"mask"|"film"|"model"} kind
   * @param {object} key what stands for the file: it is sent once a key.
   * @param {Blob} file
   * @param {string} name
   * @param {(share: number) => void} progress
   * @returns {Promise<object>} {id, kind, name, width, height, ...}
   */
  upload(kind, key, file, name, progress = () => {}) {
    if (!this.#uploads.has(key)) {
      const sent = this.#send(kind, file, name, progress);
      this.#uploads.set(key, sent);
      sent.catch(() => this.#uploads.delete(key));
    }
    return this.#uploads.get(key);
  }

  /** Uploads a photograph once; returns its id. */
  async uploadPhotograph(photograph) {
    const {file, name} = photograph;
    return (await this.upload("picture", photograph, file, name)).id;
  }

  /** Returns a look as jobs take it: its mask uploaded. */
  async toLook(look) {
    if (!look.mask) return toServerLook(look, null);
    const file = await toPicture(look.mask);
    const {id} = await this.upload("mask", look.mask, file, "mask.png");
    return toServerLook(look, id);
  }

  /** Removes what was uploaded, now. */
  async discard(id) {
    await this.#ask(`uploads/${id}`, {method: "DELETE"});
  }

  /** Foresees how long a picture takes, and what waits before it.
   * @param {object} job {kind: "picture", width, height, ...}
   * @returns {Promise<{seconds: number|null, before: number,
   *   wait: number|null}>}
   */
  estimate(job) {
    return this.#ask("estimate", post(job));
  }

  /** Runs a job to its end.
   * @param {object} job {kind, ...}
   * @param {{signal: AbortSignal, progress: (state: object) => void}} options
   * @returns {Promise<object>} the last state; `result` is in it.
   * @throws {Error} with the server's sentence, or an AbortError.
   */
  async run(job, {signal, progress = () => {}} = {}) {
    signal?.throwIfAborted();
    const {id} = await this.#ask("jobs", post(job));
    this.#running.add(id);
    const cancel = () => this.forget(id);
    signal?.addEventListener("abort", cancel, {once: true});
    try {
      if (signal?.aborted) {
        cancel();
        signal.throwIfAborted();
      }
      const state = await this.#follow(id, signal, progress);
      if (state.state === "failed") throw new Error(state.error);
      if (state.state === "cancelled") {
        throw new DOMException(texts.cancelled, "AbortError");
      }
      return state;
    } finally {
      this.#running.delete(id);
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Cancels a job, and removes its result. */
  async forget(id) {
    await fetch(this.#at(`jobs/${id}`), {method: "DELETE"}).catch(() => {});
  }

  /** Returns the address of a job's result. */
  resultAddress(id) {
    return this.#at(`jobs/${id}/result`);
  }

  async result(id) {
    const response = await fetch(this.resultAddress(id));
    if (!response.ok) throw new Error((await response.json()).error);
    return response.blob();
  }

  #at(path) {
    return this.base + path;
  }

  async #ask(path, options) {
    let response;
    try {
      response = await fetch(this.#at(path), options);
    } catch {
      throw new Error(texts.serverGone);
    }
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(answer.error ?? texts.serverSaid(response.status));
    }
    return answer;
  }

  #follow(id, signal, progress) {
    return new Promise((resolve, reject) => {
      const events = new EventSource(this.#at(`jobs/${id}/events`));
      const end = (settle, value) => {
        events.close();
        settle(value);
      };
      events.addEventListener("message", ({data}) => {
        const state = JSON.parse(data);
        progress(state);
        if (ENDED.includes(state.state)) end(resolve, state);
      });
      events.addEventListener("error", () => {
        if (events.readyState === EventSource.CLOSED) {
          end(reject, new Error(texts.serverGone));
        }
      });
      signal?.addEventListener("abort", () => {
        end(reject, new DOMException(texts.cancelled, "AbortError"));
      }, {once: true});
    });
  }

  // The one way in which a browser says how far an upload is.
  #send(kind, file, name, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.#at(`uploads?kind=${kind}`));
      request.setRequestHeader("X-File-Name", encodeURIComponent(name));
      request.responseType = "json";
      request.upload.addEventListener("progress", ({loaded, total}) => {
        if (total) progress(loaded / total);
      });
      request.addEventListener("load", () => {
        if (request.status === 201) resolve(request.response);
        else {
          reject(new Error(request.response?.error
            ?? texts.serverSaid(request.status)));
        }
      });
      request.addEventListener("error", () => {
        reject(new Error(texts.serverGone));
      });
      request.send(file);
    });
  }
}

function post(fields) {
  return {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(fields),
  };
}
