// Says so where the browser gets none of the page's modules: of a page that
// was opened as a file, or of a server that does not know what .mjs is. No
// module itself, since then it would not run either.

addEventListener("error", ({target}) => {
  if (target.tagName !== "SCRIPT") return;
  document.getElementById("unserved").hidden = false;
}, {capture: true});
