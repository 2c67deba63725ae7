// The layers of the transform network for WebAssembly SIMD, with no library.
//
// Pictures are float32, channels last, in rows of `line` floats; a band is a
// pointer to the first column of the row `first` of a picture. Each export
// does the rows [start, stop) of one job, so that threads can share them.
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define INLINE static inline __attribute__((always_inline))

typedef v128_t f4;

INLINE f4 load(const float* at) { return wasm_v128_load(at); }
INLINE f4 splat(float x) { return wasm_f32x4_splat(x); }
INLINE f4 add(f4 a, f4 b) { return wasm_f32x4_add(a, b); }
INLINE f4 sub(f4 a, f4 b) { return wasm_f32x4_sub(a, b); }
INLINE f4 mul(f4 a, f4 b) { return wasm_f32x4_mul(a, b); }
#ifdef RELAXED
INLINE f4 madd(f4 a, f4 b, f4 sum) {
  return wasm_f32x4_relaxed_madd(a, b, sum);
}
#else
INLINE f4 madd(f4 a, f4 b, f4 sum) { return add(sum, mul(a, b)); }
#endif

// A convolution, and the sums of each row of its result.
typedef struct {
  const float*
      source;  // band; its columns begin with those left of the picture
  int32_t source_first, source_line, source_step;  // step: floats a column
  const float* kernel;  // [phases][blocks of 8, then 4][rows][taps][8 or 4]
  int32_t rows, taps;   // taps: floats of a row of the kernel
  int32_t stride, pad;
  float* result;  // band
  int32_t result_first, result_line;
  int32_t width, channels;  // of the result; channels a multiple of 4
  int32_t doubled;          // 1: of the picture doubled by nearest neighbour
  double* sums;             // [row - sums_first][mean, squares][channels]
  int32_t sums_first;
  int32_t minimal;  // 0, or the side of the tiles of minimal filtering
  int32_t height;   // of the result
  float* scratch;   // of each thread, for minimal filtering
  int32_t scratch_size;
} Convolution;

// The rows of a kernel at one place: as many floats apart as `offsets` says.
typedef struct {
  const int32_t* offsets;
  int32_t rows, taps, source_step, result_step;
} Window;

// P pixels of 4 Q channels.
INLINE void tile(const Window* window, const float* source, const float* kernel,
                 float* result, const int P, const int Q) {
  f4 sum[6][2];
  int step = window->source_step, taps = window->taps;
  for (int p = 0; p < P; p++)
    for (int q = 0; q < Q; q++) sum[p][q] = splat(0);
  for (int r = 0; r < window->rows; r++) {
    const float* s = source + window->offsets[r];
    for (int t = 0; t < taps; t++) {
      f4 weight[2];
      for (int q = 0; q < Q; q++) weight[q] = load(kernel + 4 * q);
      kernel += 4 * Q;
      for (int p = 0; p < P; p++) {
        f4 x = wasm_v128_load32_splat(s + p * step + t);
        for (int q = 0; q < Q; q++) sum[p][q] = madd(x, weight[q], sum[p][q]);
      }
    }
  }
  for (int p = 0; p < P; p++)
    for (int q = 0; q < Q; q++)
      wasm_v128_store(result + p * window->result_step + 4 * q, sum[p][q]);
}

// Pixels side by side. The last tile overlaps the one before it.
INLINE void line(const Window* window, const float* source, const float* kernel,
                 float* result, int width, const int P, const int Q) {
  int x = 0, source_step = window->source_step,
      result_step = window->result_step;
  while (x < width) {
    if (width < P) {
      tile(window, source + x * source_step, kernel, result + x * result_step,
           1, Q);
      x++;
    } else {
      if (x + P > width) x = width - P;
      tile(window, source + x * source_step, kernel, result + x * result_step,
           P, Q);
      x += P;
    }
  }
}

// All channels of pixels side by side. With more sums at a time than these, V8
// runs out of registers, and takes up to twice as long.
static void convolve_line(const Window* window, const float* source,
                          const float* kernel, float* result, int width,
                          int channels) {
  int block = window->rows * window->taps * 8, c = 0;
  for (; c + 8 <= channels; c += 8, kernel += block)
    line(window, source, kernel, result + c, width, 4, 2);
  if (c < channels) line(window, source, kernel, result + c, width, 6, 1);
}

// The mean of a row and the sum of squares around it. A few numbers at a time
// are summed in float32, these sums in double.
static void sum_row(const float* row, int width, int channels, double* sums) {
  for (int c = 0; c < channels; c += 4) {
    f4 mean = splat(0);
    v128_t totals[4];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < 4; i++) totals[i] = wasm_f64x2_splat(0);
      for (int x = 0; x < width;) {
        int stop = x + 32 < width ? x + 32 : width;
        f4 sum = splat(0), squares = splat(0);
        for (; x < stop; x++) {
          f4 value = sub(load(row + x * channels + c), mean);
          sum = add(sum, value);
          squares = add(squares, mul(value, value));
        }
        totals[0] =
            wasm_f64x2_add(totals[0], wasm_f64x2_promote_low_f32x4(sum));
        totals[1] = wasm_f64x2_add(
            totals[1], wasm_f64x2_promote_low_f32x4(
                           wasm_i32x4_shuffle(sum, sum, 2, 3, 2, 3)));
        totals[2] =
            wasm_f64x2_add(totals[2], wasm_f64x2_promote_low_f32x4(squares));
        totals[3] = wasm_f64x2_add(
            totals[3], wasm_f64x2_promote_low_f32x4(
                           wasm_i32x4_shuffle(squares, squares, 2, 3, 2, 3)));
      }
      v128_t count = wasm_f64x2_splat(width);
      v128_t low = wasm_f64x2_div(totals[0], count),
             high = wasm_f64x2_div(totals[1], count);
      if (pass == 0) {
        mean =
            wasm_i32x4_shuffle(wasm_f32x4_demote_f64x2_zero(low),
                               wasm_f32x4_demote_f64x2_zero(high), 0, 1, 4, 5);
        continue;
      }
      // What the mean in float32 has left out.
      wasm_v128_store(sums + c,
                      wasm_f64x2_add(low, wasm_f64x2_promote_low_f32x4(mean)));
      wasm_v128_store(
          sums + c + 2,
          wasm_f64x2_add(high, wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(
                                   mean, mean, 2, 3, 2, 3))));
      wasm_v128_store(
          sums + channels + c,
          wasm_f64x2_sub(totals[2], wasm_f64x2_mul(totals[0], low)));
      wasm_v128_store(
          sums + channels + c + 2,
          wasm_f64x2_sub(totals[3], wasm_f64x2_mul(totals[1], high)));
    }
  }
}

static void convolve_directly(const Convolution* job, int start, int stop) {
  int phase_size = job->rows * job->taps * job->channels;
  int32_t offsets[9];
  for (int r = 0; r < job->rows; r++) offsets[r] = r * job->source_line;
  Window window = {offsets, job->rows, job->taps,
                   job->stride * job->source_step, job->channels};
  if (job->doubled) window.result_step *= 2;
  for (int y = start; y < stop; y++) {
    float* result = job->result + (y - job->result_first) * job->result_line;
    if (!job->doubled) {
      int row = y * job->stride - job->pad;
      convolve_line(&window,
                    job->source + (row - job->source_first) * job->source_line,
                    job->kernel, result, job->width, job->channels);
      continue;
    }
    // Each pixel of four sees two rows and columns of the small picture.
    int odd = y & 1, row = (y >> 1) + odd - 1;
    const float* source =
        job->source + (row - job->source_first) * job->source_line;
    for (int x = 0; x < 2; x++)
      convolve_line(&window, source + x * job->source_step,
                    job->kernel + (2 * odd + x) * phase_size,
                    result + x * job->channels, job->width / 2, job->channels);
  }
}

#include "minimal.h"

EXPORT(convolve)(const Convolution* job, int start, int stop, int thread) {
  if (job->minimal)
    convolve_minimally(job, start, stop,
                       job->scratch + thread * job->scratch_size);
  else
    convolve_directly(job, start, stop);
  if (job->sums)
    for (int y = start; y < stop; y++)
      sum_row(job->result + (y - job->result_first) * job->result_line,
              job->width, job->channels,
              job->sums + (y - job->sums_first) * 2 * job->channels);
}

// Normalization, sum and activation where a layer stands, and its side margins.
typedef struct {
  float* values;  // band
  int32_t first, line, width, channels;
  const float *scale, *shift;  // [looks][channels]
  const float* addend;         // band, or 0
  int32_t addend_first, addend_line;
  int32_t activation;    // 0: none, 1: relu, 2: sigmoid
  int32_t margin, edge;  // columns beside it: 0 reflected, 1 the edge, 2 zeros
  const float* map;      // [rows][width][looks]: band, or 0 for one look
  int32_t map_first, looks;
} Finish;

INLINE f4 exponential(f4 x) {
  // As in Cephes: 2^n times a polynomial of what is left.
  x = wasm_f32x4_pmin(splat(87), wasm_f32x4_pmax(splat(-87), x));
  f4 n = wasm_f32x4_nearest(mul(x, splat(1.44269504f)));
  x = sub(sub(x, mul(n, splat(0.693359375f))), mul(n, splat(-2.12194440e-4f)));
  f4 y = splat(1.9875691500e-4f);
  y = add(mul(y, x), splat(1.3981999507e-3f));
  y = add(mul(y, x), splat(8.3334519073e-3f));
  y = add(mul(y, x), splat(4.1665795894e-2f));
  y = add(mul(y, x), splat(1.6666665459e-1f));
  y = add(mul(y, x), splat(5.0000001201e-1f));
  y = add(add(mul(mul(y, x), x), x), splat(1));
  v128_t power = wasm_i32x4_shl(wasm_i32x4_trunc_sat_f32x4(n), 23);
  return wasm_i32x4_add(y, power);
}

INLINE f4 activate(f4 x, const int activation) {
  if (activation == 1) return wasm_f32x4_pmax(splat(0), x);
  if (activation == 2)
    return wasm_f32x4_div(splat(1),
                          add(splat(1), exponential(wasm_f32x4_neg(x))));
  return x;
}

INLINE void finish_row(const Finish* job, int y, float* row,
                       const float* addend, const int activation) {
  int channels = job->channels;
  const float* map =
      job->map ? job->map + (y - job->map_first) * job->width * job->looks : 0;
  for (int c = 0; c < channels; c += 4) {
    f4 scale = load(job->scale + c), shift = load(job->shift + c);
    for (int x = 0; x < job->width; x++) {
      float* at = row + x * channels + c;
      if (map) {
        const float* weights = map + x * job->looks;
        scale = shift = splat(0);
        for (int k = 0; k < job->looks; k++) {
          f4 weight = wasm_v128_load32_splat(weights + k);
          scale = add(scale, mul(weight, load(job->scale + k * channels + c)));
          shift = add(shift, mul(weight, load(job->shift + k * channels + c)));
        }
      }
      f4 value = madd(load(at), scale, shift);
      if (addend) value = add(value, load(addend + x * channels + c));
      wasm_v128_store(at, activate(value, activation));
    }
  }
}

EXPORT(finish)(const Finish* job, int start, int stop) {
  int channels = job->channels, margin = job->margin, width = job->width;
  for (int y = start; y < stop; y++) {
    float* row = job->values + (y - job->first) * job->line;
    const float* addend =
        job->addend ? job->addend + (y - job->addend_first) * job->addend_line
                    : 0;
    if (job->activation == 1)
      finish_row(job, y, row, addend, 1);
    else if (job->activation == 2)
      finish_row(job, y, row, addend, 2);
    else
      finish_row(job, y, row, addend, 0);
    for (int i = 1; i <= margin; i++) {
      if (job->edge == 2) {
        for (int c = 0; c < channels; c++)
          row[c - i * channels] = row[(width - 1 + i) * channels + c] = 0;
        continue;
      }
      int left = job->edge ? 0 : i;
      int right = job->edge ? width - 1 : width - 1 - i;
      __builtin_memcpy(row - i * channels, row + left * channels, 4 * channels);
      __builtin_memcpy(row + (width - 1 + i) * channels, row + right * channels,
                       4 * channels);
    }
  }
}

// Means of two by two pixels.
typedef struct {
  const float* source;  // its first row and column
  float* result;        // likewise
  int32_t source_line, result_line, width, channels;  // width: of the result
} Halving;

EXPORT(halve)(const Halving* job, int start, int stop) {
  int channels = job->channels;
  for (int y = start; y < stop; y++) {
    const float* above = job->source + 2 * y * job->source_line;
    const float* below = above + job->source_line;
    float* result = job->result + y * job->result_line;
    for (int x = 0; x < job->width; x++)
      for (int c = 0; c < channels; c += 4) {
        int from = 2 * x * channels + c;
        f4 sum = add(
            add(load(above + from), load(below + from)),
            add(load(above + from + channels), load(below + from + channels)));
        wasm_v128_store(result + x * channels + c, mul(sum, splat(0.25f)));
      }
  }
}

void* memcpy(void* to, const void* from, unsigned long count) {
  char* a = to;
  const char* b = from;
  for (unsigned long i = 0; i < count; i++) a[i] = b[i];
  return to;
}
