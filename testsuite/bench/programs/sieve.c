// Integer: the sieve of Eratosthenes over odd numbers, a byte a number.
#include "bench.h"

enum { LIMIT = 65536 };

static uint8_t composite[LIMIT / 2];

uint32_t run(uint32_t n) {
    uint32_t sum = n;
    for (uint32_t k = 0; k < n; k++) {
        // The upper end varies, so that no round can be taken from the one before.
        uint32_t limit = LIMIT - (sum % 1024), primes = 1, last = 2;
        for (uint32_t i = 0; i < limit / 2; i++) {
            composite[i] = 0;
        }
        for (uint32_t i = 3; i < limit; i += 2) {
            if (composite[i / 2]) {
                continue;
            }
            primes++;
            last = i;
            if (i < 256) {
                for (uint32_t multiple = i * i; multiple < limit; multiple += 2 * i) {
                    composite[multiple / 2] = 1;
                }
            }
        }
        sum = fold(fold(sum, primes), last);
    }
    return sum;
}
