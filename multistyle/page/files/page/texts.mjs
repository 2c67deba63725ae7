// All that the page says, in English.

const NUMBER = new Intl.NumberFormat("en", {maximumFractionDigits: 1});

function show(number) {
  return NUMBER.format(number);
}

/** Says how long, coarsely. */
function duration(seconds) {
  if (seconds < 0.095) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 9.5) return `${show(seconds)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

function megabytes(bytes) {
  return bytes < 1e6 ? `${show(bytes / 1e6)} MB`
    : `${Math.round(bytes / 1e6)} MB`;
}

function megapixels(width, height) {
  return show(width * height / 1e6);
}

export const texts = {
  skip: "To the styles",
  actions: "Actions",
  stage: "The picture",
  panel: "How it is painted",
  loading: "Loading the network …",
  close: "Close",
  cancel: "Cancel",
  apply: "Use these weights",
  copy: "Copy",
  copied: "Copied",
  reload: "Load again",
  starting: "Beginning …",
  writing: "Writing the file …",
  cancelled: "Cancelled.",

  // Actions
  undo: "Undo",
  redo: "Redo",
  share: "Copy a link to this blend",
  shared: "The link to this blend is copied. It holds no photograph.",
  sharedWithOwn: "The link to this blend is copied. Where it is opened, your "
    + "own painting is missing from it.",
  notInAddress: (name, near) => `The style \`${name}\` is not here. If it is a `
    + "painting of your own, add it again: it is no part of the link. Else "
    + `take one near it: ${near.join(", ")}.`,
  shareByHand: "Copy the page's address: it holds this blend.",
  download: "Download",

  // The stage
  picture: "The photograph",
  stageTools: "View",
  open: "Open",
  compare: "Compare with the photograph",
  fit: "Fit the window",
  lifeSize: "1:1",
  divider: "Divider between photograph and painting",
  dividerAt: (percent) => `${percent} % photograph`,
  grip: "More room for the styles",
  described: (photograph, look, session) => {
    const titles = Object.keys(look.weights)
      .map((name) => session.find(name)?.title ?? name);
    return titles.length
      ? `${photograph.name}, painted in ${titles.join(", ")}`
      : `${photograph.name}, not painted`;
  },
  painted: ({kind, seconds, model}, engine) => {
    const {backend, threads} = engine;
    const how = model ? "on the server" : backend === "webgpu" ? "WebGPU"
      : `WebAssembly, ${threads === 1 ? "1 thread" : `${threads} threads`}`;
    if (kind === "none") return "Move a slider to paint.";
    if (kind === "sketch") return `Sketch in ${duration(seconds)} · ${how}`;
    const what = kind === "whole" ? "all pixels of the file"
      : "strokes as in the file";
    return `${model ?? engine.model.name} · ${what} · `
      + `${duration(seconds)} · ${how}`;
  },

  // Opening
  openPhotograph: "Open a photograph",
  choosePhotograph: "Choose a photograph",
  dropHint: "or drop one anywhere on the page, or paste it",
  dropPhotograph: "Paint this photograph",
  dropPainting: "Paint in this painting",
  orSample: "Or try one of these",
  samples: {
    canyon: "Antelope Canyon, by Ashim D’Silva (Unsplash)",
    flower: "A dahlia, by Tj Holowaychuk (Unsplash)",
    cat: "Chelsea the cat, by Stéfan van der Walt (CC0)",
    astronaut: "Eileen Collins, by NASA (public domain)",
  },
  camera: "Camera",
  cameraPicture: "What the camera sees, painted",
  cameraSpeed: (rate, width, height) =>
    `${show(rate)} pictures a second at ${width} × ${height}`,
  cameraRefused: (reason) => (reason === "NotAllowedError"
    ? "The browser does not let this page use the camera: allow it in the "
      + "settings of this page."
    : "No camera was found."),
  noCamera: "The camera needs a page over https, or on this computer.",
  shoot: "Take this picture",
  emptyFile: (name) => `\`${name}\` is empty.`,
  notAPicture: (name) => `\`${name}\` is damaged, or no picture that this `
    + "browser reads, as JPEG, PNG, WebP, AVIF or GIF.",
  heic: (name) => `This browser does not read HEIC (\`${name}\`): save it as `
    + "JPEG, or open the page in Safari.",
  tooManyPixels: (name, {width, height}, most) => `\`${name}\` has `
    + `${megapixels(width, height)} megapixels; up to ${most / 1e6} are opened.`,
  tooSmall: (name) => `\`${name}\` is too small: a picture has 8 pixels a side `
    + "or more.",
  canvasTooSmall: (width, height) => `This browser holds no picture of `
    + `${width} × ${height} pixels: choose a smaller size.`,

  // Tabs
  tabs: {styles: "Styles", look: "Look", parts: "Parts", more: "More"},

  // Styles
  mapPoint: "Point on the map of styles: the nearest are blended",
  blend: (shares) => Object.entries(shares)
    .map(([name, share]) => `${name} ${Math.round(100 * share)} %`).join(", ")
    || "nothing",
  yourBlend: "Blend",
  emptyBlend: "Drag the point on the map, or move a slider below.",
  random: "Random",
  presets: "Presets",
  presetNames: {
    night_and_wave: "Night and wave",
    ukiyo_e: "Ukiyo-e",
    garden_in_june: "Garden in June",
    bauhaus: "Bauhaus",
    gold_leaf: "Gold leaf",
    fauves: "Fauves",
    points_of_light: "Points of light",
    cubist_table: "Cubist table",
    woodcut: "Woodcut",
    art_nouveau: "Art nouveau",
    scroll_and_silk: "Scroll and silk",
  },
  asText: "Text",
  weightsAsText: "Weights as text",
  weightsHint: "As the command line takes them: a name alone weighs 1.",
  unknownStyle: (name, near) => `\`${name}\` is not a style; near it: `
    + `${near.join(", ")}.`,
  styleTwice: (name) => `\`${name}\` is given twice.`,
  wrongWeight: (name, value) => `The weight of \`${name}\` is a number from 0 `
    + `up; got \`${value}\`.`,
  noWeights: "At least one weight is above 0.",
  search: "Search styles and painters",
  nothingFound: "No style has all of these words.",
  yourPaintings: "Your paintings",
  unknownPainter: "Painter unknown",
  weightOf: (title) => `Weight of ${title}`,
  notInBlend: "not in the blend",
  percent: (share) => `${Math.round(100 * share)} %`,
  only: (title) => `Paint in ${title} alone`,
  addOrRemove: (title) => `${title} in the blend`,
  remove: (title) => `Remove ${title}`,
  ownPainting: "Add a painting of your own",
  ownPaintingHint: (isTaught) => (isTaught
    ? "It becomes a style: read here, then learned better on the server."
    : "It becomes a style, on this device."),
  noReader: "The page's model reads no paintings: `paintings` and "
    + "`paintings-fast` do.",
  reading: (name) => `Reading the style of \`${name}\` …`,
  learned: (name) => `\`${name}\` is learned better now.`,
  learning: (name, state) => `Learning ${name} better: `
    + `${texts.jobState(state)}`,

  learnThoroughly: "Learn it for half a minute",

  // Look
  strength: "Strength",
  strengthHint: "How much of the painting covers the photograph.",
  keepColors: "Colours",
  keepColorsHint: "Whose colours the picture has: the paintings’, the "
    + "photograph’s as a whole, or its own in every pixel.",
  colorChoices: {none: "Paintings’", histogram: "As a whole",
    luminance: "Every pixel"},
  strokes: "Breadth of strokes",
  strokesHint: "Beside what suits a picture of 1,000 pixels.",
  times: (value) => `${show(value)} ×`,
  resetLook: "Reset the look",

  // Parts
  mask: "Mask",
  maskHint: "Paint only a part: brush over it. The rest stays photograph.",
  maskTool: "Tool",
  maskTools: {brush: "Brush", eraser: "Eraser"},
  brushSize: "Size",
  maskInvert: "Invert",
  maskClear: "Clear",
  maskSave: "Save",
  maskOpen: "Open …",
  maskFile: "Open a mask",
  gradient: "Gradient",
  gradientHint: "The styles of the blend turn into each other across the "
    + "picture. Draw a line on it for the direction.",
  gradients: {none: "None", line: "Along a line", radial: "Radial"},
  gradientNeeds: "A gradient needs two styles in the blend.",
  angle: "Direction",
  degrees: (value) => `${Math.round(value)}°`,

  // More
  series: "Grid and path",
  seriesHint: "Four styles in the corners of a square, or a walk from style to "
    + "style. A click on the grid takes its blend.",
  seriesPicture: "Blends of the styles",
  stops: (titles) => (titles.length < 2
    ? "Put two styles or more into the blend." : titles.join(" → ")),
  showGrid: "Show the grid",
  showPath: "Walk",
  gridFile: "Grid as PNG",
  pathGif: "Walk as GIF",
  pathMp4: "Walk as MP4",
  grid: "Painting the grid",
  path: "Painting the walk",
  seriesNeedsServer: "`multistyle app` on your computer writes them as PNG, GIF "
    + "and MP4.",
  films: "Film",
  filmsHint: "A second to try, then the whole, held still from frame to frame. A "
    + "mask belongs to its photograph, and is left out.",
  filmsNeedServer: "Films are painted by `multistyle app` on your computer.",
  filmsOff: "This server paints no films for others: it was started without "
    + "`--allow=films`.",
  filmsNeedExtra: "Films need the extra `video` on the computer that serves "
    + "this page: `pip install \"multistyle[video]\"`.",
  chooseFilm: "Choose a film",
  filmSize: "Size",
  asFilmed: "As filmed",
  filmSaid: ({name, width, height, seconds}) => `${name}: ${width} × ${height}, `
    + `${duration(seconds ?? 0)}`,
  from: "From",
  to: "To",
  seconds: "seconds",
  stability: "Hold still",
  trial: "A second to try",
  tryOut: "Try a second",
  paintFilm: "Paint the film",
  paintingFilm: "Painting the film",
  models: "Model",
  modelsHint: "What paints the file. While a slider moves, the browser sketches.",
  modelsNeedServer: "The larger `paintings` paints in `multistyle app` on your "
    + "computer.",
  modelsOff: "This server takes no models of others: it was started without "
    + "`--allow=models`.",
  uploadModel: "Upload a model or a pack",
  inBrowser: ({backend, threads}) => (backend === "webgpu"
    ? "In this browser, on its graphics card"
    : `In this browser, ${threads === 1 ? "one thread" : `${threads} threads`}`),
  modelSaid: ({styles, bytes, kind}) => `${styles.length} styles, `
    + `${megabytes(bytes)}, on the server${kind === "uploaded"
      ? ", uploaded by you" : ""}`,
  uploading: "Uploading",
  uploaded: (share, bytes) => `${Math.round(100 * share)} % of `
    + `${megabytes(bytes)}`,
  command: "Command line",
  commandHint: "It makes the same picture.",
  about: "About",
  aboutHint: "multistyle paints with one network that holds all these styles "
    + "and every blend of them.",
  whereTo: (hasServer) => (hasServer
    ? "Photographs go to the computer that serves this page, and no further."
    : "Photographs do not leave this device."),

  // Download
  format: "Format",
  size: "Size",
  metadata: "Camera, time and place in the file",
  metadataChoices: {keep: "Keep", strip: "Leave out"},
  pixels: (width, height) => `${width} × ${height}`,
  estimate: (model, seconds, bytes) => `${model} paints it here in about `
    + `${duration(seconds)}, with ${megabytes(bytes)} of memory.`,
  serverPaints: (model, {seconds, before, wait}) => {
    const time = seconds === null ? "" : ` in about ${duration(seconds)}`;
    const queue = before === 0 ? ""
      : ` ${before === 1 ? "One job comes" : `${before} jobs come`} before it`
        + `${wait === null ? "" : `, for about ${duration(wait)}`}.`;
    return `${model} paints it on the server${time}.${queue}`;
  },
  tooLargeHere: (width, height, hasServer) => `The photograph's ${width} × `
    + `${height} pixels are too many for this browser; this is the largest size `
    + `that fits.${hasServer ? " A model of the server paints all of them." : ""}`,
  paintAndSave: "Paint and save",
  painting: "Painting",
  secondsLeft: (seconds) => (Number.isFinite(seconds)
    ? `${duration(Math.max(1, seconds))} left` : "Painting …"),
  saved: (width, height, seconds) => `Saved: ${width} × ${height} pixels in `
    + `${duration(seconds)}.`,
  jobState: ({state, place, frames, seconds_left: left}) => {
    const parts = [];
    if (state === "queued") {
      parts.push(place > 1 ? `number ${place} in the queue`
        : "next in the queue");
    }
    if (frames?.total) parts.push(`frame ${frames.done} of ${frames.total}`);
    else if (frames) parts.push(`frame ${frames.done}`);
    if (left !== null && left !== undefined) {
      parts.push(`${duration(Math.max(1, left))} left`);
    }
    return parts.join(", ") || "under way …";
  },

  closer: (seconds) => `Painting all pixels, for a closer look: `
    + texts.secondsLeft(seconds),
  waiting: (state) => `On the server: ${texts.jobState(state)}`,
  elsewhere: "The server painted for another tab: move here, and it goes on.",

  // The server, and the browser
  serverGone: "The server does not answer: is `multistyle app` still running?",
  serverSaid: (status) => `The server refused (${status}).`,
  insecure: "Over plain http from another machine the page paints by one "
    + "thread. Over https it also has threads, the graphics card, the camera, "
    + "and works without a network.",
  threadsAfterReload: "Loaded again, the page paints with several threads.",
};
