// Bulk memory: an audio ring buffer. A producer pushes packets of varying length, a consumer pulls frames of
// 320 bytes and keeps a delay line by moving it; every transfer may wrap.
#include "bench.h"

enum { RING = 8192, FRAME = 320, DELAY = 2048, LONGEST = 1024 };

static uint8_t ring[RING], delay[DELAY], packet[LONGEST], frame[FRAME];
static uint32_t head, tail; // counted without bounds; the difference is what is stored

static __attribute__((noinline)) uint32_t push(const uint8_t *from, uint32_t bytes) {
    if (RING - (head - tail) < bytes) {
        return 0;
    }
    uint32_t at = head % RING, first = RING - at < bytes ? RING - at : bytes;
    __builtin_memcpy(ring + at, from, first);
    __builtin_memcpy(ring, from + first, bytes - first);
    head += bytes;
    return bytes;
}

static __attribute__((noinline)) uint32_t pull(uint8_t *to, uint32_t bytes) {
    if (head - tail < bytes) {
        __builtin_memset(to, 0, bytes); // silence
        return 0;
    }
    uint32_t at = tail % RING, first = RING - at < bytes ? RING - at : bytes;
    __builtin_memcpy(to, ring + at, first);
    __builtin_memcpy(to + first, ring, bytes - first);
    tail += bytes;
    return bytes;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 67, sum = 0;
    head = tail = 0;
    __builtin_memset(delay, 0, DELAY);
    for (uint32_t i = 0; i < LONGEST; i++) {
        packet[i] = (uint8_t)(next_random(&random) >> 5);
    }
    for (uint32_t k = 0; k < n; k++) {
        for (int turn = 0; turn < 32; turn++) {
            uint32_t bytes = next_random(&random) % LONGEST;
            packet[bytes] += (uint8_t)(1 + turn);
            sum += push(packet, bytes);
            sum += pull(frame, FRAME);
            __builtin_memmove(delay, delay + FRAME, DELAY - FRAME);
            __builtin_memcpy(delay + DELAY - FRAME, frame, FRAME);
            sum = fold(sum, delay[bytes] ^ (uint32_t)frame[bytes % FRAME] << 8);
            sum += pull(frame, FRAME / 2);
        }
    }
    return sum;
}
