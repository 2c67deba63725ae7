// Memory that is given back at once: the collector would wait for 64 MB.

/**
 * Gives back the memory of an array that is read no more, where the browser
 * can; elsewhere the collector does in its time.
 * @param {TypedArray} array all of its buffer; empty afterwards
 */
export function release(array) {
  array.buffer.transfer?.(0);
}

/**
 * Makes a function of rows one whose array is good until it is called again.
 * @param {function} read of (start, stop), which makes an array each time
 */
export function lend(read) {
  let lent = null;
  return (start, stop) => {
    if (lent) release(lent);
    lent = read(start, stop);
    return lent;
  };
}
