; Vitrine VGA BIOS: an option ROM for a register-compatible IBM VGA, loaded at C0000.
; Licensed under the Apache License, version 2.0.

        cpu     386
        bits    16
        org     0

%ifndef VERSION
%error "VERSION must be defined by the build, e.g. -DVERSION='\"0.1.0\"'"
%endif

        section .text
rom:
        db      0x55, 0xAA
        db      ROM_SIZE / 512
        jmp     near init
        times   0x18 - ($ - rom) db 0
        dw      pci_data
        times   0x1E - ($ - rom) db 0
        db      "IBM VGA compatible", 0 ; programs look for IBM here
        db      "Vitrine VGA BIOS ", VERSION, 0
        align   4, db 0
; PCI Firmware specification, "PCI data structure".
pci_data:
        db      "PCIR"
        dw      0x1234, 0x1111          ; the standard VGA of QEMU's pc
        dw      0                       ; no vital product data
        dw      24                      ; length
        db      0                       ; revision
        db      0x00, 0x00, 0x03        ; class: VGA
        dw      ROM_SIZE / 512
        dw      1                       ; revision of the code
        db      0                       ; for the PC AT
        db      0x80                    ; the last image
        dw      0

%include "registers.asm"
%include "init.asm"
%include "dispatch.asm"
%include "modes.asm"
%include "setmode.asm"
%include "cursor.asm"
%include "cells.asm"
%include "scroll.asm"
%include "write.asm"
%include "pixel.asm"
%include "palette.asm"
%include "font.asm"
%include "info.asm"
%include "vbe.asm"
%include "vbescreen.asm"
%include "vbe32.asm"

font_8x16:
        incbin  FONT16
font_8x14:
        incbin  FONT14
font_8x8:
        incbin  FONT8

; The build sets the last byte so that all bytes sum to zero.
        times   ROM_SIZE - ($ - rom) db 0
