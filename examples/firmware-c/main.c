/* From boot to the exit code, and what the board calls. */
#include "firmware.h"

/* Initialised data, which the start-up code must have copied from flash; and data that it must have cleared. */
static volatile uint64_t copied = UINT64_C(0x0123456789abcdef);
static volatile uint64_t cleared;

static uint64_t fresh_wave, fresh_equaliser;

volatile unsigned ticks;

/* From the timer's interrupt. */
void board_tick(void)
{
    ticks++;
    wave_interrupt();
}

/* An exception that nobody expects: the firmware's own fault, never a guest's. */
void board_fault(uint64_t cause, uint64_t pc, uint64_t address)
{
    say("FAILED exception, cause ");
    say_hex(cause);
    say(", at ");
    say_hex(pc);
    say(", address ");
    say_hex(address);
    end_line();
    board_exit(102);
}

bool restart_wave(void)
{
    uint64_t used = wave_hash();
    return wave_instantiate().code == SAGGAR_TRAP_OK && used != fresh_wave && wave_hash() == fresh_wave;
}

bool restart_equaliser(void)
{
    uint64_t used = equaliser_hash();
    return equaliser_instantiate().code == SAGGAR_TRAP_OK && used != fresh_equaliser && equaliser_hash() == fresh_equaliser;
}

static bool start_modules(void)
{
    int32_t blocks;
    check("boot", "a module that is not instantiated refuses", wave_open(0, &blocks).code == SAGGAR_TRAP_NOT_INSTANTIATED);
    bool good = wave_instantiate().code == SAGGAR_TRAP_OK && equaliser_instantiate().code == SAGGAR_TRAP_OK;
    check("boot", "both modules are instantiated", good);
    fresh_wave = wave_hash();
    fresh_equaliser = equaliser_hash();
    value("fresh.wave", fresh_wave);
    value("fresh.equaliser", fresh_equaliser);
    return good;
}

int board_main(void)
{
    struct done first;
    guard_fill();
    check("boot", "initialised data are copied", copied == UINT64_C(0x0123456789abcdef));
    check("boot", "other data are cleared", cleared == 0);
    bool good = start_modules() && play(&first) && trouble(&first);
    check("end", "nothing went wrong that should not have", good);
    check("end", "the guards are untouched", guard_untouched());
    return failed_checks() != 0;
}
