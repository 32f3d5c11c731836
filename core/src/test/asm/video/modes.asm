; The BIOS's graphics modes, drawn by INT 10h alone: a frame, a diagonal, bars of all colors, text. The choice at 7C05
; is the row of `table`.
%define SECTORS 6
%include "video.inc"

table:  ; mode, colors, width, height, the label's last character
        dw      0x04, 4, 320, 200, '4'
        dw      0x05, 4, 320, 200, '5'
        dw      0x06, 2, 640, 200, '6'
        dw      0x0D, 16, 320, 200, 'D'
        dw      0x0E, 16, 640, 200, 'E'
        dw      0x0F, 4, 640, 350, 'F'
        dw      0x10, 16, 640, 350, '0'
        dw      0x11, 2, 640, 480, '1'
        dw      0x12, 16, 640, 480, '2'
        dw      0x13, 256, 320, 200, '3'
        ; 10: mode 04h in bright green, red and yellow on blue
        dw      0x04, 4, 320, 200, '4'
        ; 11: mode 12h with the 16 colors of DAC page 2 of 16, through the color select register
        dw      0x12, 16, 640, 480, '2'
        ; 12: mode 12h with planes 1 and 3 hidden
        dw      0x12, 16, 640, 480, '2'
        ; 13: mode 13h through a PEL mask of 1F
        dw      0x13, 256, 320, 200, '3'
        ; 14: mode 13h, summed to gray by the BIOS
        dw      0x13, 256, 320, 200, '3'
colors: dw      0
width:  dw      0
height: dw      0

main:
        movzx   si, byte [choice]
        imul    si, si, 10
        add     si, table
        mov     ax, [si]
        mov     bx, [si + 2]
        mov     [colors], bx
        mov     bx, [si + 4]
        mov     [width], bx
        mov     bx, [si + 6]
        mov     [height], bx
        mov     bl, [si + 8]
        mov     [label.number + 1], bl
        cmp     al, 0x0D
        jb      .low
        cmp     al, 0x10
        jae     .low
        mov     byte [label.number], '0'
        jmp     .set
.low:
        mov     byte [label.number], '0'
        cmp     al, 0x10
        jb      .set
        mov     byte [label.number], '1'
.set:
        int     0x10
        call    bars
        call    edges
        call    label
        mov     al, [choice]
        cmp     al, 10
        je      cga_palette
        cmp     al, 11
        je      dac_page
        cmp     al, 12
        je      two_planes
        cmp     al, 13
        je      masked
        cmp     al, 14
        je      gray
        jmp     ready

cga_palette:
        mov     ah, 0x0B
        mov     bx, 0x0100
        int     0x10
        mov     ah, 0x0B
        mov     bx, 0x0001
        int     0x10
        jmp     ready

; Color i of the page is red 4i, green 63 - 4i, blue 32.
dac_page:
        mov     bx, 0x20
        mov     cx, 0
.next:
        push    cx
        mov     dh, cl
        shl     dh, 2
        mov     ch, 63
        sub     ch, dh
        mov     cl, 32
        mov     ax, 0x1010
        int     0x10
        pop     cx
        inc     bx
        inc     cx
        cmp     cx, 16
        jb      .next
        xor     bx, bx                  ; the palette: register i is i
.register:
        mov     ax, 0x1000
        int     0x10
        add     bx, 0x0101
        cmp     bl, 16
        jb      .register
        mov     ax, 0x1013
        mov     bx, 0x0100              ; 16 pages
        int     0x10
        mov     ax, 0x1013
        mov     bx, 0x0201              ; page 2
        int     0x10
        jmp     ready

two_planes:
        mov     ax, 0x1000
        mov     bx, 0x0512
        int     0x10
        jmp     ready

masked:
        mov     ax, 0x1018
        mov     bx, 0x1F
        int     0x10
        jmp     ready

gray:
        mov     ax, 0x101B
        xor     bx, bx
        mov     cx, 256
        int     0x10
        jmp     ready

; A pixel AL at CX, DX.
plot:
        push    bx
        mov     ah, 0x0C
        xor     bh, bh
        int     0x10
        pop     bx
        ret

; All colors from left to right, in the third quarter of the screen.
bars:
        mov     dx, [height]
        shr     dx, 1
        mov     di, dx
        shr     di, 1
.line:
        xor     cx, cx
.next:
        push    dx
        mov     ax, cx
        mul     word [colors]
        div     word [width]
        pop     dx
        call    plot
        inc     cx
        cmp     cx, [width]
        jb      .next
        inc     dx
        dec     di
        jnz     .line
        ret

edges:
        mov     di, [colors]
        dec     di
        cmp     di, 15
        jbe     .known
        mov     di, 15
.known:
        xor     cx, cx
.across:
        mov     ax, di
        xor     dx, dx
        call    plot
        mov     dx, [height]
        dec     dx
        call    plot
        mov     ax, cx                  ; the diagonal
        mul     word [height]
        div     word [width]
        mov     dx, ax
        mov     ax, di
        call    plot
        inc     cx
        cmp     cx, [width]
        jb      .across
        xor     dx, dx
.down:
        mov     ax, di
        xor     cx, cx
        call    plot
        mov     cx, [width]
        dec     cx
        call    plot
        inc     dx
        cmp     dx, [height]
        jb      .down
        ret

; "MODE xxH" and characters, in as many colors as there are.
label:
        mov     ah, 2
        mov     bh, 0
        mov     dx, 0x0202
        int     0x10
        mov     si, .text
        mov     bl, [colors]
        dec     bl
        and     bl, 15
.next:
        lodsb
        test    al, al
        jz      .written
        mov     ah, 0x0E
        mov     bh, 0
        int     0x10
        jmp     .next
.written:
        mov     dx, 0x0402
.cell:
        mov     ah, 2
        mov     bh, 0
        int     0x10
        mov     al, dl
        add     al, 'A' - 2
        mov     ah, 9
        mov     bl, dl
        sub     bl, 2
        and     bl, 15
        cmp     word [colors], 16
        jae     .colored
        mov     bl, [colors]
        dec     bl
.colored:
        mov     cx, 1
        mov     bh, 0
        int     0x10
        inc     dl
        cmp     dl, 34
        jb      .cell
        ret
.text:
        db      "MODE "
.number:
        db      "00H", 0
        END_OF_IMAGE
