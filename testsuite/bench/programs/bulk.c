// Bulk memory: copies, moves and fills of every size from 0 bytes to a few kilobytes, at every alignment,
// with the small ones most frequent, as in real programs.
#include "bench.h"

enum { ARENA = 32768, LARGEST = 4096, OPERATIONS = 256 };

static uint8_t arena[ARENA];

static uint32_t pick_size(uint32_t r) {
    // A size below 2^k for a random k: small sizes dominate.
    uint32_t log2 = 2 + (r >> 20) % 11;
    return r & ((1u << log2) - 1);
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 61, sum = 0;
    for (uint32_t i = 0; i < ARENA; i++) {
        arena[i] = (uint8_t)(next_random(&random) >> 7);
    }
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < OPERATIONS; i++) {
            uint32_t r = next_random(&random);
            uint32_t size = pick_size(r), place = next_random(&random);
            uint32_t to = place % (ARENA / 2 - LARGEST), from = (place >> 14) % (ARENA / 2 - LARGEST);
            switch (r >> 30) {
            case 0:
                __builtin_memset(arena + to, (int)(r >> 8), size);
                break;
            case 1:
                __builtin_memmove(arena + to, arena + to + (from % 64), size);
                break;
            default:
                __builtin_memcpy(arena + ARENA / 2 + to, arena + from, size);
                break;
            }
            sum = fold(sum, arena[to]);
        }
        // What was written goes back, so that everything is read again.
        __builtin_memcpy(arena, arena + ARENA / 2, ARENA / 4);
        sum = fold(sum, arena[ARENA / 2 + random % (ARENA / 2)]);
    }
    return sum;
}
