// Integer: SHA-256 (FIPS 180-4) of a message of a few kilobytes, chained: each digest changes the next message.
// The constants are computed, from the cube and square roots of the first primes, by integer arithmetic.
#include "bench.h"

enum { MESSAGE = 2048 };

static uint32_t constants[64], initial[8];
static uint8_t message[MESSAGE];

// floor(2^32 · p^(1/root)) modulo 2^32, for root 2 or 3: the largest r with r^root <= p · 2^(32·root), by
// comparing in pieces of 32 bits.
static uint32_t root_fraction(uint32_t p, int root) {
    uint64_t r = 0;
    for (int bit = 35; bit >= 0; bit--) {
        uint64_t candidate = r | (1ull << bit);
        // candidate^root in 32-bit digits, least first; at most 36·3 bits.
        uint32_t digits[4] = { (uint32_t)candidate, (uint32_t)(candidate >> 32), 0, 0 };
        for (int power = 1; power < root; power++) {
            uint32_t product[4] = { 0 };
            for (int shift = 0; shift < 2; shift++) {
                uint64_t factor = (candidate >> (32 * shift)) & 0xffffffffu, carry = 0;
                for (int i = 0; i + shift < 4; i++) {
                    carry += (uint64_t)digits[i] * factor + product[i + shift];
                    product[i + shift] = (uint32_t)carry;
                    carry >>= 32;
                }
            }
            for (int i = 0; i < 4; i++) {
                digits[i] = product[i];
            }
        }
        // p · 2^(32·root) has its only non-zero digit at `root`, and no prime has a whole root.
        if (digits[root] < p) {
            r = candidate;
        }
    }
    return (uint32_t)r;
}

static void make_constants(void) {
    uint32_t found = 0;
    for (uint32_t p = 2; found < 64; p++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= p; d++) {
            prime &= p % d != 0;
        }
        if (prime) {
            constants[found] = root_fraction(p, 3);
            if (found < 8) {
                initial[found] = root_fraction(p, 2);
            }
            found++;
        }
    }
}

static inline uint32_t rotate(uint32_t x, int by) {
    return (x >> by) | (x << (32 - by));
}

static inline uint32_t load_big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void compress(uint32_t state[8], const uint8_t *block) {
    uint32_t w[64];
    for (int i = 0; i < 16; i++) {
        w[i] = load_big_endian(block + 4 * i);
    }
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 17, state[8];
    make_constants();
    for (int i = 0; i < MESSAGE; i++) {
        message[i] = (uint8_t)next_random(&random);
    }
    for (int i = 0; i < 8; i++) {
        state[i] = initial[i];
    }
    for (uint32_t k = 0; k < n; k++) {
        for (int block = 0; block < MESSAGE; block += 64) {
            compress(state, message + block);
        }
        message[k % MESSAGE] ^= (uint8_t)state[k % 8];
    }
    uint32_t sum = 0;
    for (int i = 0; i < 8; i++) {
        sum = fold(sum, state[i]);
    }
    return sum;
}
