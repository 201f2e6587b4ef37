/*
 * What a C host needs to call modules that Saggar compiled: how a call ends, and how exported memories and
 * globals are reached. C99, no library functions. The numbers and layouts are those of version 2 of the contract.
 */
#ifndef SAGGAR_H
#define SAGGAR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAGGAR_ABI_VERSION 2

/* Why a call ended. From SAGGAR_FIRST_REFUSAL on, the guest was not entered at all. */
enum saggar_trap_code {
    /* ok */
    SAGGAR_TRAP_OK = 0,
    /* unreachable */
    SAGGAR_TRAP_UNREACHABLE = 1,
    /* out of bounds memory access */
    SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS = 2,
    /* out of bounds table access */
    SAGGAR_TRAP_TABLE_OUT_OF_BOUNDS = 3,
    /* undefined element */
    SAGGAR_TRAP_UNDEFINED_ELEMENT = 4,
    /* uninitialized element */
    SAGGAR_TRAP_UNINITIALIZED_ELEMENT = 5,
    /* indirect call type mismatch */
    SAGGAR_TRAP_BAD_SIGNATURE = 6,
    /* integer divide by zero */
    SAGGAR_TRAP_INTEGER_DIVISION_BY_ZERO = 7,
    /* integer overflow */
    SAGGAR_TRAP_INTEGER_OVERFLOW = 8,
    /* invalid conversion to integer */
    SAGGAR_TRAP_BAD_CONVERSION_TO_INTEGER = 9,
    /* call stack exhausted */
    SAGGAR_TRAP_STACK_OVERFLOW = 10,
    /* out of fuel */
    SAGGAR_TRAP_OUT_OF_FUEL = 11,
    /* interrupted */
    SAGGAR_TRAP_INTERRUPTED = 12,
    /* foreign call refused */
    SAGGAR_TRAP_FOREIGN_REFUSED = 13,
    /* not instantiated */
    SAGGAR_TRAP_NOT_INSTANTIATED = 32,
    /* busy */
    SAGGAR_TRAP_BUSY = 33,
    /* incompatible import type */
    SAGGAR_TRAP_UNLINKABLE = 34,
    SAGGAR_FIRST_REFUSAL = 32
};

/*
 * How a call ended: a code of saggar_trap_code, and the return address of the place that raised the trap, so that
 * the instruction before it is the place; 0 where there is none.
 */
typedef struct saggar_completion {
    uintptr_t code;
    uintptr_t pc;
} saggar_completion;

/*
 * A reference cell, by which an exported memory or global is found: a read-only self-relative reference. Declare
 * it as `extern const saggar_cell sg__cell__…;` and use its address only.
 */
typedef struct saggar_cell {
    int32_t reference;
} saggar_cell;

/*
 * The domain record. A host touches `interrupt` and `fuel` only: the former at any time, the latter while no guest of the
 * domain runs.
 */
typedef struct saggar_domain {
    uintptr_t owner;
    uintptr_t trap_sp;
    uintptr_t stack_limit;
    union { volatile unsigned char flag; uintptr_t word; } interrupt;
    union { uint64_t amount; uintptr_t words[2]; } fuel;
    uintptr_t epoch;
    uintptr_t stack_end;
} saggar_domain;

/* Ends the call that is inside the domain, where that is metered by a flag. */
static inline void saggar_interrupt(saggar_domain *domain)
{
    domain->interrupt.flag = 1;
}

/* Sets what the next call may use, where the domain is metered by fuel. */
static inline void saggar_set_fuel(saggar_domain *domain, uint64_t amount)
{
    domain->fuel.amount = amount > INT64_MAX ? INT64_MAX : amount;
}

/* The record of a linear memory. To be read while no guest code runs, and never written. */
typedef struct saggar_memory {
    uintptr_t base;
    uintptr_t size_bytes;
    uintptr_t reserve_bytes;
    uintptr_t max_pages;
    uintptr_t page_bytes_log2;
} saggar_memory;

/* The record of a table. Likewise. */
typedef struct saggar_table {
    uintptr_t base;
    uintptr_t size;
    uintptr_t reserve;
    uintptr_t max;
} saggar_table;

/* Follows a cell to the thing itself: a saggar_memory, a saggar_table, or the storage of a global. */
static inline void *saggar_resolve(const saggar_cell *cell)
{
    for (;;) {
        int32_t reference = cell->reference;
        uintptr_t target = (uintptr_t)cell + (uintptr_t)(intptr_t)(reference - (reference & 1));
        if ((reference & 1) == 0) {
            return (void *)target;
        }
        cell = (const saggar_cell *)target;
    }
}

/* The memory that a cell leads to. */
static inline const saggar_memory *saggar_memory_of(const saggar_cell *cell)
{
    return (const saggar_memory *)saggar_resolve(cell);
}

/*
 * `length` bytes from `offset` of a guest's memory, or NULL when not all of them are inside. Valid until the next call into
 * the guest, which may change or grow the memory.
 */
static inline void *saggar_slice(const saggar_cell *cell, uint64_t offset, uint64_t length)
{
    const saggar_memory *memory = saggar_memory_of(cell);
    if (memory->base == 0 || offset > memory->size_bytes || length > memory->size_bytes - offset) {
        return NULL;
    }
    return (void *)(memory->base + (uintptr_t)offset);
}

/* An i32 or i64 in its slot, and back. What lies above an i32 is ignored by the guest. */
static inline uint64_t saggar_from_i32(int32_t value)
{
    return (uint32_t)value;
}

static inline int32_t saggar_to_i32(uint64_t slot)
{
    return (int32_t)(uint32_t)slot;
}

/* An f32 or f64 in its slot, and back, bit by bit. */
static inline uint64_t saggar_from_f32(float value)
{
    union { float number; uint32_t bits; } both;
    both.number = value;
    return both.bits;
}

static inline float saggar_to_f32(uint64_t slot)
{
    union { float number; uint32_t bits; } both;
    both.bits = (uint32_t)slot;
    return both.number;
}

static inline uint64_t saggar_from_f64(double value)
{
    union { double number; uint64_t bits; } both;
    both.number = value;
    return both.bits;
}

static inline double saggar_to_f64(uint64_t slot)
{
    union { double number; uint64_t bits; } both;
    both.bits = slot;
    return both.number;
}

/*
 * A v128: its 16 bytes as the guest's memory has them, the first lane's first, every lane little-endian. In slots it is two, one
 * after the other, which are these bytes.
 */
typedef union saggar_v128 {
    uint8_t bytes[16];
    int8_t i8x16[16];
    int16_t i16x8[8];
    int32_t i32x4[4];
    int64_t i64x2[2];
    float f32x4[4];
    double f64x2[2];
    uint64_t slots[2];
} __attribute__((aligned(16))) saggar_v128;

/* A v128 in its two slots, and back. */
static inline void saggar_from_v128(uint64_t *slots, const saggar_v128 *value)
{
    slots[0] = value->slots[0];
    slots[1] = value->slots[1];
}

static inline void saggar_to_v128(const uint64_t *slots, saggar_v128 *value)
{
    value->slots[0] = slots[0];
    value->slots[1] = slots[1];
}

#ifdef __cplusplus
}
#endif

#endif
