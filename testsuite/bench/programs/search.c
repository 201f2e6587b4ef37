// Integer: string search in generated text, by Horspool's method and by comparing at every place; byte loads
// and short inner loops.
#include "bench.h"

enum { TEXT = 8192, LONGEST = 12 };

static char text[TEXT];
static uint8_t skip[256];

static void make_text(uint32_t *random) {
    static const char syllables[][4] = { "ka ", "lo ", "mi", "ra", "ten", "no ", "se", "u" };
    int length = 0;
    while (length < TEXT) {
        const char *syllable = syllables[next_random(random) >> 29];
        while (*syllable && length < TEXT) {
            text[length++] = *syllable++;
        }
    }
}

static int matches(const char *at, const char *pattern, int length) {
    int i = 0;
    while (i < length && at[i] == pattern[i]) {
        i++;
    }
    return i == length;
}

static uint32_t count_plain(const char *pattern, int length) {
    uint32_t found = 0;
    for (int i = 0; i + length <= TEXT; i++) {
        found += (uint32_t)matches(text + i, pattern, length);
    }
    return found;
}

static uint32_t count_horspool(const char *pattern, int length) {
    uint32_t found = 0;
    for (int i = 0; i < 256; i++) {
        skip[i] = (uint8_t)length;
    }
    for (int i = 0; i + 1 < length; i++) {
        skip[(uint8_t)pattern[i]] = (uint8_t)(length - 1 - i);
    }
    for (int i = 0; i + length <= TEXT; i += skip[(uint8_t)text[i + length - 1]]) {
        found += (uint32_t)matches(text + i, pattern, length);
    }
    return found;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 37, sum = 0;
    char pattern[LONGEST];
    make_text(&random);
    for (uint32_t k = 0; k < n; k++) {
        // A pattern that occurs: a piece of the text itself.
        int length = 3 + (int)(k % (LONGEST - 2));
        int start = (int)(next_random(&random) % (TEXT - LONGEST));
        for (int i = 0; i < length; i++) {
            pattern[i] = text[start + i];
        }
        sum = fold(sum, count_plain(pattern, length));
        sum = fold(sum, count_horspool(pattern, length));
    }
    return sum;
}
