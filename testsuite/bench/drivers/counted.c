// The driver under the instruction counter: a static Linux program without a C library, on its own entry point.
// `counted N` calls the program once between two marks, writes the checksum as eight hexadecimal digits and a
// line feed to standard output, and ends with status 0; any other status is the code of a trap.
//
// Marks are instructions that do nothing on any processor and that the counter knows (testsuite/icount).
#ifdef GUEST_DSP
#include "dsp.h"
#else
#include "guest.h"
#endif

#if defined(__aarch64__)

#define MARK_START() __asm__ volatile("hint #0x60" ::: "memory")
#define MARK_END() __asm__ volatile("hint #0x61" ::: "memory")

__asm__(".globl _start\n_start:\n  mov x0, sp\n  mov x29, xzr\n  bl start\n");

static long system_call(long number, long a, long b, long c) {
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}

#elif defined(__riscv)

#define MARK_START() __asm__ volatile("slti x0, x0, 0x100" ::: "memory")
#define MARK_END() __asm__ volatile("slti x0, x0, 0x101" ::: "memory")

__asm__(".globl _start\n_start:\n"
        "  .option push\n  .option norelax\n  lla gp, __global_pointer$\n  .option pop\n"
        "  mv a0, sp\n  call start\n");

static long system_call(long number, long a, long b, long c) {
    register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
    return a0;
}

#elif defined(__x86_64__)

#define MARK_START() __asm__ volatile(".byte 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x60" ::: "memory")
#define MARK_END() __asm__ volatile(".byte 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x61" ::: "memory")

__asm__(".globl _start\n_start:\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call start\n");

static long system_call(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}

#else
#error "no start-up code for this architecture"
#endif

#if defined(__x86_64__)
enum { WRITE = 1, EXIT_GROUP = 231 };
#else
enum { WRITE = 64, EXIT_GROUP = 94 };
#endif

static _Noreturn void leave(uint32_t status) {
    for (;;) {
        system_call(EXIT_GROUP, (long)status, 0, 0);
    }
}

// `words` is the stack as the kernel leaves it: the number of arguments, then pointers to them.
__attribute__((used)) _Noreturn void start(uintptr_t *words) {
    const char *digits = words[0] > 1 ? (const char *)words[2] : "";
    uint32_t n = 0, checksum = 0;
    while (*digits >= '0' && *digits <= '9') {
        n = n * 10 + (uint32_t)(*digits++ - '0');
    }
    uint32_t failure = guest_prepare();
    if (failure) {
        leave(failure);
    }
    MARK_START();
    failure = guest_run(n, &checksum);
    MARK_END();
    if (failure) {
        leave(failure);
    }
    char line[9];
    for (int i = 0; i < 8; i++) {
        line[i] = "0123456789abcdef"[(checksum >> (28 - 4 * i)) & 15];
    }
    line[8] = '\n';
    system_call(WRITE, 1, (long)line, sizeof line);
    leave(0);
}
