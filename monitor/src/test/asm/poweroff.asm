; The only program of a Linux system that is started to be switched off: it says
; that it runs, and switches the power off.
; An ELF file of one segment, written out by hand so that NASM alone can make it.

        bits    32
        org     0x08048000

SYS_WRITE       equ     4
SYS_REBOOT      equ     88
SYS_SYNC        equ     36
MAGIC1          equ     0xFEE1DEAD
MAGIC2          equ     672274793
POWER_OFF       equ     0x4321FEDC

header:
        db      0x7F, "ELF", 1, 1, 1, 0
        times 8 db 0
        dw      2, 3                    ; executable, i386
        dd      1, start, program - header, 0, 0
        dw      program - header, program_size, 1, 0, 0, 0
program:
        dd      1, 0, header, header, file_size, file_size, 5, 0x1000
program_size    equ     $ - program

start:
        mov     eax, SYS_WRITE
        mov     ebx, 1
        mov     ecx, text
        mov     edx, text_size
        int     0x80
        mov     eax, SYS_SYNC
        int     0x80
        mov     eax, SYS_REBOOT
        mov     ebx, MAGIC1
        mov     ecx, MAGIC2
        mov     edx, POWER_OFF
        int     0x80
.wait:
        jmp     .wait

text:   db      "init runs, and switches off", 10
text_size       equ     $ - text
file_size       equ     $ - header
