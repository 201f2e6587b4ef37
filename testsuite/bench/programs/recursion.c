// Recursion: Fibonacci's numbers and Ackermann's function the slow way: nothing but calls.
#include "bench.h"

static __attribute__((noinline)) uint32_t fibonacci(uint32_t n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static __attribute__((noinline)) uint32_t ackermann(uint32_t m, uint32_t n) {
    if (m == 0) {
        return n + 1;
    }
    if (n == 0) {
        return ackermann(m - 1, 1);
    }
    return ackermann(m - 1, ackermann(m, n - 1));
}

uint32_t run(uint32_t n) {
    uint32_t sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        sum = fold(sum, fibonacci(18 + (sum & 1)));
        sum = fold(sum, ackermann(2, 40 + (sum & 7)));
    }
    return sum;
}
