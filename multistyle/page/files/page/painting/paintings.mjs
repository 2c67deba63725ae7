// Paintings of one's own: each becomes a style, read off in the browser, and
// learned better by the server where there is one.

import { fail, notify, watch } from "../notices.mjs";
import { texts } from "../texts.mjs";
import { openPhotograph } from "./photograph.mjs";

const THUMBNAIL_SIDE = 96;
const FIRST_WEIGHT = 1;
const FILES = "files"; // In the browser's storage of this tab.

/** Makes styles of paintings.
 * @param {File[]} files
 * @param {object} session
 * @param {Engine} engine
 * @param {Server|null} server
 */
export async function learnPaintings(files, session, engine, server) {
  for (const file of files) {
    try {
      await learn(file, session, engine, server);
    } catch (error) {
      fail(error);
    }
  }
}

/** Adds the styles that this visitor's server has learned before. */
export async function findLearned(session, engine, server) {
  const known = readFiles();
  for (const {name, row} of server.info.learned) {
    if (session.find(name)) continue;
    if (known[name]) session.files[name] = known[name];
    if (row) await engine.addRow(name, Float32Array.from(row));
    session.addStyle({name, artist: null, own: true, here: Boolean(row),
      title: name.replaceAll("_", " "), x: 0, y: 0});
  }
}

async function learn(file, session, engine, server) {
  const painting = await openPhotograph(file, file.name || "painting.png");
  const name = findName(painting.name, session);
  notify(texts.reading(painting.name));
  await engine.read(painting.small, name);
  const style = {
    name, artist: null, own: true, there: server ? false : undefined,
    title: painting.name.replace(/\.[^.]*$/, "").replaceAll("_", " "),
    picture: cutThumbnail(painting.bitmap), x: 0, y: 0,
  };
  remember(session, name, {name: painting.name, learning: "instant"});
  session.addStyle(style);
  session.change({weights: {[name]: FIRST_WEIGHT}});
  if (server?.allows("learning")) {
    await refine(painting, name, session, engine, server);
  }
}

// First what takes a second, so that the server knows the style; then what
// takes longer and replaces it. What takes half a minute is offered.
async function refine(painting, name, session, engine, server) {
  const {id} = await server.upload("painting", painting, painting.file,
    painting.name);
  const change = (patch) => session.addStyle({...session.find(name), ...patch});
  const teach = async (learning) => {
    const stop = new AbortController();
    const notice = watch(() => stop.abort());
    try {
      const state = await server.run(
        {kind: "learn", paintings: [id], name, learning}, {
          signal: stop.signal,
          progress: (now) => notice.say(texts.learning(painting.name, now)),
        });
      if (state.result.row) {
        await engine.addRow(name, Float32Array.from(state.result.row));
      }
    } finally {
      notice.end();
    }
    remember(session, name, {name: painting.name, learning});
    change({there: true});
    session.repaint();
  };
  const deepen = async () => {
    change({deepen: null});
    try {
      await teach("thorough");
      notify(texts.learned(painting.name));
    } catch (error) {
      change({deepen});
      fail(error);
    }
  };
  await teach("instant");
  try {
    await teach("quick");
  } finally {
    change({deepen});
  }
  notify(texts.learned(painting.name));
}

// Of which file a style was made, so that the command line names it after
// the page is loaded again, too.
function remember(session, name, file) {
  session.files[name] = file;
  try {
    sessionStorage.setItem(FILES, JSON.stringify({...readFiles(), [name]: file}));
  } catch {
    // The browser keeps nothing.
  }
}

function readFiles() {
  try {
    return JSON.parse(sessionStorage.getItem(FILES)) ?? {};
  } catch {
    return {};
  }
}

/** Returns a name for a painting as the command line takes it, not taken. */
function findName(fileName, session) {
  const stem = fileName.normalize("NFC").replace(/\.[^.]*$/, "")
    .replace(/[^\p{L}\p{M}\d_.-]+/gu, "_").replace(/^[_.-]+|[_.-]+$/g, "")
    .slice(0, 40) || "painting";
  let name = stem;
  for (let i = 2; session.find(name); i++) name = `${stem}_${i}`;
  return name;
}

function cutThumbnail(bitmap) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = THUMBNAIL_SIDE;
  const side = Math.min(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, (bitmap.width - side) / 2,
    (bitmap.height - side) / 2, side, side, 0, 0, THUMBNAIL_SIDE,
    THUMBNAIL_SIDE);
  return canvas;
}
