// Recursion: ways to place eight queens, by backtracking with the board in arrays on the stack and in memory.
#include "bench.h"

enum { SIDE = 8 };

static uint8_t column_taken[SIDE], rising_taken[2 * SIDE], falling_taken[2 * SIDE];

static uint32_t place(int row, uint8_t *board, uint32_t *hash) {
    if (row == SIDE) {
        for (int i = 0; i < SIDE; i++) {
            *hash = fold(*hash, board[i]);
        }
        return 1;
    }
    uint32_t ways = 0;
    for (int column = 0; column < SIDE; column++) {
        if (column_taken[column] | rising_taken[row + column] | falling_taken[row - column + SIDE]) {
            continue;
        }
        column_taken[column] = rising_taken[row + column] = falling_taken[row - column + SIDE] = 1;
        board[row] = (uint8_t)column;
        ways += place(row + 1, board, hash);
        column_taken[column] = rising_taken[row + column] = falling_taken[row - column + SIDE] = 0;
    }
    return ways;
}

uint32_t run(uint32_t n) {
    uint32_t sum = n;
    for (uint32_t k = 0; k < n; k++) {
        uint8_t board[SIDE];
        // One square of the board is forbidden, another one each time.
        for (int i = 0; i < SIDE; i++) {
            column_taken[i] = 0;
        }
        for (int i = 0; i < 2 * SIDE; i++) {
            rising_taken[i] = falling_taken[i] = 0;
        }
        rising_taken[sum % SIDE] = 1;
        uint32_t hash = sum;
        uint32_t ways = place(0, board, &hash);
        sum = fold(fold(sum, ways), hash);
    }
    return sum;
}
