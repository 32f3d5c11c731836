; A boot sector: reads the diskette's last sector by INT 13h, prints the text in it to COM1, writes it to
; the second sector, and ends the emulator with status 33, or 35 when the firmware reports an error.
; The words at 508 and 506 are CX and DX of the last sector. FloppyBootTest has the assembled bytes.
bits 16
org 0x7c00
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        mov ax, 0x0201
        mov bx, 0x8000
        mov cx, [0x7c00 + 508]
        mov dx, [0x7c00 + 506]
        int 0x13
        jc fail
        mov si, 0x8000
next:   lodsb
        test al, al
        jz write
        mov dx, 0x3f8
        out dx, al
        jmp next
write:  mov ax, 0x0301
        mov bx, 0x8000
        mov cx, 2
        xor dx, dx
        int 0x13
        jc fail
        mov al, 0x10
        out 0xf4, al
fail:   mov al, 0x11
        out 0xf4, al
stop:   hlt
        jmp stop
