// The camera, painted live, at what speed there is.

import { make, makeButton, showDialog } from "../elements.mjs";
import { fail } from "../notices.mjs";
import { toCanvas } from "../painting/photograph.mjs";
import { toEngineLook } from "../state/look.mjs";
import { texts } from "../texts.mjs";

const SECONDS = 0.1; // that a frame should take
const SIDES = [128, 640];

/** Shows the camera's picture in the session's look; the shutter takes a
 * photograph.
 * @param {object} session
 * @param {Engine} engine
 * @param {(file: File) => void} open
 */
export async function useCamera(session, engine, open) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: {facingMode: {ideal: "environment"}, width: {ideal: 1920}},
    });
  } catch (error) {
    fail(new Error(texts.cameraRefused(error.name)));
    return;
  }
  const video = make("video", {set: {srcObject: stream, muted: true,
    playsInline: true}});
  const canvas = make("canvas", {class: "camera", role: "img",
    "aria-label": texts.cameraPicture});
  const speed = make("p", {class: "hint"});
  let isOpen = true;
  const shoot = makeButton("camera", texts.shoot, () => {
    const {file} = grab(video, video.videoWidth);
    file().then(open, fail);
    dialog.close();
  }, {class: "primary", autofocus: true});
  const dialog = showDialog(texts.camera, canvas, speed,
    make("div", {class: "buttons"}, shoot));
  dialog.addEventListener("close", () => {
    isOpen = false;
    stream.getTracks().forEach((track) => track.stop());
  });
  try {
    await video.play();
    await paintFrames(() => isOpen, video, canvas, speed, session, engine);
  } catch (error) {
    dialog.close();
    fail(error);
  }
}

async function paintFrames(isOpen, video, canvas, speed, session, engine) {
  let side = 256, mean = null;
  while (isOpen()) {
    const started = performance.now();
    const look = toEngineLook({...session.look, mask: null});
    const picture = await engine.preview(grab(video, side).pixels(), look, side,
      {sketch: true});
    if (!isOpen()) return;
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(toCanvas(picture), 0, 0);
    const seconds = (performance.now() - started) / 1000;
    mean = mean === null ? seconds : 0.8 * mean + 0.2 * seconds;
    speed.textContent = texts.cameraSpeed(1 / mean, picture.width,
      picture.height);
    const scale = Math.min(1.15, Math.max(0.85, Math.sqrt(SECONDS / seconds)));
    side = Math.round(Math.min(SIDES[1], Math.max(SIDES[0], side * scale)) / 8)
      * 8;
    await new Promise(requestAnimationFrame);
  }
}

/** Takes a frame whose long side has at most `side` pixels. */
function grab(video, side) {
  const scale = Math.min(1,
    side / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return {
    pixels: () => {
      const {width, height} = canvas;
      const {data} = context.getImageData(0, 0, width, height);
      return {width, height, data};
    },
    file: () => new Promise((resolve) => {
      canvas.toBlob((blob) => resolve(new File([blob], "camera.png",
        {type: "image/png"})), "image/png");
    }),
  };
}
