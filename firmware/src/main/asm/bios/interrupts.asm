; The interrupt vectors and the handlers of those nobody else serves.

        section .text

        section .rodata
vectors_00:
        dw      int_fault_divide, bare_iret, bare_iret, bare_iret       ; 00
        dw      bare_iret, bare_iret, int_fault_opcode, bare_iret       ; 04
        dw      int_08, int_09, irq_unexpected_low, irq_unexpected_low  ; 08
        dw      irq_unexpected_low, irq_unexpected_low                  ; 0C
        dw      irq_unexpected_low, irq_unexpected_low                  ; 0E
        dw      bare_iret, int_11, int_12, int_13                       ; 10
        dw      int_14, int_15, int_16, int_17                          ; 14
        dw      int_18, int_19, int_1a, bare_iret                       ; 18
        dw      bare_iret, bare_iret, bare_iret, bare_iret              ; 1C
vectors_70:
        dw      int_70, irq_9, irq_unexpected_high, irq_unexpected_high ; 70
        dw      irq_unexpected_high, irq_13                             ; 74
        dw      irq_unexpected_high, irq_unexpected_high                ; 76
        section .text

init_vectors:
        xor     ax, ax
        mov     es, ax
        xor     di, di
        mov     cx, 256
.all:
        mov     ax, bare_iret
        stosw
        mov     ax, cs
        stosw
        loop    .all
        mov     si, vectors_00
        xor     di, di
        mov     cx, 32
        call    .table
        mov     si, vectors_70
        mov     di, 0x70 * 4
        mov     cx, 8
        call    .table
        ; 60h to 66h belong to programs, which find them free by their zeros;
        ; 1Dh to 1Fh are pointers to tables, not handlers.
        xor     ax, ax
        mov     di, 0x60 * 4
        mov     cx, 14
        rep stosw
        mov     di, 0x1D * 4
        mov     cx, 6
        rep stosw
        ret
.table:
        cs lodsw
        stosw
        add     di, 2
        loop    .table
        ret

; A fault at the CPU's own vectors returns to the instruction that caused it, so
; that a bare IRET would never end: say where, and stop.
int_fault_divide:
        mov     al, 0x00
        jmp     fault
int_fault_opcode:
        mov     al, 0x06
fault:
        sti
        cld
        mov     bp, sp
        push    ax
        DEBUG   "unhandled CPU exception"
        PRINT   CR, LF, "CPU exception "
        pop     ax
        call    print_bcd
        PRINT   " at "
        movzx   eax, word [bp + 2]
        mov     cx, 4
        call    print_hex
        mov     al, ':'
        call    print_char
        movzx   eax, word [bp]
        call    print_hex
        PRINT   ". System halted.", CR, LF
.halt:
        hlt
        jmp     .halt

; An interrupt request nobody asked for is acknowledged and its line masked, as the
; AT's BIOS does, so that a level that stays up does not starve the machine.
irq_unexpected_low:
        push    ax
        push    bx
        mov     al, PIC_READ_ISR
        out     PIC1_COMMAND, al
        in      al, PIC1_COMMAND
        test    al, al
        jz      .done                   ; spurious: nothing in service, no EOI
        and     al, 0xFB                ; the cascade stays open
        mov     bl, al
        in      al, PIC1_DATA
        or      al, bl
        out     PIC1_DATA, al
        mov     al, PIC_EOI
        out     PIC1_COMMAND, al
.done:
        pop     bx
        pop     ax
        iret

irq_unexpected_high:
        push    ax
        push    bx
        mov     al, PIC_READ_ISR
        out     PIC2_COMMAND, al
        in      al, PIC2_COMMAND
        mov     bl, al
        test    al, al
        jz      .master                 ; spurious: the master still saw the cascade
        in      al, PIC2_DATA
        or      al, bl
        out     PIC2_DATA, al
        mov     al, PIC_EOI
        out     PIC2_COMMAND, al
.master:
        mov     al, PIC_EOI
        out     PIC1_COMMAND, al
        pop     bx
        pop     ax
        iret

; IRQ 9 is where IRQ 2 of the PC went; its handlers still sit at INT 0Ah.
irq_9:
        push    ax
        mov     al, PIC_EOI
        out     PIC2_COMMAND, al
        pop     ax
        int     0x0A
        iret

; The coprocessor's error: F0h clears its latch, and the PC's handler is the NMI's.
irq_13:
        push    ax
        xor     al, al
        out     0xF0, al
        mov     al, PIC_EOI
        out     PIC2_COMMAND, al
        out     PIC1_COMMAND, al
        pop     ax
        int     0x02
        iret

; Ends of services: IRET with the caller's carry flag set or clear.
iret_error:
        push    bp
        mov     bp, sp
        or      byte [bp + 6], 0x01
        pop     bp
        iret
iret_ok:
        push    bp
        mov     bp, sp
        and     byte [bp + 6], 0xFE
        pop     bp
        iret
