// Integer: a byte-oriented LZ77 coder with a hash table of positions, and its decoder, which copies byte by byte
// since matches may overlap what they produce.
#include "bench.h"

enum { BYTES = 8192, HASH_LOG2 = 12, LEAST = 4, LONGEST = LEAST + 127 };

static uint8_t original[BYTES], decoded[BYTES];
static uint8_t coded[BYTES + BYTES / 64 + 16];
static uint16_t positions[1 << HASH_LOG2];

static uint32_t load4(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static size_t put_literals(uint8_t *to, const uint8_t *from, size_t count) {
    size_t out = 0;
    while (count > 0) {
        size_t run = count < 127 ? count : 127;
        to[out++] = (uint8_t)run;
        for (size_t i = 0; i < run; i++) {
            to[out++] = *from++;
        }
        count -= run;
    }
    return out;
}

// Coded form: a byte 1..127 and that many literals; or 128 + (length - LEAST) and a 16-bit distance.
static size_t encode(const uint8_t *from, size_t length, uint8_t *to) {
    size_t out = 0, literals = 0, at = 0;
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        positions[i] = 0;
    }
    while (at + LEAST <= length) {
        uint32_t word = load4(from + at);
        uint32_t slot = (word * 2654435761u) >> (32 - HASH_LOG2);
        size_t candidate = positions[slot];
        positions[slot] = (uint16_t)at;
        if (candidate >= at || load4(from + candidate) != word) {
            at++;
            continue;
        }
        size_t match = LEAST;
        while (at + match < length && match < LONGEST && from[candidate + match] == from[at + match]) {
            match++;
        }
        out += put_literals(to + out, from + literals, at - literals);
        size_t distance = at - candidate;
        to[out++] = (uint8_t)(128 + match - LEAST);
        to[out++] = (uint8_t)distance;
        to[out++] = (uint8_t)(distance >> 8);
        at += match;
        literals = at;
    }
    return out + put_literals(to + out, from + literals, length - literals);
}

static size_t decode(const uint8_t *from, size_t length, uint8_t *to) {
    const uint8_t *end = from + length;
    uint8_t *start = to;
    while (from < end) {
        uint32_t head = *from++;
        if (head < 128) {
            for (uint32_t i = 0; i < head; i++) {
                *to++ = *from++;
            }
        } else {
            size_t distance = (size_t)from[0] | (size_t)from[1] << 8;
            from += 2;
            const uint8_t *match = to - distance;
            for (uint32_t i = 0; i < head - 128 + LEAST; i++) {
                *to++ = *match++;
            }
        }
    }
    return (size_t)(to - start);
}

static void make_original(uint32_t *random) {
    for (size_t i = 0; i < BYTES; i++) {
        // Repeats of what came before, broken by new bytes.
        uint32_t r = next_random(random);
        original[i] = i > 200 && (r & 31) != 0 ? original[i - 97 - (i / 512) % 90] : (uint8_t)(r >> 25);
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 41, sum = 0;
    make_original(&random);
    for (uint32_t k = 0; k < n; k++) {
        size_t length = encode(original, BYTES, coded);
        sum = fold(sum, (uint32_t)length);
        for (int again = 0; again < 8; again++) {
            sum = fold(sum, (uint32_t)decode(coded, length, decoded));
        }
        uint32_t difference = 0;
        for (size_t i = 0; i < BYTES; i++) {
            difference += decoded[i] != original[i];
        }
        sum = fold(sum, difference);
        original[next_random(&random) % BYTES] ^= (uint8_t)sum;
    }
    return sum;
}
