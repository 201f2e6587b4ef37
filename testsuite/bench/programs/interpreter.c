// Indirect calls: an interpreter of a small stack machine. Each operator is a function, found in a table by
// its byte; the program counts primes by trial division.
#include "bench.h"

enum operator { PUSH, LOAD, STORE, ADD, MUL, REM, LESS, JUMP, JUMP_IF_ZERO, HALT, OPERATORS };

struct machine {
    const uint8_t *pc;
    const uint8_t *code;
    int32_t *top;
    int32_t variables[8];
    int32_t stack[32];
};

typedef int (*operation)(struct machine *);

static int do_push(struct machine *m) {
    *++m->top = *m->pc++;
    return 1;
}
static int do_load(struct machine *m) {
    *++m->top = m->variables[*m->pc++ & 7];
    return 1;
}
static int do_store(struct machine *m) {
    m->variables[*m->pc++ & 7] = *m->top--;
    return 1;
}
static int do_add(struct machine *m) {
    m->top--;
    m->top[0] += m->top[1];
    return 1;
}
static int do_mul(struct machine *m) {
    m->top--;
    m->top[0] *= m->top[1];
    return 1;
}
static int do_rem(struct machine *m) {
    m->top--;
    m->top[0] %= m->top[1];
    return 1;
}
static int do_less(struct machine *m) {
    m->top--;
    m->top[0] = m->top[0] < m->top[1];
    return 1;
}
static int do_jump(struct machine *m) {
    m->pc = m->code + *m->pc;
    return 1;
}
static int do_jump_if_zero(struct machine *m) {
    uint8_t target = *m->pc++;
    if (*m->top-- == 0) {
        m->pc = m->code + target;
    }
    return 1;
}
static int do_halt(struct machine *m) {
    (void)m;
    return 0;
}

static const operation operations[OPERATORS] = {
    [PUSH] = do_push, [LOAD] = do_load, [STORE] = do_store, [ADD] = do_add,
    [MUL] = do_mul, [REM] = do_rem, [LESS] = do_less,
    [JUMP] = do_jump, [JUMP_IF_ZERO] = do_jump_if_zero, [HALT] = do_halt,
};

// Variables: 0 candidate, 1 divisor, 2 count, 3 limit. Labels are byte offsets.
enum { NEW_CANDIDATE = 2, NEW_DIVISOR = 13, PRIME = 42, NEXT = 49, END = 56 };

static const uint8_t program[] = {
    PUSH, 2,
    /* NEW_CANDIDATE */ STORE, 0, LOAD, 0, LOAD, 3, LESS, JUMP_IF_ZERO, END,
    PUSH, 2,
    /* NEW_DIVISOR */ STORE, 1, LOAD, 1, LOAD, 1, MUL, LOAD, 0, PUSH, 1, ADD, LESS, JUMP_IF_ZERO, PRIME,
    LOAD, 0, LOAD, 1, REM, JUMP_IF_ZERO, NEXT, LOAD, 1, PUSH, 1, ADD, JUMP, NEW_DIVISOR,
    /* PRIME */ LOAD, 2, PUSH, 1, ADD, STORE, 2,
    /* NEXT */ LOAD, 0, PUSH, 1, ADD, JUMP, NEW_CANDIDATE,
    /* END */ HALT,
};

static uint8_t code[COUNT_OF(program)];

static int32_t interpret(int32_t limit) {
    static struct machine m;
    m.pc = m.code = code;
    m.top = m.stack;
    m.variables[2] = 0;
    m.variables[3] = limit;
    while (operations[*m.pc++ % OPERATORS](&m)) {
    }
    return m.variables[2];
}

uint32_t run(uint32_t n) {
    uint32_t sum = 0;
    for (size_t i = 0; i < COUNT_OF(program); i++) {
        code[i] = program[i];
    }
    for (uint32_t k = 0; k < n; k++) {
        sum = fold(sum, (uint32_t)interpret(400 + (int32_t)(sum % 16)));
    }
    return sum;
}
