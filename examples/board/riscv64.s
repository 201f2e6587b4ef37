# What lies beneath both example firmwares on QEMU's `virt` machine with a RISC-V processor: from reset to `board_main`, exceptions,
# the timer, and the way out by semihosting. The firmware provides
#     int board_main(void)                                    all of it; the result is the exit code
#     void board_tick(void)                                   called from the timer's interrupt
#     void board_fault(cause, address of code, address)       an exception that nobody expects; does not return
# and linker symbols that `sections.ld` defines. Everything here lies in flash and uses no variable. All runs in machine mode.

    .file "riscv64.s"
    .cfi_sections .debug_frame
    .option arch, +f, +d, +c, +zicsr
    .option norelax

    .section .start, "ax"
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined ra                   # nobody called: a backtrace ends here
    csrr t0, mhartid                    # one processor is enough
    bnez t0, 6f
    la gp, __global_pointer$
    la sp, stack_top
    la t0, board_trap
    csrw mtvec, t0
    li t0, 0x2000                       # floating point is on
    csrs mstatus, t0
    fscsr zero

    # Initialised data come from flash; all other RAM that has a name begins as zero. Both in pieces of 16 bytes.
    la t0, data_start
    la t1, data_end
    la t2, data_load
0:  bgeu t0, t1, 1f
    ld t3, 0(t2)
    ld t4, 8(t2)
    sd t3, 0(t0)
    sd t4, 8(t0)
    addi t2, t2, 16
    addi t0, t0, 16
    j 0b
1:  la t0, zero_start
    la t1, zero_end
2:  bgeu t0, t1, 3f
    sd zero, 0(t0)
    sd zero, 8(t0)
    addi t0, t0, 16
    j 2b
3:  la t0, fast_start
    la t1, fast_end
4:  bgeu t0, t1, 5f
    sd zero, 0(t0)
    sd zero, 8(t0)
    addi t0, t0, 16
    j 4b
5:  li s0, 0
    call board_main
    call board_exit
6:  wfi
    j 6b
    .cfi_endproc
    .size _start, . - _start

# void board_exit(int code): semihosting's SYS_EXIT_EXTENDED with the reason "application exit".
    .section .text.board_exit, "ax"
    .globl board_exit
    .type board_exit, @function
board_exit:
    .cfi_startproc
    addi sp, sp, -16
    .cfi_def_cfa_offset 16
    sd a0, 8(sp)
    li t0, 0x20026
    sd t0, 0(sp)
    li a0, 0x20
    mv a1, sp
    call board_semihost
    j .
    .cfi_endproc
    .size board_exit, . - board_exit

# uintptr_t board_semihost(uintptr_t operation, const void *argument): three instructions that a debugger knows, none compressed,
# all in one page.
    .section .text.board_semihost, "ax"
    .globl board_semihost
    .type board_semihost, @function
    .balign 16
board_semihost:
    .cfi_startproc
    .option push
    .option norvc
    slli zero, zero, 0x1f
    ebreak
    srai zero, zero, 7
    .option pop
    ret
    .cfi_endproc
    .size board_semihost, . - board_semihost

# void board_timer_start(uint64_t microseconds): from now on `board_tick` is called at the end of each such period. The timer
# counts ten in a microsecond. The period is kept in a register that nothing else uses.
    .section .text.board_timer, "ax"
    .globl board_timer_start
    .type board_timer_start, @function
board_timer_start:
    .cfi_startproc
    li t0, 10
    mul a0, a0, t0
    csrw mscratch, a0
    li t0, 0x0200bff8                   # the time
    ld t1, 0(t0)
    add t1, t1, a0
    li t0, 0x02004000                   # when to interrupt
    sd t1, 0(t0)
    li t0, 0x80
    csrs mie, t0
    csrsi mstatus, 8
    ret
    .cfi_endproc
    .size board_timer_start, . - board_timer_start

# void board_timer_stop(void)
    .globl board_timer_stop
    .type board_timer_stop, @function
board_timer_stop:
    .cfi_startproc
    csrci mstatus, 8
    li t0, 0x80
    csrc mie, t0
    ret
    .cfi_endproc
    .size board_timer_stop, . - board_timer_stop

# Interrupts come on the stack of whoever runs: 304 bytes here, which a guest's headroom covers. What a callee may change is saved.
    .section .text.board_trap, "ax"
    .type board_trap, @function
    .balign 4
board_trap:
    .cfi_startproc
    .cfi_undefined ra                   # where the interrupt came from is not told
    addi sp, sp, -304
    .cfi_def_cfa_offset 304
    sd ra, 0(sp)
    sd t0, 8(sp)
    sd t1, 16(sp)
    sd t2, 24(sp)
    sd t3, 32(sp)
    sd t4, 40(sp)
    sd t5, 48(sp)
    sd t6, 56(sp)
    sd a0, 64(sp)
    sd a1, 72(sp)
    sd a2, 80(sp)
    sd a3, 88(sp)
    sd a4, 96(sp)
    sd a5, 104(sp)
    sd a6, 112(sp)
    sd a7, 120(sp)
    csrr a0, mcause
    bgez a0, 1f
    frcsr t0
    sd t0, 128(sp)
    fsd ft0, 136(sp)
    fsd ft1, 144(sp)
    fsd ft2, 152(sp)
    fsd ft3, 160(sp)
    fsd ft4, 168(sp)
    fsd ft5, 176(sp)
    fsd ft6, 184(sp)
    fsd ft7, 192(sp)
    fsd ft8, 200(sp)
    fsd ft9, 208(sp)
    fsd ft10, 216(sp)
    fsd ft11, 224(sp)
    fsd fa0, 232(sp)
    fsd fa1, 240(sp)
    fsd fa2, 248(sp)
    fsd fa3, 256(sp)
    fsd fa4, 264(sp)
    fsd fa5, 272(sp)
    fsd fa6, 280(sp)
    fsd fa7, 288(sp)
    li t0, 0x0200bff8
    ld t1, 0(t0)
    csrr t2, mscratch
    add t1, t1, t2
    li t0, 0x02004000
    sd t1, 0(t0)
    call board_tick
    fld ft0, 136(sp)
    fld ft1, 144(sp)
    fld ft2, 152(sp)
    fld ft3, 160(sp)
    fld ft4, 168(sp)
    fld ft5, 176(sp)
    fld ft6, 184(sp)
    fld ft7, 192(sp)
    fld ft8, 200(sp)
    fld ft9, 208(sp)
    fld ft10, 216(sp)
    fld ft11, 224(sp)
    fld fa0, 232(sp)
    fld fa1, 240(sp)
    fld fa2, 248(sp)
    fld fa3, 256(sp)
    fld fa4, 264(sp)
    fld fa5, 272(sp)
    fld fa6, 280(sp)
    fld fa7, 288(sp)
    ld t0, 128(sp)
    fscsr t0
    ld ra, 0(sp)
    ld t0, 8(sp)
    ld t1, 16(sp)
    ld t2, 24(sp)
    ld t3, 32(sp)
    ld t4, 40(sp)
    ld t5, 48(sp)
    ld t6, 56(sp)
    ld a0, 64(sp)
    ld a1, 72(sp)
    ld a2, 80(sp)
    ld a3, 88(sp)
    ld a4, 96(sp)
    ld a5, 104(sp)
    ld a6, 112(sp)
    ld a7, 120(sp)
    addi sp, sp, 304
    mret
1:  csrr a1, mepc
    csrr a2, mtval
    call board_fault
    j .
    .cfi_endproc
    .size board_trap, . - board_trap
