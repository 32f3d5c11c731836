; The mode13 command: the default palette as bars, a shaded ball, and the
; project's name in the 8x8 font, three times its size.

        section .text

PICTURE_SEGMENT equ     0xA000
PITCH           equ     320
BALL_X          equ     58
BALL_Y          equ     150
BALL_RADIUS     equ     38
TEXT_X          equ     122
TEXT_Y          equ     132

command_mode13:
        mov     ax, 0x0013
        int     0x10
        DEBUG   "mode 13h"
        push    es
        mov     ax, PICTURE_SEGMENT
        mov     es, ax
        call    draw_bars
        call    draw_ball
        call    draw_word
        pop     es
        DEBUG   "picture"
        mov     ah, 0x00
        int     0x16
        mov     ax, 0x0003
        int     0x10
        ret

; Sixteen EGA colors, sixteen grays, then nine rows of 24 hues: three
; brightnesses by three saturations.
draw_bars:
        mov     dx, 4                   ; y
        xor     bl, bl
        mov     cx, 2
.base:
        push    cx
        mov     ax, (19 << 8) | 16      ; 19 pixels wide, 16 of them
        mov     cx, 10
        call    .row
        pop     cx
        loop    .base
        mov     cx, 9
.hues:
        push    cx
        mov     ax, (12 << 8) | 24
        mov     cx, 8
        call    .row
        pop     cx
        loop    .hues
        ret
; AL bars of width AH and height CX from color BL on, at line DX; both move on.
.row:
        push    bp
        mov     bp, cx
        imul    di, dx, PITCH
        ; Centered: (320 - width * count) / 2.
        push    ax
        mul     ah
        neg     ax
        add     ax, PITCH
        shr     ax, 1
        add     di, ax
        pop     ax
        add     dx, cx
        movzx   si, al                  ; bars
        movzx   cx, ah                  ; width
        mov     al, bl
.line:
        push    di
        push    si
        mov     al, bl
.bar:
        push    cx
        rep stosb
        pop     cx
        inc     al
        dec     si
        jnz     .bar
        pop     si
        pop     di
        add     di, PITCH
        dec     bp
        jnz     .line
        mov     bl, al
        inc     dx                      ; a black line between rows
        pop     bp
        ret

; A disc, lit from the upper left: the gray falls with the distance from the light.
draw_ball:
        mov     si, -BALL_RADIUS        ; y
.line:
        mov     bx, -BALL_RADIUS        ; x
.point:
        mov     ax, bx
        imul    ax, ax
        mov     cx, si
        imul    cx, cx
        add     ax, cx
        cmp     ax, BALL_RADIUS * BALL_RADIUS
        ja      .outside
        mov     ax, bx
        add     ax, BALL_RADIUS / 3
        imul    ax, ax
        mov     cx, si
        add     cx, BALL_RADIUS / 3
        imul    cx, cx
        add     ax, cx
        ; 15 steps over about (4/3 radius) squared
        mov     cx, BALL_RADIUS * BALL_RADIUS * 2 / 15
        xor     dx, dx
        div     cx
        mov     dl, 31
        sub     dl, al                  ; 31 is white, 16 black
        imul    di, si, PITCH
        add     di, bx
        mov     [es:di + BALL_Y * PITCH + BALL_X], dl
.outside:
        inc     bx
        cmp     bx, BALL_RADIUS
        jle     .point
        inc     si
        cmp     si, BALL_RADIUS
        jle     .line
        ret

draw_word:
        mov     si, .word
        mov     di, TEXT_Y * PITCH + TEXT_X
.next:
        cs lodsb
        test    al, al
        jz      .done
        movzx   bx, al
        shl     bx, 3
        add     bx, glyphs_8x8
        push    di
        mov     ch, 8                   ; rows
.row:
        mov     ah, [cs:bx]
        inc     bx
        mov     dl, 32 + 24             ; the hues' second row, from blue on
        add     dl, 8
        sub     dl, ch
        mov     dh, 3                   ; each row three times
.thrice:
        push    di
        push    ax
        mov     cl, 8
.pixel:
        shl     ah, 1
        jnc     .clear
        mov     [es:di], dl
        mov     [es:di + 1], dl
        mov     [es:di + 2], dl
.clear:
        add     di, 3
        dec     cl
        jnz     .pixel
        pop     ax
        pop     di
        add     di, PITCH
        dec     dh
        jnz     .thrice
        dec     ch
        jnz     .row
        pop     di
        add     di, 24
        jmp     .next
.done:
        ret

        section .rodata
.word:  db      "Vitrine", 0
        section .text
