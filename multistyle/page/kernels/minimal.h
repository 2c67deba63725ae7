// Minimal filtering, as Winograd's: fewer products for a convolution of
// stride 1.
//
// A tile of m x m results is made of n x n inputs, n = m + 2, brought to n x n
// points; at each point a convolution multiplies once where a kernel of 3 x 3
// multiplies nine times for each result: 25 products for 81 with m = 3, and 36
// for 144 with m = 4. A kernel of 9 x 9 is 3 x 3 kernels of 3 x 3 which lie one
// tile apart, m = 3: at each point a kernel of 3 x 3 tiles.
//
// Points 0, 1, -1, 2 and infinity, with -2 for m = 4. A flat input is nothing
// at all points but one, so that a flat picture stays flat.
//
// Lavin and Gray, 2016, "Fast Algorithms for Convolutional Neural Networks".

#define BLOCK 24  // tiles side by side that are done at a time
#define MOST_SIDE 6

INLINE void to_points(const f4* x, f4* y, const int m) {
  if (m == 3) {
    f4 two = splat(2);
    y[0] = add(sub(mul(two, sub(x[0], x[2])), x[1]), x[3]);
    y[1] = sub(sub(x[3], x[2]), mul(two, x[1]));
    y[2] = add(sub(x[3], mul(splat(3), x[2])), mul(two, x[1]));
    y[3] = sub(x[3], x[1]);
    y[4] = add(sub(mul(two, sub(x[1], x[3])), x[2]), x[4]);
  } else {
    f4 four = splat(4), five = splat(5);
    f4 a = sub(x[4], mul(four, x[2])), b = sub(x[3], mul(four, x[1]));
    f4 c = sub(x[4], x[2]), d = mul(splat(2), sub(x[3], x[1]));
    y[0] = add(sub(mul(four, x[0]), mul(five, x[2])), x[4]);
    y[1] = add(a, b);
    y[2] = sub(a, b);
    y[3] = add(c, d);
    y[4] = sub(c, d);
    y[5] = add(sub(mul(four, x[1]), mul(five, x[3])), x[5]);
  }
}

INLINE void from_points(const f4* x, f4* y, const int m) {
  f4 sum = add(x[1], x[2]), difference = sub(x[1], x[2]);
  if (m == 3) {
    y[0] = add(add(x[0], sum), x[3]);
    y[1] = add(difference, mul(splat(2), x[3]));
    y[2] = add(add(sum, mul(splat(4), x[3])), x[4]);
  } else {
    f4 a = add(x[3], x[4]), b = sub(x[3], x[4]);
    y[0] = add(add(x[0], sum), a);
    y[1] = add(difference, mul(splat(2), b));
    y[2] = add(sum, mul(splat(4), a));
    y[3] = add(add(difference, mul(splat(8), b)), x[5]);
  }
}

// Brings one tile to its points, each `apart` floats from the one before.
INLINE void tile_to_points(const float* source, int line, int step,
                           int channels, float* points, int apart,
                           const int m) {
  const int n = m + 2;
  for (int c = 0; c < channels; c += 4) {
    f4 half[MOST_SIDE][MOST_SIDE];
    for (int x = 0; x < n; x++) {
      f4 in[MOST_SIDE], out[MOST_SIDE];
      for (int y = 0; y < n; y++)
        in[y] = load(source + y * line + x * step + c);
      to_points(in, out, m);
      for (int y = 0; y < n; y++) half[y][x] = out[y];
    }
    for (int y = 0; y < n; y++) {
      f4 out[MOST_SIDE];
      to_points(half[y], out, m);
      for (int x = 0; x < n; x++)
        wasm_v128_store(points + (y * n + x) * apart + c, out[x]);
    }
  }
}

// A row of tiles; what lies beyond the source repeats its last row and column.
INLINE void row_to_points(const Convolution* job, int row, int first, int count,
                          float* points, int apart, float* patch, const int m) {
  const int n = m + 2;
  int step = job->source_step, line = job->source_line;
  int rows = job->height + 2 * job->pad, columns = job->width + 2 * job->pad;
  const float* origin =
      job->source + (row * m - job->pad - job->source_first) * line;
  for (int i = 0; i < count; i++) {
    int x = (first + i) * m, y = row * m;
    if (x + n <= columns && y + n <= rows) {
      tile_to_points(origin + x * step, line, step, step, points + i * step,
                     apart, m);
      continue;
    }
    for (int v = 0; v < n; v++)
      for (int u = 0; u < n; u++) {
        int from = y + v < rows ? v : rows - 1 - y;
        int column = x + u < columns ? x + u : columns - 1;
        for (int c = 0; c < step; c++)
          patch[(v * n + u) * step + c] =
              origin[from * line + column * step + c];
      }
    tile_to_points(patch, n * step, step, step, points + i * step, apart, m);
  }
}

// The results of a row of tiles, of which rows [start, stop) are asked for.
INLINE void row_from_points(const Convolution* job, int row, int first,
                            int count, const float* points, int start, int stop,
                            const int m) {
  const int n = m + 2;
  int channels = job->channels, apart = BLOCK * channels;
  for (int i = 0; i < count; i++) {
    int x = (first + i) * m;
    int columns = job->width - x < m ? job->width - x : m;
    for (int c = 0; c < channels; c += 4) {
      const float* at = points + i * channels + c;
      f4 half[MOST_SIDE][MOST_SIDE];
      for (int u = 0; u < n; u++) {
        f4 in[MOST_SIDE], out[MOST_SIDE];
        for (int v = 0; v < n; v++) in[v] = load(at + (v * n + u) * apart);
        from_points(in, out, m);
        for (int v = 0; v < m; v++) half[v][u] = out[v];
      }
      for (int v = 0; v < m; v++) {
        int y = row * m + v;
        if (y < start || y >= stop) continue;
        f4 out[MOST_SIDE];
        from_points(half[v], out, m);
        float* result = job->result +
                        (y - job->result_first) * job->result_line +
                        x * channels + c;
        for (int u = 0; u < columns; u++)
          wasm_v128_store(result + u * channels, out[u]);
      }
    }
  }
}

INLINE void convolve_tiles(const Convolution* job, int start, int stop,
                           float* scratch, const int m, const int groups) {
  const int n = m + 2;
  int step = job->source_step, channels = job->channels;
  // Points of the inputs [point][row][tile][channel], with room for the fourth
  // number that three channels are stored with; of the results; and a tile.
  int slot = (BLOCK + groups - 1) * step + 4, apart = groups * slot;
  float* products = scratch + n * n * apart;
  float* patch = products + n * n * BLOCK * channels;
  int32_t offsets[3];
  Window window = {offsets, groups, groups * step, step, channels};
  int kernel_size = groups * groups * step * channels;
  int tiles = (job->width + m - 1) / m, last = (stop - 1) / m;
  for (int first = 0; first < tiles; first += BLOCK) {
    int count = tiles - first < BLOCK ? tiles - first : BLOCK;
    int next = start / m;  // the first row of tiles that is not at its points
    for (int row = start / m; row <= last; row++) {
      for (; next < row + groups; next++)
        row_to_points(job, next, first, count + groups - 1,
                      scratch + next % groups * slot, apart, patch, m);
      for (int r = 0; r < groups; r++) offsets[r] = (row + r) % groups * slot;
      for (int p = 0; p < n * n; p++)
        convolve_line(&window, scratch + p * apart,
                      job->kernel + p * kernel_size,
                      products + p * BLOCK * channels, count, channels);
      row_from_points(job, row, first, count, products, start, stop, m);
    }
  }
}

static void convolve_minimally(const Convolution* job, int start, int stop,
                               float* scratch) {
  if (job->minimal == 3)
    convolve_tiles(job, start, stop, scratch, 3, 3);
  else
    convolve_tiles(job, start, stop, scratch, 4, 1);
}
