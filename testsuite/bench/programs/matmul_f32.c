// Floating point: product of two 64 by 64 matrices of f32 by dot products, the second one transposed first;
// the order of additions is fixed, so no compiler may vectorise the sum.
#include "bench.h"

enum { SIDE = 64 };

static float a[SIDE][SIDE], b[SIDE][SIDE], transposed[SIDE][SIDE], c[SIDE][SIDE];

static void multiply(void) {
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            transposed[k][i] = b[i][k];
        }
    }
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            float sum = 0.0f;
            for (int j = 0; j < SIDE; j++) {
                sum += a[i][j] * transposed[k][j];
            }
            c[i][k] = sum;
        }
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 29, sum = 0;
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            a[i][k] = next_sample(&random);
            b[i][k] = next_sample(&random);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        multiply();
        sum = fold(sum, float_bits(c[k % SIDE][(k * 7) % SIDE]));
        b[k % SIDE][k % 7] = next_sample(&random);
    }
    return sum;
}
