/*
 * Reads the chunks of a WAVE file. It believes what the file says, as its author tried it with good files only. A bad one makes it
 *   - read on to the end of memory, where a comment says that it is longer than it is;
 *   - divide by the number of channels when that is zero;
 *   - give up (`__builtin_trap`) on a coding that it does not know;
 *   - walk on the spot for ever, where a chunk's length is −8;
 *   - use up its stack, where lists lie in lists.
 * A host must live with all of that.
 */
#include "wave.h"

#define FOURCC(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

enum { IMA_ADPCM = 0x11, HEADER_BYTES = 8 };

__attribute__((noinline)) static void parse_format(struct wave *wave, const uint8_t *body)
{
    if (read_16(body) != IMA_ADPCM) {
        __builtin_trap();
    }
    uint32_t channels = read_16(body + 2);
    wave->rate_hz = read_32(body + 4);
    wave->block_bytes = read_16(body + 12);
    /* A block begins with a sample, a step and a byte of nothing; then come two samples a byte. */
    wave->samples_per_block = (wave->block_bytes - 4 * channels) * 2 / channels + 1;
    host_log(EVENT_FORMAT, (int32_t)wave->rate_hz);
}

__attribute__((noinline)) static void parse_comment(const uint8_t *body, uint32_t bytes)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        sum = sum * 31 + body[i];
    }
    host_log(EVENT_COMMENT, (int32_t)sum);
}

static void parse_data(struct wave *wave, const uint8_t *body, uint32_t bytes)
{
    wave->data = body;
    wave->blocks = wave->block_bytes == 0 ? 0 : bytes / wave->block_bytes;
    host_log(EVENT_DATA, (int32_t)wave->blocks);
}

/* The chunks between two places, each with an even number of bytes; how many there were, those of lists included. */
__attribute__((noinline)) static uint32_t parse_chunks(struct wave *wave, const uint8_t *at, const uint8_t *end)
{
    uint32_t chunks = 0;
    while (at + HEADER_BYTES <= end) {
        uint32_t kind = read_32(at), bytes = read_32(at + 4);
        const uint8_t *body = at + HEADER_BYTES;
        switch (kind) {
        case FOURCC('L', 'I', 'S', 'T'):
            chunks += parse_chunks(wave, body + 4, body + bytes);
            break;
        case FOURCC('I', 'C', 'M', 'T'):
            parse_comment(body, bytes);
            break;
        case FOURCC('f', 'm', 't', ' '):
            parse_format(wave, body);
            break;
        case FOURCC('d', 'a', 't', 'a'):
            parse_data(wave, body, bytes);
            break;
        default:
            break;
        }
        chunks++;
        at = body + bytes + (bytes & 1);
    }
    return chunks;
}

void parse_file(struct wave *wave, const uint8_t *at, const uint8_t *end)
{
    if (at + 12 <= end && read_32(at) == FOURCC('R', 'I', 'F', 'F') && read_32(at + 8) == FOURCC('W', 'A', 'V', 'E')) {
        parse_chunks(wave, at + 12, end);
    }
}
