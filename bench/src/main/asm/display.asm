; A guest without firmware for the benchmarks of the display: it sets a linear mode of 32 bits a pixel, and does one
; of three things for ever. The benchmark puts it at F000:0000 of a ROM and fills in what it is to do.
ROM     equ 0xF0000
SCREEN  equ 0xE0000000
DEBUG   equ 0xE9
SCRATCH equ 0x5000
FILLS   equ 0x5010                      ; how many times `redraw` has filled the screen

        cpu 686
        org 0
        bits 16
        jmp near start
        align 4, db 0
width:  dd 0
height: dd 0
task:   dd 0                            ; 0 store, 1 compute, 2 redraw
pause_least: dd 0                       ; turns of a loop between two stores
pause_mask: dd 0                        ; of the random number that is added

%macro vbe 2                            ; register, value
        mov dx, 0x1CE
        mov ax, %1
        out dx, ax
        inc dx
        mov ax, %2
        out dx, ax
%endmacro

start:  cli
        vbe 1, [cs:width]
        vbe 2, [cs:height]
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
        mov es, eax
        mov ss, eax
        mov esp, 0x8000
        cld
        mov eax, [ROM + task]
        jmp [ROM + tasks + 4 * eax]

; Numbers, each told at the debug port and then stored as the first pixel, after random pauses.
store:  mov ebx, 12345
        xor edx, edx
.next:  imul ebx, ebx, 1664525
        add ebx, 1013904223
        mov ecx, ebx
        shr ecx, 8
        and ecx, [ROM + pause_mask]
        add ecx, [ROM + pause_least]
.pause: dec ecx
        jnz .pause
        inc edx
        mov al, dl
        out DEBUG, al
        mov [SCREEN], edx
        jmp .next

; The same work again and again, and now and then a line of the screen in another colour.
compute:
        xor eax, eax
        xor edx, edx
.next:  mov ecx, 50000
.work:  add eax, ecx
        xor ebx, eax
        rol ebx, 3
        mov [SCRATCH], ebx
        mov esi, [SCRATCH]
        add ebx, esi
        dec ecx
        jnz .work
        inc edx
        cmp edx, [ROM + height]
        jb .line
        xor edx, edx
.line:  mov edi, edx
        imul edi, [ROM + width]
        lea edi, [SCREEN + 4 * edi]
        mov ecx, [ROM + width]
        rep stosd
        jmp .next

; The whole screen in one colour after the other.
redraw: xor eax, eax
.next:  mov edi, SCREEN
        mov ecx, [ROM + width]
        imul ecx, [ROM + height]
        rep stosd
        add eax, 0x010305
        inc dword [FILLS]
        jmp .next

tasks:  dd ROM + store, ROM + compute, ROM + redraw

        align 8, db 0
gdt:    dq 0
        dq 0x00CF9B000000FFFF           ; code, then data, both flat
        dq 0x00CF93000000FFFF
gdtr:   dw gdtr - gdt - 1
        dd ROM + gdt
