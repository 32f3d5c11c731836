; VGA ports (IBM PS/2 Hardware Interface Technical Reference, "Video subsystem"), the BIOS data
; area's video fields, and the caller's registers.

ATC             equ     0x3C0           ; attribute controller: index and data in turn
ATC_READ        equ     0x3C1
MISC_WRITE      equ     0x3C2
VGA_ENABLE      equ     0x3C3
SEQ             equ     0x3C4           ; sequencer: index, data at +1
DAC_MASK        equ     0x3C6
DAC_READ        equ     0x3C7
DAC_WRITE       equ     0x3C8
DAC_DATA        equ     0x3C9
MISC_READ       equ     0x3CC
GC              equ     0x3CE           ; graphics controller: index, data at +1
ATC_SCREEN_ON   equ     0x20

EQUIPMENT       equ     0x10
MODE            equ     0x49
COLUMNS         equ     0x4A
PAGE_SIZE       equ     0x4C
PAGE_START      equ     0x4E
CURSOR          equ     0x50            ; 8 words: column, row
CURSOR_TYPE     equ     0x60            ; end line, start line
ACTIVE_PAGE     equ     0x62
CRTC_BASE       equ     0x63            ; 3B4h or 3D4h
CGA_MODE        equ     0x65
CGA_PALETTE     equ     0x66
ROWS            equ     0x84            ; less one
CHAR_HEIGHT     equ     0x85
VIDEO_CONTROL   equ     0x87            ; bit 0: no cursor emulation, bit 7: memory not cleared
SWITCHES        equ     0x88
VIDEO_FLAGS     equ     0x89            ; bit 3: keep the palette, bit 1: sum to gray
DISPLAY_CODE    equ     0x8A
SAVE_POINTER    equ     0xA8
VBE_MODE        equ     0xBA            ; the mode of the VESA extension, 0 in others

; The caller's registers as INT 10h saves them, relative to BP.
R_DI            equ     0
R_SI            equ     2
R_BP            equ     4
R_BL            equ     8
R_BX            equ     8
R_BH            equ     9
R_DL            equ     10
R_DX            equ     10
R_DH            equ     11
R_CL            equ     12
R_CX            equ     12
R_CH            equ     13
R_AL            equ     14
R_AX            equ     14
R_AH            equ     15
R_ES            equ     16

; Register %2 of the indexed pair at %1 = %3. AX and DX change.
%macro VGA_OUT 3
        mov     dx, %1
        mov     ax, %2 | ((%3) << 8)
        out     dx, ax
%endmacro
