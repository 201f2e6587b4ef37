// What every benchmark program shares. A program exports `run`: it does its work `n` times on data that it
// makes at run time from `n`, and returns a checksum that must be the same on every target and engine. It
// starts from the same state at every call. Floats are never contracted to fused operations (see the flags
// in the bench library), so that their bits agree too.
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#ifdef __wasm__
#define EXPORT __attribute__((export_name("run")))
#else
#define EXPORT
#endif

EXPORT uint32_t run(uint32_t n);

// A generator of 32 bits (xorshift); the state must not be zero.
static inline uint32_t next_random(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return x;
}

// Uniform in [-1, 1), exactly representable.
static inline float next_sample(uint32_t *state) {
    return (float)(int32_t)(next_random(state) >> 8) * (1.0f / 8388608.0f) - 1.0f;
}

// Adds a word to a checksum; the order of words matters.
static inline uint32_t fold(uint32_t sum, uint32_t word) {
    return ((sum ^ word) * 0x01000193u) + (sum >> 27);
}

static inline uint32_t float_bits(float value) {
    union { float value; uint32_t bits; } both = { value };
    return both.bits;
}

static inline float float_of_bits(uint32_t bits) {
    union { uint32_t bits; float value; } both = { bits };
    return both.value;
}

static inline uint32_t double_bits(double value) {
    union { double value; uint64_t bits; } both = { value };
    return (uint32_t)both.bits ^ (uint32_t)(both.bits >> 32);
}

// The sine of x for |x| <= 2 pi: Taylor's series after a reduction to [-pi/2, pi/2]. Only tables are made
// with it, so it is not part of what is measured.
static inline double table_sine(double x) {
    const double pi = 3.14159265358979323846;
    if (x > pi) {
        x -= 2 * pi;
    } else if (x < -pi) {
        x += 2 * pi;
    }
    if (x > pi / 2) {
        x = pi - x;
    } else if (x < -pi / 2) {
        x = -pi - x;
    }
    double square = x * x, term = x, sum = x;
    for (int k = 1; k < 10; k++) {
        term *= -square / (double)((2 * k) * (2 * k + 1));
        sum += term;
    }
    return sum;
}

static inline double table_cosine(double x) {
    const double pi = 3.14159265358979323846;
    return x <= 1.5 * pi ? table_sine(x + pi / 2) : table_sine(x - 1.5 * pi);
}

#endif
