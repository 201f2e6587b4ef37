/* What the parts of the guest share: a reader of WAVE files with IMA ADPCM. */
#ifndef WAVE_H
#define WAVE_H

#include <stdint.h>

/* What is known of the file. */
struct wave {
    uint32_t rate_hz;
    uint32_t block_bytes;       /* of one block of the coded sound */
    uint32_t samples_per_block;
    const uint8_t *data;        /* the first block */
    uint32_t blocks;
};

/* Events that are told to the host. */
enum event { EVENT_FORMAT = 1, EVENT_COMMENT = 2, EVENT_DATA = 3 };

__attribute__((import_module("host"), import_name("log"))) void host_log(int32_t event, int32_t value);

/* Reads all chunks of a file between two places; in riff.c. */
void parse_file(struct wave *wave, const uint8_t *at, const uint8_t *end);

/* Decodes one block; in adpcm.c. */
void decode_block(const uint8_t *block, uint32_t samples, int16_t *out);

/* Little-endian numbers at any place. */
static inline uint32_t read_16(const uint8_t *at) { return at[0] | (uint32_t)at[1] << 8; }
static inline uint32_t read_32(const uint8_t *at) { return read_16(at) | read_16(at + 2) << 16; }

#endif
