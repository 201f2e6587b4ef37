// Indirect calls: objects of several kinds behind tables of methods, as a scene of audio generators: each step
// asks every object, in an order that changes, to advance and for its value.
#include "bench.h"

enum { OBJECTS = 64, STEPS = 16 };

struct object;

struct methods {
    void (*advance)(struct object *, uint32_t by);
    int32_t (*value)(const struct object *);
};

struct object {
    const struct methods *methods;
    uint32_t phase, rate;
    int32_t level;
};

static struct object objects[OBJECTS];
static uint8_t order[OBJECTS];

static void advance_phase(struct object *o, uint32_t by) {
    o->phase += o->rate * by;
}
static void advance_decaying(struct object *o, uint32_t by) {
    o->phase += o->rate * by;
    o->level -= o->level >> 6;
}
static void advance_noise(struct object *o, uint32_t by) {
    o->phase = o->phase * 1664525u + 1013904223u + by;
}

static int32_t scaled(const struct object *o, int32_t wave_q15) {
    return (wave_q15 * (o->level >> 8)) >> 15;
}
static int32_t value_square(const struct object *o) {
    return scaled(o, (o->phase >> 31) ? 0x7fff : -0x7fff);
}
static int32_t value_saw(const struct object *o) {
    return scaled(o, (int32_t)(o->phase >> 16) - 0x8000);
}
static int32_t value_triangle(const struct object *o) {
    int32_t ramp = (int32_t)(o->phase >> 15) - 0x10000;
    return scaled(o, (ramp < 0 ? -ramp : ramp) - 0x8000);
}
static int32_t value_noise(const struct object *o) {
    return scaled(o, (int32_t)o->phase >> 17);
}

static const struct methods kinds[] = {
    { advance_phase, value_square },
    { advance_phase, value_saw },
    { advance_decaying, value_triangle },
    { advance_noise, value_noise },
    { advance_decaying, value_saw },
};

uint32_t run(uint32_t n) {
    uint32_t random = n + 53, sum = 0;
    for (uint32_t i = 0; i < OBJECTS; i++) {
        uint32_t r = next_random(&random);
        objects[i] = (struct object){ &kinds[r % COUNT_OF(kinds)], r, r >> 6, (int32_t)(r >> 9) };
        order[i] = (uint8_t)i;
    }
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t step = 0; step < STEPS; step++) {
            int32_t mixed = 0;
            for (uint32_t i = 0; i < OBJECTS; i++) {
                struct object *o = &objects[order[i]];
                o->methods->advance(o, step + 1);
                mixed += o->methods->value(o);
            }
            sum = fold(sum, (uint32_t)mixed);
        }
        uint32_t a = sum % OBJECTS, b = (sum >> 8) % OBJECTS;
        uint8_t t = order[a];
        order[a] = order[b];
        order[b] = t;
    }
    return sum;
}
