/*
 * A guest of the example firmwares: a reader of WAVE files with IMA ADPCM, by an author who writes C and trusts files. The host
 * puts a file into `input`, opens it, and decodes block by block into `output`. What it does with bad files stands in riff.c.
 */
#include "wave.h"

#define EXPORT(name) __attribute__((export_name(name)))

enum { INPUT_BYTES = 2048, OUTPUT_SAMPLES = 1024 };

static uint8_t input[INPUT_BYTES];
static int16_t output[OUTPUT_SAMPLES];
static struct wave wave;

/* Where the host puts a file, and how much there is room for. */
EXPORT("input") uint8_t *export_input(void) { return input; }
EXPORT("input_bytes") uint32_t export_input_bytes(void) { return INPUT_BYTES; }

/* Where the samples of a block are, after `decode`. */
EXPORT("output") int16_t *export_output(void) { return output; }

/* Reads the file in `input`; the number of its blocks, 0 where it has none that this guest can decode. */
EXPORT("open") uint32_t export_open(uint32_t bytes)
{
    wave = (struct wave){ 0 };
    parse_file(&wave, input, input + (bytes < INPUT_BYTES ? bytes : INPUT_BYTES));
    return wave.samples_per_block <= OUTPUT_SAMPLES ? wave.blocks : 0;
}

/* Decodes a block into `output`; the number of its samples. */
EXPORT("decode") uint32_t export_decode(uint32_t block)
{
    if (block >= wave.blocks) {
        return 0;
    }
    decode_block(wave.data + block * wave.block_bytes, wave.samples_per_block, output);
    return wave.samples_per_block;
}
