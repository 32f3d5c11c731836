; As a file without a format, whose header has the addresses; it asks for a picture of 640x480 with 32 bits.
bits 32
org 0x200000
FLAGS equ 0x10007                       ; addresses, video, the size of memory, modules on pages
BSS_DWORDS equ 1024

file:
        times 64 db 0x90                ; what is loaded begins behind this
load:
        times 32 db 0
header:
        dd MAGIC, FLAGS, -(MAGIC + FLAGS)
        dd header, load, end, bss + BSS_DWORDS * 4 + 1024, entry
        dd 0, 640, 480, 32

%include "report.inc"
        align 4
end:
bss equ end
stack_end equ bss + BSS_DWORDS * 4 + 1024
        db "what is behind is not loaded"
