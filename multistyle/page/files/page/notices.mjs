// Notices: sentences that come and go, and one that stays below.

import { make, makeButton, makeParagraph } from "./elements.mjs";
import { texts } from "./texts.mjs";

const MILLISECONDS = 9000;

/** Shows a sentence for a while, or until it is closed. */
export function notify(sentence, {isError = false, action = null} = {}) {
  const notice = make("div", {class: isError ? "notice error" : "notice"},
    makeParagraph(sentence),
    action ? makeButton("", action.text, () => {
      notice.remove();
      action.press();
    }) : null,
    makeButton("close", texts.close, () => notice.remove(), {bare: true}));
  const area = document.getElementById("notices");
  while (area.children.length > 2) area.firstChild.remove();
  area.append(notice);
  if (!isError) setTimeout(() => notice.remove(), MILLISECONDS);
}

/** Shows what goes on, beside a button that cancels it.
 * @param {() => void} cancel
 * @returns {{say: (sentence: string) => void, end: () => void}}
 */
export function watch(cancel) {
  const line = make("p", {text: texts.starting});
  const notice = make("div", {class: "notice"}, line,
    makeButton("", texts.cancel, cancel));
  document.getElementById("notices").append(notice);
  return {
    say: (sentence) => {
      line.textContent = sentence;
    },
    end: () => notice.remove(),
  };
}

/** Shows what went wrong; what was cancelled is no error. */
export function fail(error) {
  if (error.name === "AbortError") return;
  notify(error.message, {isError: true});
}

/** Hands a file to the browser, to be saved. */
export function save(file, name) {
  const address = typeof file === "string" ? file : URL.createObjectURL(file);
  const link = make("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  if (file !== address) setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
