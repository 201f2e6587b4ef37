/* A host whose calls end in traps, one after another. */
#include "guest.h"

int main(void) {
    int32_t result;
    if (guest_instantiate().code != 0)
        return 1;
    if (guest_quotient(5, 6, &result).code != SAGGAR_TRAP_UNREACHABLE)
        return 2;
    if (guest_quotient(5, 0, &result).code != SAGGAR_TRAP_UNREACHABLE)
        return 3;
    if (guest_look(-8, &result).code != SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS)
        return 4;
    return 0;
}
