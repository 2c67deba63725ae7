// Tasks that take a while: each with a dialog that says how far it is, in
// what place it waits, and that cancels it.

import { make, makeButton, showDialog } from "../elements.mjs";
import { fail, notify, save } from "../notices.mjs";
import { texts } from "../texts.mjs";

export class Tasks {
  #session;

  constructor(session, server) {
    this.#session = session;
    this.server = server;
  }

  save(file, name) {
    save(file, name);
  }

  tell(sentence) {
    notify(sentence);
  }

  fail(error) {
    fail(error);
  }

  /** Runs work under a dialog.
   * @param {string} heading
   * @param {(progress: Function, signal: AbortSignal) => Promise} work
   *   `progress(share, sentence)`.
   * @returns what the work returns, or null if it was cancelled or failed.
   */
  async watch(heading, work) {
    const stop = new AbortController();
    const bar = make("progress", {max: 1, "aria-label": heading});
    const line = make("p", {class: "hint", "aria-live": "polite",
      text: texts.starting});
    const cancel = makeButton("", texts.cancel, () => dialog.close());
    const dialog = showDialog(heading, bar, line,
      make("div", {class: "buttons"}, cancel));
    dialog.addEventListener("close", () => stop.abort());
    try {
      return await work((share, sentence) => {
        if (Number.isFinite(share)) bar.value = share;
        line.textContent = sentence;
      }, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) fail(error);
      return null;
    } finally {
      dialog.close();
    }
  }

  /** Runs one of the server's jobs on the photograph and saves its file.
   * @param {string} heading
   * @param {object} job
   * @param {boolean} hasBlends whether the job names its blends itself.
   */
  async run(heading, job, hasBlends = false) {
    const {photograph, look, painter} = this.#session;
    const model = painter ?? this.server.info.model;
    await this.watch(heading, async (progress, signal) => {
      const content = await this.server.uploadPhotograph(photograph);
      const given = await this.server.toLook(hasBlends
        ? {...look, mask: null, gradient: null} : look);
      if (hasBlends) {
        for (const key of ["weights", "regions", "gradient"]) delete given[key];
      }
      await this.finish({model, content, look: given, ...job}, progress, signal);
    });
  }

  /** Runs a job to its end, says how far it is, and saves its file. */
  async finish(job, progress, signal) {
    const state = await this.server.run(job, {
      signal, progress: (now) => progress(now.share, texts.jobState(now)),
    });
    save(this.server.resultAddress(state.id), state.result.name);
    return state;
  }
}
