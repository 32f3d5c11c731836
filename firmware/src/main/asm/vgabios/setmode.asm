; AH=00h: set mode AL; bit 7 keeps the memory's contents. AH=0Fh: which mode.

set_mode:
        mov     bl, al
        and     al, 0x7F
        call    find_mode
        jc      .unknown
        call    vbe_off
        mov     [MODE], al
        and     byte [VIDEO_CONTROL], 0x7F
        and     bl, 0x80
        or      [VIDEO_CONTROL], bl
        mov     di, [cs:si + M_PARAMS]
        call    text_lines
        call    set_mode_data
        call    set_mode_registers
        test    byte [VIDEO_FLAGS], 0x08
        jnz     .palette_kept
        mov     al, [cs:si + M_PALETTE]
        cmp     byte [cs:di + P_ATC + 9], 0x11  ; 200 lines have the CGA's colors
        jne     .own_palette
        mov     al, PALETTE_200
.own_palette:
        call    load_default_palette
.palette_kept:
        test    byte [VIDEO_CONTROL], 0x80
        jnz     .memory_kept
        call    clear_memory
.memory_kept:
        mov     ax, [cs:si + M_FONT]
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .graphics
        mov     bh, [CHAR_HEIGHT]
        call    load_rom_font
.graphics:
        call    set_font_vector
        call    screen_on
.unknown:
        ret

; In text modes of color, DI = the parameters for the lines that AH=12h, BL=30h asked for.
text_lines:
        cmp     byte [cs:si], 3
        ja      .done
        mov     al, [VIDEO_FLAGS]
        test    al, 0x10
        jnz     .done
        mov     di, params_text_40_350
        test    al, 0x80
        jz      .columns
        mov     di, params_text_40_200
.columns:
        cmp     byte [cs:si], 2
        jb      .done
        add     di, params_text_80_350 - params_text_40_350
.done:
        ret

; AX = the lines that text modes have.
scan_lines:
        mov     ax, 400
        cmp     byte [MODE], 7
        je      .done
        test    byte [VIDEO_FLAGS], 0x10
        jnz     .done
        mov     ax, 350
        test    byte [VIDEO_FLAGS], 0x80
        jz      .done
        mov     ax, 200
.done:
        ret

; BDA fields from the row at SI and the parameters at DI.
set_mode_data:
        push    es
        push    ds
        pop     es
        movzx   ax, byte [cs:di + P_COLUMNS]
        mov     [COLUMNS], ax
        mov     ax, [cs:di + P_PAGE_SIZE]
        mov     [PAGE_SIZE], ax
        mov     al, [cs:di + P_ROWS]
        mov     [ROWS], al
        movzx   ax, byte [cs:di + P_HEIGHT]
        mov     [CHAR_HEIGHT], ax
        xor     ax, ax
        mov     [PAGE_START], ax
        mov     [ACTIVE_PAGE], al
        push    di
        mov     di, CURSOR
        mov     cx, 8
        rep stosw
        pop     di
        mov     word [CURSOR_TYPE], 0x0607
        mov     ax, 0x3B4
        test    byte [cs:di + P_MISC], 1
        jz      .mono
        mov     ax, 0x3D4
.mono:
        mov     [CRTC_BASE], ax
        ; What the CGA's write-only registers would hold; programs read the copies.
        movzx   bx, byte [MODE]
        cmp     bl, 7
        ja      .not_cga
        mov     al, [cs:cga_modes + bx]
        mov     [CGA_MODE], al
        mov     al, 0x30
        cmp     bl, 6
        jne     .palette
        mov     al, 0x3F
.palette:
        mov     [CGA_PALETTE], al
.not_cga:
        pop     es
        ret

cga_modes:
        db      0x2C, 0x28, 0x2D, 0x29, 0x2A, 0x2E, 0x1E, 0x29

; Registers from the parameters at DI. The screen is off, and the palette not
; connected, until screen_on.
set_mode_registers:
        push    si
        call    atc_reset
        mov     dx, ATC
        xor     al, al
        out     dx, al                  ; screen off
        VGA_OUT SEQ, 0x00, 0x01         ; synchronous reset while the clock changes
        lea     si, [di + P_SEQ]
        mov     cx, 4
        mov     ah, 1
.seq:
        mov     al, ah
        mov     bl, [cs:si]
        push    ax
        mov     ah, bl
        out     dx, ax
        pop     ax
        inc     si
        inc     ah
        loop    .seq
        mov     dx, MISC_WRITE
        mov     al, [cs:di + P_MISC]
        out     dx, al
        VGA_OUT SEQ, 0x00, 0x03
        mov     dx, [CRTC_BASE]
        mov     ax, 0x0011              ; CRTC 0 to 7 are protected by bit 7 of 11h
        out     dx, ax
        lea     si, [di + P_CRTC]
        mov     cx, 25
        xor     bl, bl
.crtc:
        mov     al, bl
        mov     ah, [cs:si]
        out     dx, ax
        inc     si
        inc     bl
        loop    .crtc
        lea     si, [di + P_GC]
        mov     dx, GC
        mov     cx, 9
        xor     bl, bl
.gc:
        mov     al, bl
        mov     ah, [cs:si]
        out     dx, ax
        inc     si
        inc     bl
        loop    .gc
        call    atc_reset
        mov     dx, ATC
        lea     si, [di + P_ATC]
        mov     cx, 20
        xor     bl, bl
.atc:
        mov     al, bl
        out     dx, al
        mov     al, [cs:si]
        out     dx, al
        inc     si
        inc     bl
        loop    .atc
        mov     al, 0x14                ; color select
        out     dx, al
        xor     al, al
        out     dx, al
        mov     dx, DAC_MASK
        mov     al, 0xFF
        out     dx, al
        pop     si
        ret

; Reading input status 1 makes the next write to the attribute controller an index.
atc_reset:
        push    ax
        push    dx
        mov     dx, [CRTC_BASE]
        add     dx, 6
        in      al, dx
        pop     dx
        pop     ax
        ret

screen_on:
        push    ax
        push    dx
        call    atc_reset
        mov     dx, ATC
        mov     al, ATC_SCREEN_ON
        out     dx, al
        pop     dx
        pop     ax
        ret

; Text: 32 KiB of blanks in the normal attribute. Graphics: zeros.
clear_memory:
        push    es
        push    eax
        mov     es, [cs:si + M_SEGMENT]
        xor     di, di
        mov     cx, 0x2000              ; dwords of 32 KiB
        mov     eax, 0x07200720
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        je      .fill
        xor     eax, eax
        cmp     byte [cs:si + M_CLASS], CLASS_CGA
        je      .fill
        mov     cx, 0x4000
.fill:
        rep stosd
        pop     eax
        pop     es
        ret

get_mode:
        mov     al, [VIDEO_CONTROL]
        and     al, 0x80
        or      al, [MODE]
        mov     ah, [COLUMNS]
        mov     [bp + R_AX], ax
        mov     al, [ACTIVE_PAGE]
        mov     [bp + R_BH], al
        ret
