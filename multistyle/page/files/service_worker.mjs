// Keeps the page for use without a network, and adds the headers by which
// the page may use threads. A new file of the page is added to FILES by
// `python recipes/page_files.py`.

const CACHE = "multistyle";
const NETWORK_MILLISECONDS = 3000; // then what is kept is shown

const FILES = [
  "app.webmanifest",
  "engine/codecs/encoding.mjs",
  "engine/codecs/exif.mjs",
  "engine/codecs/jpeg.mjs",
  "engine/codecs/metadata.mjs",
  "engine/engine.mjs",
  "engine/files.mjs",
  "engine/images/color_transfer.mjs",
  "engine/images/holes.mjs",
  "engine/images/lab.mjs",
  "engine/images/resizing.mjs",
  "engine/levels.mjs",
  "engine/memory.mjs",
  "engine/mixing.mjs",
  "engine/network/gpu_pass.mjs",
  "engine/network/kernels.mjs",
  "engine/network/layout.mjs",
  "engine/network/minimal.mjs",
  "engine/network/moments.mjs",
  "engine/network/network.mjs",
  "engine/network/network.relaxed.wasm",
  "engine/network/network.threads.relaxed.wasm",
  "engine/network/network.threads.wasm",
  "engine/network/network.wasm",
  "engine/network/network_gpu.mjs",
  "engine/network/painting.mjs",
  "engine/network/shaders.mjs",
  "engine/network/thread.mjs",
  "engine/network/threads.mjs",
  "engine/network/weights.mjs",
  "engine/painter.mjs",
  "engine/pocket.mjs",
  "engine/reader.mjs",
  "engine/regions.mjs",
  "engine/studio.mjs",
  "engine/worker.mjs",
  "icons/icon-180.png",
  "icons/icon-192.png",
  "icons/icon-512.png",
  "icons/icon-maskable-512.png",
  "icons/icon.svg",
  "model/model.json",
  "model/thumbnails.jpg",
  "model/weights.bin",
  "page/elements.mjs",
  "page/main.mjs",
  "page/notices.mjs",
  "page/offline.mjs",
  "page/painting/download.mjs",
  "page/painting/headers.mjs",
  "page/painting/opening.mjs",
  "page/painting/painter.mjs",
  "page/painting/paintings.mjs",
  "page/painting/photograph.mjs",
  "page/painting/server.mjs",
  "page/painting/tasks.mjs",
  "page/panels/films.mjs",
  "page/panels/layout.mjs",
  "page/panels/look_panel.mjs",
  "page/panels/models.mjs",
  "page/panels/more_panel.mjs",
  "page/panels/parts_panel.mjs",
  "page/panels/series.mjs",
  "page/panels/style_map.mjs",
  "page/panels/style_rows.mjs",
  "page/panels/styles_panel.mjs",
  "page/panels/tabs.mjs",
  "page/panels/thumbnails.mjs",
  "page/stage/brush.mjs",
  "page/stage/camera.mjs",
  "page/stage/line.mjs",
  "page/stage/mask.mjs",
  "page/stage/stage.mjs",
  "page/stage/view.mjs",
  "page/state/address.mjs",
  "page/state/command.mjs",
  "page/state/look.mjs",
  "page/state/presets.mjs",
  "page/state/session.mjs",
  "page/state/weights.mjs",
  "page/texts.mjs",
  "page/unserved.js",
  "samples/astronaut.jpg",
  "samples/canyon.jpg",
  "samples/cat.jpg",
  "samples/flower.jpg",
  "style.css",
];

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
});

addEventListener("fetch", (event) => {
  const {request} = event;
  const {origin, pathname} = new URL(request.url);
  const isOurs = origin === location.origin
    && pathname.startsWith(new URL("./", location).pathname);
  const isApi = pathname.startsWith(new URL("api/", location).pathname);
  if (!isOurs || isApi || request.method !== "GET") return;
  event.respondWith(answer(request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(["./", ...FILES]);
}

/** Answers from the network; from what is kept where that is slow or gone. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, {ignoreSearch: true});
  const fetched = fetch(request).then(async (response) => {
    if (response.ok && response.status === 200) {
      await cache.put(stripSearch(request), response.clone());
    }
    return response;
  });
  if (!kept) return isolate(await fetched);
  const late = new Promise((resolve) => {
    setTimeout(resolve, NETWORK_MILLISECONDS);
  });
  const first = await Promise.race([fetched, late]).catch(() => null);
  return isolate(first?.ok ? first : kept);
}

function stripSearch(request) {
  const url = new URL(request.url);
  url.search = "";
  return url.href;
}

function isolate(response) {
  if (response.type === "opaqueredirect" || response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) {
    headers.set(name, value);
  }
  return new Response(response.body, {
    status: response.status, statusText: response.statusText, headers,
  });
}
