; Text modes. The choice at 7C05 is the picture: see `pictures`.
%define SECTORS 14
%include "video.inc"
%include "text.inc"

main:
        mov     bl, [choice]
        xor     bh, bh
        shl     bx, 1
        push    word 0xB800
        pop     es
        call    [pictures + bx]
        jmp     ready

pictures:
        dw      colors_80, bright, colors_40, rows_50, rows_43, rows_28
        dw      lines_200, two_sets, dots_8, monochrome, blinking, scrolled
        dw      wide, palette

; 0: mode 03h: 128 attributes, all characters with their ninth dots, a box.
colors_80:
        call    hide_cursor
        mov     bh, 25
        call    frame
        PRINT   30, 0, " MODE 03H 80X25 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 12
        mov     ah, 0x07
        call    characters
        PRINT   2, 18, "THE QUICK BROWN FOX JUMPS OVER the lazy dog 0123456789", 0x0F
        mov     bh, 23
        jmp     ruler

; 1: blinking off: 256 attributes.
bright:
        call    hide_cursor
        mov     ax, 0x1003
        mov     bx, 0
        int     0x10
        cli
        PRINT   0, 0, "BLINK OFF: 16 BACKGROUNDS", 0x0F
        mov     bh, 2
        mov     cx, 0x0005
        call    attributes
        PRINT   0, 20, "BRIGHT ", 0xF1
        PRINT   8, 20, "YELLOW ", 0xE0
        PRINT   16, 20, "GREY ", 0x87
        ret

; 2: mode 01h, 40 columns.
colors_40:
        mov     ax, 0x0001
        int     0x10
        call    hide_cursor
        mov     word [columns], 40
        mov     bh, 25
        call    frame
        PRINT   10, 0, " MODE 01H 40X25 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8002
        call    attributes
        mov     bh, 12
        mov     ah, 0x0E
        call    characters
        mov     bh, 23
        jmp     ruler

; 3: the font of 8 lines.
rows_50:
        mov     ax, 0x1112
        mov     bl, 0
        int     0x10
        call    hide_cursor
        mov     bh, 50
        call    frame
        PRINT   30, 0, " 8X8 80X50 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 20
        mov     ah, 0x0B
        call    characters
        mov     bh, 48
        jmp     ruler

; 4: 350 lines as an EGA has, and the font of 8 lines.
rows_43:
        mov     ax, 0x1201
        mov     bl, 0x30
        int     0x10
        mov     ax, 0x0003
        int     0x10
        mov     ax, 0x1112
        mov     bl, 0
        int     0x10
        call    hide_cursor
        mov     bh, 43
        call    frame
        PRINT   30, 0, " 350 LINES 80X43 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 20
        mov     ah, 0x0D
        call    characters
        mov     bh, 41
        jmp     ruler

; 5: the font of 14 lines on 400 lines: 28 rows.
rows_28:
        mov     ax, 0x1111
        mov     bl, 0
        int     0x10
        call    hide_cursor
        mov     bh, 28
        call    frame
        PRINT   30, 0, " 8X14 80X28 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 14
        mov     ah, 0x0A
        call    characters
        mov     bh, 26
        jmp     ruler

; 6: 200 lines as a CGA has, each shown twice.
lines_200:
        mov     ax, 0x1200
        mov     bl, 0x30
        int     0x10
        mov     ax, 0x0003
        int     0x10
        call    hide_cursor
        mov     bh, 25
        call    frame
        PRINT   30, 0, " 200 LINES 80X25 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 14
        mov     ah, 0x06
        call    characters
        mov     bh, 23
        jmp     ruler

; 7: the caller's own glyphs, and two sets of characters: the second is the first upside down.
two_sets:
        call    hide_cursor
        mov     ax, 0x1130
        mov     bh, 6
        int     0x10
        push    ds
        push    es
        pop     ds
        mov     si, bp
        xor     bx, bx
        mov     es, bx
        mov     di, glyphs
        mov     cx, 256
.glyph:
        push    cx
        mov     cx, 16
        add     di, 15
.line:
        lodsb
        mov     [es:di], al
        dec     di
        loop    .line
        add     di, 17
        pop     cx
        loop    .glyph
        pop     ds
        mov     ax, 0x1100              ; into block 1
        mov     bx, 0x1001
        mov     cx, 256
        xor     dx, dx
        mov     bp, glyphs
        int     0x10
        mov     ax, 0x1100              ; and two glyphs of our own into block 0
        mov     bx, 0x1000
        mov     cx, 2
        mov     dx, 1
        mov     bp, own_glyphs
        int     0x10
        mov     ax, 0x1103              ; bright characters from block 1
        mov     bl, 0x04
        int     0x10
        cli
        push    word 0xB800
        pop     es
        PRINT   0, 0, "PLAIN CHARACTERS FROM SET 0", 0x07
        PRINT   0, 1, "BRIGHT ONES FROM SET 1, UPSIDE DOWN", 0x0F
        PRINT   0, 3, {1, 2, 1, 2, " OUR OWN GLYPHS ", 1, 2, 1, 2}, 0x1E - 8
        PRINT   0, 4, {1, 2, 1, 2, " OUR OWN GLYPHS ", 1, 2, 1, 2}, 0x1E
        mov     bh, 6
        mov     ah, 0x02
        call    characters
        mov     bh, 12
        mov     ah, 0x0A
        call    characters
        mov     bh, 18
        mov     cx, 0x5004
        jmp     attributes

own_glyphs:
        db      0xFF, 0x81, 0xBD, 0xA5, 0xA5, 0xBD, 0x81, 0xFF, 0x00, 0xAA, 0x55, 0xAA, 0x55, 0xAA, 0x55, 0xFF
        db      0x01, 0x03, 0x07, 0x0F, 0x1F, 0x3F, 0x7F, 0xFF, 0xFF, 0xFE, 0xFC, 0xF8, 0xF0, 0xE0, 0xC0, 0x80

; 8: eight dots in a character: 640x400.
dots_8:
        call    hide_cursor
        OUT_REG SEQ, 0, 1
        OUT_REG SEQ, 1, 1
        mov     dx, MISC
        mov     al, 0x63
        out     dx, al
        OUT_REG SEQ, 0, 3
        OUT_ATC 0x13, 0
        mov     bh, 25
        call    frame
        PRINT   30, 0, " 8 DOTS 640X400 ", 0x1E
        mov     bh, 2
        mov     cx, 0x8004
        call    attributes
        mov     bh, 12
        mov     ah, 0x07
        call    characters
        mov     bh, 23
        jmp     ruler

; 9: mode 07h: underline, reverse, bright.
monochrome:
        mov     ax, 0x0007
        int     0x10
        call    hide_cursor
        push    word 0xB000
        pop     es
        PRINT   0, 0, "MODE 07H", 0x0F
        PRINT   0, 2, "NORMAL", 0x07
        PRINT   0, 3, "BRIGHT", 0x0F
        PRINT   0, 4, "UNDERLINED", 0x01
        PRINT   0, 5, "BRIGHT AND UNDERLINED", 0x09
        PRINT   0, 6, "REVERSE", 0x70
        PRINT   0, 7, "INVISIBLE", 0x00
        mov     bh, 9
        mov     cx, 0x8004
        call    attributes
        mov     bh, 19
        mov     ah, 0x07
        jmp     characters

; 10: what blinks: attributes from 80h on, and the cursor, a block of lines 2 to 13.
blinking:
        PRINT   0, 0, "STEADY", 0x1F
        PRINT   8, 0, "BLINKING", 0x9F
        PRINT   0, 2, "CURSOR:", 0x07
        mov     bh, 4
        mov     cx, 0x0004
        call    attributes
        or      byte [0x487], 1         ; the shape as it is given
        mov     ah, 1
        mov     cx, 0x020D
        int     0x10
        mov     ah, 2
        mov     bh, 0
        mov     dx, 0x0208
        int     0x10
        cli
        ret

; 11: the upper part starts 5 dots and 6 lines into page 0's second row, the lower is page 0 and stands still.
scrolled:
        call    hide_cursor
        mov     bh, 0
.row:
        push    bx
        call    ruler
        pop     bx
        mov     al, bh
        mov     bl, 4
        call    cell
        mov     ah, 0x4F
        call    hex
        inc     bh
        cmp     bh, 40
        jb      .row
        PRINT   20, 0, " LOWER PART, NOT MOVED ", 0x2F
        PRINT   20, 2, " UPPER PART: 1 ROW, 6 LINES, 5 DOTS ", 0x4E
        OUT_REG CRTC, 0x0D, 80
        OUT_REG CRTC, 0x08, 6
        OUT_ATC 0x13, 4                 ; with nine dots this is 5
        OUT_ATC 0x10, 0x2C
        OUT_REG CRTC, 0x18, 299 & 0xFF
        OUT_REG CRTC, 0x07, 0x1F        ; bit 4: bit 8 of the line
        OUT_REG CRTC, 0x09, 0x0F        ; bit 6: bit 9
        ret

; 12: rows of 120 cells, of which 80 are seen from the 25th on; page 1 of those that long.
wide:
        call    hide_cursor
        mov     word [columns], 120
        OUT_REG CRTC, 0x13, 60
        mov     bh, 0
.row:
        push    bx
        call    ruler
        pop     bx
        mov     al, bh
        mov     bl, 40
        call    cell
        mov     ah, 0x5F
        call    hex
        inc     bh
        cmp     bh, 60
        jb      .row
        PRINT   30, 35, " FROM CELL 25 OF ROW 30 ON ", 0x1E
        OUT_REG CRTC, 0x0C, (30 * 120 + 25) >> 8
        OUT_REG CRTC, 0x0D, (30 * 120 + 25) & 0xFF
        ret

; 13: palette, color select and PEL mask: colors 0 to 15 are DAC colors B0 to BF, which the mask makes 90 to 9F.
palette:
        call    hide_cursor
        mov     dx, DAC
        mov     al, 0x90
        out     dx, al
        inc     dx
        mov     cx, 16
        xor     bl, bl
.color:
        mov     al, bl                  ; from blue to orange
        shl     al, 2
        out     dx, al
        shr     al, 1
        out     dx, al
        mov     al, 60
        sub     al, bl
        sub     al, bl
        sub     al, bl
        sub     al, bl
        out     dx, al
        inc     bl
        loop    .color
        mov     bl, 0
.register:
        mov     dx, STATUS
        in      al, dx
        mov     dx, ATC
        mov     al, bl
        out     dx, al
        out     dx, al
        inc     bl
        cmp     bl, 16
        jb      .register
        OUT_ATC 0x10, 0x84              ; bits 4 and 5 from color select too
        OUT_ATC 0x14, 0x0B
        mov     dx, DAC_MASK
        mov     al, 0xDF
        out     dx, al
        PRINT   0, 0, "PALETTE, COLOR SELECT 0B, PEL MASK DF", 0x0F
        mov     bh, 2
        mov     cx, 0x0005
        jmp     attributes

glyphs  equ     0xB000                  ; 4 KiB
        END_OF_IMAGE
