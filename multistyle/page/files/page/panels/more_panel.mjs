// The panel of all else: grid and path, films, models, the command line.

import { make, makeButton, makeParagraph, makeSection } from "../elements.mjs";
import { writeCommand } from "../state/command.mjs";
import { texts } from "../texts.mjs";

/** Makes the panel.
 * @param {object} session
 * @param {{model: () => string, sections: HTMLElement[], hints: string[],
 *   hasServer: boolean}} parts
 */
export function makeMorePanel(session, {model, sections, hints, hasServer}) {
  return make("div", {}, ...sections, makeCommand(session, model),
    makeAbout([texts.whereTo(hasServer), ...hints]));
}

function makeCommand(session, model) {
  const code = make("code");
  const update = () => {
    const name = session.photograph?.name ?? "photo.jpg";
    const stem = name.replace(/\.[^.]*$/, "");
    const suffix = /\.(jpe?g|png|webp)$/i.exec(name)?.[0] ?? ".png";
    const command = writeCommand(session, {
      model: model(), output: `${stem}_stylized${suffix.toLowerCase()}`,
    });
    // A flag stands on one line.
    code.replaceChildren(...command.split(/ (?=--)/).flatMap((text, i) =>
      [i ? " " : "", make("span", {class: "flag", text})]));
  };
  for (const event of ["look", "photograph", "painter"]) {
    session.addEventListener(event, update);
  }
  update();
  const copy = makeButton("copy", texts.copy, async () => {
    await navigator.clipboard?.writeText(code.textContent);
    copy.querySelector("span").textContent = texts.copied;
  }, {class: "quiet"});
  return makeSection(texts.command, texts.commandHint,
    make("pre", {id: "command", tabindex: "0", "aria-label": texts.command},
      code), copy);
}

function makeAbout(hints) {
  return makeSection(texts.about, texts.aboutHint,
    ...hints.map((text) => makeParagraph(text, {class: "hint"})));
}
