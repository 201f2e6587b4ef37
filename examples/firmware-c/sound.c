/* Both modules at work: a recording is decoded block by block, and goes through the equaliser frame by frame. And what they import. */
#include "firmware.h"

/* Samples of a frame; a block has five frames. Fuel for a call of the equaliser: a frame takes about half of it. */
enum { FRAME = 101, FUEL = 50000 };

static uint64_t clock_samples;
static uint64_t metered = HASH_EMPTY;

/* Samples that were played. */
int64_t EQUALISER_IMPORT_host_clock(void) { return (int64_t)clock_samples; }

void EQUALISER_IMPORT_host_meter(int64_t time, float gain)
{
    uint32_t bits = (uint32_t)saggar_from_f32(gain);
    metered = hash(hash(metered, &time, sizeof time), &bits, sizeof bits);
}

void WAVE_IMPORT_host_log(int32_t event, int32_t number)
{
    numbered("log", (uint32_t)event, (uint32_t)number);
}

static bool ok(saggar_completion end) { return end.code == SAGGAR_TRAP_OK; }

/* Writes a file into the decoder's memory; the place of it there, or NULL. */
uint8_t *place_file(const uint8_t *file, size_t bytes)
{
    int32_t at;
    uint8_t *place = ok(wave_input(&at)) ? wave_memory_slice((uint32_t)at, bytes) : NULL;
    for (size_t i = 0; place != NULL && i < bytes; i++) {
        place[i] = file[i];
    }
    return place;
}

bool open_recording(int32_t *blocks)
{
    size_t bytes = (size_t)(recording_end - recording);
    return place_file(recording, bytes) != NULL && ok(wave_open((int32_t)bytes, blocks));
}

static bool set_band(int32_t band, float hz, float gain_db, float quality, int32_t *result)
{
    equaliser_set_fuel(FUEL);
    return ok(equaliser_set_band(band, hz, gain_db, quality, result));
}

/* Sets the equaliser up; `good`, whether it took what makes sense and nothing else. */
static bool prepare(bool *good)
{
    int32_t results[5];
    bool ran = set_band(0, 120.0f, 6.0f, 0.75f, &results[0]) && set_band(1, 1000.0f, -4.5f, 1.0f, &results[1])
        && set_band(2, 4000.0f, 5.0f, 1.25f, &results[2]);
    equaliser_set_fuel(FUEL);
    ran = ran && ok(equaliser_set_compressor(0.25f, 4.0f, 2.0f, 50.0f, &results[3]));
    /* No filter works above half of the rate. */
    ran = ran && set_band(0, 9000.0f, 6.0f, 1.0f, &results[4]);
    *good = ran && results[0] == 0 && results[1] == 0 && results[2] == 0 && results[3] == 0 && results[4] == -1;
    return ran;
}

/* Puts samples of 16 bits through the equaliser. */
static bool equalise(const int16_t *samples, size_t count, struct done *done)
{
    int32_t at;
    equaliser_set_fuel(FUEL);
    if (!ok(equaliser_frame(&at))) {
        return false;
    }
    float *frame = (float *)(void *)equaliser_memory_slice((uint32_t)at, 4 * count);
    if (frame == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        frame[i] = (float)samples[i] / 32768.0f;
    }
    equaliser_set_fuel(FUEL);
    if (!ok(equaliser_process((int32_t)count, &done->peak))) {
        return false;
    }
    done->fuel = FUEL - equaliser_fuel_left();
    frame = (float *)(void *)equaliser_memory_slice((uint32_t)at, 4 * count);
    done->hash = hash(HASH_EMPTY, frame, 4 * count);
    return frame != NULL;
}

/* Decodes a block; its samples in the decoder's memory, or NULL. */
static const int16_t *decode(int32_t block, int32_t *samples)
{
    int32_t at;
    if (!ok(wave_decode(block, samples)) || !ok(wave_output(&at))) {
        return NULL;
    }
    return (const int16_t *)(void *)wave_memory_slice((uint32_t)at, 2 * (uint64_t)(uint32_t)*samples);
}

bool first_frame(struct done *done)
{
    int32_t blocks, samples;
    bool good;
    const int16_t *block = open_recording(&blocks) && prepare(&good) ? decode(0, &samples) : NULL;
    return block != NULL && samples >= FRAME && equalise(block, FRAME, done);
}

bool play(struct done *first)
{
    int32_t blocks, samples;
    uint64_t frames = 0, fuel = 0;
    bool good;
    if (!open_recording(&blocks)) {
        return false;
    }
    check("sound", "the file has the blocks that it should have", blocks == BLOCKS);
    bool ran = prepare(&good);
    check("sound", "the equaliser takes what makes sense", good);
    for (int32_t number = 0; ran && number < blocks; number++) {
        const int16_t *block = decode(number, &samples);
        ran = block != NULL;
        for (int32_t start = 0; ran && start < samples; start += FRAME) {
            struct done other, *done = frames == 0 ? first : &other;
            size_t count = samples - start < FRAME ? (size_t)(samples - start) : FRAME;
            ran = equalise(block + start, count, done);
            clock_samples += count;
            numbered("frame", frames, done->hash);
            numbered("peak", frames, (uint32_t)saggar_from_f32(done->peak));
            fuel += done->fuel;
            frames++;
        }
    }
    value("meter", metered);
    value("fuel", fuel);
    value("used.wave", wave_hash());
    value("used.equaliser", equaliser_hash());
    return ran && frames > 0;
}
