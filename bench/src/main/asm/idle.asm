; A guest that has nothing to do but the timer's ticks: it counts them, and halts between them. A system BIOS without
; its reset vector: starts at F000:0000 in real mode. The word at 2 is the PIT's count, 0 for 65536.

        org 0
        bits 16
start:  jmp short begin
count:  dw 0
begin:  cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7000
        mov word [0x08 * 4], tick
        mov word [0x08 * 4 + 2], 0xF000
        mov al, 0x34
        out 0x43, al
        mov al, 0x11
        out 0x20, al
        mov al, 0x08
        out 0x21, al
        mov al, 0x04
        out 0x21, al
        mov al, 0x01
        out 0x21, al
        mov al, 0xFE
        out 0x21, al
        mov al, [cs:count]
        out 0x40, al
        mov al, [cs:count + 1]
        out 0x40, al
        sti
.idle:  hlt
        jmp .idle

tick:   push ax
        inc dword [0x600]
        mov al, 0x20
        out 0x20, al
        pop ax
        iret
