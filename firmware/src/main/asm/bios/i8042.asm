; The keyboard controller at power-on (Intel 8042; IBM PC AT Technical Reference,
; "Keyboard controller"). A chip that does not answer costs a bounded time and a
; line on the screen, never the machine.

        section .text

COMMAND_BYTE    equ     0x64            ; translate, system flag, mouse off, IRQ 1 still off
COMMAND_IRQ1    equ     0x65

; Waits until (status AND BL) = BH, at most CX timer ticks. CF when it did not come.
; The count of polls ends the wait even when the timer stands still.
i8042_wait:
        push    eax
        push    edx
        push    esi
        mov     edx, [BDA_TICKS]
        mov     esi, 0x400000
.poll:
        in      al, I8042_STATUS
        and     al, bl
        cmp     al, bh
        je      .met
        mov     eax, [BDA_TICKS]
        sub     eax, edx
        cmp     ax, cx
        ja      .late
        dec     esi
        jnz     .poll
.late:
        stc
        jmp     .done
.met:
        clc
.done:
        pop     esi
        pop     edx
        pop     eax
        ret

; AL to the controller's command port.
i8042_command:
        push    bx
        push    cx
        mov     bx, STATUS_IBF
        mov     cx, 2
        call    i8042_wait
        jc      .done
        out     I8042_COMMAND, al
        clc
.done:
        pop     cx
        pop     bx
        ret

; AL to the data port: a command's operand, or a byte for the keyboard.
i8042_write:
        push    bx
        push    cx
        mov     bx, STATUS_IBF
        mov     cx, 2
        call    i8042_wait
        jc      .done
        out     I8042_DATA, al
        clc
.done:
        pop     cx
        pop     bx
        ret

; AL = the next byte, waiting at most CX ticks. CF when none came.
i8042_read:
        push    bx
        mov     bx, STATUS_OBF | (STATUS_OBF << 8)
        call    i8042_wait
        jc      .done
        in      al, I8042_DATA
        clc
.done:
        pop     bx
        ret

init_keyboard:
        DEBUG   "keyboard"
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        in      al, I8042_STATUS
        cmp     al, 0xFF
        je      .no_controller          ; an empty bus
        ; Answers are polled for: neither the chip nor the 8259A may hand them to INT 09h.
        in      al, PIC1_DATA
        or      al, 0x02
        out     PIC1_DATA, al
        mov     ah, COMMAND_BYTE
        call    .set_command_byte
        mov     cx, 32
.flush:
        in      al, I8042_STATUS
        test    al, STATUS_OBF
        jz      .empty
        in      al, I8042_DATA
        loop    .flush
.empty:
        mov     al, 0xAA                ; self-test
        call    i8042_command
        jc      .no_controller
        mov     cx, 18
        call    i8042_read
        jc      .no_controller
        cmp     al, 0x55
        jne     .no_controller
        mov     ah, COMMAND_BYTE        ; the self-test may have set it anew
        call    .set_command_byte
        mov     al, 0xAE                ; open the keyboard's clock line
        call    i8042_command
        mov     al, 0xFF                ; reset the keyboard: FA, then AA after its own test
        call    i8042_write
        jc      .no_keyboard
        mov     cx, 4
        call    i8042_read
        jc      .no_keyboard
        cmp     al, 0xFA
        jne     .no_keyboard
        mov     cx, 18
        call    i8042_read
        jc      .no_keyboard
        cmp     al, 0xAA
        je      .enable
.no_keyboard:
        PRINT   "Keyboard does not answer", CR, LF
        DEBUG   "keyboard does not answer"
.enable:
        mov     ah, COMMAND_IRQ1        ; a keyboard plugged in later works as well
        call    .set_command_byte
        in      al, PIC1_DATA
        and     al, 0xFD
        out     PIC1_DATA, al
        ret
.no_controller:
        PRINT   "Keyboard controller does not answer", CR, LF
        DEBUG   "keyboard controller does not answer"
        ret
.set_command_byte:
        mov     al, 0x60
        call    i8042_command
        mov     al, ah
        call    i8042_write
        ret
