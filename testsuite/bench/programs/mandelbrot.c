// Floating point: escape times of the Mandelbrot set in f64 over a window that moves; hardly any memory.
#include "bench.h"

enum { SIDE = 32, LIMIT = 96 };

static uint32_t escape_time(double cx, double cy) {
    double x = 0.0, y = 0.0;
    for (uint32_t i = 0; i < LIMIT; i++) {
        double xx = x * x, yy = y * y;
        if (xx + yy > 4.0) {
            return i;
        }
        y = 2.0 * x * y + cy;
        x = xx - yy + cx;
    }
    return LIMIT;
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 47, sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        double left = -2.0 + 0.01 * (double)next_sample(&random), top = -1.25;
        for (int row = 0; row < SIDE; row++) {
            uint32_t line = 0;
            for (int column = 0; column < SIDE; column++) {
                line += escape_time(left + 2.5 * column / SIDE, top + 2.5 * row / SIDE);
            }
            sum = fold(sum, line);
        }
    }
    return sum;
}
