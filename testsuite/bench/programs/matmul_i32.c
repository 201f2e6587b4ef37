// Integer: product of two 64 by 64 matrices of 32-bit integers, the inner loop along rows.
#include "bench.h"

enum { SIDE = 64 };

static int32_t a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

static void multiply(void) {
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            c[i][k] = 0;
        }
        for (int j = 0; j < SIDE; j++) {
            int32_t factor = a[i][j];
            for (int k = 0; k < SIDE; k++) {
                c[i][k] = (int32_t)((uint32_t)c[i][k] + (uint32_t)factor * (uint32_t)b[j][k]);
            }
        }
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 23, sum = 0;
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            a[i][k] = (int32_t)next_random(&random);
            b[i][k] = (int32_t)next_random(&random);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        multiply();
        sum = fold(sum, (uint32_t)c[k % SIDE][(k * 7) % SIDE]);
        a[k % SIDE][k % 5] ^= (int32_t)sum;
    }
    return sum;
}
