; AH=12h: alternate select; AH=1Ah: display combination; AH=1Bh: state.

alternate:
        cmp     bl, 0x10
        je      .information
        sub     bl, 0x30
        jc      .done
        cmp     bl, 6
        ja      .done
        movzx   si, bl
        shl     si, 1
        jmp     [cs:.functions + si]
.done:
        ret
.functions:
        dw      .scan_lines, .default_palette, .video, .gray
        dw      .emulation, .done, .screen

; BH: 0 color, BL: 3 = 256 KiB, CH feature bits, CL switches.
.information:
        mov     bx, 0x0003
        cmp     byte [CRTC_BASE], 0xD4
        je      .color
        inc     bh
.color:
        mov     [bp + R_BX], bx
        mov     cl, [SWITCHES]
        and     cl, 0x0F
        xor     ch, ch
        mov     [bp + R_CX], cx
        ret

; AL=0: text modes have 200 lines, 1: 350, 2: 400, from the next mode change on.
.scan_lines:
        cmp     al, 2
        ja      .done
        mov     ah, [VIDEO_FLAGS]
        and     ah, 0x6F
        cmp     al, 1
        je      .lines_chosen
        ja      .lines_400
        or      ah, 0x80
        jmp     .lines_chosen
.lines_400:
        or      ah, 0x10
.lines_chosen:
        mov     [VIDEO_FLAGS], ah
.success:
        mov     byte [bp + R_AL], 0x12
        ret
; AL=1: a mode change leaves the palette alone.
.default_palette:
        mov     ah, 0x08
        jmp     .flag
; AL=1: the palette is summed to gray.
.gray:
        mov     ah, 0x02
        xor     al, 1                   ; AL=0 enables
.flag:
        test    al, al
        jz      .clear
        or      [VIDEO_FLAGS], ah
        jmp     .success
.clear:
        not     ah
        and     [VIDEO_FLAGS], ah
        jmp     .success
; AL=0: the VGA answers, AL=1: it does not.
.video:
        mov     dx, VGA_ENABLE
        xor     al, 1
        and     al, 1
        out     dx, al
        jmp     .success
; AL=0: cursor emulation on.
.emulation:
        and     byte [VIDEO_CONTROL], 0xFE
        and     al, 1
        or      [VIDEO_CONTROL], al
        jmp     .success
; AL=1: the screen is off, by the sequencer's clocking mode.
.screen:
        mov     ah, al
        and     ah, 1
        shl     ah, 5
        mov     dx, SEQ
        mov     al, 0x01
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xDF
        or      al, ah
        out     dx, al
        jmp     .success

display_code:
        cmp     al, 0x01
        ja      .done
        je      .set
        movzx   bx, byte [DISPLAY_CODE]
        mov     [bp + R_BX], bx
.set:
        mov     byte [bp + R_AL], 0x1A
.done:
        ret

; 64 bytes at ES:DI.
state_info:
        test    bx, bx
        jnz     .done
        push    di
        mov     ax, static_functions
        stosw
        mov     ax, cs
        stosw
        mov     si, MODE
        mov     cx, 30
        rep movsb
        mov     al, [ROWS]
        inc     al
        stosb
        mov     ax, [CHAR_HEIGHT]
        stosw
        mov     ax, 0x0008              ; VGA with a color display, and no other
        stosw
        call    current_mode
        mov     ax, [cs:si + M_COLORS]
        stosw
        mov     al, [cs:si + M_PAGES]
        stosb
        mov     al, [MODE]
        mov     ah, 2                   ; 400 lines, which the CGA's modes double to
        cmp     al, 7
        ja      .graphics_lines
        mov     bl, [VIDEO_FLAGS]       ; bits 7 and 4: 350, 400, 200
        test    bl, 0x10
        jnz     .lines
        dec     ah
        test    bl, bl
        jns     .lines
        dec     ah
        jmp     .lines
.graphics_lines:
        cmp     al, 0x0F
        jb      .lines
        dec     ah                      ; 350
        cmp     al, 0x10
        jbe     .lines
        mov     ah, 3                   ; 480
        cmp     al, 0x12
        jbe     .lines
        mov     ah, 2
.lines:
        mov     al, ah
        stosb
        xor     ax, ax
        stosw                           ; character blocks
        mov     al, 0x01                ; all modes on all displays
        stosb
        xor     ax, ax
        stosb
        stosw
        mov     al, 3                   ; 256 KiB
        stosb
        mov     cx, 14
        xor     al, al
        rep stosb
        pop     di
        mov     byte [bp + R_AL], 0x1B
.done:
        ret

; Modes 0 to 7, 0Dh to 13h; 400 lines; what functions there are.
static_functions:
        db      0xFF, 0xE0, 0x0F, 0, 0, 0, 0, 0x07, 8, 2, 0x0D, 0x0C, 0, 0, 0, 0
