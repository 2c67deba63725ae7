// Styles as rows with a slider each: those of the blend, and all of them by
// painter, which are searched.

import { fill, make, makeButton } from "../elements.mjs";
import { toShares } from "../state/weights.mjs";
import { texts } from "../texts.mjs";

const FIRST_WEIGHT = 0.5; // of a style that is chosen by its picture

/** Rows of the styles that the blend holds. */
export class BlendRows {
  #session;
  #thumbnails;
  #rows = new Map();
  element = make("div", {class: "rows blend"});

  constructor(session, thumbnails) {
    this.#session = session;
    this.#thumbnails = thumbnails;
    session.addEventListener("look", ({detail}) => this.#update(detail));
    session.addEventListener("styles", () => this.#update({settled: true}));
  }

  #update({settled}) {
    const {look} = this.#session;
    const names = Object.keys(look.weights);
    const isSame = names.length === this.#rows.size
      && names.every((name) => this.#rows.has(name));
    // While a hand moves, rows neither come nor go under it.
    if (!isSame && settled) this.#build(names);
    const shares = toShares(look.weights);
    for (const [name, row] of this.#rows) {
      row.update(look.weights[name] ?? 0, shares[name] ?? 0);
    }
  }

  #build(names) {
    const focused = document.activeElement?.closest?.(".rows.blend .row");
    const kept = focused?.dataset.style;
    this.#rows = new Map(names.map((name) => {
      const style = this.#session.find(name) ?? {name};
      const row = makeRow(style, this.#thumbnails, this.#session, true);
      return [name, row];
    }));
    this.element.replaceChildren(...this.#rows.values());
    if (!names.length) {
      this.element.append(make("p", {class: "hint", text: texts.emptyBlend}));
    }
    if (kept) {
      (this.#rows.get(kept) ?? this.element).querySelector("input")?.focus();
    }
  }
}

/** Rows of all styles, grouped by painter. */
export class StyleList {
  #session;
  #thumbnails;
  #rows = new Map();
  #groups = [];
  #query = "";
  #empty = make("p", {class: "hint", text: texts.nothingFound, hidden: true});
  element = make("div", {class: "rows all"});

  constructor(session, thumbnails) {
    this.#session = session;
    this.#thumbnails = thumbnails;
    session.addEventListener("look", () => this.#update());
    session.addEventListener("styles", () => this.#build());
    this.#build();
  }

  /** Shows the styles whose name, title or painter has all words of a query. */
  search(query) {
    this.#query = query;
    const words = fold(query).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const {heading, rows} of this.#groups) {
      let shown = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => row.said.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      heading.hidden = shown === 0;
      found += shown;
    }
    this.#empty.hidden = found > 0;
    return found;
  }

  #build() {
    const groups = new Map();
    for (const style of this.#session.styles) {
      const painter = style.own ? texts.yourPaintings
        : style.artist ?? texts.unknownPainter;
      if (!groups.has(painter)) groups.set(painter, []);
      groups.get(painter).push(style);
    }
    this.#groups = [...groups].map(([painter, styles]) => ({
      heading: make("h4", {text: painter}),
      rows: styles.map((style) => {
        const row = makeRow(style, this.#thumbnails, this.#session, false);
        row.said = fold(`${style.name} ${style.title ?? ""} ${painter} `
          + `${style.year ?? ""}`);
        this.#rows.set(style.name, row);
        return row;
      }),
    }));
    this.element.replaceChildren(this.#empty,
      ...this.#groups.flatMap(({heading, rows}) => [heading, ...rows]));
    this.search(this.#query);
    this.#update();
  }

  #update() {
    const {weights} = this.#session.look;
    const shares = toShares(weights);
    for (const [name, row] of this.#rows) {
      row.update(weights[name] ?? 0, shares[name] ?? 0);
    }
  }
}

function makeRow(style, thumbnails, session, isOfBlend) {
  const title = style.title ?? style.name.replaceAll("_", " ");
  const input = make("input", {
    type: "range", min: 0, max: 1, step: 0.01, value: 0,
    "aria-label": texts.weightOf(title),
  });
  const share = make("output");
  const picture = make("button", {
    type: "button", class: "picture", tabindex: isOfBlend ? "-1" : null,
    "aria-label": isOfBlend ? texts.only(title) : texts.addOrRemove(title),
    title: isOfBlend ? texts.only(title) : texts.addOrRemove(title),
  }, thumbnails.show(style));
  const weigh = (settled) => {
    session.weigh(style.name, Number(input.value), settled);
  };
  input.addEventListener("input", () => weigh(false));
  input.addEventListener("change", () => weigh(true));
  picture.addEventListener("click", () => {
    if (isOfBlend) session.change({weights: {[style.name]: 1}});
    else session.weigh(style.name, Number(input.value) ? 0 : FIRST_WEIGHT);
  });
  const remove = isOfBlend ? makeButton("close", texts.remove(title),
    () => session.weigh(style.name, 0), {bare: true}) : null;
  const credit = isOfBlend ? style.artist : style.year;
  // Of a painting of one's own, where the server can learn it for longer.
  const deepen = isOfBlend && style.own ? makeButton("", texts.learnThoroughly,
    () => session.find(style.name).deepen(), {class: "quiet deepen"}) : null;
  const row = make("div", {class: "row", "data-style": style.name}, picture,
    make("div", {class: "name"},
      make("span", {class: "title", text: title}),
      credit ? make("span", {class: "credit", text: credit}) : null, deepen),
    share, remove, input);
  row.update = (weight, part) => {
    if (Number(input.value) !== weight) input.value = weight;
    fill(input);
    const text = weight > 0 ? texts.percent(part) : "";
    share.textContent = text;
    input.setAttribute("aria-valuetext", text || texts.notInBlend);
    row.classList.toggle("active", weight > 0);
    if (deepen) deepen.hidden = !session.find(style.name)?.deepen;
    if (!isOfBlend) picture.setAttribute("aria-pressed", String(weight > 0));
  };
  return row;
}

/** Returns text without case and accents. */
function fold(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}
