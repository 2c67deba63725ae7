// The worker: the studio behind messages, so that the page never freezes.
//
// A message is {id, method, args, aborts}; answers are {id, result}, {id, error}
// and {id, progress: [share, seconds]}. {id, abort: true} stops what runs.

import { Studio } from "./studio.mjs";

// Pictures that were sent and may be shown again, by number; the last few.
const MOST_PICTURES = 2;
const pictures = new Map();
const running = new Map();
let studio;

/** Returns a picture that is sent, or that was sent before. */
function received(picture) {
  if (picture.number === undefined) return picture;
  const known = picture.data ? picture : pictures.get(picture.number);
  if (!known) throw new Error("picture gone");
  pictures.delete(picture.number);
  pictures.set(picture.number, known);
  for (const number of [...pictures.keys()].slice(0, -MOST_PICTURES))
    pictures.delete(number);
  return known;
}

const methods = {
  async open(base, options) {
    studio = await Studio.open(base, options);
    const { model, backend, threads, notes } = studio;
    return { model, backend, threads, notes };
  },
  paint: (picture, look, options) => studio.paint(picture, look, options),
  preview: (picture, look, longSide, options) =>
    studio.preview(received(picture), look, longSide, options),
  estimate: (...args) => studio.estimate(...args),
  read: (picture, name) => studio.read(picture, name),
  addRow: (name, row) => studio.addRow(name, row),
  removeRow: (name) => studio.removeRow(name),
  encode: (picture, options) => studio.encode(picture, options),
};
const WITH_OPTIONS = ["paint", "preview", "encode"];

async function answer({ id, method, args }) {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (WITH_OPTIONS.includes(method)) {
      const progress = (...news) => postMessage({ id, progress: news });
      args.push({ ...args.pop(), signal: controller.signal, progress });
    }
    const result = await methods[method](...args);
    const buffer = result?.data?.buffer;
    postMessage({ id, result }, buffer ? [buffer] : []);
  } catch (error) {
    const { name, message } = error;
    postMessage({ id, error: { name, message: sentence(error, message) } });
  } finally {
    running.delete(id);
  }
}

function sentence(error, message) {
  if (error instanceof RangeError && /allocation|memory/i.test(message))
    return "There is too little memory for a picture of this size: paint smaller.";
  return message;
}

addEventListener("message", ({ data }) => {
  if (data.abort)
    running.get(data.id)?.abort(new DOMException("It was stopped.", "AbortError"));
  else answer(data);
});
