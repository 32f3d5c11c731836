; Vitrine system BIOS: 64 KiB, ending at 1 MiB and, in machines with a high
; copy of the ROM, at 4 GiB. Everything runs in 16-bit mode from segment F000h.
; Licensed under the Apache License, version 2.0.

        cpu     386
        bits    16

%ifndef VERSION
%error "VERSION must be defined by the build, e.g. -DVERSION='\"0.1.0\"'"
%endif

; Old programs and some diagnostics jump to fixed addresses of the original
; BIOS, which are listed in the IBM PC AT Technical Reference: the entry to
; POST (E05B), the 8x8 glyphs of ASCII (FA6E), a bare IRET (FF53), the reset
; vector (FFF0), the date (FFF5) and the model byte (FFFE).
        section .text   start=0
        section .rodata follows=.text align=1
        section .entry  start=0xE05B
        section .font8  start=0xFA6E
        section .iret   start=0xFF53
        section .reset  start=0xFFF0

        section .text
        db      "Vitrine BIOS ", VERSION, 0

%include "hardware.asm"
%include "bda.asm"
%include "console.asm"
%include "post.asm"
%include "pci.asm"
%include "apic.asm"
%include "acpi.asm"
%include "optionrom.asm"
%include "memory.asm"
%include "interrupts.asm"
%include "i8042.asm"
%include "keyboard.asm"
%include "keycodes.asm"
%include "cmos.asm"
%include "time.asm"
%include "system.asm"
%include "blockmove.asm"
%include "devices.asm"
%include "shell.asm"
%include "commands.asm"
%include "picture.asm"

        section .entry
        jmp     post

        section .font8
; The first 128 glyphs only, as in the original: 1 KiB fits before FE6E.
glyphs_8x8:
        incbin  FONT8, 0, 1024

        section .iret
bare_iret:
        iret

        section .reset
        jmp     0xF000:0xE05B
        db      "11/22/26"
        db      0
        db      0xFC                    ; model: PC AT
        db      0
