// Integer: a recursive-descent scanner of JSON text that was generated first; branches and calls.
#include "bench.h"

enum { TEXT = 8192, DEEPEST = 6 };

static char text[TEXT];
static uint32_t written;
static const char *at;
static uint32_t strings, numbers, containers, errors, digest;

static void put(char c) {
    if (written < TEXT - 1) {
        text[written++] = c;
    }
}

static void put_value(uint32_t *random, int depth) {
    uint32_t r = next_random(random);
    uint32_t kind = depth == 0 ? 4 + r % 2 : depth >= DEEPEST ? r % 3 : r % 6;
    switch (kind) {
    case 0:
        for (const char *c = "true"; *c; c++) {
            put(*c);
        }
        break;
    case 1:
    case 2:
        for (uint32_t value = r >> 12; value; value /= 10) {
            put((char)('0' + value % 10));
        }
        put('7');
        break;
    case 3:
        put('"');
        for (uint32_t i = 0; i < 3 + (r >> 8) % 14; i++) {
            put((char)('a' + (r >> (i % 24)) % 26));
        }
        put('"');
        break;
    default:
        put(kind == 4 ? '[' : '{');
        for (uint32_t i = 0, count = 2 + (r >> 16) % 5; i < count; i++) {
            if (i > 0) {
                put(',');
                put(' ');
            }
            if (kind == 5) {
                put('"');
                put((char)('a' + i));
                put('"');
                put(':');
            }
            put_value(random, depth + 1);
        }
        put(kind == 4 ? ']' : '}');
        break;
    }
}

static void skip_space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t') {
        at++;
    }
}

static void scan_string(void) {
    uint32_t hash = 0;
    at++;
    while (*at && *at != '"') {
        hash = fold(hash, (uint8_t)*at++);
    }
    errors += *at != '"';
    at += *at == '"';
    strings++;
    digest ^= hash;
}

static void scan_number(void) {
    uint32_t value = 0;
    while (*at >= '0' && *at <= '9') {
        value = value * 10 + (uint32_t)(*at++ - '0');
    }
    numbers++;
    digest += value;
}

static void scan_value(void) {
    skip_space();
    char open = *at;
    if (open == '"') {
        scan_string();
    } else if (open >= '0' && open <= '9') {
        scan_number();
    } else if (open == '[' || open == '{') {
        containers++;
        at++;
        for (;;) {
            skip_space();
            if (open == '{' && *at == '"') {
                scan_string();
                skip_space();
                at += *at == ':';
            }
            scan_value();
            skip_space();
            if (*at != ',') {
                break;
            }
            at++;
        }
        errors += *at != (open == '[' ? ']' : '}');
        at += *at != 0;
    } else {
        while (*at >= 'a' && *at <= 'z') {
            digest = fold(digest, (uint8_t)*at++);
        }
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 71, sum = 0;
    written = strings = numbers = containers = errors = digest = 0;
    put('[');
    while (written < TEXT * 3 / 4) {
        put_value(&random, 0);
        put(',');
    }
    put('0');
    put(']');
    text[written] = 0;
    for (uint32_t k = 0; k < n; k++) {
        at = text;
        scan_value();
        sum = fold(sum, digest + strings + numbers + containers);
        sum = fold(sum, errors);
        // Another digit where there is a digit.
        char *c = &text[next_random(&random) % written];
        if (*c >= '0' && *c <= '9') {
            *c = (char)('0' + sum % 10);
        }
    }
    return sum;
}
