; AH=11h: fonts. Text modes read glyphs from plane 2, 32 bytes each; graphics
; modes from the table that vector 43h points to.

fonts:
        mov     ah, al
        and     ah, 0x0F                ; 1Xh is 0Xh with new geometry
        cmp     al, 0x20
        jae     .graphics
        cmp     ah, 0x04
        ja      .done
        je      .load_16
        cmp     ah, 0x01
        je      .load_14
        ja      .not_user
        mov     si, [bp + R_BP]         ; the caller's own at ES:BP: BH high, CX of them from DX on
        jmp     .load
.not_user:
        cmp     ah, 0x03
        je      .select
        mov     si, font_8x8
        mov     bh, 8
        jmp     .rom
.load_14:
        mov     si, font_8x14
        mov     bh, 14
        jmp     .rom
.load_16:
        mov     si, font_8x16
        mov     bh, 16
.rom:
        push    cs
        pop     es
        mov     cx, 256
        xor     dx, dx
.load:
        call    load_font
        test    al, 0x10
        jnz     set_char_height
.done:
        ret
.select:
        mov     ah, bl
        mov     al, 0x03                ; character map select
        mov     dx, SEQ
        out     dx, ax
        ret

.graphics:
        cmp     al, 0x30
        je      font_info
        cmp     ah, 0x04
        ja      .done
        jb      .not_16
        mov     si, font_8x16
        mov     cx, 16
        jmp     .vector_rom
.not_16:
        cmp     ah, 0x02
        mov     si, font_8x14
        mov     cx, 14
        je      .vector_rom
        mov     si, font_8x8
        mov     cx, 8
        ja      .vector_rom
        mov     cx, [bp + R_CX]
        mov     si, [bp + R_BP]
        test    ah, ah
        jnz     .vector
        push    0                       ; the upper half for the CGA's modes
        pop     ds
        mov     [0x1F * 4], si
        mov     [0x1F * 4 + 2], es
        ret
.vector_rom:
        push    cs
        pop     es
.vector:
        mov     [CHAR_HEIGHT], cx
        mov     al, dl                  ; BL: 0 rows in DL, 1 14, 2 25, 3 43
        cmp     bl, 1
        jb      .rows
        mov     al, 14
        je      .rows
        mov     al, 25
        cmp     bl, 2
        je      .rows
        mov     al, 43
.rows:
        dec     al
        mov     [ROWS], al
        push    0
        pop     ds
        mov     [0x43 * 4], si
        mov     [0x43 * 4 + 2], es
        ret

; Vector 43h to CS:AX.
set_font_vector:
        push    ds
        push    0
        pop     ds
        mov     [0x43 * 4], ax
        mov     [0x43 * 4 + 2], cs
        pop     ds
        ret

; The ROM's font of BH lines to block 0; AX = its offset.
load_rom_font:
        push    bx
        push    cx
        push    dx
        push    si
        push    es
        push    cs
        pop     es
        mov     si, font_8x16
        cmp     bh, 14
        ja      .load
        mov     si, font_8x14
        je      .load
        mov     si, font_8x8
.load:
        mov     cx, 256
        xor     dx, dx
        xor     bl, bl
        call    load_font
        mov     ax, si
        pop     es
        pop     si
        pop     dx
        pop     cx
        pop     bx
        ret

; CX glyphs of BH bytes at ES:SI to block BL of plane 2, from glyph DX on.
load_font:
        test    cx, cx
        jz      .none
        pusha
        push    ds
        push    es
        mov     di, dx
        shl     di, 5
        ; Blocks 0 to 3 are 16 KiB apart, 4 to 7 lie 8 KiB above them.
        movzx   ax, bl
        and     al, 3
        shl     ax, 14
        add     di, ax
        test    bl, 4
        jz      .low
        add     di, 0x2000
.low:
        VGA_OUT SEQ, 0x00, 0x01
        VGA_OUT SEQ, 0x02, 0x04         ; write plane 2 only,
        VGA_OUT SEQ, 0x04, 0x07         ; byte after byte,
        VGA_OUT SEQ, 0x00, 0x03
        VGA_OUT GC, 0x04, 0x02
        VGA_OUT GC, 0x05, 0x00
        VGA_OUT GC, 0x06, 0x04          ; at A0000
        push    es
        pop     ds
        push    0xA000
        pop     es
        movzx   dx, bh
        mov     bx, 32
        sub     bx, dx
.glyph:
        push    cx
        mov     cx, dx
        rep movsb
        pop     cx
        add     di, bx
        loop    .glyph
        push    0x40
        pop     ds
        VGA_OUT SEQ, 0x00, 0x01
        VGA_OUT SEQ, 0x02, 0x03
        VGA_OUT SEQ, 0x04, 0x02
        VGA_OUT SEQ, 0x00, 0x03
        VGA_OUT GC, 0x04, 0x00
        VGA_OUT GC, 0x05, 0x10
        mov     dx, GC
        mov     ax, 0x0E06              ; at B8000, or B0000 for monochrome
        cmp     byte [CRTC_BASE], 0xD4
        je      .color
        mov     ah, 0x0A
.color:
        out     dx, ax
        pop     es
        pop     ds
        popa
.none:
        ret

; Text geometry for characters BH lines high.
set_char_height:
        movzx   bx, bh
        mov     [CHAR_HEIGHT], bx
        mov     dx, [CRTC_BASE]
        mov     al, 0x09
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xE0
        mov     ah, bl
        dec     ah
        or      al, ah
        out     dx, al
        dec     dx
        call    scan_lines
        div     bl
        mov     cl, al                  ; rows
        dec     al
        mov     [ROWS], al
        ; The last line shown is the last of the last whole row.
        mov     al, cl
        mul     bl
        test    byte [VIDEO_FLAGS], 0x90
        jns     .single                 ; bit 7: 200 lines, each twice
        shl     ax, 1
.single:
        dec     ax
        mov     ah, al
        mov     al, 0x12
        out     dx, ax
        mov     al, cl
        mul     byte [COLUMNS]
        shl     ax, 1
        add     ax, 0xFF                ; pages begin on 256 bytes
        xor     al, al
        mov     [PAGE_SIZE], ax
        mov     cx, [CURSOR_TYPE]
        jmp     set_cursor_type

; AL=30h: ES:BP = font BH, CX = height of the characters in use, DL = rows less one.
font_info:
        mov     cx, [CHAR_HEIGHT]
        mov     [bp + R_CX], cx
        mov     al, [ROWS]
        mov     [bp + R_DL], al
        cmp     bh, 7
        ja      .done
        cmp     bh, 1
        ja      .rom
        push    0
        pop     ds
        mov     si, 0x1F * 4
        jb      .vector
        mov     si, 0x43 * 4
.vector:
        les     si, [si]
        jmp     .store
.rom:
        movzx   si, bh
        shl     si, 1
        mov     si, [cs:.fonts - 4 + si]
        push    cs
        pop     es
.store:
        mov     [bp + R_ES], es
        mov     [bp + R_BP], si
.done:
        ret
.fonts:
        dw      font_8x14, font_8x8, font_8x8 + 128 * 8, no_alternates, font_8x16, no_alternates

; Alternate glyphs for 9-pixel cells: none.
no_alternates:
        db      0
