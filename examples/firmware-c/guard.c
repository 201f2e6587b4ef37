/* Guards, which the linker script lays and lists in flash, and hashes of memory. */
#include "firmware.h"

enum { GUARD_WORDS = 64 / 8 };

extern volatile uint64_t *const guards[], *const guards_end[];

static size_t count(void) { return (size_t)(&guards_end[0] - &guards[0]); }

/* What a guard's word holds: its own address, turned around, which nobody writes by chance. */
static uint64_t pattern(volatile uint64_t *word)
{
    return ~((uint64_t)(uintptr_t)word << 32 | (uint64_t)(uintptr_t)word >> 32);
}

void guard_fill(void)
{
    for (size_t guard = 0; guard < count(); guard++) {
        for (unsigned i = 0; i < GUARD_WORDS; i++) {
            guards[guard][i] = pattern(guards[guard] + i);
        }
    }
}

bool guard_untouched(void)
{
    bool good = count() > 0;
    for (size_t guard = 0; guard < count(); guard++) {
        for (unsigned i = 0; i < GUARD_WORDS; i++) {
            good = good && guards[guard][i] == pattern(guards[guard] + i);
        }
    }
    return good;
}

/* FNV-1a with 64 bits: enough to see whether two stretches of memory are the same. */
uint64_t hash(uint64_t start, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++) {
        start = (start ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return start;
}

uint64_t wave_hash(void)
{
    size_t bytes = wave_memory_size();
    return hash(HASH_EMPTY, wave_memory_slice(0, bytes), bytes);
}

uint64_t equaliser_hash(void)
{
    size_t bytes = equaliser_memory_size();
    return hash(HASH_EMPTY, equaliser_memory_slice(0, bytes), bytes);
}
