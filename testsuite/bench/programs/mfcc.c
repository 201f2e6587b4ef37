// DSP: the back half of a speech front end: 257 power bins go through 40 triangular mel bands, a logarithm and
// a discrete cosine transform to 13 coefficients, a frame at a time.
#include "bench.h"

enum { BINS = 257, BANDS = 40, COEFFICIENTS = 13 };

static float power[BINS];
static float weights[BANDS][BINS];
static uint16_t first_bin[BANDS], end_bin[BANDS];
static float cosines[COEFFICIENTS][BANDS];
static float bands[BANDS], coefficients[COEFFICIENTS];

// The natural logarithm of a positive normal number, to about 1e-4.
static float fast_log(float x) {
    uint32_t bits = float_bits(x);
    int32_t exponent = (int32_t)(bits >> 23) - 127;
    float m = float_of_bits((bits & 0x7fffffu) | 0x3f800000u) - 1.0f;
    float p = m * (0.9991150f + m * (-0.4899597f + m * (0.2856751f + m * (-0.1330566f + m * 0.0313207f))));
    return p + 0.6931472f * (float)exponent;
}

static void make_tables(void) {
    const double pi = 3.14159265358979323846;
    for (int b = 0; b < BANDS; b++) {
        // Bands widen towards the top, as the mel scale does.
        int low = 1 + b * 2 + b * b / 11, centre = low + 2 + b / 6, high = centre + 2 + b / 5;
        first_bin[b] = (uint16_t)low;
        end_bin[b] = (uint16_t)(high < BINS ? high : BINS);
        for (int i = low; i < end_bin[b]; i++) {
            float rise = (float)(i - low + 1) / (float)(centre - low + 1);
            float fall = (float)(high - i) / (float)(high - centre);
            weights[b][i] = rise < fall ? rise : fall;
        }
        for (int c = 0; c < COEFFICIENTS; c++) {
            double turns = c * (b + 0.5) / (2.0 * BANDS);
            turns -= (double)(int)turns;
            cosines[c][b] = (float)table_cosine(2 * pi * turns);
        }
    }
}

static void one_frame(void) {
    for (int b = 0; b < BANDS; b++) {
        float energy = 1e-6f;
        for (int i = first_bin[b]; i < end_bin[b]; i++) {
            energy += weights[b][i] * power[i];
        }
        bands[b] = fast_log(energy);
    }
    for (int c = 0; c < COEFFICIENTS; c++) {
        float sum = 0.0f;
        for (int b = 0; b < BANDS; b++) {
            sum += cosines[c][b] * bands[b];
        }
        coefficients[c] = sum;
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 5, sum = 0;
    make_tables();
    for (uint32_t k = 0; k < n; k++) {
        for (int i = 0; i < BINS; i++) {
            float amplitude = next_sample(&random);
            power[i] = amplitude * amplitude;
        }
        one_frame();
        for (int c = 0; c < COEFFICIENTS; c++) {
            sum = fold(sum, float_bits(coefficients[c]));
        }
    }
    return sum;
}
