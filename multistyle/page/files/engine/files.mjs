// Files of this page, read in browsers and in Node.

/**
 * Reads a file.
 * @param {URL|string} url
 * @returns {Promise<ArrayBuffer>}
 * @throws {Error} one sentence, where it is not there
 */
export async function readFile(url) {
  const address = new URL(url);
  const response = await (address.protocol === "file:"
    ? readFromDisk(address) : fetch(address)).catch(() => null);
  if (response === null || !response.ok)
    throw new Error(
      `\`${address.pathname.split("/").pop()}\` cannot be fetched: see whether ` +
      "the server is there, and load the page again.");
  return response.arrayBuffer();
}

/** What Node's own `fetch` does not do. */
async function readFromDisk(address) {
  const { readFile: read } = await import("node:fs/promises");
  return new Response(await read(address));
}

/** Reads a file of JSON; see `readFile`. */
export async function readJson(url) {
  return JSON.parse(new TextDecoder().decode(await readFile(url)));
}
