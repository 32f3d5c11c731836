; A guest without firmware that sees its own pauses: it counts, reads the time stamp counter at each count, and keeps the
; longest time from one reading to the next; a reset begins anew. Now and then it draws, in a mode of 32 bits a pixel.
ROM     equ 0xF0000
SCREEN  equ 0xE0000000
COUNT   equ 0x5000
LONGEST equ 0x5004                      ; ticks

        cpu 686
        org 0
        bits 16

%macro vbe 2                            ; register, value
        mov dx, 0x1CE
        mov ax, %1
        out dx, ax
        inc dx
        mov ax, %2
        out dx, ax
%endmacro

        cli
        vbe 1, 320
        vbe 2, 200
        vbe 3, 32
        vbe 4, 0x41
        mov dx, 0x3C0                   ; the attribute controller lets pixels through
        mov al, 0x20
        out dx, al
        o32 lgdt [cs:gdtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp dword 8:ROM + flat

        bits 32
flat:   mov eax, 16
        mov ds, eax
        mov dword [COUNT], 0
        rdtsc
        mov dword [LONGEST], 0
        mov ebx, eax
.next:  inc dword [COUNT]
        rdtsc
        mov ecx, eax
        sub eax, ebx
        mov ebx, ecx
        cmp eax, [LONGEST]
        jbe .draw
        mov [LONGEST], eax
.draw:  mov eax, [COUNT]
        test eax, 0x3FFF
        jnz .next
        mov [SCREEN], eax
        jmp .next

        align 8, db 0
gdt:    dq 0
        dq 0x00CF9B000000FFFF           ; code, then data, both flat
        dq 0x00CF93000000FFFF
gdtr:   dw gdtr - gdt - 1
        dd ROM + gdt
