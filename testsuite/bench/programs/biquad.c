// DSP: an equaliser of eight biquad sections in transposed direct form II, run section by section over a
// block, as audio code does; each sample depends on the one before it.
#include "bench.h"

enum { SECTIONS = 8, BLOCK = 128 };

struct section {
    float b0, b1, b2, a1, a2;
    float z1, z2;
};

static struct section sections[SECTIONS];
static float block[BLOCK];

static void make_sections(uint32_t *random) {
    const double pi = 3.14159265358979323846;
    for (int i = 0; i < SECTIONS; i++) {
        // A peaking filter: poles at radius 0.9, zeros a little further in.
        double angle = pi * (i + 1) / (SECTIONS + 2), pole = 0.9;
        double zero = 0.8 + 0.05 * (double)next_sample(random);
        sections[i] = (struct section){
            .b0 = 1.0f,
            .b1 = (float)(-2 * zero * table_cosine(angle)),
            .b2 = (float)(zero * zero),
            .a1 = (float)(-2 * pole * table_cosine(angle)),
            .a2 = (float)(pole * pole),
        };
    }
}

static void filter_block(struct section *s, float *samples) {
    float z1 = s->z1, z2 = s->z2;
    for (int i = 0; i < BLOCK; i++) {
        float x = samples[i];
        float y = s->b0 * x + z1;
        z1 = s->b1 * x - s->a1 * y + z2;
        z2 = s->b2 * x - s->a2 * y;
        samples[i] = y;
    }
    s->z1 = z1;
    s->z2 = z2;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 7, sum = 0;
    make_sections(&random);
    for (uint32_t k = 0; k < n; k++) {
        for (int i = 0; i < BLOCK; i++) {
            block[i] = next_sample(&random);
        }
        for (int s = 0; s < SECTIONS; s++) {
            filter_block(&sections[s], block);
        }
        sum = fold(sum, float_bits(block[k % BLOCK]));
        sum = fold(sum, float_bits(block[BLOCK - 1]));
    }
    return sum;
}
