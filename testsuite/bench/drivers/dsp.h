// How the counting driver reaches a DSP guest: `run` processes so many frames of the same generated audio, and the checksum is that
// of the last frame's output. The build defines RATE_HZ, FRAME, and MEMORY_CELL, the symbol of the exported memory.
#ifndef DSP_H
#define DSP_H

#include <stdint.h>

// What an entry returns: zero, or a trap code, and the place of the trap.
struct completion {
    uintptr_t code, pc;
};

struct completion sg__instantiate__program(void);
struct completion sg__entry__program__dsp_init__FiiiRi(uint64_t *slots);
struct completion sg__entry__program__dsp_in__FiRi(uint64_t *slots);
struct completion sg__entry__program__dsp_ref__FiRi(uint64_t *slots);
struct completion sg__entry__program__dsp_out__FiRi(uint64_t *slots);
struct completion sg__entry__program__dsp_process__FiRi(uint64_t *slots);

// The domain record; on 64-bit machines word 4 is the fuel, which only metered programs use.
extern uint64_t sg__domain__program[];
// A self-relative reference to the memory's record, whose first word is the address of byte 0.
extern const int32_t MEMORY_CELL;

static uint8_t *output;

// The host's view of a buffer, by the export that names it.
static uint8_t *buffer(struct completion (*export)(uint64_t *)) {
    uint64_t slots[1] = { 0 };
    export(slots);
    const uintptr_t *record = (const uintptr_t *)((uintptr_t)&MEMORY_CELL + (intptr_t)MEMORY_CELL);
    return (uint8_t *)(*record + (uint32_t)slots[0]);
}

// Noise between -1/4 and 1/4, by a generator that is the same everywhere.
static void fill(uint8_t *samples, uint32_t seed) {
    for (uint32_t i = 0; i < FRAME; i++) {
        seed = seed * 1664525u + 1013904223u;
        float sample = (float)((int32_t)seed >> 8) * (1.0f / 33554432.0f);
        __builtin_memcpy(samples + 4 * i, &sample, 4);
    }
}

static uint32_t guest_prepare(void) {
    sg__domain__program[4] = INT64_MAX;
    uint32_t failure = (uint32_t)sg__instantiate__program().code;
    uint64_t slots[3] = { RATE_HZ, 1, FRAME };
    failure = failure ? failure : (uint32_t)sg__entry__program__dsp_init__FiiiRi(slots).code;
    if (failure || (uint32_t)slots[0] != 0) {
        return failure ? failure : 99;
    }
    fill(buffer(sg__entry__program__dsp_in__FiRi), 1);
    fill(buffer(sg__entry__program__dsp_ref__FiRi), 2);
    output = buffer(sg__entry__program__dsp_out__FiRi);
    return 0;
}

static uint32_t guest_run(uint32_t frames, uint32_t *checksum) {
    for (uint32_t i = 0; i < frames; i++) {
        uint64_t slots[1] = { FRAME };
        uint32_t failure = (uint32_t)sg__entry__program__dsp_process__FiRi(slots).code;
        if (failure) {
            return failure;
        }
    }
    for (uint32_t i = 0; i < 4 * FRAME; i++) {
        *checksum = *checksum * 31 + output[i];
    }
    return 0;
}

#endif
