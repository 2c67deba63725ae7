// Files of this page, read in browsers and in Node.

/**
 * Reads a file.
 * @param {URL|string} url
 * @returns {Promise<ArrayBuffer>}
 * @throws {Error} one sentence, where it is not there
 */
export async function readFile(url) {
  const { protocol, pathname } = new URL(url);
  if (protocol === "file:") {
    const { readFile: read } = await import("node:fs/promises");
    const bytes = await read(new URL(url));
    return bytes.buffer.slice(
      bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }
  const response = await fetch(url).catch(() => null);
  if (!response?.ok)
    throw new Error(
      `\`${pathname.split("/").pop()}\` cannot be fetched: see whether the ` +
      "server is there, and load the page again.");
  return response.arrayBuffer();
}

/** Reads a file of JSON; see `readFile`. */
export async function readJson(url) {
  return JSON.parse(new TextDecoder().decode(await readFile(url)));
}
