/* IMA ADPCM: four bits a sample, each a step up or down from the sample before. */
#include "wave.h"

static const int16_t steps[89] = {
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157,
    173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707,
    1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635,
    13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
};

static const int8_t changes[8] = { -1, -1, -1, -1, 2, 4, 6, 8 };

struct predictor {
    int32_t sample;
    int32_t index;
};

static int32_t clamped(int32_t value, int32_t least, int32_t most)
{
    return value < least ? least : value > most ? most : value;
}

__attribute__((noinline)) static int16_t decode_nibble(struct predictor *predictor, uint32_t nibble)
{
    int32_t step = steps[predictor->index];
    int32_t difference = step >> 3;
    if (nibble & 1) {
        difference += step >> 2;
    }
    if (nibble & 2) {
        difference += step >> 1;
    }
    if (nibble & 4) {
        difference += step;
    }
    int32_t sample = predictor->sample + (nibble & 8 ? -difference : difference);
    predictor->sample = clamped(sample, -32768, 32767);
    predictor->index = clamped(predictor->index + changes[nibble & 7], 0, 88);
    return (int16_t)predictor->sample;
}

void decode_block(const uint8_t *block, uint32_t samples, int16_t *out)
{
    struct predictor predictor = { (int16_t)read_16(block), clamped(block[2], 0, 88) };
    *out++ = (int16_t)predictor.sample;
    for (uint32_t i = 1; i < samples; i++) {
        uint32_t both = block[4 + (i - 1) / 2];
        *out++ = decode_nibble(&predictor, i & 1 ? both & 15 : both >> 4);
    }
}
