// A baseline JPEG encoder, with colours at full resolution (4:4:4), as the
// command line writes them; canvases halve them, and some have a largest size.
//
// ITU-T T.81; its tables K.1 to K.6. The cosine transform is that of Arai, Agui
// and Nakajima, 1988.

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40,
  48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29,
  22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
  47, 55, 62, 63,
];
const LIGHT = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16,
  24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109,
  103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const COLOR = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56,
  99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, ...Array(32).fill(99),
];
// Of each Huffman table, how many codes have each length, and their symbols.
const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const hex = (text) => text.match(/../g).map((byte) => parseInt(byte, 16));
const TABLES = [
  [0x00, [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], DC_SYMBOLS],
  [0x10, [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], hex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f0" +
    "2433627282090a161718191a25262728292a3435363738393a43444546474849" +
    "4a535455565758595a636465666768696a737475767778797a83848586878889" +
    "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5" +
    "c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8" +
    "f9fa")],
  [0x01, [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], DC_SYMBOLS],
  [0x11, [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], hex(
    "000102031104052131061241510761711322328108144291a1b1c109233352f0" +
    "156272d10a162434e125f11718191a262728292a35363738393a434445464748" +
    "494a535455565758595a636465666768696a737475767778797a828384858687" +
    "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3" +
    "c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa")],
];
const PART = 1 << 16;
// How the cosine transform scales each row and column.
const SCALES = [0, 1, 2, 3, 4, 5, 6, 7].map((k) =>
  (k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16)));

/**
 * Encodes a picture.
 * @param {object} picture {width, height, read: a function of (y, row) that
 *   writes the RGB of a row into a Uint8Array}
 * @param {number} quality from 1 to 100, as libjpeg counts it
 * @param {function(Uint8Array)} write gets the parts of the file; EXIF data come
 *   after the first
 */
export function encodeJpeg({ width, height, read }, quality, write) {
  if (Math.max(width, height) > 65535)
    throw new Error(
      `A JPEG has at most 65535 pixels a side; this has ${width} x ${height}: ` +
      "save it as PNG.");
  const factor = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const tables = [LIGHT, COLOR].map((table) => table.map((value) =>
    Math.min(255, Math.max(1, Math.floor((value * factor + 50) / 100)))));
  const divisors = tables.map((table) => Float64Array.from(
    table, (value, i) => 1 / (8 * value * SCALES[i >> 3] * SCALES[i & 7])));
  const codes = TABLES.map(([, counts, symbols]) => codesOf(counts, symbols));
  write(Uint8Array.of(0xff, 0xd8));
  header(width, height, tables).forEach(write);
  const bits = new BitWriter(write);
  const blocks = Math.ceil(width / 8);
  const strip = Array.from({ length: 3 }, () => new Float64Array(blocks * 64));
  const row = new Uint8Array(width * 3);
  const before = [0, 0, 0];
  const block = new Float64Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let y = 0; y < 8; y++) {
      read(Math.min(height - 1, top + y), row);
      toStrip(row, strip, y, blocks, width);
    }
    for (let i = 0; i < blocks; i++)
      for (let c = 0; c < 3; c++) {
        const kind = Math.min(1, c);
        block.set(strip[c].subarray(i * 64, i * 64 + 64));
        transform(block);
        for (let k = 0; k < 64; k++)
          block[k] = Math.round(block[k] * divisors[kind][k]);
        before[c] = writeBlock(
          bits, block, before[c], codes[2 * kind], codes[2 * kind + 1]);
      }
  }
  bits.end();
  write(Uint8Array.of(0xff, 0xd9));
}

function segment(marker, bytes) {
  const length = bytes.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 255, ...bytes);
}

function header(width, height, tables) {
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, id === 1 ? 0 : 1]);
  return [
    segment(0xdb, tables.flatMap((table, id) =>
      [id, ...ZIGZAG.map((place) => table[place])])),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255,
                   3, ...components]),
    ...TABLES.map(([id, counts, symbols]) =>
      segment(0xc4, [id, ...counts, ...symbols])),
    segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
  ];
}

/** By symbol: its code and the code's length. */
function codesOf(counts, symbols) {
  const codes = new Int32Array(256), lengths = new Uint8Array(256);
  let code = 0, at = 0;
  counts.forEach((count, i) => {
    for (let j = 0; j < count; j++) {
      codes[symbols[at]] = code++;
      lengths[symbols[at++]] = i + 1;
    }
    code <<= 1;
  });
  return { codes, lengths };
}

/** Writes a row, in light and colours around 0, into blocks of 8 x 8. */
function toStrip(row, [light, blue, red], y, blocks, width) {
  for (let x = 0; x < 8 * blocks; x++) {
    const from = 3 * Math.min(width - 1, x);
    const r = row[from], g = row[from + 1], b = row[from + 2];
    const to = (x >> 3) * 64 + 8 * y + (x & 7);
    light[to] = Math.round(0.299 * r + 0.587 * g + 0.114 * b) - 128;
    blue[to] = Math.round(-0.168735892 * r - 0.331264108 * g + 0.5 * b);
    red[to] = Math.round(0.5 * r - 0.418687589 * g - 0.081312411 * b);
  }
}

/** The cosine transform of a block, in place, scaled by 8 and `SCALES`. */
function transform(d) {
  for (let i = 0; i < 8; i++) transformLine(d, 8 * i, 1);
  for (let i = 0; i < 8; i++) transformLine(d, i, 8);
}

function transformLine(d, at, step) {
  const p = (k) => at + k * step;
  const s07 = d[p(0)] + d[p(7)], d07 = d[p(0)] - d[p(7)];
  const s16 = d[p(1)] + d[p(6)], d16 = d[p(1)] - d[p(6)];
  const s25 = d[p(2)] + d[p(5)], d25 = d[p(2)] - d[p(5)];
  const s34 = d[p(3)] + d[p(4)], d34 = d[p(3)] - d[p(4)];
  const a = s07 + s34, b = s16 + s25, c = s16 - s25, e = s07 - s34;
  d[p(0)] = a + b;
  d[p(4)] = a - b;
  const z1 = (c + e) * Math.SQRT1_2;
  d[p(2)] = e + z1;
  d[p(6)] = e - z1;
  const f = d34 + d25, g = d25 + d16, h = d16 + d07;
  const z5 = (f - h) * 0.382683433;
  const z2 = 0.5411961 * f + z5, z4 = 1.306562965 * h + z5;
  const z3 = g * Math.SQRT1_2;
  const z11 = d07 + z3, z13 = d07 - z3;
  d[p(5)] = z13 + z2;
  d[p(3)] = z13 - z2;
  d[p(1)] = z11 + z4;
  d[p(7)] = z11 - z4;
}

/** Writes the numbers of a block. @returns {number} its first, for the next */
function writeBlock(bits, block, before, dc, ac) {
  writeNumber(bits, block[0] - before, 0, dc);
  let zeros = 0;
  for (let i = 1; i < 64; i++) {
    const value = block[ZIGZAG[i]];
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.write(ac.codes[0xf0], ac.lengths[0xf0]);
    writeNumber(bits, value, zeros, ac);
    zeros = 0;
  }
  if (zeros) bits.write(ac.codes[0], ac.lengths[0]);
  return block[0];
}

function writeNumber(bits, value, zeros, { codes, lengths }) {
  const size = value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
  const symbol = (zeros << 4) | size;
  bits.write(codes[symbol], lengths[symbol]);
  if (size) bits.write(value < 0 ? value + (1 << size) - 1 : value, size);
}

class BitWriter {
  constructor(send) {
    this._send = send;
    this._part = new Uint8Array(PART);
    this._at = 0;
    this._bits = 0;
    this._count = 0;
  }

  write(code, length) {
    this._bits = (this._bits << length) | code;
    this._count += length;
    while (this._count >= 8) {
      this._count -= 8;
      const byte = (this._bits >>> this._count) & 255;
      this._put(byte);
      if (byte === 255) this._put(0);
    }
    this._bits &= (1 << this._count) - 1;
  }

  end() {
    if (this._count) this.write((1 << (8 - this._count)) - 1, 8 - this._count);
    this._send(this._part.subarray(0, this._at));
  }

  _put(byte) {
    if (this._at === PART) {
      this._send(this._part);
      this._part = new Uint8Array(PART);
      this._at = 0;
    }
    this._part[this._at++] = byte;
  }
}
