// DSP: a 64-tap low-pass FIR filter over blocks of 256 samples, the history kept in front of each block.
#include "bench.h"

enum { TAPS = 64, BLOCK = 256 };

static float taps[TAPS];
static float line[TAPS - 1 + BLOCK];
static float output[BLOCK];

static void make_taps(void) {
    const double pi = 3.14159265358979323846;
    for (int i = 0; i < TAPS; i++) {
        double window = 0.54 - 0.46 * table_cosine(2 * pi * i / (TAPS - 1));
        taps[i] = (float)(window / TAPS);
    }
}

static void filter_block(const float *input, float *out) {
    for (int i = 0; i < BLOCK; i++) {
        float sum = 0.0f;
        for (int t = 0; t < TAPS; t++) {
            sum += taps[t] * input[i + t];
        }
        out[i] = sum;
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 1, sum = 0;
    make_taps();
    for (int i = 0; i < TAPS - 1; i++) {
        line[i] = 0.0f;
    }
    for (uint32_t block = 0; block < n; block++) {
        for (int i = 0; i < BLOCK; i++) {
            line[TAPS - 1 + i] = next_sample(&random);
        }
        filter_block(line, output);
        for (int i = 0; i < TAPS - 1; i++) {
            line[i] = line[BLOCK + i];
        }
        for (int i = 0; i < BLOCK; i += 17) {
            sum = fold(sum, float_bits(output[i]));
        }
    }
    return sum;
}
