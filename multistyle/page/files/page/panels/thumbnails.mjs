// Thumbnails of styles, cut from one picture of all of them.

import { make } from "../elements.mjs";

export class Thumbnails {
  /** Loads the picture that the model's file describes. */
  static async load(model, base = "model/") {
    const image = new Image();
    image.src = base + "thumbnails.jpg";
    await image.decode();
    return new Thumbnails(image, model.thumbnails);
  }

  constructor(image, {size, columns}) {
    this.image = image;
    this.size = size;
    this.columns = columns;
  }

  /** Makes the thumbnail of a style, which says nothing to screen readers. */
  show(style) {
    const canvas = make("canvas", {class: "thumbnail", "aria-hidden": "true"});
    canvas.width = canvas.height = this.size;
    this.draw(canvas.getContext("2d"), style, 0, 0, this.size);
    return canvas;
  }

  /** Draws a style's thumbnail, or its first letter where there is none. */
  draw(context, style, x, y, size) {
    if (style.picture) {
      context.drawImage(style.picture, x, y, size, size);
    } else if (Number.isInteger(style.thumbnail)) {
      const column = style.thumbnail % this.columns;
      const row = Math.floor(style.thumbnail / this.columns);
      context.drawImage(this.image, column * this.size, row * this.size,
        this.size, this.size, x, y, size, size);
    } else {
      context.fillStyle = "#55618f";
      context.fillRect(x, y, size, size);
      context.fillStyle = "#fff";
      context.font = `${size / 2}px Georgia, serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(style.name[0].toUpperCase(), x + size / 2, y + size / 2);
    }
  }
}
