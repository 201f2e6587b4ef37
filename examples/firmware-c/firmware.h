/*
 * A firmware without an operating system and without a heap, with two modules of different authors in it: `wave` decodes a
 * recording, `equaliser` works on what comes out. Then `wave` is given bad files, one after another.
 *
 * What it finds goes to the console, a line for each check; the exit code is 0 when all of them hold. This header has what its
 * parts share.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "equaliser.h"
#include "wave.h"

/* ../board: all that is assembly. */
_Noreturn void board_exit(int code);
uintptr_t board_semihost(uintptr_t operation, const void *argument);
void board_timer_start(uint64_t microseconds);
void board_timer_stop(void);

/* console.c: lines. */
void say(const char *text);
void say_decimal(uint64_t number);
void say_hex(uint64_t number);
void end_line(void);
/* `ok SUBJECT: WHAT`, or `FAILED SUBJECT: WHAT`, which is counted. */
void check(const char *subject, const char *what, bool good);
unsigned failed_checks(void);
/* `value NAME NUMBER`, `value NAME.INDEX NUMBER`: what whoever runs this compares with another engine's. */
void value(const char *name, uint64_t number);
void numbered(const char *name, uint64_t index, uint64_t number);

/* guard.c: stretches of RAM around the modules' memory and the stack that belong to nobody, and hashes of memory. */
void guard_fill(void);
bool guard_untouched(void);
uint64_t hash(uint64_t start, const void *bytes, size_t length);
#define HASH_EMPTY UINT64_C(0xcbf29ce484222325)
uint64_t wave_hash(void);
uint64_t equaliser_hash(void);

/* main.c: the modules as they are when new, and the timer's ticks. */
bool restart_wave(void);
bool restart_equaliser(void);
extern volatile unsigned ticks;

/* sound.c: both modules at work. What a function could not do is false. */
enum { BLOCKS = 4 };
extern const uint8_t recording[], recording_end[];
struct done {
    uint64_t hash;  /* of the samples */
    uint64_t fuel;
    float peak;
};
uint8_t *place_file(const uint8_t *file, size_t bytes);
bool open_recording(int32_t *blocks);
bool first_frame(struct done *done);
bool play(struct done *first);

/* trouble.c: what a firmware must live with. */
bool trouble(const struct done *first);

#endif
