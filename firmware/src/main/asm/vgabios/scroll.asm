; AH=06h and 07h: scroll the window CL,CH to DL,DH of the active page by AL lines (0: clear it) and
; fill the new lines with BH: an attribute, or in graphics a color.

scroll_up:
        mov     ah, bh
; The same with the attribute in AH.
scroll_window:
        call    clip_window
        jc      .done
        mov     bl, ch                  ; BL: line to write
.copy:
        mov     bh, bl
        add     bh, al                  ; BH: line to read
        cmp     bh, dh
        ja      .fill
        call    copy_line
        inc     bl
        jmp     .copy
.fill:
        call    fill_line
        inc     bl
        cmp     bl, dh
        jbe     .fill
.done:
        ret

scroll_down:
        mov     ah, bh
        call    clip_window
        jc      .done
        mov     bl, dh
.copy:
        mov     bh, bl
        sub     bh, al
        jc      .fill
        cmp     bh, ch
        jb      .fill
        call    copy_line
        dec     bl
        jmp     .copy
.fill:
        call    fill_line
        dec     bl
        cmp     bl, ch
        jge     .fill
.done:
        ret

; Cuts the window to the screen and sets SI. AL = lines to move, or the window's height
; when all of it is to be cleared. CF when nothing is left.
clip_window:
        call    current_mode
        cmp     dh, [ROWS]
        jbe     .rows
        mov     dh, [ROWS]
.rows:
        cmp     dl, [COLUMNS]
        jb      .columns
        mov     dl, [COLUMNS]
        dec     dl
.columns:
        cmp     dh, ch
        jb      .nothing
        cmp     dl, cl
        jb      .nothing
        mov     bh, dh
        sub     bh, ch
        inc     bh
        test    al, al
        jz      .all
        cmp     al, bh
        jbe     .some
.all:
        mov     al, bh
.some:
        clc
        ret
.nothing:
        stc
        ret

; Line BH of the window to line BL.
copy_line:
        pusha
        push    ds
        push    es
        mov     al, dl
        sub     al, cl
        inc     al                      ; width
        mov     dl, cl
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .graphics
        movzx   cx, al
        push    bx
        mov     dh, bh
        mov     bh, [ACTIVE_PAGE]
        call    text_cell
        pop     bx
        push    di
        mov     dh, bl
        mov     bh, [ACTIVE_PAGE]
        call    text_cell
        pop     si
        push    es
        pop     ds
        rep movsw
        jmp     .done
.graphics:
        mul     byte [cs:si + M_CELL]
        mov     cx, ax                  ; bytes of a scan line
        cmp     byte [cs:si + M_CLASS], CLASS_PLANAR
        jne     .plain
        push    dx
        VGA_OUT GC, 0x05, 0x01          ; write mode 1: all planes through the latches
        pop     dx
.plain:
        mov     ax, [CHAR_HEIGHT]
        mov     bp, ax
        mov     dh, al
        mul     bh
        push    ax                      ; first scan line to read
        mov     al, dh
        mul     bl                      ; first scan line to write
        pop     di
        mov     bh, [ACTIVE_PAGE]
.scan:
        push    di
        push    ax
        xchg    ax, di
        push    di
        call    line_start
        pop     ax
        push    di
        call    line_start
        pop     ax
        push    cx
        push    si
        push    ds
        mov     si, ax
        push    es
        pop     ds
        rep movsb
        pop     ds
        pop     si
        pop     cx
        pop     ax
        pop     di
        inc     ax
        inc     di
        dec     bp
        jnz     .scan
        cmp     byte [cs:si + M_CLASS], CLASS_PLANAR
        jne     .done
        VGA_OUT GC, 0x05, 0x00
.done:
        pop     es
        pop     ds
        popa
        ret

; Line BL of the window to blanks of attribute or color AH.
fill_line:
        pusha
        push    es
        mov     bh, [ACTIVE_PAGE]
        mov     al, dl
        sub     al, cl
        inc     al                      ; width
        mov     dl, cl
        cmp     byte [cs:si + M_CLASS], CLASS_TEXT
        jne     .graphics
        movzx   cx, al
        mov     dh, bl
        call    text_cell
        mov     al, ' '
        rep stosw
        jmp     .done
.graphics:
        push    ax
        mul     byte [cs:si + M_CELL]
        mov     cx, ax                  ; bytes of a scan line
        pop     ax
        mov     al, ah
        cmp     byte [cs:si + M_CLASS], CLASS_CGA
        jne     .not_cga
        and     al, 3
        mov     ah, 0x55                ; color 1 in each pixel of two bits
        mul     ah
        cmp     byte [cs:si + M_CELL], 2
        je      .color_known
        neg     al                      ; one bit a pixel: all or nothing
        sbb     al, al
        jmp     .color_known
.not_cga:
        cmp     byte [cs:si + M_CLASS], CLASS_PLANAR
        jne     .color_known
        push    dx
        mov     dx, GC
        mov     ah, al
        xor     al, al
        out     dx, ax                  ; set/reset: the color
        mov     ax, 0x0F01
        out     dx, ax                  ; for all planes
        pop     dx
.color_known:
        push    ax
        mov     al, [CHAR_HEIGHT]
        movzx   bp, al
        mul     bl
        mov     di, ax
        pop     ax
.scan:
        push    di
        push    cx
        push    ax
        mov     ax, di
        call    line_start
        pop     ax
        rep stosb
        pop     cx
        pop     di
        inc     di
        dec     bp
        jnz     .scan
        cmp     byte [cs:si + M_CLASS], CLASS_PLANAR
        jne     .done
        VGA_OUT GC, 0x00, 0x00
        VGA_OUT GC, 0x01, 0x00
.done:
        pop     es
        popa
        ret
