// Encoding: a picture becomes a file, with what made it in its metadata.

import { makeExif } from "./exif.mjs";
import { encodeJpeg } from "./jpeg.mjs";
import {
  chunk, densityChunk, densitySegment, exifSegment, readMetadata,
} from "./metadata.mjs";

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
// Bytes that are compressed before others may have a turn.
const PART = 1 << 20;
const NOTHING = { exif: null, resolution: null };

/**
 * Encodes a picture.
 * @param {object} picture {width, height, data: Uint8ClampedArray RGBA}
 * @param {object} options
 *   type: "image/png" or "image/jpeg"; quality: of JPEG, in [0, 1], 0.95 unless
 *   given; text: null, or what the metadata say of it; source: null, or the
 *   photograph's file, whose metadata are kept; stripMetadata: whether of these
 *   only the pixels an inch are
 * @returns {Promise<Blob>}
 */
export async function encodePicture(picture, options = {}) {
  const { type = "image/png", quality = 0.95, text = null, source = null,
    stripMetadata = false } = options;
  const known = source ? await readMetadata(source) : NOTHING;
  const { width, height } = picture;
  const kept = stripMetadata ? null : known.exif;
  const exif = makeExif({ source: kept, width, height, text });
  const { resolution } = known;
  if (type === "image/png") return encodePng(picture, { exif, resolution });
  if (type !== "image/jpeg")
    throw new Error(`A picture is saved as PNG or JPEG; got \`${type}\`.`);
  const file = new PartialFile(type);
  let isFirst = true;
  encodeJpeg(onWhite(picture), Math.round(quality * 100), (part) => {
    file.add(part);
    if (isFirst && resolution) file.add(densitySegment(resolution));
    if (isFirst && exif) file.add(exifSegment(exif));
    isFirst = false;
  });
  return file.end();
}

/** A file in the making, which browsers keep outside the page's memory. */
class PartialFile {
  constructor(type) {
    this._type = type;
    this._parts = [];
    this._size = 0;
  }

  add(...parts) {
    for (const part of parts) {
      this._parts.push(part);
      this._size += part.length;
    }
    if (this._size < PART) return;
    this._parts = [new Blob(this._parts)];
    this._size = 0;
  }

  end() {
    return new Blob(this._parts, { type: this._type });
  }
}

/** Returns a function of a row: its RGB, on white where it is transparent. */
function onWhite({ width, height, data }) {
  const read = (y, row) => {
    let from = 4 * y * width;
    for (let i = 0; i < 3 * width; from += 4) {
      const alpha = data[from + 3];
      for (let c = 0; c < 3; c++)
        row[i++] = alpha === 255 ? data[from + c]
          : Math.round((data[from + c] * alpha + 255 * (255 - alpha)) / 255);
    }
  };
  return { width, height, read };
}

async function encodePng({ width, height, data }, { exif, resolution }) {
  let isOpaque = true;
  for (let i = 3; i < data.length && isOpaque; i += 4) isOpaque = data[i] === 255;
  const channels = isOpaque ? 3 : 4;
  const header = new Uint8Array(13), view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, isOpaque ? 2 : 6, 0, 0, 0], 8);
  const file = new PartialFile("image/png");
  file.add(SIGNATURE, chunk("IHDR", header));
  if (resolution) file.add(densityChunk(resolution));
  if (exif) file.add(chunk("eXIf", exif));
  const stream = new CompressionStream("deflate");
  const reading = (async () => {
    const reader = stream.readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      file.add(chunk("IDAT", value));
    }
  })();
  const writer = stream.writable.getWriter();
  const line = width * channels;
  const rows = Math.max(1, Math.floor(PART / line));
  let before = new Uint8Array(line), row = new Uint8Array(line);
  const candidate = new Uint8Array(line);
  for (let top = 0; top < height; top += rows) {
    const bottom = Math.min(height, top + rows);
    const part = new Uint8Array((bottom - top) * (1 + line));
    for (let y = top, to = 0; y < bottom; y++, to += 1 + line) {
      let from = 4 * y * width;
      for (let i = 0; i < line; from += 4)
        for (let c = 0; c < channels; c++) row[i++] = data[from + c];
      filterRow(row, before, channels, candidate, part.subarray(to, to + 1 + line));
      [before, row] = [row, before];
    }
    await writer.write(part);
  }
  await writer.close();
  await reading;
  file.add(chunk("IEND", new Uint8Array(0)));
  return file.end();
}

/** Writes a row by that filter of three whose differences are smallest. */
function filterRow(row, before, channels, candidate, target) {
  let least = Infinity;
  for (const kind of [1, 2, 4]) {
    let sum = 0;
    for (let i = 0; i < row.length; i++) {
      const left = i < channels ? 0 : row[i - channels];
      const up = before[i];
      let guess = kind === 1 ? left : up;
      if (kind === 4) {
        const corner = i < channels ? 0 : before[i - channels];
        const a = Math.abs(up - corner), b = Math.abs(left - corner);
        const c = Math.abs(left + up - 2 * corner);
        guess = a <= b && a <= c ? left : b <= c ? up : corner;
      }
      const value = (row[i] - guess) & 255;
      candidate[i] = value;
      sum += value < 128 ? value : 256 - value;
    }
    if (sum >= least) continue;
    least = sum;
    target[0] = kind;
    target.set(candidate, 1);
  }
}
