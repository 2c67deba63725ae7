// What a file says besides its pixels: EXIF data in a JPEG and in a PNG.

const DESCRIPTION = 0x010e, SOFTWARE = 0x0131;
const ASCII = 2;
const NAME = "multistyle";

/**
 * Makes EXIF data, as multistyle/images/codecs/metadata.py does.
 * @param {string} text of ImageDescription; Software is multistyle
 * @returns {Uint8Array} a TIFF header and one directory
 */
export function makeExif(text) {
  const encode = (value) => new TextEncoder().encode(`${value}\0`);
  const entries = [[DESCRIPTION, encode(text)], [SOFTWARE, encode(NAME)]];
  const start = 8 + 2 + 12 * entries.length + 4;
  const padded = (bytes) => bytes.length + (bytes.length & 1);
  const size = entries.reduce((sum, [, bytes]) => sum + padded(bytes), start);
  const exif = new Uint8Array(size), view = new DataView(exif.buffer);
  exif.set([77, 77, 0, 42, 0, 0, 0, 8]);
  view.setUint16(8, entries.length);
  let at = 10, place = start;
  for (const [tag, bytes] of entries) {
    view.setUint16(at, tag);
    view.setUint16(at + 2, ASCII);
    view.setUint32(at + 4, bytes.length);
    if (bytes.length <= 4) exif.set(bytes, at + 8);
    else {
      view.setUint32(at + 8, place);
      exif.set(bytes, place);
      place += padded(bytes);
    }
    at += 12;
  }
  return exif.subarray(0, place);
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
