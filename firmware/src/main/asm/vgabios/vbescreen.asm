; The VESA BIOS extension's functions for a mode that is set: 05h to 09h, what is seen of memory and in which colours.

; 05h: window BL is at DX (BH=0), or DX = where it is (BH=1).
vbe_window:
        call    .move
        jc      .done
        mov     [bp + R_DX], dx
        clc
.done:
        ret
.move:
        test    bl, bl
        jnz     .bad
        cmp     bh, 1
        ja      .bad
        je      .get
        push    dx
        VBE_IN  VBE_MEMORY
        pop     dx
        cmp     dx, ax
        jae     .bad
        push    dx
        VBE_OUT VBE_BANK, dx
        pop     dx
        clc
        ret
.get:
        VBE_IN  VBE_BANK
        mov     dx, ax
        clc
        ret
.bad:
        stc
        ret

; What a mode's information points to: the same by a far call, with any DS. AX and DX change.
vbe_window_far:
        call    vbe_window.move
        mov     ax, 0x004F
        jnc     .good
        mov     ah, 0x01
.good:
        retf

; CL = bits of a pixel in the mode that is set. AX and DX change.
vbe_depth:
        VBE_IN  VBE_BITS
        mov     cl, al
        ret

; 06h: length of a line: BL=0 CX pixels, 1 ask, 2 CX bytes, 3 the most. BX = bytes, CX = pixels, DX = lines.
vbe_line_length:
        call    vbe_is_on
        jc      .done
        cmp     bl, 1
        je      .report
        ja      .not_pixels
        mov     di, cx
        jmp     .set
.not_pixels:
        cmp     bl, 3
        je      .most
        ja      .bad
        mov     di, cx
        call    vbe_depth
        cmp     cl, 4
        je      .byte_has_eight
        call    vbe_pixel_bytes
        movzx   cx, cl
        mov     ax, di
        dec     ax
        xor     dx, dx
        div     cx
        inc     ax
        mov     di, ax
        jmp     .set
.byte_has_eight:
        shl     di, 3
.set:
        VBE_IN  VBE_BITS
        cmp     al, 4
        jne     .any_width
        add     di, 7
        and     di, 0xFFF8
.any_width:
        VBE_IN  VBE_WIDTH
        mov     si, ax
        VBE_IN  VBE_X
        cmp     di, ax
        jb      .bad
        VBE_OUT VBE_WIDTH, di
        VBE_IN  VBE_WIDTH
        cmp     ax, di
        jne     .back
        ; A screen has to fit.
        VBE_IN  VBE_HEIGHT
        mov     bx, ax
        VBE_IN  VBE_Y
        cmp     bx, ax
        jae     .report
.back:
        VBE_OUT VBE_WIDTH, si
.bad:
        stc
.done:
        ret
.report:
        call    vbe_depth
        VBE_IN  VBE_WIDTH
        mov     [bp + R_CX], ax
        movzx   eax, ax
        call    vbe_bytes
        mov     [bp + R_BX], ax
        VBE_IN  VBE_HEIGHT
        mov     [bp + R_DX], ax
        clc
        ret
.most:
        VBE_IN  VBE_Y
        mov     [bp + R_DX], ax
        movzx   ebx, ax
        VBE_IN  VBE_MEMORY
        movzx   eax, ax
        shl     eax, 16
        xor     edx, edx
        div     ebx
        cmp     eax, 0x7FF8
        jbe     .most_bytes
        mov     eax, 0x7FF8
.most_bytes:
        mov     ebx, eax
        call    vbe_depth
        cmp     cl, 4
        jne     .packed
        shr     ebx, 2
        cmp     ebx, 0x0FFF             ; 8 pixels a byte
        jbe     .planar
        mov     ebx, 0x0FFF
.planar:
        mov     ax, bx
        shl     ax, 3
        jmp     .most_pixels
.packed:
        call    vbe_pixel_bytes
        movzx   cx, cl
        mov     ax, bx
        xor     dx, dx
        div     cx
.most_pixels:
        mov     [bp + R_CX], ax
        mov     [bp + R_BX], bx
        clc
        ret

; 07h: the pixel at the screen's upper left: BL=0, or 80h in the retrace: column CX, line DX; BL=1 asks.
vbe_start:
        call    vbe_is_on
        jc      .done
        cmp     bl, 1
        je      .get
        test    bl, 0x7F
        jnz     .bad
        mov     di, dx
        mov     si, cx
        VBE_IN  VBE_HEIGHT
        mov     cx, ax
        VBE_IN  VBE_Y
        sub     cx, ax
        cmp     di, cx
        ja      .bad
        test    bl, bl
        jns     .now
        call    wait_retrace
.now:
        VBE_OUT VBE_X_START, si
        VBE_OUT VBE_Y_START, di
        clc
.done:
        ret
.bad:
        stc
        ret
.get:
        mov     byte [bp + R_BH], 0
        VBE_IN  VBE_X_START
        mov     [bp + R_CX], ax
        VBE_IN  VBE_Y_START
        mov     [bp + R_DX], ax
        clc
        ret

; Until vertical retrace begins.
wait_retrace:
        push    ax
        push    dx
        mov     dx, 0x3DA
.in:
        in      al, dx
        test    al, 8
        jnz     .in
.out:
        in      al, dx
        test    al, 8
        jz      .out
        pop     dx
        pop     ax
        ret

; 08h: bits of the DAC's components, 6 or 8: BL=0 sets BH, BL=1 asks; BH = what they are.
vbe_dac_width:
        call    vbe_is_on
        jc      .done
        VBE_IN  VBE_BITS
        cmp     al, 8
        ja      .bad                    ; no palette
        cmp     bl, 1
        ja      .bad
        je      .get
        cmp     bh, 6
        jb      .bad
        VBE_IN  VBE_ENABLE
        and     al, ~VBE_DAC_8 & 0xFF
        or      al, VBE_NO_CLEAR
        cmp     bh, 8
        jb      .six
        or      al, VBE_DAC_8
.six:
        mov     cx, ax
        VBE_IN  VBE_BANK                ; which the register may reset
        mov     di, ax
        VBE_OUT VBE_ENABLE, cx
        VBE_OUT VBE_BANK, di
.get:
        VBE_IN  VBE_ENABLE
        mov     byte [bp + R_BH], 6
        test    al, VBE_DAC_8
        jz      .good
        mov     byte [bp + R_BH], 8
.good:
        clc
.done:
        ret
.bad:
        stc
        ret

; 09h: CX colours from DX on: BL=0, or 80h in the retrace, from ES:DI, BL=1 to there; blue, green, red, 0.
vbe_palette:
        cmp     bl, 1
        je      .get
        test    bl, 0x7F
        jnz     .bad
        test    bl, bl
        jns     .now
        call    wait_retrace
.now:
        mov     al, dl
        mov     dx, DAC_WRITE
        out     dx, al
        inc     dx
        jcxz    .done
.next:
        mov     al, [es:di + 2]
        out     dx, al
        mov     al, [es:di + 1]
        out     dx, al
        mov     al, [es:di]
        out     dx, al
        add     di, 4
        loop    .next
.done:
        clc
        ret
.get:
        mov     al, dl
        mov     dx, DAC_READ
        out     dx, al
        mov     dx, DAC_DATA
        jcxz    .done
.get_next:
        in      al, dx
        mov     [es:di + 2], al
        in      al, dx
        mov     [es:di + 1], al
        in      al, dx
        mov     [es:di], al
        mov     byte [es:di + 3], 0
        add     di, 4
        loop    .get_next
        jmp     .done
.bad:
        stc
        ret
