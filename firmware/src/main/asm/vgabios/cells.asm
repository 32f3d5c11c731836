; Where a character's cell lies, and how one is drawn.

; Text: ES:DI = cell in row DH, column DL of page BH. SI is the mode's row.
text_cell:
        push    ax
        push    dx
        mov     es, [cs:si + M_SEGMENT]
        movzx   ax, bh
        push    dx
        mul     word [PAGE_SIZE]
        pop     dx
        mov     di, ax
        mov     al, dh
        mul     byte [COLUMNS]
        xor     dh, dh
        add     ax, dx
        shl     ax, 1
        add     di, ax
        pop     dx
        pop     ax
        ret

; Graphics: ES:DI = the first byte of scan line AX at column DL, page BH.
line_start:
        push    ax
        push    cx
        push    dx
        mov     es, [cs:si + M_SEGMENT]
        mov     cx, ax
        xor     di, di
        cmp     byte [cs:si + M_CLASS], CLASS_CGA
        jne     .flat
        shr     cx, 1                   ; odd lines are in the second bank
        jnc     .even
        mov     di, 0x2000
.even:
        imul    cx, cx, 80
        jmp     .column
.flat:
        movzx   ax, bh
        push    dx
        mul     word [PAGE_SIZE]
        pop     dx
        mov     di, ax
        push    dx
        mov     al, [cs:si + M_CELL]
        mul     byte [COLUMNS]
        mul     cx
        mov     cx, ax
        pop     dx
.column:
        add     di, cx
        mov     al, [cs:si + M_CELL]
        mul     dl
        add     di, ax
        pop     dx
        pop     cx
        pop     ax
        ret

; Draws character AL in color BL at row DH, column DL of page BH, in a graphics
; mode. Bit 7 of BL exclusive-ors it, where there are not 256 colors.
draw_glyph:
        pusha
        push    ds
        push    es
        mov     cx, [CHAR_HEIGHT]
        push    ax
        mov     al, dh
        mul     cl
        mov     di, ax                  ; first scan line
        pop     ax
        push    ax
        push    cx
        mov     ax, di
        call    line_start
        pop     cx
        pop     ax
        mov     bh, [cs:si + M_CELL]
        mov     ah, [cs:si + M_CLASS]
        mov     dx, [COLUMNS]
        ; DS:SI = the glyph
        push    0
        pop     ds
        cmp     ah, CLASS_CGA
        jne     .one_table
        test    al, al
        jns     .one_table
        lds     si, [0x1F * 4]
        and     al, 0x7F
        jmp     .table
.one_table:
        lds     si, [0x43 * 4]
.table:
        push    ax
        mul     cl
        add     si, ax
        pop     ax
        cmp     ah, CLASS_LINEAR
        je      draw_linear
        cmp     ah, CLASS_PLANAR
        je      draw_planar
        jmp     draw_cga
drawn:
        pop     es
        pop     ds
        popa
        ret

; From here on: DS:SI glyph, ES:DI first line, CX lines, BL color, DX columns.
draw_linear:
        shl     dx, 3
        sub     dx, 8                   ; from the end of a cell's line to the next line
.line:
        lodsb
        mov     ah, al
        push    cx
        mov     cx, 8
.pixel:
        xor     al, al
        shl     ah, 1
        jnc     .store
        mov     al, bl
.store:
        stosb
        loop    .pixel
        pop     cx
        add     di, dx
        loop    .line
        jmp     drawn

; The planes of the color take the glyph, the others zeros; or, exclusive-ored, the
; glyph changes the color's planes only.
draw_planar:
        mov     bp, dx
        test    bl, 0x80
        jz      .opaque
        VGA_OUT GC, 0x03, 0x18
.opaque:
        push    cx
        push    si
        push    di
        mov     dx, SEQ
        mov     al, 0x02
        mov     ah, bl
        and     ah, 0x0F
        out     dx, ax
.glyph:
        lodsb
        mov     ah, [es:di]             ; fills the latches
        mov     [es:di], al
        add     di, bp
        loop    .glyph
        pop     di
        pop     si
        pop     cx
        test    bl, 0x80
        jnz     .restore
        mov     al, 0x02
        mov     ah, bl
        not     ah
        and     ah, 0x0F
        out     dx, ax
        xor     al, al
.zero:
        mov     [es:di], al
        add     di, bp
        loop    .zero
.restore:
        VGA_OUT SEQ, 0x02, 0x0F
        VGA_OUT GC, 0x03, 0x00
        jmp     drawn

; One or two bits a pixel; BH is the cell's bytes. Odd lines lie 2000h further.
draw_cga:
        push    bp
        mov     bp, cx
.line:
        lodsb
        cmp     bh, 2
        je      .two_bits
        test    bl, 0x80
        jnz     .xor_one
        mov     [es:di], al
        jmp     .next
.xor_one:
        xor     [es:di], al
        jmp     .next
.two_bits:
        mov     ah, al
        mov     cx, 8
        xor     dx, dx
.expand:
        shl     dx, 2
        shl     ah, 1
        jnc     .bit_clear
        mov     al, bl
        and     al, 3
        or      dl, al
.bit_clear:
        loop    .expand
        xchg    dl, dh                  ; the left half comes first
        test    bl, 0x80
        jnz     .xor_two
        mov     [es:di], dx
        jmp     .next
.xor_two:
        xor     [es:di], dx
.next:
        xor     di, 0x2000
        test    di, 0x2000
        jnz     .same_pair
        add     di, 80
.same_pair:
        dec     bp
        jnz     .line
        pop     bp
        jmp     drawn
