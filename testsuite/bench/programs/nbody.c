// Floating point: gravitation among five bodies in f64, the velocities stepped before the places.
#include "bench.h"

enum { BODIES = 5, STEPS = 64 };

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[BODIES];

static void make_bodies(uint32_t *random) {
    for (int i = 0; i < BODIES; i++) {
        double distance = 1.0 + 4.0 * i;
        bodies[i] = (struct body){
            .x = distance,
            .y = (double)next_sample(random),
            .z = 0.1 * (double)next_sample(random),
            .vx = 0.1 * (double)next_sample(random),
            .vy = i == 0 ? 0.0 : 6.0 / __builtin_sqrt(distance),
            .vz = 0.05 * (double)next_sample(random),
            .mass = i == 0 ? 39.0 : 0.01 * (i + 1),
        };
    }
}

static void advance(double dt) {
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int k = i + 1; k < BODIES; k++) {
            struct body *b = &bodies[k];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz + 1e-3;
            double strength = dt / (square * __builtin_sqrt(square));
            a->vx -= dx * b->mass * strength;
            a->vy -= dy * b->mass * strength;
            a->vz -= dz * b->mass * strength;
            b->vx += dx * a->mass * strength;
            b->vy += dy * a->mass * strength;
            b->vz += dz * a->mass * strength;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 43, sum = 0;
    make_bodies(&random);
    for (uint32_t k = 0; k < n; k++) {
        for (int step = 0; step < STEPS; step++) {
            advance(0.001);
        }
        sum = fold(sum, double_bits(bodies[k % BODIES].x));
        sum = fold(sum, double_bits(bodies[k % BODIES].vy));
    }
    return sum;
}
