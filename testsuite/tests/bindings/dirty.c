/* Host functions whose parameters and results are declared as whole registers: what a compiler may leave in, and may
 * find in, the upper half of a register that holds an int32_t shows here. A file of its own, so that the types of the
 * generated header are not in sight. */
#include <stdint.h>

extern volatile uint64_t garbage;

/* Takes and returns int32_t by its real type. Where the convention leaves the upper half undefined, garbage is legal. */
int64_t DIRTY(int64_t argument) {
#if defined(__riscv)
    return (int64_t)(int32_t)argument; /* the convention demands sign extension of a result */
#else
    return (int64_t)(garbage | (uint32_t)argument);
#endif
}

/* Takes an int32_t, gives back the whole register. */
int64_t REGISTER(int64_t argument) { return argument; }
