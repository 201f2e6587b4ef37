// DSP: a radix-2 complex FFT of 512 points in place, with bit reversal and a table of twiddle factors,
// followed by the power spectrum.
#include "bench.h"

enum { LOG2_SIZE = 9, SIZE = 1 << LOG2_SIZE };

static float re[SIZE], im[SIZE];
static float cosines[SIZE / 2], sines[SIZE / 2];
static uint16_t reversed[SIZE];

static void make_tables(void) {
    const double pi = 3.14159265358979323846;
    for (int i = 0; i < SIZE / 2; i++) {
        cosines[i] = (float)table_cosine(2 * pi * i / SIZE);
        sines[i] = (float)-table_sine(2 * pi * i / SIZE);
    }
    for (int i = 0; i < SIZE; i++) {
        int r = 0;
        for (int bit = 0; bit < LOG2_SIZE; bit++) {
            r |= ((i >> bit) & 1) << (LOG2_SIZE - 1 - bit);
        }
        reversed[i] = (uint16_t)r;
    }
}

static void permute(void) {
    for (int i = 0; i < SIZE; i++) {
        int r = reversed[i];
        if (i < r) {
            float t = re[i];
            re[i] = re[r];
            re[r] = t;
            t = im[i];
            im[i] = im[r];
            im[r] = t;
        }
    }
}

static void transform(void) {
    permute();
    for (int half = 1; half < SIZE; half *= 2) {
        int stride = SIZE / (2 * half);
        for (int start = 0; start < SIZE; start += 2 * half) {
            for (int k = 0; k < half; k++) {
                float c = cosines[k * stride], s = sines[k * stride];
                int a = start + k, b = a + half;
                float tr = re[b] * c - im[b] * s;
                float ti = re[b] * s + im[b] * c;
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
        }
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 3, sum = 0;
    make_tables();
    for (uint32_t k = 0; k < n; k++) {
        for (int i = 0; i < SIZE; i++) {
            re[i] = next_sample(&random);
            im[i] = 0.0f;
        }
        transform();
        float power = 0.0f;
        for (int i = 0; i < SIZE / 2; i++) {
            power += re[i] * re[i] + im[i] * im[i];
        }
        sum = fold(sum, float_bits(power));
        sum = fold(sum, float_bits(re[k % SIZE]));
    }
    return sum;
}
