// Integer: CRC-32 (polynomial 0xEDB88320) by a table of 256 words, a byte at a time.
#include "bench.h"

enum { BYTES = 4096 };

static uint32_t table[256];
static uint8_t data[BYTES];

static void make_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) {
            c = (c & 1) ? (c >> 1) ^ 0xedb88320u : c >> 1;
        }
        table[i] = c;
    }
}

static uint32_t crc(const uint8_t *bytes, size_t length) {
    uint32_t c = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        c = table[(c ^ bytes[i]) & 0xff] ^ (c >> 8);
    }
    return ~c;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 13, sum = 0;
    make_table();
    for (int i = 0; i < BYTES; i++) {
        data[i] = (uint8_t)(next_random(&random) >> 24);
    }
    for (uint32_t k = 0; k < n; k++) {
        data[k % BYTES] ^= (uint8_t)sum;
        sum = fold(sum, crc(data, BYTES - k % 64));
    }
    return sum;
}
