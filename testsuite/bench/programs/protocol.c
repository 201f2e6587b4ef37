// Globals: a byte-driven parser of framed messages, all of whose state is in statics, as in firmware that is
// fed from an interrupt; then the handlers update counters, also static.
#include "bench.h"

enum state { WAIT_START, READ_KIND, READ_LENGTH, READ_BODY, READ_CHECK };
enum { START = 0x7e, STREAM = 8192, LONGEST = 48 };

static enum state state;
static uint8_t kind, length, received, check;
static uint8_t body[LONGEST];
static uint32_t frames_good, frames_bad, bytes_skipped, longest_seen;
static uint32_t temperature_sum, volume, volume_changes, keys_down, last_key, text_hash;
static int32_t dial;

static uint8_t stream[STREAM];

static void handle_frame(void) {
    frames_good++;
    if (length > longest_seen) {
        longest_seen = length;
    }
    switch (kind & 7) {
    case 0:
        temperature_sum += length ? body[0] : 0;
        break;
    case 1:
        if (length && volume != body[0]) {
            volume = body[0];
            volume_changes++;
        }
        break;
    case 2:
        last_key = length ? body[0] % 32 : 0;
        keys_down ^= 1u << last_key;
        break;
    case 3:
        dial += (int8_t)(length ? body[0] : 1);
        break;
    default:
        for (uint32_t i = 0; i < length; i++) {
            text_hash = fold(text_hash, body[i]);
        }
        break;
    }
}

static __attribute__((noinline)) void feed(uint8_t byte) {
    switch (state) {
    case WAIT_START:
        if (byte == START) {
            state = READ_KIND;
        } else {
            bytes_skipped++;
        }
        break;
    case READ_KIND:
        kind = byte;
        check = byte;
        state = READ_LENGTH;
        break;
    case READ_LENGTH:
        length = byte;
        received = 0;
        check += byte;
        state = length > LONGEST ? WAIT_START : length ? READ_BODY : READ_CHECK;
        break;
    case READ_BODY:
        body[received++] = byte;
        check += byte;
        if (received == length) {
            state = READ_CHECK;
        }
        break;
    case READ_CHECK:
        if (byte == check) {
            handle_frame();
        } else {
            frames_bad++;
        }
        state = WAIT_START;
        break;
    }
}

static void make_stream(uint32_t *random) {
    uint32_t at = 0;
    while (at + LONGEST + 8 < STREAM) {
        uint32_t r = next_random(random);
        uint8_t new_kind = (uint8_t)(r & 7), new_length = (uint8_t)((r >> 3) % 25), sum = 0;
        stream[at++] = (uint8_t)(r >> 24); // now and then noise, now and then a false start
        stream[at++] = START;
        stream[at++] = new_kind;
        stream[at++] = new_length;
        sum = (uint8_t)(new_kind + new_length);
        for (uint32_t i = 0; i < new_length; i++) {
            uint8_t byte = (uint8_t)(next_random(random) >> 9);
            stream[at++] = byte;
            sum = (uint8_t)(sum + byte);
        }
        stream[at++] = (uint8_t)(sum + ((r >> 12) % 16 == 0));
    }
    while (at < STREAM) {
        stream[at++] = 0;
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 59, sum = 0;
    state = WAIT_START;
    frames_good = frames_bad = bytes_skipped = longest_seen = 0;
    temperature_sum = volume = volume_changes = keys_down = last_key = text_hash = 0;
    dial = 0;
    make_stream(&random);
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < STREAM; i++) {
            feed(stream[i]);
        }
        sum = fold(sum, frames_good + (frames_bad << 16));
        sum = fold(sum, temperature_sum ^ keys_down ^ text_hash);
        sum = fold(sum, bytes_skipped + longest_seen + volume_changes + (uint32_t)dial);
        stream[next_random(&random) % STREAM] ^= 1;
    }
    return sum;
}
