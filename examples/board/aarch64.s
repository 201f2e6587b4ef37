// What lies beneath both example firmwares on QEMU's `virt` machine with an AArch64 processor: from reset to `board_main`,
// exceptions, the timer, and the way out by semihosting. The firmware provides
//     int board_main(void)                                    all of it; the result is the exit code
//     void board_tick(void)                                   called from the timer's interrupt
//     void board_fault(cause, address of code, address)       an exception that nobody expects; does not return
// and linker symbols that `sections.ld` defines. Everything here lies in flash and uses no variable.

    .file "aarch64.s"
    .cfi_sections .debug_frame

    .section .start, "ax"
    .globl _start
    .type _start, %function
_start:
    .cfi_startproc
    .cfi_undefined x30                  // nobody called: a backtrace ends here
    mov x0, #(3 << 20)                  // floating point does not trap
    msr cpacr_el1, x0
    adrp x0, board_vectors
    add x0, x0, :lo12:board_vectors
    msr vbar_el1, x0
    adrp x0, stack_top
    add x0, x0, :lo12:stack_top
    mov sp, x0

    // Without translation all memory is device memory, where an access that is not aligned is an exception; wasm allows it.
    ldr x0, =0x04ff                     // 0: memory, cached; 1: devices
    msr mair_el1, x0
    ldr x0, =0x803520                   // 32 bits of addresses by the lower table, walked through the caches, 4 KiB granules
    msr tcr_el1, x0
    adrp x0, level_1
    add x0, x0, :lo12:level_1
    msr ttbr0_el1, x0
    tlbi vmalle1
    dsb sy
    isb
    mrs x0, sctlr_el1
    ldr x1, =0x81005                    // translation, caches; what can be written is never executed
    orr x0, x0, x1
    msr sctlr_el1, x0
    isb

    // Initialised data come from flash; all other RAM that has a name begins as zero. Both in pieces of 16 bytes.
    adrp x0, data_start
    add x0, x0, :lo12:data_start
    adrp x1, data_end
    add x1, x1, :lo12:data_end
    adrp x2, data_load
    add x2, x2, :lo12:data_load
0:  cmp x0, x1
    b.hs 1f
    ldp x3, x4, [x2], #16
    stp x3, x4, [x0], #16
    b 0b
1:  adrp x0, zero_start
    add x0, x0, :lo12:zero_start
    adrp x1, zero_end
    add x1, x1, :lo12:zero_end
2:  cmp x0, x1
    b.hs 3f
    stp xzr, xzr, [x0], #16
    b 2b
3:  adrp x0, fast_start
    add x0, x0, :lo12:fast_start
    adrp x1, fast_end
    add x1, x1, :lo12:fast_end
4:  cmp x0, x1
    b.hs 5f
    stp xzr, xzr, [x0], #16
    b 4b
5:  mov x29, xzr
    bl board_main
    bl board_exit
    b .
    .cfi_endproc
    .size _start, . - _start
    .ltorg

// void board_exit(int code): semihosting's SYS_EXIT_EXTENDED with the reason "application exit".
    .section .text.board_exit, "ax"
    .globl board_exit
    .type board_exit, %function
board_exit:
    .cfi_startproc
    mov w2, w0
    ldr x1, =0x20026
    stp x1, x2, [sp, #-16]!
    .cfi_def_cfa_offset 16
    mov w0, #0x20
    mov x1, sp
    hlt #0xf000
    b .
    .cfi_endproc
    .size board_exit, . - board_exit
    .ltorg

// uintptr_t board_semihost(uintptr_t operation, const void *argument)
    .section .text.board_semihost, "ax"
    .globl board_semihost
    .type board_semihost, %function
board_semihost:
    .cfi_startproc
    hlt #0xf000
    ret
    .cfi_endproc
    .size board_semihost, . - board_semihost

// void board_timer_start(uint64_t microseconds): from now on `board_tick` is called at the end of each such period. The period
// is kept in a register that nothing else uses.
    .section .text.board_timer, "ax"
    .globl board_timer_start
    .type board_timer_start, %function
board_timer_start:
    .cfi_startproc
    mrs x1, cntfrq_el0
    mul x0, x0, x1
    ldr x1, =1000000
    udiv x0, x0, x1
    msr tpidr_el1, x0
    msr cntv_tval_el0, x0
    mov x1, #1
    msr cntv_ctl_el0, x1
    mov x0, #0x08000000                 // the distributor: on, and the virtual timer's interrupt, number 27
    str w1, [x0]
    mov w2, #(1 << 27)
    str w2, [x0, #0x100]
    mov x0, #0x08010000                 // the processor's interface: on, for every priority
    mov w2, #0xff
    str w2, [x0, #4]
    str w1, [x0]
    dsb sy
    msr daifclr, #2
    ret
    .cfi_endproc
    .size board_timer_start, . - board_timer_start
    .ltorg

// void board_timer_stop(void)
    .globl board_timer_stop
    .type board_timer_stop, %function
board_timer_stop:
    .cfi_startproc
    msr daifset, #2
    msr cntv_ctl_el0, xzr
    isb
    ret
    .cfi_endproc
    .size board_timer_stop, . - board_timer_stop

// Interrupts come on the stack of whoever runs: 704 bytes here, which a guest's headroom covers. What a callee may change is saved.
    .section .text.board_interrupt, "ax"
    .type board_interrupt, %function
board_interrupt:
    .cfi_startproc
    .cfi_undefined x30                  // where the interrupt came from is not told
    sub sp, sp, #704
    .cfi_def_cfa_offset 704
    stp x0, x1, [sp]
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x30, [sp, #144]
    mrs x0, fpsr
    mrs x1, fpcr
    stp x0, x1, [sp, #160]
    stp q0, q1, [sp, #192]
    stp q2, q3, [sp, #224]
    stp q4, q5, [sp, #256]
    stp q6, q7, [sp, #288]
    stp q8, q9, [sp, #320]
    stp q10, q11, [sp, #352]
    stp q12, q13, [sp, #384]
    stp q14, q15, [sp, #416]
    stp q16, q17, [sp, #448]
    stp q18, q19, [sp, #480]
    stp q20, q21, [sp, #512]
    stp q22, q23, [sp, #544]
    stp q24, q25, [sp, #576]
    stp q26, q27, [sp, #608]
    stp q28, q29, [sp, #640]
    stp q30, q31, [sp, #672]
    mov x0, #0x08010000
    ldr w1, [x0, #0xc]                  // which interrupt: taken
    str x1, [sp, #176]
    mrs x0, tpidr_el1
    msr cntv_tval_el0, x0
    bl board_tick
    mov x0, #0x08010000
    ldr x1, [sp, #176]
    str w1, [x0, #0x10]                 // done
    ldp x0, x1, [sp, #160]
    msr fpsr, x0
    msr fpcr, x1
    ldp q0, q1, [sp, #192]
    ldp q2, q3, [sp, #224]
    ldp q4, q5, [sp, #256]
    ldp q6, q7, [sp, #288]
    ldp q8, q9, [sp, #320]
    ldp q10, q11, [sp, #352]
    ldp q12, q13, [sp, #384]
    ldp q14, q15, [sp, #416]
    ldp q16, q17, [sp, #448]
    ldp q18, q19, [sp, #480]
    ldp q20, q21, [sp, #512]
    ldp q22, q23, [sp, #544]
    ldp q24, q25, [sp, #576]
    ldp q26, q27, [sp, #608]
    ldp q28, q29, [sp, #640]
    ldp q30, q31, [sp, #672]
    ldp x0, x1, [sp]
    ldp x2, x3, [sp, #16]
    ldp x4, x5, [sp, #32]
    ldp x6, x7, [sp, #48]
    ldp x8, x9, [sp, #64]
    ldp x10, x11, [sp, #80]
    ldp x12, x13, [sp, #96]
    ldp x14, x15, [sp, #112]
    ldp x16, x17, [sp, #128]
    ldp x18, x30, [sp, #144]
    add sp, sp, #704
    .cfi_def_cfa_offset 0
    eret
    .cfi_endproc
    .size board_interrupt, . - board_interrupt

    .section .text.board_exception, "ax"
    .type board_exception, %function
board_exception:
    .cfi_startproc
    .cfi_undefined x30
    mrs x0, esr_el1
    mrs x1, elr_el1
    mrs x2, far_el1
    bl board_fault
    b .
    .cfi_endproc
    .size board_exception, . - board_exception

// Sixteen entries of 128 bytes. Of those for this exception level with its own stack, the second is for interrupts.
    .section .text.board_vectors, "ax"
    .balign 2048
    .globl board_vectors
board_vectors:
    .rept 5
    b board_exception
    .balign 128
    .endr
    b board_interrupt
    .balign 128
    .rept 10
    b board_exception
    .balign 128
    .endr

// Translation leaves every address as it is; it says what may be done where. Constants: the processor finds the flags for first
// access set, and never writes here.
    .section .rodata.board_tables, "a"
    .balign 4096
level_2:                                // the first GiB in blocks of 2 MiB
    .set block, 0
    .rept 32                            // the first bank of flash: read and executed
    .quad 0x0040000000000781 + block
    .set block, block + 0x200000
    .endr
    .rept 32                            // the second: read
    .quad 0x0060000000000781 + block
    .set block, block + 0x200000
    .endr
    .rept 16                            // devices
    .quad 0x0060000000000405 + block
    .set block, block + 0x200000
    .endr
    .fill 512 - 80, 8, 0
level_1:                                // four GiB
    .quad level_2 + 3
    .quad 0x0060000040000701            // RAM: read and written
    .quad 0, 0
