// EXIF data: what a photograph's says is kept for the picture made of it, as
// multistyle/images/codecs/metadata.py does.
//
// They are a TIFF without pixels: a header, and directories of entries
// {type, count, bytes} by tag. Values keep their byte order, so that bytes are
// handed on as they are.

const DESCRIPTION = 0x010e, SOFTWARE = 0x0131, ORIENTATION = 0x0112;
const ACROSS = 0x011a, DOWN = 0x011b, UNIT = 0x0128;
const DETAILS = 0x8769, PLACE = 0x8825;
const DETAILS_WIDTH = 0xa002, DETAILS_HEIGHT = 0xa003;
const MAKER_NOTE = 0x927c, INTEROPERABILITY = 0xa005;
// Of the first directory, which in a TIFF also says how pixels are stored:
// what it is called, who made it, by what and when, ratings, resolution.
const KEPT = [
  DESCRIPTION, 0x010f, 0x0110, SOFTWARE, 0x0132, 0x013b, 0x013c, 0x8298, 0x4746,
  0x4749, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f, ACROSS, DOWN, UNIT,
];
const ASCII = 2, SHORT = 3, LONG = 4, RATIONAL = 5;
const TYPE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const MOST_BYTES = 65527; // Of a JPEG's segment.
const FINEST = 65535; // Pixels an inch, of a JPEG.
const INCH = 2, CENTIMETRE = 3;
const SIDEWAYS = [5, 6, 7, 8]; // Orientations.
const NAME = "multistyle";

/**
 * Makes the EXIF data of a picture.
 * @param {object} options
 *   source: EXIF data of the photograph, or null; its orientation becomes 1 and
 *   its thumbnail is left out; width, height: of the picture; text: what is
 *   added to the description, or null, which adds nothing
 * @returns {Uint8Array|null} a TIFF header and directories; null of nothing
 */
export function makeExif({ source = null, width, height, text = null }) {
  const found = source && readExif(source);
  const exif = found ? keep(found, width, height) : makeEmpty();
  if (exif.first.size) exif.first.set(ORIENTATION, short(exif, 1));
  if (text !== null) describe(exif, text);
  if (!exif.first.size) return null;
  const whole = write(exif);
  if (whole) return whole;
  exif.details?.delete(MAKER_NOTE);
  return write(exif) ?? (found ? makeExif({ text }) : null);
}

/**
 * Reads how many pixels of a photograph are an inch.
 * @param {object} options exif: its EXIF data, or null; density: [across, down]
 *   that its file says besides, or null
 * @returns {number[]|null} [across, down] of the upright picture
 */
export function readResolution({ exif, density }) {
  const found = exif && readExif(exif);
  const resolution = density ?? (found && resolutionOf(found));
  const isKnown = resolution?.every((value) => value > 0 && value <= FINEST);
  if (!isKnown) return null;
  const turn = found ? numberOf(found, ORIENTATION) : 1;
  return SIDEWAYS.includes(turn) ? [...resolution].reverse() : resolution;
}

function resolutionOf(exif) {
  const unit = numberOf(exif, UNIT) ?? INCH;
  if (unit !== INCH && unit !== CENTIMETRE) return null;
  const factor = unit === CENTIMETRE ? 2.54 : 1;
  return [ACROSS, DOWN].map((tag) => factor * (numberOf(exif, tag) ?? NaN));
}

/** The number of an entry of the first directory, or undefined. */
function numberOf({ isLittle, first }, tag) {
  const { type, bytes } = first.get(tag) ?? {};
  if (type === SHORT) return viewOf(bytes).getUint16(0, isLittle);
  if (type !== RATIONAL) return undefined;
  const view = viewOf(bytes);
  return view.getUint32(0, isLittle) / view.getUint32(4, isLittle);
}

function makeEmpty() {
  return { isLittle: false, first: new Map(), details: null, place: null };
}

/** Reads directories; null where they are broken. */
function readExif(bytes) {
  try {
    const view = viewOf(bytes);
    const order = view.getUint16(0);
    const isLittle = order === 0x4949;
    if (!isLittle && order !== 0x4d4d) return null;
    if (view.getUint16(2, isLittle) !== 42) return null;
    const first = readDirectory(bytes, view.getUint32(4, isLittle), isLittle);
    const inner = (tag) => {
      const entry = first.get(tag);
      if (entry?.bytes.length !== 4) return null;
      const at = viewOf(entry.bytes).getUint32(0, isLittle);
      return readDirectory(bytes, at, isLittle);
    };
    return { isLittle, first, details: inner(DETAILS), place: inner(PLACE) };
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}

function readDirectory(bytes, start, isLittle) {
  const view = viewOf(bytes);
  const entries = new Map();
  const count = view.getUint16(start, isLittle);
  for (let at = start + 2; at < start + 2 + 12 * count; at += 12) {
    const type = view.getUint16(at + 2, isLittle);
    const number = view.getUint32(at + 4, isLittle);
    const size = number * (TYPE_SIZES[type] ?? 0);
    const from = size <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    // What lies outside is left out, as Pillow does.
    if (size === 0 || from + size > bytes.length) continue;
    entries.set(view.getUint16(at, isLittle),
      { type, count: number, bytes: bytes.subarray(from, from + size) });
  }
  return entries;
}

function keep({ isLittle, first, details, place }, width, height) {
  const kept = { isLittle, first: new Map(), details, place };
  for (const tag of KEPT)
    if (first.has(tag)) kept.first.set(tag, first.get(tag));
  // Which rules of colour the file kept; what is written is sRGB.
  details?.delete(INTEROPERABILITY);
  for (const [tag, value] of [[DETAILS_WIDTH, width], [DETAILS_HEIGHT, height]])
    if (details?.has(tag)) details.set(tag, long(kept, value));
  for (const [tag, inner] of [[DETAILS, details], [PLACE, place]])
    if (inner?.size) kept.first.set(tag, long(kept, 0));
  return kept;
}

function describe({ first }, text) {
  const own = first.get(DESCRIPTION);
  const before = own?.type === ASCII
    ? new TextDecoder("latin1").decode(own.bytes).replace(/\0[^]*$/, "").trim()
    : "";
  const latin = Uint8Array.from(before, (letter) => letter.charCodeAt(0));
  first.set(DESCRIPTION,
    ascii(latin, new TextEncoder().encode(before ? `; ${text}` : text)));
  first.set(SOFTWARE, ascii(new TextEncoder().encode(NAME)));
}

function ascii(...parts) {
  const bytes = Uint8Array.from([...parts.flatMap((part) => [...part]), 0]);
  return { type: ASCII, count: bytes.length, bytes };
}

function short({ isLittle }, value) {
  const bytes = new Uint8Array(2);
  viewOf(bytes).setUint16(0, value, isLittle);
  return { type: SHORT, count: 1, bytes };
}

function long({ isLittle }, value) {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, isLittle);
  return { type: LONG, count: 1, bytes };
}

/** Writes a header and directories; null where they are too much. */
function write(exif) {
  const { isLittle, first, details, place } = exif;
  let size = 8;
  const starts = [[null, first], [DETAILS, details], [PLACE, place]]
    .filter(([, entries]) => entries?.size)
    .map(([tag, entries]) => {
      const start = size;
      size += sizeOf(entries);
      if (tag !== null) first.set(tag, long(exif, start));
      return [start, entries];
    });
  if (size > MOST_BYTES) return null;
  const bytes = new Uint8Array(size), view = viewOf(bytes);
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  for (const [start, entries] of starts) {
    view.setUint16(start, entries.size, isLittle);
    let at = start + 2, to = start + 6 + 12 * entries.size;
    for (const [tag, entry] of [...entries].sort(([a], [b]) => a - b)) {
      view.setUint16(at, tag, isLittle);
      view.setUint16(at + 2, entry.type, isLittle);
      view.setUint32(at + 4, entry.count, isLittle);
      const { length } = entry.bytes;
      if (length > 4) view.setUint32(at + 8, to, isLittle);
      bytes.set(entry.bytes, length > 4 ? to : at + 8);
      if (length > 4) to += even(length);
      at += 12;
    }
  }
  return bytes;
}

/** Bytes of a directory: a count, entries, no next one, and what is long. */
function sizeOf(entries) {
  let size = 6 + 12 * entries.size;
  for (const { bytes } of entries.values())
    if (bytes.length > 4) size += even(bytes.length);
  return size;
}

function even(length) {
  return length + (length & 1);
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
