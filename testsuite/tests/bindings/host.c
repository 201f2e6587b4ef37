/* A host in C99 that uses nothing but the generated header. Exit code: the number of checks that failed. */
#include "guest.h"
#include "guest.h"
#include <stdio.h>
#include <string.h>

static int failed;
#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("line %d: %s\n", __LINE__, #condition); \
            failed++; \
        } \
    } while (0)
#define RETURNS(call) CHECK((call).code == SAGGAR_TRAP_OK)
#define TRAPS(call, expected) CHECK((call).code == (expected))

/* Kept away from the optimiser, so that garbage is really there. */
volatile uint64_t garbage = 0xdeadbeef00000000u;

static int odd_calls;
static int inner_code;

int64_t GUEST_IMPORT_env_now(void) { return -3000000000; }

double GUEST_IMPORT_env_mix(int32_t a0, int64_t a1, float a2, double a3, int32_t a4, int64_t a5, float a6, double a7, int32_t a8,
                            int32_t a9, int32_t a10, int32_t a11, int32_t a12, int64_t a13, int32_t a14) {
    /* Widened to 64 bits: a caller that left another upper half, or that packed the stack in another way, shows. */
    int64_t sum = (int64_t)a0 + a1 + (int64_t)a4 + a5 + (int64_t)a8 + (int64_t)a9 + (int64_t)a10 + (int64_t)a11 + (int64_t)a12;
    return (double)(sum * 1000 + a13 * 100 + (int64_t)a14) + a2 * 0.5 + a3 * 0.25 + a6 * 0.125 + a7 * 0.0625;
}

/* Calls the module again, with a call that returns and one that traps: the trap ends here and not further out. */
int32_t GUEST_IMPORT_env_reenter(int32_t a0) {
    int32_t sum = 0;
    saggar_completion end = guest_add(a0, 100, &sum);
    if (end.code != SAGGAR_TRAP_OK) {
        return -1;
    }
    inner_code = (int)guest_divide(1, 0, &sum).code;
    return sum;
}

void GUEST_IMPORT_env_pair(int32_t a0, uint64_t *results) {
    results[0] = garbage | (uint32_t)-a0;
    results[1] = (uint64_t)((int64_t)a0 * 1000000000);
}

uintptr_t GUEST_IMPORT_env_keep(uintptr_t a0) { return a0 == 0 ? 0 : a0 + 1; }

void GUEST_IMPORT_odd_name(void) { odd_calls++; }

static void values(void) {
    int32_t i = 0;
    int64_t l = 0;
    float f = 0;
    double d = 0;
    uintptr_t word = 0;
    RETURNS(guest_add(2000000000, 2000000000, &i));
    CHECK(i == -294967296);
    RETURNS(guest_sub64(INT64_MIN, 1, &l));
    CHECK(l == INT64_MAX);
    RETURNS(guest_scale32(-3.0f, &f));
    CHECK(f == -1.5f);
    RETURNS(guest_scale64(-3.0, &d));
    CHECK(d == -7.5);
    RETURNS(guest_now(&l));
    CHECK(l == -3000000000);
    RETURNS(guest_nothing());
    RETURNS(guest_spread(-9, &i, &l, &f, &d));
    CHECK(i == -9 && l == -9 && f == -9.0f && d == -9.0);
    RETURNS(guest_while(5, &i));
    CHECK(i == 5);
    RETURNS(guest_unnamed(&i));
    CHECK(i == 42);
    RETURNS(guest_add_2(5, 3, &i));
    CHECK(i == 2);
    RETURNS(guest_odd_name());
    CHECK(odd_calls == 1);
    RETURNS(guest_mix(-1, &d));
    CHECK(d == ((-1 - 2 - 5 + 6 + 9 - 10 + 11 + 12 - 13) * 1000 + 1400 - 15) + 1.5 + 1.0 - 0.875 + 0.5);
    RETURNS(guest_pair(7, &l));
    CHECK(l == 7000000000 - 7);
    RETURNS(guest_keep(0, &word));
    CHECK(word == 0);
    RETURNS(guest_keep((uintptr_t)&failed, &word));
    CHECK(word == (uintptr_t)&failed + 1);
    RETURNS(guest_pick(0, &word));
    CHECK(word == 0);
    RETURNS(guest_pick(1, &word));
    CHECK(word != 0);
    RETURNS(guest_put(word, &i));
    TRAPS(guest_pick(2, &word), SAGGAR_TRAP_TABLE_OUT_OF_BOUNDS);
}

/* An i32 argument that the module passes to a host function, as the whole register: see dirty.c. */
static void check_register(int64_t whole, int32_t value) {
    CHECK((int32_t)whole == value);
#if defined(__riscv)
    /* The calling convention says: sign-extended, always. */
    CHECK(whole == (int64_t)value);
#endif
}

static void narrow_integers(void) {
    static const int32_t some[] = {0, 1, -1, 16, INT32_MIN, INT32_MAX, -294967296};
    uint64_t slots[4];
    int64_t l = 0;
    int32_t i = 0;
    size_t at;
    for (at = 0; at < sizeof some / sizeof some[0]; at++) {
        int32_t value = some[at];
        RETURNS(guest_widen_signed(value, &l));
        CHECK(l == (int64_t)value);
        RETURNS(guest_widen_unsigned(value, &l));
        CHECK(l == (int64_t)(uint32_t)value);
        RETURNS(guest_dirty_signed(value, &l));
        CHECK(l == (int64_t)value);
        RETURNS(guest_dirty_unsigned(value, &l));
        CHECK(l == (int64_t)(uint32_t)value);
        RETURNS(guest_dirty_compare(value, &i));
        CHECK(i == 1);
        RETURNS(guest_register_of((int64_t)(garbage | (uint32_t)value), &l));
        check_register(l, value);
        RETURNS(guest_register_of_sum(value, 0x7fffffff, &l));
        check_register(l, (int32_t)((uint32_t)value + 0x7fffffffu));
        /* The upper half of an i32's slot is ignored. */
        slots[0] = garbage | (uint32_t)value;
        RETURNS(ENTRY_WIDEN_SIGNED(slots));
        CHECK((int64_t)slots[0] == (int64_t)value);
        slots[0] = garbage | (uint32_t)value;
        RETURNS(ENTRY_WIDEN_UNSIGNED(slots));
        CHECK(slots[0] == (uint32_t)value);
    }
    /* An index with garbage above it must neither trap nor leave the memory. */
    RETURNS(guest_dirty_load(16, &i));
    CHECK(i == 0x12345678);
    RETURNS(guest_dirty_index(16, &i));
    CHECK(i == 0x12345678);
    TRAPS(guest_dirty_load(-1, &i), SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS);
}

static void traps(void) {
    int32_t i = 77;
    saggar_completion end = guest_divide(1, 0, &i);
    TRAPS(end, SAGGAR_TRAP_INTEGER_DIVISION_BY_ZERO);
    CHECK(end.pc != 0);
    CHECK(i == 77);
    TRAPS(guest_divide(INT32_MIN, -1, &i), SAGGAR_TRAP_INTEGER_OVERFLOW);
    RETURNS(guest_divide(-7, 2, &i));
    CHECK(i == -3);
    TRAPS(guest_unreachable(), SAGGAR_TRAP_UNREACHABLE);
    TRAPS(guest_recurse(1, &i), SAGGAR_TRAP_STACK_OVERFLOW);
    TRAPS(guest_load(65533, &i), SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS);
    RETURNS(guest_load(65532, &i));
    RETURNS(guest_reenter(23, &i));
    CHECK(i == 124);
    CHECK(inner_code == SAGGAR_TRAP_INTEGER_DIVISION_BY_ZERO);
}

static void memory_and_globals(void) {
    int32_t i = 0;
    uint8_t *bytes = guest_memory_slice(16, 4);
    CHECK(guest_memory_size() == 65536);
    CHECK(bytes != NULL && memcmp(bytes, "\x78\x56\x34\x12", 4) == 0);
    CHECK(guest_memory_slice(65535, 1) != NULL && guest_memory_slice(65536, 0) != NULL);
    CHECK(guest_memory_slice(65535, 2) == NULL && guest_memory_slice(65537, 0) == NULL);
    CHECK(guest_memory_slice(SIZE_MAX, 2) == NULL && guest_memory_slice(2, SIZE_MAX) == NULL);
    bytes = guest_memory_slice(1000, 4);
    CHECK(bytes != NULL);
    if (bytes != NULL) {
        memcpy(bytes, "\xff\xff\xff\x7f", 4);
    }
    RETURNS(guest_load(1000, &i));
    CHECK(i == INT32_MAX);
    RETURNS(guest_store(1000, 1));
    CHECK(bytes != NULL && bytes[0] == 1 && bytes[3] == 0);
    CHECK(guest_counter_get() == -7);
    RETURNS(guest_bump(&i));
    CHECK(i == -6 && guest_counter_get() == -6);
    guest_counter_set(INT32_MAX);
    RETURNS(guest_bump(&i));
    CHECK(i == INT32_MIN);
    CHECK(guest_scale_get() == 2.5);
}

int main(void) {
    int32_t i = 0;
    TRAPS(guest_add(1, 2, &i), SAGGAR_TRAP_NOT_INSTANTIATED);
    CHECK(guest_memory_size() == 0 && guest_memory_slice(0, 0) == NULL);
    RETURNS(guest_instantiate());
    values();
    narrow_integers();
    traps();
    memory_and_globals();
    /* Instantiated again, everything is as new. */
    RETURNS(guest_instantiate());
    CHECK(guest_counter_get() == -7);
    RETURNS(guest_load(1000, &i));
    CHECK(i == 0);
    printf(failed == 0 ? "all checks passed\n" : "checks failed\n");
    return failed;
}
