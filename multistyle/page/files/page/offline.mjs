// The service worker: the page without a network, and threads.

import { notify } from "./notices.mjs";
import { texts } from "./texts.mjs";

const GRACE_MILLISECONDS = 4000;

/** Keeps the page for use without a network; where the browser then has
 * threads, loads it again, unless something was done on it already.
 */
export async function makeOffline(engine, session) {
  if (!isSecureContext) {
    notify(texts.insecure);
    return;
  }
  if (!("serviceWorker" in navigator)) return;
  let isUsed = false;
  const use = () => {
    isUsed = true;
  };
  for (const event of ["pointerdown", "keydown", "drop", "paste"]) {
    addEventListener(event, use, {once: true, capture: true});
  }
  const since = performance.now();
  try {
    await navigator.serviceWorker.register("service_worker.mjs");
  } catch {
    return; // As where cookies are blocked: the page works, online.
  }
  await navigator.serviceWorker.ready;
  document.documentElement.dataset.offline = "ready";
  const hasMore = !crossOriginIsolated && navigator.hardwareConcurrency > 1
    && engine.backend === "wasm";
  if (!hasMore || sessionStorage.getItem("reloaded")) return;
  sessionStorage.setItem("reloaded", "1");
  const isFresh = performance.now() - since < GRACE_MILLISECONDS;
  if (!isUsed && isFresh && session.photograph?.sample) location.reload();
  else {
    notify(texts.threadsAfterReload, {action: {text: texts.reload,
      press: () => location.reload()}});
  }
}
