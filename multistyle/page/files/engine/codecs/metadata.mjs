// What a file says besides its pixels: EXIF data, and pixels an inch.

import { readResolution } from "./exif.mjs";

const MOST_BYTES = 1 << 25; // Of a file, that are looked at.
const JPEG = [0xff, 0xd8], PNG = [137, 80, 78, 71];
const METRES_TO_INCHES = 0.0254, CENTIMETRES_TO_INCHES = 2.54;

/**
 * Reads what a photograph's file says besides its pixels.
 * @param {Blob} file JPEG, PNG or WebP; others say nothing here
 * @returns {Promise<object>} {exif: Uint8Array or null, resolution: [across,
 *   down] in pixels an inch, upright, or null}
 */
export async function readMetadata(file) {
  const part = file.slice(0, MOST_BYTES);
  const bytes = new Uint8Array(await part.arrayBuffer());
  const said = { exif: null, density: null };
  try {
    if (starts(bytes, 0, JPEG)) readJpeg(bytes, said);
    else if (starts(bytes, 0, PNG)) readPng(bytes, said);
    else if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP"))
      readWebp(bytes, said);
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
  }
  return { exif: said.exif, resolution: readResolution(said) };
}

function readJpeg(bytes, said) {
  const view = new DataView(bytes.buffer);
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const marker = bytes[at + 1], length = view.getUint16(at + 2);
    if (marker === 0xe1 && starts(bytes, at + 4, "Exif\0\0"))
      said.exif ??= bytes.slice(at + 10, at + 2 + length);
    const unit = bytes[at + 11];
    if (marker === 0xe0 && starts(bytes, at + 4, "JFIF\0") && (unit === 1 || unit === 2))
      said.density = [12, 14].map((place) => view.getUint16(at + place) *
        (unit === 2 ? CENTIMETRES_TO_INCHES : 1));
    at += 2 + length;
  }
}

function readPng(bytes, said) {
  const view = new DataView(bytes.buffer);
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at);
    if (starts(bytes, at + 4, "eXIf"))
      said.exif = withoutMark(bytes.slice(at + 8, at + 8 + length));
    if (starts(bytes, at + 4, "pHYs") && view.getUint8(at + 16) === 1)
      said.density = [8, 12].map((place) =>
        view.getUint32(at + place) * METRES_TO_INCHES);
    at += 12 + length;
  }
}

function readWebp(bytes, said) {
  const view = new DataView(bytes.buffer);
  for (let at = 12; at < bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (starts(bytes, at, "EXIF"))
      said.exif = withoutMark(bytes.slice(at + 8, at + 8 + length));
    at += 8 + length + (length & 1);
  }
}

/** EXIF data without what only a JPEG needs before them. */
function withoutMark(exif) {
  return starts(exif, 0, "Exif\0\0") ? exif.slice(6) : exif;
}

/** Whether bytes are, from a place on, those of a text or a list. */
function starts(bytes, at, expected) {
  return [...expected].every((each, i) =>
    bytes[at + i] === (typeof each === "string" ? each.charCodeAt(0) : each));
}

/** A JPEG's segment of how many pixels are an inch. */
export function densitySegment(resolution) {
  const segment = Uint8Array.of(
    0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0); // "JFIF"
  resolution.forEach((value, i) => {
    const rounded = Math.max(1, Math.round(value));
    segment.set([rounded >> 8, rounded & 255], 12 + 2 * i);
  });
  return segment;
}

/** A PNG's chunk of the same. */
export function densityChunk(resolution) {
  const data = new Uint8Array(9), view = new DataView(data.buffer);
  resolution.forEach((value, i) =>
    view.setUint32(4 * i, Math.round(value / METRES_TO_INCHES)));
  data[8] = 1;
  return chunk("pHYs", data);
}

/** A JPEG's segment of EXIF data. */
export function exifSegment(exif) {
  const segment = new Uint8Array(10 + exif.length);
  segment.set([0xff, 0xe1, (exif.length + 8) >> 8, (exif.length + 8) & 255]);
  segment.set([69, 120, 105, 102, 0, 0], 4); // "Exif", 0, 0
  segment.set(exif, 10);
  return segment;
}

const CHECKS = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

/** A chunk of a PNG. */
export function chunk(kind, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = kind.charCodeAt(i);
  bytes.set(data, 8);
  let check = 0xffffffff;
  for (let i = 4; i < 8 + data.length; i++)
    check = CHECKS[(check ^ bytes[i]) & 255] ^ (check >>> 8);
  view.setUint32(8 + data.length, (check ^ 0xffffffff) >>> 0);
  return bytes;
}
