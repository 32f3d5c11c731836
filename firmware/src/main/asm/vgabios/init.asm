; Entry from POST.

init:
        pusha
        push    ds
        push    es
        cld
        mov     dx, VGA_ENABLE
        mov     al, 1
        out     dx, al
        xor     ax, ax
        mov     ds, ax
        mov     word [0x10 * 4], int_10
        mov     [0x10 * 4 + 2], cs
        mov     word [0x1D * 4], crtc_6845
        mov     [0x1D * 4 + 2], cs
        mov     word [0x1F * 4], font_8x8 + 128 * 8
        mov     [0x1F * 4 + 2], cs
        mov     word [0x43 * 4], font_8x16
        mov     [0x43 * 4 + 2], cs
        mov     ax, 0x40
        mov     ds, ax
        and     byte [EQUIPMENT], 0xCF
        or      byte [EQUIPMENT], 0x20
        mov     byte [VIDEO_CONTROL], 0x60      ; 256 KiB, colour display
        mov     byte [SWITCHES], 0xF9
        mov     byte [VIDEO_FLAGS], 0x11        ; 400 lines, VGA active
        mov     byte [DISPLAY_CODE], 0x08
        mov     word [SAVE_POINTER], save_pointers
        mov     [SAVE_POINTER + 2], cs
        pop     es
        pop     ds
        popa
        retf

; What INT 1Dh points to: 6845 values for 40 and 80 columns, graphics and monochrome.
crtc_6845:
        db      0x38, 0x28, 0x2D, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0
        db      0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0
        db      0x38, 0x28, 0x2D, 0x0A, 0x7F, 0x06, 0x64, 0x70, 0x02, 0x01, 0x06, 0x07, 0, 0, 0, 0
        db      0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C, 0, 0, 0, 0

; No tables to override ours.
save_pointers:
        times   7 dd 0
