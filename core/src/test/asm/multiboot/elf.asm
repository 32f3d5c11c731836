; As an ELF file of 32 bits, as kernels of the higher half are: linked for C0100000h, loaded at 1 MiB. Its second
; segment lies below 1 MiB, and has a piece that only memory has.
bits 32
org 0x100000

HIGH_HALF equ 0xC0000000
LOW equ 0x20000
BSS_DWORDS equ 1024

file:
        db 0x7f, "ELF", 1, 1, 1, 0
        dq 0
        dw 2, 3                         ; executable, 80386
        dd 1
        dd entry + HIGH_HALF
        dd headers - file
        dd 0, 0
        dw 52, 32, 2, 40, 0, 0
headers:
        dd 1, 0, file + HIGH_HALF, file, length, length, 5, 4096
        dd 1, low - file, LOW + HIGH_HALF, LOW, low_length, low_length + BSS_DWORDS * 4 + 1024, 6, 4096

        align 4
        dd MAGIC, 0x3, -(MAGIC + 0x3)   ; modules on pages, the size of memory

%include "report.inc"
length equ $ - file

low:
        db "low!"
low_length equ $ - low
bss equ LOW + low_length
stack_end equ bss + BSS_DWORDS * 4 + 1024
