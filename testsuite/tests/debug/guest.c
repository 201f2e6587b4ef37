/* A guest for debuggers, in C. */

static inline int square(int value) {
    return value * value;
}

__attribute__((noinline)) static int divide(int a, int b) {
    if (b == 7)
        __builtin_trap();
    return square(a) / b;
}

static int table[64];

__attribute__((export_name("sum"))) int sum(int count) {
    int total = 0;
    for (int index = 0; index < count; index++) {
        table[index & 63] += square(index);
        total += divide(table[index & 63], index + 1);
    }
    return total;
}
