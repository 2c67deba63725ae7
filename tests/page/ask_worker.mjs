// Sends a message to the worker of a test, and waits for its answer.
const worker = new Worker("network_page.mjs", { type: "module" });
window.ask = (message) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) =>
    data.error ? reject(new Error(data.error)) : resolve(data.done);
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(message);
});
