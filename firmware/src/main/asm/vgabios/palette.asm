; AH=0Bh and 10h: attribute controller and DAC; the default palettes.

; Attribute register AL = AH.
atc_write:
        push    ax
        push    dx
        call    atc_reset
        mov     dx, ATC
        out     dx, al
        mov     al, ah
        out     dx, al
        call    screen_on
        pop     dx
        pop     ax
        ret

; AH = attribute register AL.
atc_read:
        push    dx
        push    ax
        call    atc_reset
        mov     dx, ATC
        out     dx, al
        mov     dx, ATC_READ
        in      al, dx
        mov     dl, al
        pop     ax
        mov     ah, dl
        call    screen_on
        pop     dx
        ret

set_cga_palette:
        test    bh, bh
        jnz     .palette
        mov     al, 0x11                ; border
        mov     ah, bl
        and     ah, 0x0F
        test    ah, 0x08
        jz      .plain
        xor     ah, 0x18                ; bright colors stand at 10h in the 200-line palette
.plain:
        call    atc_write
        cmp     byte [MODE], 4
        jb      .done
        cmp     byte [MODE], 6
        ja      .done
        mov     al, 0x00                ; in the CGA's modes the background too
        jmp     atc_write
.palette:
        ; Colors 1 to 3: green, red, brown, or cyan, magenta, white: bit 0 (blue).
        mov     al, 1
        and     bl, 1
.next:
        call    atc_read
        and     ah, 0xFE
        or      ah, bl
        call    atc_write
        inc     al
        cmp     al, 3
        jbe     .next
.done:
        ret

palette:
        cmp     al, 0x1B
        ja      .done
        movzx   si, al
        shl     si, 1
        jmp     [cs:.functions + si]
.done:
        ret
.functions:
        dw      .set_register, .set_overscan, .set_all, .set_blink
        dw      .done, .done, .done, .get_register
        dw      .get_overscan, .get_all, .done, .done
        dw      .done, .done, .done, .done
        dw      .set_dac, .done, .set_dac_block, .set_paging
        dw      .done, .get_dac, .done, .get_dac_block
        dw      .set_mask, .get_mask, .get_paging, .sum_to_gray

.set_register:
        cmp     bl, 0x14
        ja      .done
        mov     al, bl
        mov     ah, bh
        jmp     atc_write
.set_overscan:
        mov     al, 0x11
        mov     ah, bh
        jmp     atc_write
.set_all:
        mov     di, dx
        xor     al, al
.set_next:
        mov     ah, [es:di]
        inc     di
        call    atc_write
        inc     al
        cmp     al, 16
        jb      .set_next
        mov     al, 0x11
        mov     ah, [es:di]
        jmp     atc_write
.set_blink:
        mov     al, 0x10
        call    atc_read
        and     ah, 0xF7
        and     byte [CGA_MODE], 0xDF
        test    bl, bl
        jz      .set_mode
        or      ah, 0x08
        or      byte [CGA_MODE], 0x20
.set_mode:
        jmp     atc_write
.get_register:
        mov     al, bl
        call    atc_read
        mov     [bp + R_BH], ah
        ret
.get_overscan:
        mov     al, 0x11
        call    atc_read
        mov     [bp + R_BH], ah
        ret
.get_all:
        mov     di, dx
        xor     al, al
.get_next:
        call    atc_read
        mov     [es:di], ah
        inc     di
        inc     al
        cmp     al, 16
        jb      .get_next
        mov     al, 0x11
        call    atc_read
        mov     [es:di], ah
        ret

; Register BL: DH red, CH green, CL blue.
.set_dac:
        mov     ah, dh
        mov     dx, DAC_WRITE
        mov     al, bl
        out     dx, al
        inc     dx
        mov     al, ah
        out     dx, al
        mov     al, ch
        out     dx, al
        mov     al, cl
        out     dx, al
        ret
.get_dac:
        mov     dx, DAC_READ
        mov     al, bl
        out     dx, al
        mov     dx, DAC_DATA
        in      al, dx
        mov     [bp + R_DH], al
        in      al, dx
        mov     [bp + R_CH], al
        in      al, dx
        mov     [bp + R_CL], al
        ret
; CX registers from BL on, three bytes each at ES:DX.
.set_dac_block:
        mov     di, dx
        mov     dx, DAC_WRITE
        mov     al, bl
        out     dx, al
        inc     dx
        imul    cx, cx, 3
        jcxz    .no_block
.set_dac_next:
        mov     al, [es:di]
        inc     di
        out     dx, al
        loop    .set_dac_next
        ret
.get_dac_block:
        mov     di, dx
        mov     dx, DAC_READ
        mov     al, bl
        out     dx, al
        mov     dx, DAC_DATA
        imul    cx, cx, 3
        jcxz    .no_block
.get_dac_next:
        in      al, dx
        stosb
        loop    .get_dac_next
.no_block:
        ret
; BL=0: paging mode BH (0: 4 pages of 64, 1: 16 of 16); BL=1: page BH.
.set_paging:
        mov     al, 0x10
        call    atc_read
        test    bl, bl
        jnz     .set_dac_page
        and     ah, 0x7F
        shl     bh, 7
        or      ah, bh
        jmp     atc_write
.set_dac_page:
        test    ah, 0x80
        mov     ah, bh
        jnz     .page_known
        shl     ah, 2
.page_known:
        and     ah, 0x0F
        mov     al, 0x14
        jmp     atc_write
.get_paging:
        mov     al, 0x10
        call    atc_read
        mov     bl, ah
        shr     bl, 7
        mov     al, 0x14
        call    atc_read
        test    bl, bl
        jnz     .page_read
        shr     ah, 2
.page_read:
        mov     [bp + R_BL], bl
        mov     [bp + R_BH], ah
        ret
.set_mask:
        mov     dx, DAC_MASK
        mov     al, bl
        out     dx, al
        ret
.get_mask:
        mov     dx, DAC_MASK
        in      al, dx
        mov     [bp + R_BL], al
        ret
; CX registers from BL on to gray: 30 % red, 59 % green, 11 % blue.
.sum_to_gray:
        jcxz    .no_block
.gray_next:
        mov     dx, DAC_READ
        mov     al, bl
        out     dx, al
        mov     dx, DAC_DATA
        in      al, dx
        mov     ah, 77
        mul     ah
        mov     si, ax
        in      al, dx
        mov     ah, 151
        mul     ah
        add     si, ax
        in      al, dx
        mov     ah, 28
        mul     ah
        add     si, ax
        mov     dx, DAC_WRITE
        mov     al, bl
        out     dx, al
        inc     dx
        mov     ax, si
        add     ax, 0x80
        mov     al, ah
        out     dx, al
        out     dx, al
        out     dx, al
        inc     bl
        loop    .gray_next
        ret

; DAC contents of kind AL (PALETTE_...).
load_default_palette:
        pusha
        mov     bl, al
        mov     dx, DAC_WRITE
        xor     al, al
        out     dx, al
        inc     dx
        cmp     bl, PALETTE_256
        je      .colors_256
        xor     cl, cl
.next_64:
        call    .color
        inc     cl
        cmp     cl, 64
        jb      .next_64
        mov     cx, 64
        jmp     .loaded
.colors_256:
        mov     bl, PALETTE_200
        xor     cl, cl
.next_16:
        push    cx
        test    cl, 8                   ; 0 to 7 are the 200-line 0 to 7, 8 to 15 its 10h to 17h
        jz      .dark
        xor     cl, 0x18
.dark:
        call    .color
        pop     cx
        inc     cl
        cmp     cl, 16
        jb      .next_16
        mov     si, grays
.next_gray:
        mov     al, [cs:si]
        out     dx, al
        out     dx, al
        out     dx, al
        inc     si
        cmp     si, grays_end
        jb      .next_gray
        mov     di, hue_levels
.next_group:
        mov     si, hues
.next_hue:
        mov     cx, 3
.next_part:
        movzx   bx, byte [cs:si]
        mov     al, [cs:di + bx]
        out     dx, al
        inc     si
        loop    .next_part
        cmp     si, hues_end
        jb      .next_hue
        add     di, 5
        cmp     di, hue_levels_end
        jb      .next_group
        mov     cx, 8 * 3
        xor     al, al
.next_black:
        out     dx, al
        loop    .next_black
        mov     cx, 256
.loaded:
        test    byte [VIDEO_FLAGS], 0x02
        jz      .done
        xor     bx, bx
        call    palette.sum_to_gray
.done:
        popa
        ret
; Color CL of palette kind BL to the DAC at DX.
.color:
        push    cx
        cmp     bl, PALETTE_MONO
        je      .mono
        cmp     bl, PALETTE_EGA
        je      .ega
        ; CGA: bit 4 is intensity, bits 2 to 0 red, green, blue; 6 is brown, not yellow.
        mov     ch, cl
        and     cl, 0x07
        test    ch, 0x10
        jz      .not_bright
        or      cl, 0x38
.not_bright:
        cmp     cl, 0x06
        jne     .ega
        mov     cl, 0x14
.ega:
        ; Bits 2 to 0: two thirds of red, green, blue; bits 5 to 3: one third.
        mov     ch, 3
.gun:
        xor     al, al
        test    cl, 0x04
        jz      .no_two_thirds
        mov     al, 0x2A
.no_two_thirds:
        test    cl, 0x20
        jz      .no_third
        add     al, 0x15
.no_third:
        out     dx, al
        shl     cl, 1
        dec     ch
        jnz     .gun
        pop     cx
        ret
.mono:
        xor     al, al
        test    cl, 0x08
        jz      .gray
        mov     al, 0x2A
        test    cl, 0x10
        jz      .gray
        mov     al, 0x3F
.gray:
        out     dx, al
        out     dx, al
        out     dx, al
        pop     cx
        ret

grays:
        db      0x00, 0x05, 0x08, 0x0B, 0x0E, 0x11, 0x14, 0x18
        db      0x1C, 0x20, 0x24, 0x28, 0x2D, 0x32, 0x38, 0x3F
grays_end:

; Colors 20h to F7h of mode 13h: 24 hues, from blue by red and green back, each
; the levels of red, green and blue; the levels in nine rows: three brightnesses by
; three saturations.
hues:
        db      0,0,4, 1,0,4, 2,0,4, 3,0,4, 4,0,4, 4,0,3, 4,0,2, 4,0,1
        db      4,0,0, 4,1,0, 4,2,0, 4,3,0, 4,4,0, 3,4,0, 2,4,0, 1,4,0
        db      0,4,0, 0,4,1, 0,4,2, 0,4,3, 0,4,4, 0,3,4, 0,2,4, 0,1,4
hues_end:
hue_levels:
        db      0x00, 0x10, 0x1F, 0x2F, 0x3F
        db      0x1F, 0x27, 0x2F, 0x37, 0x3F
        db      0x2D, 0x31, 0x36, 0x3A, 0x3F
        db      0x00, 0x07, 0x0E, 0x15, 0x1C
        db      0x0E, 0x11, 0x15, 0x18, 0x1C
        db      0x14, 0x16, 0x18, 0x1A, 0x1C
        db      0x00, 0x04, 0x08, 0x0C, 0x10
        db      0x08, 0x0A, 0x0C, 0x0E, 0x10
        db      0x0B, 0x0C, 0x0D, 0x0F, 0x10
hue_levels_end:
