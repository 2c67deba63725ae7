// Masks: where the picture is painted, as bytes from 0 to 255.

const LONG_SIDE = 1024;

/** A mask that is being painted: a canvas, white where it is painted. */
export class MaskCanvas {
  /** Begins at a mask, or black.
   * @param {{width, height}} photograph whose aspect it takes.
   * @param {object|null} mask
   */
  constructor(photograph, mask) {
    const scale = LONG_SIDE / Math.max(photograph.width, photograph.height);
    this.width = Math.max(1, Math.round(photograph.width * scale));
    this.height = Math.max(1, Math.round(photograph.height * scale));
    this.canvas = toMaskCanvas(mask ?? {
      width: this.width, height: this.height,
      data: new Uint8Array(this.width * this.height),
    });
    this.context = this.canvas.getContext("2d", {willReadFrequently: true});
  }

  /** Draws a soft stroke from one point in [0, 1] to another.
   * @param {number} size its breadth, of the mask's long side.
   * @param {boolean} erases
   */
  stroke(from, to, size, erases) {
    const breadth = size * Math.max(this.width, this.height);
    const {context} = this;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = 0.85 * breadth;
    context.strokeStyle = context.shadowColor = erases ? "#000" : "#fff";
    context.shadowBlur = breadth / 6;
    context.beginPath();
    context.moveTo(from[0] * this.width, from[1] * this.height);
    context.lineTo(to[0] * this.width + 0.01, to[1] * this.height);
    context.stroke();
  }

  /** Returns what is painted so far. */
  read() {
    const {width, height} = this.canvas;
    const {data} = this.context.getImageData(0, 0, width, height);
    const bytes = new Uint8Array(width * height);
    for (let i = 0; i < bytes.length; i++) bytes[i] = data[4 * i];
    return {width, height, data: bytes};
  }
}

/** Returns the mask of which each byte is the other way round. */
export function invert(mask) {
  return {...mask, data: mask.data.map((value) => 255 - value)};
}

/** Makes a PNG of a mask. */
export function toPicture(mask) {
  return new Promise((resolve) => {
    toMaskCanvas(mask).toBlob(resolve, "image/png");
  });
}

function toMaskCanvas({width, height, data}) {
  const pixels = new ImageData(width, height);
  data.forEach((value, i) => {
    pixels.data.set([value, value, value, 255], 4 * i);
  });
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d", {willReadFrequently: true})
    .putImageData(pixels, 0, 0);
  return canvas;
}

/** Reads a mask off a picture: its lightness, black where it is transparent. */
export function readMask({small: {width, height, data}}) {
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) {
    const [r, g, b, a] = data.subarray(4 * i, 4 * i + 4);
    bytes[i] = Math.round((0.299 * r + 0.587 * g + 0.114 * b) * a / 255);
  }
  return {width, height, data: bytes};
}
