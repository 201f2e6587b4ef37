/* Uses everything in the header, on records made by hand; exits with the line of the first surprise. */
#include "saggar.h"

#define CHECK(condition) do { if (!(condition)) { return __LINE__ % 256; } } while (0)

/* A cell that leads to another cell, that to a memory's record. */
static struct {
    saggar_cell reexported;
    saggar_cell exported;
    saggar_memory memory;
} things = { { 4 | 1 }, { 4 }, { 0, 0, 0, 0, 0 } };

static unsigned char bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

int main(void)
{
    saggar_completion completion = { SAGGAR_TRAP_BUSY, 0 };
    CHECK(completion.code >= SAGGAR_FIRST_REFUSAL && completion.pc == 0);
    CHECK(sizeof(saggar_memory) == 5 * sizeof(void *) && sizeof(saggar_table) == 4 * sizeof(void *));
    CHECK(saggar_resolve(&things.reexported) == &things.memory);
    CHECK(saggar_memory_of(&things.exported) == &things.memory);
    CHECK(saggar_slice(&things.exported, 0, 0) == NULL);
    things.memory.base = (uintptr_t)bytes;
    things.memory.size_bytes = 8;
    CHECK(saggar_slice(&things.reexported, 0, 8) == bytes);
    CHECK(saggar_slice(&things.reexported, 8, 0) == bytes + 8);
    CHECK(saggar_slice(&things.exported, 3, 5) == bytes + 3);
    CHECK(saggar_slice(&things.exported, 3, 6) == NULL);
    CHECK(saggar_slice(&things.exported, 9, 0) == NULL);
    CHECK(saggar_slice(&things.exported, UINT64_MAX, 2) == NULL);
    CHECK(saggar_slice(&things.exported, 1, UINT64_MAX) == NULL);
    CHECK(saggar_from_i32(-1) == 0xffffffffu && saggar_to_i32(0x500000000u | 7) == 7 && saggar_to_i32(0xfffffffeu) == -2);
    CHECK(saggar_from_f32(1.5f) == 0x3fc00000u && saggar_to_f32(0x3fc00000u) == 1.5f);
    CHECK(saggar_from_f64(-2.0) == 0xc000000000000000u && saggar_to_f64(0xc000000000000000u) == -2.0);
    {
        static const saggar_v128 vector = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x8f } };
        uint64_t slots[3] = { 0, 0, 5 };
        saggar_v128 back;
        CHECK(vector.i8x16[15] == -113 && vector.i16x8[1] == 0x302 && vector.i32x4[2] == 0xb0a0908);
        CHECK(vector.i64x2[0] == 0x706050403020100 && vector.slots[1] == 0x8f0e0d0c0b0a0908u);
        saggar_from_v128(slots, &vector);
        CHECK(slots[0] == 0x706050403020100 && slots[1] == 0x8f0e0d0c0b0a0908u && slots[2] == 5);
        saggar_to_v128(slots, &back);
        CHECK(back.bytes[0] == 0 && back.bytes[15] == 0x8f && back.slots[0] == slots[0]);
        back.f32x4[1] = 1.5f;
        CHECK(back.i32x4[1] == 0x3fc00000 && back.i32x4[0] == 0x3020100);
        back.f64x2[1] = -2.0;
        CHECK(back.slots[1] == 0xc000000000000000u);
    }
    return 0;
}
