// How a driver reaches the program it was linked with. Each kind of build defines one of these macros.
#ifndef GUEST_H
#define GUEST_H

#include <stdint.h>

// Prepares the program. Zero, or what went wrong.
static uint32_t guest_prepare(void);
// One call of the program's `run`; writes the checksum. Zero, or what went wrong.
static uint32_t guest_run(uint32_t n, uint32_t *checksum);

#if defined(GUEST_NATIVE)

uint32_t run(uint32_t n);

static uint32_t guest_prepare(void) {
    return 0;
}

static uint32_t guest_run(uint32_t n, uint32_t *checksum) {
    *checksum = run(n);
    return 0;
}

#elif defined(GUEST_SAGGAR)

// What an entry returns: zero, or a trap code, and the place of the trap.
struct completion {
    uintptr_t code, pc;
};

struct completion sg__instantiate__program(void);
struct completion sg__entry__program__run__FiRi(uint64_t *slots);

// The domain record; on 64-bit machines word 4 is the fuel, which only metered programs use.
extern uint64_t sg__domain__program[];

static uint32_t guest_prepare(void) {
    sg__domain__program[4] = INT64_MAX;
    return (uint32_t)sg__instantiate__program().code;
}

static uint32_t guest_run(uint32_t n, uint32_t *checksum) {
    uint64_t slots[1] = { n };
    struct completion completion = sg__entry__program__run__FiRi(slots);
    *checksum = (uint32_t)slots[0];
    return (uint32_t)completion.code;
}

#elif defined(GUEST_WASM2C)

#include "program.h"

static Z_program_instance_t instance;

// A trap ends the process, which the bench reports as a failure.
static uint32_t guest_prepare(void) {
    wasm_rt_init();
    Z_program_init_module();
    Z_program_instantiate(&instance);
    return 0;
}

static uint32_t guest_run(uint32_t n, uint32_t *checksum) {
    *checksum = Z_programZ_run(&instance, n);
    return 0;
}

#else
#error "define GUEST_NATIVE, GUEST_SAGGAR or GUEST_WASM2C"
#endif

#endif
