// Globals: several pseudo-random generators whose whole state is in scalar statics, drawn from in turn by
// functions that must leave the state in memory.
#include "bench.h"

static uint32_t lfsr, weyl, weyl_step, multiply_low, multiply_carry;
static uint64_t mix_state, xor_a, xor_b;
static uint32_t draws, rejected, bits, bits_left;

static __attribute__((noinline)) void seed_all(uint32_t seed) {
    lfsr = seed | 1;
    weyl = seed;
    weyl_step = 0x9e3779b9u;
    multiply_low = seed ^ 0x55aa55aau;
    multiply_carry = seed % 1000 + 1;
    mix_state = seed * 0x100000001b3ull;
    xor_a = seed ^ 0x1234567887654321ull;
    xor_b = ~(uint64_t)seed;
    draws = rejected = bits = bits_left = 0;
}

static __attribute__((noinline)) uint32_t draw_lfsr(void) {
    lfsr = (lfsr >> 1) ^ (-(lfsr & 1) & 0xd0000001u);
    weyl += weyl_step;
    draws++;
    return lfsr ^ weyl;
}

static __attribute__((noinline)) uint32_t draw_multiply(void) {
    uint64_t product = (uint64_t)multiply_low * 4294957665u + multiply_carry;
    multiply_low = (uint32_t)product;
    multiply_carry = (uint32_t)(product >> 32);
    draws++;
    return multiply_low;
}

static __attribute__((noinline)) uint64_t draw_mixed(void) {
    uint64_t z = mix_state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    draws++;
    return z ^ (z >> 31);
}

static __attribute__((noinline)) uint64_t draw_xor(void) {
    uint64_t t = xor_a, s = xor_b;
    xor_a = s;
    t ^= t << 23;
    t ^= t >> 17;
    t ^= s ^ (s >> 26);
    xor_b = t;
    draws++;
    return t + s;
}

static __attribute__((noinline)) uint32_t draw_bits(uint32_t count) {
    if (bits_left < count) {
        bits = draw_multiply();
        bits_left = 32;
    }
    uint32_t value = bits & ((1u << count) - 1);
    bits >>= count;
    bits_left -= count;
    return value;
}

static __attribute__((noinline)) uint32_t draw_below(uint32_t bound) {
    for (;;) {
        uint32_t value = draw_bits(5);
        if (value < bound) {
            return value;
        }
        rejected++;
    }
}

uint32_t run(uint32_t n) {
    uint32_t sum = 0;
    seed_all(n);
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < 64; i++) {
            uint64_t wide = draw_mixed() ^ draw_xor();
            sum = fold(sum, draw_lfsr() + (uint32_t)wide + draw_below(17 + i % 8));
        }
        sum = fold(sum, draws - rejected);
    }
    return sum;
}
