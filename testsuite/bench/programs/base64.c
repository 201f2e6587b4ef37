// Integer: base64 (RFC 4648) of random bytes, encoded and decoded again through a table.
#include "bench.h"

enum { BYTES = 3000, TEXT = BYTES / 3 * 4 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t values[256];
static uint8_t bytes[BYTES], decoded[BYTES];
static char text[TEXT];

static void encode(const uint8_t *from, size_t length, char *to) {
    for (size_t i = 0; i < length; i += 3) {
        uint32_t group = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 | from[i + 2];
        *to++ = alphabet[group >> 18];
        *to++ = alphabet[(group >> 12) & 63];
        *to++ = alphabet[(group >> 6) & 63];
        *to++ = alphabet[group & 63];
    }
}

// Returns 0 at the first character that is not in the alphabet.
static int decode(const char *from, size_t length, uint8_t *to) {
    for (size_t i = 0; i < length; i += 4) {
        uint32_t group = 0;
        for (int k = 0; k < 4; k++) {
            uint8_t value = values[(uint8_t)from[i + (size_t)k]];
            if (value > 63) {
                return 0;
            }
            group = group << 6 | value;
        }
        *to++ = (uint8_t)(group >> 16);
        *to++ = (uint8_t)(group >> 8);
        *to++ = (uint8_t)group;
    }
    return 1;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 31, sum = 0;
    for (int i = 0; i < 256; i++) {
        values[i] = 255;
    }
    for (uint8_t i = 0; i < 64; i++) {
        values[(uint8_t)alphabet[i]] = i;
    }
    for (int i = 0; i < BYTES; i++) {
        bytes[i] = (uint8_t)(next_random(&random) >> 11);
    }
    for (uint32_t k = 0; k < n; k++) {
        encode(bytes, BYTES, text);
        sum = fold(sum, (uint32_t)decode(text, TEXT, decoded));
        uint32_t difference = 0;
        for (int i = 0; i < BYTES; i++) {
            difference |= (uint32_t)(bytes[i] ^ decoded[i]);
        }
        sum = fold(sum, difference ^ (uint8_t)text[k % TEXT]);
        bytes[k % BYTES] += (uint8_t)(1 + sum);
    }
    return sum;
}
