// Tabs: panels of which one is shown.

import { make } from "../elements.mjs";

/** Makes tabs.
 * @param {string} label
 * @param {Array<{id: string, text: string, panel: HTMLElement}>} tabs
 * @param {(id: string) => void} change
 * @returns {HTMLElement[]} the list of tabs, and the panels.
 */
export function makeTabs(label, tabs, change) {
  const buttons = tabs.map(({id, text}) => make("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`,
    text, on: {click: () => select(id)},
  }));
  const panels = tabs.map(({id, panel}) => make("div", {
    role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`,
    tabindex: "0", class: "tabpanel",
  }, panel));
  const select = (chosen) => {
    tabs.forEach(({id}, i) => {
      buttons[i].setAttribute("aria-selected", String(id === chosen));
      buttons[i].tabIndex = id === chosen ? 0 : -1;
      panels[i].hidden = id !== chosen;
    });
    change(chosen);
  };
  const list = make("div", {role: "tablist", "aria-label": label}, ...buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0,
      End: buttons.length - 1}[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    buttons[next].focus();
    select(tabs[next].id);
  });
  select(tabs[0].id);
  return [list, ...panels];
}
