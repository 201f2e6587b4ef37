// The driver under the clock: stays up and answers requests, so that engines can be timed by turns. A request is
// a line `N REPEATS` on standard input; the answer is a line `NANOSECONDS CHECKSUM` (decimal, hexadecimal) with
// the time of the shortest call: what the machine does besides can only make a call longer. The process ends with
// its input.
#include "guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(void) {
    uint32_t failure = guest_prepare(), n, repeats;
    while (!failure && scanf("%" SCNu32 " %" SCNu32, &n, &repeats) == 2) {
        uint32_t checksum = 0;
        uint64_t shortest = UINT64_MAX;
        for (uint32_t i = 0; i < repeats && !failure; i++) {
            uint64_t start = now_ns();
            failure = guest_run(n, &checksum);
            uint64_t time = now_ns() - start;
            shortest = time < shortest ? time : shortest;
        }
        if (!failure) {
            printf("%" PRIu64 " %08" PRIx32 "\n", shortest, checksum);
            fflush(stdout);
        }
    }
    if (failure) {
        fprintf(stderr, "the program ended with code %" PRIu32 "\n", failure);
    }
    return (int)failure;
}
