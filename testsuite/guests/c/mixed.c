/*
 * A guest in C: a sort through a function pointer, structures by value, a table of jumps, recursion, 64-bit
 * arithmetic, a filter, and variable arguments on the shadow stack. Whatever the arguments are, it ends soon.
 */
#include <stdarg.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define COUNT 256

struct pair {
    uint32_t key;
    double weight;
};

static struct pair pairs[COUNT];
static uint8_t text[1024];
static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int by_key(struct pair a, struct pair b) { return (a.key > b.key) - (a.key < b.key); }
static int by_weight(struct pair a, struct pair b) { return (a.weight > b.weight) - (a.weight < b.weight); }
static int backwards(struct pair a, struct pair b) { return by_key(b, a); }

static int (*const orders[])(struct pair, struct pair) = {by_key, by_weight, backwards};

static void sort(struct pair *first, int count, int (*order)(struct pair, struct pair)) {
    if (count < 2) return;
    struct pair middle = first[count / 2];
    int low = 0, high = count - 1;
    while (low <= high) {
        while (order(first[low], middle) < 0) low++;
        while (order(middle, first[high]) < 0) high--;
        if (low <= high) {
            struct pair other = first[low];
            first[low++] = first[high];
            first[high--] = other;
        }
    }
    sort(first, high + 1, order);
    sort(first + low, count - low, order);
}

EXPORT("fill") void fill(uint64_t seed) {
    state = seed | 1;
    for (int i = 0; i < COUNT; i++) {
        pairs[i].key = (uint32_t)next();
        pairs[i].weight = (double)(int64_t)next() / 4096.0;
    }
}

EXPORT("sorted") uint32_t sorted(uint32_t order) {
    sort(pairs, COUNT, orders[order % 3]);
    uint32_t sum = 0;
    for (int i = 0; i < COUNT; i++) sum = sum * 31 + pairs[i].key;
    return sum;
}

EXPORT("crc") uint32_t crc(uint32_t length) {
    uint32_t value = ~0u;
    for (uint32_t i = 0; i < length % sizeof text; i++) {
        value ^= text[i];
        for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (0xedb88320u & -(value & 1));
    }
    return ~value;
}

static int put(int at, int count, ...) {
    va_list arguments;
    va_start(arguments, count);
    for (int i = 0; i < count; i++) {
        uint64_t number = va_arg(arguments, uint64_t);
        do text[at++ % sizeof text] = (uint8_t)('0' + number % 10);
        while (number /= 10);
    }
    va_end(arguments);
    return at;
}

EXPORT("print") int print(uint64_t a, int64_t b, uint64_t c) {
    return put(put(0, 2, a, (uint64_t)(b < 0 ? -b : b)), 3, c, a ^ c, a * c);
}

EXPORT("calculate") int64_t calculate(uint32_t operation, int64_t a, int64_t b) {
    switch (operation % 12) {
    case 0: return (int64_t)((uint64_t)a + (uint64_t)b);
    case 1: return (int64_t)((uint64_t)a - (uint64_t)b);
    case 2: return (int64_t)((uint64_t)a * (uint64_t)b);
    case 3: return a / b; /* traps as it may */
    case 4: return a % b;
    case 5: return (int64_t)((uint64_t)a << (b & 63));
    case 6: return a >> (b & 63);
    case 7: return __builtin_popcountll((uint64_t)a) - __builtin_clzll((uint64_t)b | 1);
    case 8: return a < b ? a : b;
    case 9: return (uint64_t)a < (uint64_t)b;
    case 10: return (int64_t)((double)a / (double)b);
    default: return (int32_t)a * (int64_t)(int16_t)b;
    }
}

EXPORT("filter") double filter(float cut, uint32_t rounds) {
    double low = 0, band = 0;
    for (uint32_t i = 0; i < (rounds & 1023); i++) {
        double input = pairs[i % COUNT].weight;
        low += cut * band;
        band += cut * (input - low - band);
    }
    return low - band;
}

EXPORT("ackermann") uint32_t ackermann(uint32_t m, uint32_t n) {
    m &= 1;
    n &= 31;
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

EXPORT("poke") uint32_t poke(uint32_t address, uint32_t value) {
    /* A stray pointer: inside the sandbox it writes, outside it traps. */
    *(volatile uint32_t *)address = value;
    return *(volatile uint32_t *)(address ^ 4);
}
