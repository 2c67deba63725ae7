// Keeps the page for use without a network, and adds the headers by which
// the page may use threads. A new file of the page is added to FILES by
// `python recipes/page_files.py`.

const CACHE = "multistyle";
const NETWORK_MILLISECONDS = 3000; // then what is kept is shown

const FILES = [
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
