// The size of a picture by the first bytes of its file, so that one that is
// made to fill the memory is refused before it is decoded.

const MOST_BYTES = 1 << 18;

/** Reads the size that a file says it has.
 * @param {Blob} file
 * @returns {Promise<{width: number, height: number}|null>} null for formats
 *   other than PNG, JPEG, GIF and WebP, and what is none.
 */
export async function readSize(file) {
  const bytes = new Uint8Array(await file.slice(0, MOST_BYTES).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const starts = (text, at = 0) => bytes.length >= at + text.length
    && [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  try {
    if (starts("\x89PNG")) return size(view.getUint32(16), view.getUint32(20));
    if (starts("GIF8")) {
      return size(view.getUint16(6, true), view.getUint16(8, true));
    }
    if (starts("RIFF") && starts("WEBP", 8)) return readWebp(view, starts);
    if (starts("\xff\xd8")) return readJpeg(view);
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
  }
  return null;
}

function size(width, height) {
  return {width, height};
}

function readWebp(view, starts) {
  if (starts("VP8X", 12)) {
    const read = (at) => 1 + view.getUint16(at, true)
      + (view.getUint8(at + 2) << 16);
    return size(read(24), read(27));
  }
  if (starts("VP8L", 12)) {
    const bits = view.getUint32(21, true);
    return size(1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff));
  }
  return size(view.getUint16(26, true) & 0x3fff,
    view.getUint16(28, true) & 0x3fff);
}

function readJpeg(view) {
  for (let at = 2; ;) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff) return null;
    const kind = marker & 0xff;
    const isFrame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc]
      .includes(kind);
    if (isFrame) return size(view.getUint16(at + 7), view.getUint16(at + 5));
    at += 2 + view.getUint16(at + 2);
  }
}
