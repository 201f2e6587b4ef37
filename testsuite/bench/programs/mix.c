// DSP: 16-bit fixed point. Four channels are resampled with linear interpolation at different rates, scaled
// by a gain in Q15, mixed with saturation, and metered.
#include "bench.h"

enum { CHANNELS = 4, SOURCE = 4096, BLOCK = 480 };

struct channel {
    uint32_t position_q16, step_q16;
    int32_t gain_q15;
    int16_t samples[SOURCE];
};

static struct channel channels[CHANNELS];
static int32_t mixed[BLOCK];
static int16_t output[BLOCK];

static void add_channel(struct channel *c, int32_t *mix) {
    uint32_t position = c->position_q16, step = c->step_q16;
    for (int i = 0; i < BLOCK; i++) {
        uint32_t index = (position >> 16) % SOURCE;
        int32_t fraction = (int32_t)((position >> 1) & 0x7fff);
        int32_t first = c->samples[index], second = c->samples[(index + 1) % SOURCE];
        int32_t sample = first + (((second - first) * fraction) >> 15);
        mix[i] += (sample * c->gain_q15) >> 15;
        position += step;
    }
    c->position_q16 = position;
}

static int16_t saturate(int32_t value) {
    if (value > INT16_MAX) {
        return INT16_MAX;
    }
    return value < INT16_MIN ? INT16_MIN : (int16_t)value;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 11, sum = 0, clipped = 0;
    for (int c = 0; c < CHANNELS; c++) {
        channels[c].position_q16 = 0;
        channels[c].step_q16 = 0xb000u + (uint32_t)c * 0x2f31u;
        channels[c].gain_q15 = 0x3000 + c * 0x1100;
        for (int i = 0; i < SOURCE; i++) {
            channels[c].samples[i] = (int16_t)next_random(&random);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        for (int i = 0; i < BLOCK; i++) {
            mixed[i] = 0;
        }
        for (int c = 0; c < CHANNELS; c++) {
            add_channel(&channels[c], mixed);
        }
        int32_t peak = 0;
        for (int i = 0; i < BLOCK; i++) {
            output[i] = saturate(mixed[i]);
            clipped += output[i] != mixed[i];
            int32_t magnitude = output[i] < 0 ? -output[i] : output[i];
            peak = magnitude > peak ? magnitude : peak;
        }
        sum = fold(sum, (uint32_t)peak);
        sum = fold(sum, (uint32_t)(uint16_t)output[k % BLOCK]);
    }
    return fold(sum, clipped);
}
