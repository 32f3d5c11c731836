; AH=08h, 09h, 0Ah: characters at the cursor; AH=0Eh: teletype; AH=13h: strings.

; In graphics modes nothing is recognized, and AX is 0.
read_cell:
        call    current_mode
        movzx   di, bh
        and     di, 7
        shl     di, 1
        mov     dx, [CURSOR + di]
        xor     ax, ax
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .done
        call    text_cell
        mov     ax, [es:di]
.done:
        mov     [bp + R_AX], ax
        ret

; CX times character AL with attribute BL; 0Ah leaves the attribute of text as it is.
write_cells:
write_chars:
        call    current_mode
        jcxz    .done
        movzx   di, bh
        and     di, 7
        shl     di, 1
        mov     dx, [CURSOR + di]
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .graphics
        call    text_cell
        cmp     ah, 0x09
        jne     .char
        mov     ah, bl
        rep stosw
        ret
.char:
        stosb
        inc     di
        loop    .char
        ret
.graphics:
        call    draw_glyph
        inc     dl
        cmp     dl, [COLUMNS]
        jb      .same_row
        xor     dl, dl
        inc     dh
        cmp     dh, [ROWS]
        ja      .done
.same_row:
        loop    .graphics
.done:
        ret

; Since the AT the page in BH is not looked at: the page shown is written.
teletype:
        mov     bh, [ACTIVE_PAGE]
; Character AL to page BH, in graphics with color BL; keeps all registers.
tty_char:
        pusha
        push    es
        movzx   di, bh
        and     di, 7
        shl     di, 1
        mov     dx, [CURSOR + di]
        cmp     al, 13
        ja      .glyph
        je      .return
        cmp     al, 10
        je      .line_feed
        cmp     al, 8
        je      .backspace
        cmp     al, 7
        je      .bell
.glyph:
        call    current_mode
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .graphics
        call    text_cell
        mov     [es:di], al
        jmp     .advance
.graphics:
        call    draw_glyph
.advance:
        inc     dl
        cmp     dl, [COLUMNS]
        jb      .move
        xor     dl, dl
.line_feed:
        inc     dh
        cmp     dh, [ROWS]
        jbe     .move
        dec     dh
        call    .scroll
.move:
        call    set_cursor
.done:
        pop     es
        popa
        ret
.return:
        xor     dl, dl
        jmp     .move
.backspace:
        test    dl, dl
        jz      .done
        dec     dl
        jmp     .move
.bell:
        call    bell
        jmp     .done
; One line up; the new line has the attribute found at the cursor.
.scroll:
        pusha
        call    current_mode
        xor     ah, ah
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .attribute_known
        call    text_cell
        mov     ah, [es:di + 1]
.attribute_known:
        mov     al, 1
        xor     cx, cx
        mov     dh, [ROWS]
        mov     dl, [COLUMNS]
        dec     dl
        call    scroll_window
        popa
        ret

; About a tenth of a second of 896 Hz, by counter 2 and the speaker. Time is
; taken from the refresh bit; where it stands still the count of polls ends it.
bell:
        pusha
        mov     al, 0xB6
        out     0x43, al
        mov     ax, 1193182 / 896
        out     0x42, al
        mov     al, ah
        out     0x42, al
        in      al, 0x61
        mov     bl, al
        or      al, 0x03
        out     0x61, al
        mov     cx, 6600                ; half periods of 15.085 us
        mov     dx, 0xFFFF
        mov     ah, al
.wait:
        in      al, 0x61
        xor     al, ah
        test    al, 0x10
        jz      .same
        xor     ah, 0x10
        loop    .wait
        jmp     .over
.same:
        dec     dx
        jnz     .wait
.over:
        mov     al, bl
        out     0x61, al
        popa
        ret

; AL bit 0: the cursor follows; bit 1: each character has its attribute behind it. ES:BP is the
; string, CX its length, DX where, BH the page, BL the attribute.
write_string:
        cmp     al, 3
        ja      .done
        jcxz    .done
        mov     ah, al
        movzx   si, bh
        and     si, 7
        shl     si, 1
        push    word [CURSOR + si]      ; to put back
        push    si
        call    set_cursor
        mov     di, [bp + R_BP]
.next:
        mov     al, [es:di]
        inc     di
        test    ah, 2
        jz      .attribute_known
        mov     bl, [es:di]
        inc     di
.attribute_known:
        cmp     al, 13
        ja      .glyph
        cmp     al, 7
        je      .control
        cmp     al, 8
        je      .control
        cmp     al, 10
        je      .control
        cmp     al, 13
        je      .control
.glyph:
        call    .paint
.control:
        call    tty_char
        loop    .next
        pop     si
        pop     dx
        test    ah, 1
        jnz     .done
        call    set_cursor
.done:
        ret
; The attribute first: teletype leaves it alone in text.
.paint:
        pusha
        push    es
        call    current_mode
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .painted
        movzx   di, bh
        and     di, 7
        shl     di, 1
        mov     dx, [CURSOR + di]
        call    text_cell
        mov     [es:di + 1], bl
.painted:
        pop     es
        popa
        ret
