/*
 * What a firmware must live with: files that make the decoder trap or run for ever, and a frame that takes more than it may. After
 * each, the neighbour's memory and the guards are looked at, and the module is restarted and must do again what it did when it
 * was new.
 */
#include "firmware.h"

/* A file that is bad in one place: in the chunk of this kind, from this byte on, stand these. */
static const struct bad {
    const char *name;
    const char *kind;
    uint8_t offset, count, bytes[4];
    unsigned code;
} files[] = {
    { "comment", "ICMT", 4, 4, { 0, 0, 16, 0 }, SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS },
    { "channels", "fmt ", 10, 2, { 0, 0 }, SAGGAR_TRAP_INTEGER_DIVISION_BY_ZERO },
    { "coding", "fmt ", 8, 2, { 0x55, 0 }, SAGGAR_TRAP_UNREACHABLE },
    { "endless", "LIST", 4, 4, { 0xf8, 0xff, 0xff, 0xff }, SAGGAR_TRAP_INTERRUPTED },
};

/* How long opening a file may take that is known to take for ever. A timer for all of them would make a slow emulator look wrong. */
enum { DEADLINE_US = 10000 };

static bool judge(const char *name, const char *module, saggar_completion end, unsigned code)
{
    if (end.code != SAGGAR_TRAP_OK) {
        say("trap ");
        say(module);
        say(" ");
        say(name);
        say(" ");
        say_decimal(end.code);
        say(" ");
        say_hex(end.pc);
        end_line();
    }
    check(name, "it ends as it should", end.code == code);
    return end.code == code;
}

/* Opens what lies in the decoder's memory, which must end in a trap, and goes on from there. */
static bool open_bad(const char *name, size_t bytes, unsigned code)
{
    int32_t blocks;
    uint64_t neighbour = equaliser_hash();
    if (code == SAGGAR_TRAP_INTERRUPTED) {
        /* A periodic timer: a call forgets an interruption from before its beginning, so the first tick could come too early. */
        unsigned before = ticks;
        board_timer_start(DEADLINE_US);
        saggar_completion end = wave_open((int32_t)bytes, &blocks);
        board_timer_stop();
        judge(name, "wave", end, code);
        check(name, "it was the timer that stopped it", ticks != before);
    } else {
        judge(name, "wave", wave_open((int32_t)bytes, &blocks), code);
    }
    check(name, "the neighbour's memory is untouched", equaliser_hash() == neighbour);
    check(name, "the guards are untouched", guard_untouched());
    check(name, "restarted, its memory is as new", restart_wave());
    bool opened = open_recording(&blocks);
    check(name, "it works again", opened && blocks == BLOCKS);
    return opened;
}

/* Where a chunk of this kind begins in a file, or NULL. */
static uint8_t *find(uint8_t *file, size_t bytes, const char *kind)
{
    for (size_t i = 0; i + 4 <= bytes; i++) {
        if (file[i] == kind[0] && file[i + 1] == kind[1] && file[i + 2] == kind[2] && file[i + 3] == kind[3]) {
            return file + i;
        }
    }
    return NULL;
}

static bool open_bad_file(const struct bad *bad)
{
    size_t bytes = (size_t)(recording_end - recording);
    uint8_t *file = place_file(recording, bytes);
    uint8_t *chunk = file == NULL ? NULL : find(file, bytes, bad->kind);
    if (chunk == NULL) {
        return false;
    }
    for (unsigned i = 0; i < bad->count; i++) {
        chunk[bad->offset + i] = bad->bytes[i];
    }
    return open_bad(bad->name, bytes, bad->code);
}

/* Lists in lists, as many as there is room for. */
static bool open_bad_lists(void)
{
    static const char list[12] = "LIST\0\4\0\0INFO";
    int32_t at, room;
    if (place_file(recording, 12) == NULL || wave_input(&at).code != SAGGAR_TRAP_OK || wave_input_bytes(&room).code != SAGGAR_TRAP_OK) {
        return false;
    }
    uint8_t *file = wave_memory_slice((uint32_t)at, (uint32_t)room);
    for (int32_t i = 12; file != NULL && i + 12 <= room; i += 12) {
        for (int32_t j = 0; j < 12; j++) {
            file[i + j] = (uint8_t)list[j];
        }
    }
    return file != NULL && open_bad("lists", (size_t)room, SAGGAR_TRAP_STACK_OVERFLOW);
}

/* A frame with too little fuel. */
static bool run_dry(const struct done *first)
{
    float peak;
    struct done again;
    uint64_t neighbour = wave_hash();
    equaliser_set_fuel(1000);
    judge("fuel", "equaliser", equaliser_process(100, &peak), SAGGAR_TRAP_OUT_OF_FUEL);
    check("fuel", "the neighbour's memory is untouched", wave_hash() == neighbour);
    check("fuel", "the guards are untouched", guard_untouched());
    check("fuel", "restarted, its memory is as new", restart_equaliser());
    bool ran = first_frame(&again);
    check("fuel", "it works again, with the same sound",
        ran && again.hash == first->hash && again.peak == first->peak && again.fuel == first->fuel);
    return ran;
}

bool trouble(const struct done *first)
{
    bool good = true;
    for (size_t i = 0; good && i < sizeof files / sizeof *files; i++) {
        good = open_bad_file(&files[i]);
    }
    return good && open_bad_lists() && run_dry(first);
}
