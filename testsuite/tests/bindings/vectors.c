/* A host in C99 that exchanges vectors with the module of vectors.wat, by the generated header alone. */
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
#define ALIGNED(pointer) CHECK((uintptr_t)(pointer) % 16 == 0)

static saggar_v128 vector(int32_t first) {
    saggar_v128 made = {.i32x4 = {first, -first, first + 1, ~first}};
    return made;
}

static int same(const saggar_v128 *one, const saggar_v128 *other) { return memcmp(one, other, sizeof *one) == 0; }

/* What shows every argument and its place. */
static uint64_t fold(uint64_t sum, uint64_t value) { return sum * 31 + value; }

static uint64_t fold_vector(uint64_t sum, const saggar_v128 *value) { return fold(fold(sum, value->slots[0]), value->slots[1]); }

int64_t GUEST_IMPORT_env_mix(int32_t a0, const saggar_v128 *a1, double a2, const saggar_v128 *a3, int64_t a4, const saggar_v128 *a5,
                             float a6, const saggar_v128 *a7, const saggar_v128 *a8, const saggar_v128 *a9, const saggar_v128 *a10,
                             const saggar_v128 *a11, const saggar_v128 *a12, const saggar_v128 *a13, const saggar_v128 *a14,
                             int32_t a15) {
    const saggar_v128 *late[] = {a7, a8, a9, a10, a11, a12, a13, a14};
    size_t at;
    uint64_t sum = fold(0, (uint64_t)(int64_t)a0);
    ALIGNED(a1);
    ALIGNED(a3);
    ALIGNED(a5);
    sum = fold_vector(sum, a1);
    sum = fold_vector(fold(sum, saggar_from_f64(a2)), a3);
    sum = fold_vector(fold(sum, (uint64_t)a4), a5);
    sum = fold(sum, saggar_from_f32(a6));
    for (at = 0; at < 8; at++) {
        ALIGNED(late[at]);
        sum = fold_vector(sum, late[at]);
    }
    return (int64_t)fold(sum, (uint64_t)(int64_t)a15);
}

void GUEST_IMPORT_env_both(const saggar_v128 *a0, int32_t a1, const saggar_v128 *a2, uint64_t *results) {
    ALIGNED(a0);
    ALIGNED(a2);
    saggar_from_v128(&results[0], a2);
    results[2] = saggar_from_i32(-a1);
    saggar_from_v128(&results[3], a0);
    results[5] = saggar_from_f64(a1 * 0.5);
}

void GUEST_IMPORT_env_single(int64_t a0, uint64_t *results) {
    results[0] = (uint64_t)a0;
    results[1] = (uint64_t)~a0;
}

static saggar_v128 sunk[2];
static int sinkings;

void GUEST_IMPORT_env_sink(const saggar_v128 *a0) {
    ALIGNED(a0);
    sunk[sinkings++ % 2] = *a0;
}

/* Calls the module again, and this function by it: its own arguments stay what they are. */
void GUEST_IMPORT_env_reenter(const saggar_v128 *a0, const saggar_v128 *a1, uint64_t *results) {
    saggar_v128 first = *a0, second = *a1, inner;
    ALIGNED(a0);
    ALIGNED(a1);
    memset(&inner, 0, sizeof inner);
    if (first.i32x4[0] != 0) {
        saggar_v128 less = vector(first.i32x4[0] - 1);
        RETURNS(guest_reenter(&less, &second, &inner));
        CHECK(guest_load(-1, &second).code == SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS);
    }
    CHECK(same(a0, &first) && same(a1, &second));
    inner.i32x4[0] += first.i32x4[0];
    inner.i32x4[3] = second.i32x4[3];
    saggar_from_v128(results, &inner);
}

static void exports(void) {
    saggar_v128 one = vector(7), other = vector(-1000), v[20], first, second;
    int32_t i = 0;
    int64_t l = 0;
    float f = 0;
    double d = 0;
    uint32_t sums[4] = {0, 0, 0, 0};
    int64_t sum = 0;
    size_t at, lane;
    RETURNS(guest_mirror(&one, &first));
    CHECK(same(&one, &first));
    /* In place. */
    first = other;
    RETURNS(guest_mirror(&first, &first));
    CHECK(same(&other, &first));
    RETURNS(guest_turned(-5, &one, 0.25, &other, INT64_MIN, -0.5f, &f, &l, &first, &d, &second, &i));
    CHECK(f == -0.5f && l == INT64_MIN && same(&first, &other) && d == 0.25 && same(&second, &one) && i == -5);
    for (at = 0; at < 20; at++) {
        v[at] = vector((int32_t)at * 1000003 + 17);
        for (lane = 0; lane < 4; lane++) {
            sums[lane] = sums[lane] * 3 + (uint32_t)v[at].i32x4[lane];
        }
        sum = sum * 3 + (int64_t)at + 1;
    }
    RETURNS(guest_many(&v[0], 1, &v[1], 2, &v[2], 3, &v[3], 4, &v[4], 5, &v[5], 6, &v[6], 7, &v[7], 8, &v[8], 9, &v[9], 10, &v[10], 11,
                       &v[11], 12, &v[12], 13, &v[13], 14, &v[14], 15, &v[15], 16, &v[16], 17, &v[17], 18, &v[18], 19, &v[19], 20,
                       &first, &l));
    CHECK(l == sum && memcmp(&first, sums, sizeof first) == 0);
}

static void imports(void) {
    saggar_v128 v[11], first, second;
    int32_t i = 0;
    int64_t l = 0;
    double d = 0;
    size_t at;
    uint64_t sum;
    for (at = 0; at < 11; at++) {
        v[at] = vector((int32_t)at * 77777 + 5);
    }
    sum = fold_vector(fold(0, (uint64_t)-9), &v[0]);
    sum = fold_vector(fold(sum, saggar_from_f64(-1.25)), &v[1]);
    sum = fold_vector(fold(sum, (uint64_t)INT64_MAX), &v[2]);
    sum = fold(sum, saggar_from_f32(3.5f));
    for (at = 3; at < 11; at++) {
        sum = fold_vector(sum, &v[at]);
    }
    sum = fold(sum, (uint64_t)INT32_MIN);
    RETURNS(guest_mix(-9, &v[0], -1.25, &v[1], INT64_MAX, &v[2], 3.5f, &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10], INT32_MIN,
                      &l));
    CHECK((uint64_t)l == sum);
    RETURNS(guest_mix_by_table(-9, &v[0], -1.25, &v[1], INT64_MAX, &v[2], 3.5f, &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10],
                               INT32_MIN, &l));
    CHECK((uint64_t)l == sum);
    RETURNS(guest_both(&v[0], 7, &v[1], &first, &i, &second, &d));
    CHECK(same(&first, &v[1]) && i == -7 && same(&second, &v[0]) && d == 3.5);
    RETURNS(guest_both_by_table(&v[2], -8, &v[3], &first, &i, &second, &d));
    CHECK(same(&first, &v[3]) && i == 8 && same(&second, &v[2]) && d == -4.0);
    RETURNS(guest_both_again(&v[4], 9, &v[5], &first, &i, &second, &d));
    CHECK(same(&first, &v[5]) && i == -9 && same(&second, &v[4]) && d == 4.5);
    RETURNS(guest_single(0x1122334455667788, &first));
    CHECK(first.i64x2[0] == 0x1122334455667789 && first.i64x2[1] == ~0x1122334455667788);
    RETURNS(guest_sink(&v[6]));
    CHECK(sinkings == 2 && same(&sunk[0], &v[6]));
    CHECK(sunk[1].slots[0] == ~v[6].slots[0] && sunk[1].slots[1] == ~v[6].slots[1]);
    v[0] = vector(6);
    RETURNS(guest_reenter(&v[0], &v[1], &first));
    CHECK(first.i32x4[0] == 21 && first.i32x4[3] == v[1].i32x4[3]);
}

static void globals_and_memory(void) {
    saggar_v128 value = guest_vector_get(), set = vector(99), found;
    uint8_t *bytes;
    CHECK(value.i32x4[0] == 1 && value.i32x4[1] == 2 && value.i32x4[2] == 3 && value.i32x4[3] == 4);
    guest_vector_set(set);
    CHECK(guest_before_get() == 1 && guest_after_get() == 2);
    RETURNS(guest_exchange(&value, &found));
    CHECK(same(&found, &set));
    found = guest_vector_get();
    CHECK(same(&found, &value));
    found = guest_fixed_get();
    CHECK(found.f64x2[0] == 1.5 && found.f64x2[1] == -2.5);
    RETURNS(guest_store(65520, &set));
    bytes = guest_memory_slice(65520, 16);
    CHECK(bytes != NULL && memcmp(bytes, set.bytes, 16) == 0);
    found = value;
    TRAPS(guest_load(65521, &found), SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS);
    /* What traps gives no result. */
    CHECK(same(&found, &value));
    TRAPS(guest_store(65521, &value), SAGGAR_TRAP_MEMORY_OUT_OF_BOUNDS);
    CHECK(bytes != NULL && memcmp(bytes, set.bytes, 16) == 0);
}

int main(void) {
    RETURNS(guest_instantiate());
    exports();
    imports();
    globals_and_memory();
    printf(failed == 0 ? "all checks passed\n" : "checks failed\n");
    return failed;
}
