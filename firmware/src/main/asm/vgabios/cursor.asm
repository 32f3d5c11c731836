; AH=01h, 02h, 03h: the cursor; AH=05h: the page that is shown.

; CRTC register AL = AH.
crtc_out:
        push    dx
        mov     dx, [CRTC_BASE]
        out     dx, ax
        pop     dx
        ret

set_cursor_type:
        mov     [CURSOR_TYPE], cx
        call    current_mode
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .done
        test    byte [VIDEO_CONTROL], 1
        jnz     .exact
        ; Programs give the shape in the CGA's 8 lines: 6 and 7 are an underline,
        ; which keeps its thickness; others are scaled.
        mov     bx, [CHAR_HEIGHT]
        cmp     bl, 8
        jbe     .exact
        test    ch, 0x60
        jnz     .exact                  ; hidden
        cmp     cl, 8
        jae     .exact
        cmp     ch, 8
        jae     .exact
        cmp     cx, 0x0607
        jne     .scale
        mov     ch, bl
        sub     ch, 3
        mov     cl, ch
        inc     cl
        jmp     .exact
.scale:
        mov     al, ch
        mul     bl
        shr     ax, 3
        mov     ch, al
        mov     al, cl
        inc     al
        mul     bl
        shr     ax, 3
        dec     al
        mov     cl, al
.exact:
        mov     al, 0x0A
        mov     ah, ch
        call    crtc_out
        mov     al, 0x0B
        mov     ah, cl
        call    crtc_out
.done:
        ret

set_cursor:
        movzx   si, bh
        and     si, 7
        shl     si, 1
        mov     [CURSOR + si], dx
; The hardware's cursor to where page BH has it, when that page is shown.
show_cursor:
        cmp     bh, [ACTIVE_PAGE]
        jne     .done
        push    ax
        push    bx
        movzx   si, bh
        and     si, 7
        shl     si, 1
        mov     bx, [CURSOR + si]
        mov     al, bh
        mul     byte [COLUMNS]
        xor     bh, bh
        add     bx, ax
        mov     ax, [PAGE_START]
        shr     ax, 1
        add     bx, ax
        mov     al, 0x0E
        mov     ah, bh
        call    crtc_out
        mov     al, 0x0F
        mov     ah, bl
        call    crtc_out
        pop     bx
        pop     ax
.done:
        ret

get_cursor:
        movzx   si, bh
        and     si, 7
        shl     si, 1
        mov     dx, [CURSOR + si]
        mov     [bp + R_DX], dx
        mov     cx, [CURSOR_TYPE]
        mov     [bp + R_CX], cx
        ret

set_page:
        call    current_mode
        cmp     al, [cs:si + M_PAGES]
        jae     .done
        mov     [ACTIVE_PAGE], al
        mov     bh, al
        movzx   ax, al
        mul     word [PAGE_SIZE]
        mov     [PAGE_START], ax
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .bytes
        shr     ax, 1                   ; the CRTC counts characters
.bytes:
        mov     cx, ax
        mov     al, 0x0C
        mov     ah, ch
        call    crtc_out
        mov     al, 0x0D
        mov     ah, cl
        call    crtc_out
        call    show_cursor
.done:
        ret
