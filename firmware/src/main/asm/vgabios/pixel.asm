; AH=0Ch and 0Dh: the pixel in column CX, line DX, page BH.

; ES:DI = the byte that holds the pixel, CL = its place in the byte. SI is the
; mode's row.
pixel_byte:
        push    ax
        push    bx
        push    dx
        mov     ax, dx
        xor     dl, dl
        call    line_start
        mov     bl, cl
        cmp     byte [cs:si + M_CLASS], CLASS_LINEAR
        je      .whole
        cmp     byte [cs:si + M_CELL], 2
        je      .quarter
        and     bl, 7
        shr     cx, 3
        jmp     .whole
.quarter:
        and     bl, 3
        shr     cx, 2
.whole:
        add     di, cx
        mov     cl, bl
        pop     dx
        pop     bx
        pop     ax
        ret

; Color AL; bit 7 exclusive-ors where there are not 256 colors.
write_pixel:
        call    current_mode
        mov     ah, [cs:si + M_CLASS]
        cmp     ah, CLASS_TEXT
        je      .done
        call    pixel_byte
        cmp     ah, CLASS_PLANAR
        je      .planar
        cmp     ah, CLASS_LINEAR
        jne     .cga
        mov     [es:di], al
.done:
        ret
.planar:
        mov     bl, al
        mov     ah, 0x80
        shr     ah, cl
        mov     al, 0x08                ; bit mask: this pixel only
        mov     dx, GC
        out     dx, ax
        VGA_OUT GC, 0x05, 0x02          ; write mode 2: the byte is the color
        test    bl, 0x80
        jz      .opaque
        VGA_OUT GC, 0x03, 0x18
.opaque:
        mov     al, [es:di]             ; fills the latches
        mov     [es:di], bl
        VGA_OUT GC, 0x03, 0x00
        VGA_OUT GC, 0x05, 0x00
        VGA_OUT GC, 0x08, 0xFF
        ret
.cga:
        mov     bx, 0x0180              ; BL: mask of the first pixel, BH: bits a pixel
        cmp     byte [cs:si + M_CELL], 2
        jne     .one_bit
        mov     bx, 0x02C0
        shl     cl, 1
.one_bit:
        mov     ah, al                  ; the color to the top of the byte
        mov     ch, cl
        mov     cl, bh
        ror     al, cl
        mov     cl, ch
        and     al, bl
        shr     al, cl
        shr     bl, cl
        test    ah, 0x80
        jnz     .xor
        not     bl
        and     bl, [es:di]
        or      al, bl
        mov     [es:di], al
        ret
.xor:
        xor     [es:di], al
        ret

read_pixel:
        call    current_mode
        mov     ah, [cs:si + M_CLASS]
        xor     al, al
        cmp     ah, CLASS_TEXT
        je      .store
        call    pixel_byte
        cmp     ah, CLASS_PLANAR
        je      .planar
        mov     al, [es:di]
        cmp     ah, CLASS_LINEAR
        je      .store
        cmp     byte [cs:si + M_CELL], 2
        je      .quarter
        inc     cl
        rol     al, cl
        and     al, 1
        jmp     .store
.quarter:
        inc     cl
        shl     cl, 1
        rol     al, cl
        and     al, 3
.store:
        mov     [bp + R_AL], al
        ret
.planar:
        mov     bl, 0x80
        shr     bl, cl
        xor     cl, cl                  ; the color, plane 3 first
        mov     dx, GC
        mov     ax, 0x0304              ; read map select
.plane:
        out     dx, ax
        shl     cl, 1
        test    [es:di], bl
        jz      .zero
        inc     cl
.zero:
        dec     ah
        jns     .plane
        VGA_OUT GC, 0x04, 0x00
        mov     al, cl
        jmp     .store
