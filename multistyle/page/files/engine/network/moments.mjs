// Means and variances of a layer's channels.

/**
 * Joins the sums of rows, in double.
 *
 * @param {Float64Array} sums [height][2][channels]: the mean of each row, and
 *   the sum of squares around it
 * @param {object} band {height, width, channels}
 * @param {number} count of the channels that are asked for
 * @param {function} tell of (channel, mean, variance)
 */
export function joinRows(sums, { height, width, channels }, count, tell) {
  for (let c = 0; c < count; c++) {
    let mean = 0, squares = 0;
    for (let y = 0; y < height; y++) mean += sums[2 * y * channels + c];
    mean /= height;
    for (let y = 0; y < height; y++) {
      const place = 2 * y * channels + c;
      const shift = sums[place] - mean;
      squares += sums[place + channels] + width * shift * shift;
    }
    tell(c, mean, squares / (width * height));
  }
}

/**
 * What a channel is multiplied by before its gamma. One that is flat, but for
 * rounding, is multiplied by 0; from there to twice that much it comes in
 * evenly; see multistyle/network/normalization.py.
 */
export function contrastOf(mean, variance, { epsilon, flat }) {
  const share = variance / (flat * (1 + mean * mean)) - 1;
  return Math.min(1, Math.max(0, share)) / Math.sqrt(variance + epsilon);
}
