; 256 colors in four planes that are not chained. The choice at 7C05: 0 is 320x240, 1 is 360x480, 2 is 320x240 seen
; through a window of a picture of 512x400, above a lower part that stands still.
%define SECTORS 6
%include "video.inc"

pitch:  dw      0                       ; bytes of a plane in a line
width:  dw      0
height: dw      0

main:
        mov     ax, 0x0013
        int     0x10
        OUT_REG SEQ, 4, 0x06            ; chain 4 off
        OUT_REG CRTC, 0x14, 0x00        ; no doublewords
        OUT_REG CRTC, 0x17, 0xE3        ; bytes
        OUT_REG CRTC, 0x11, 0x0C        ; CR00 to CR07 may be written
        OUT_REG SEQ, 0, 1
        mov     dx, MISC
        mov     al, 0xE3                ; 480 lines
        cmp     byte [choice], 1
        jne     .clock
        mov     al, 0xE7                ; and the clock of 28 MHz
.clock:
        out     dx, al
        OUT_REG SEQ, 0, 3
        mov     si, lines_480
        call    crtc
        mov     word [pitch], 80
        mov     word [width], 320
        mov     word [height], 240
        cmp     byte [choice], 1
        jb      .draw
        je      .narrow
        mov     word [pitch], 128
        mov     word [width], 512
        mov     word [height], 400
        OUT_REG CRTC, 0x13, 64
        jmp     .draw
.narrow:
        mov     si, dots_360
        call    crtc
        mov     word [pitch], 90
        mov     word [width], 360
        mov     word [height], 480
.draw:
        call    picture
        cmp     byte [choice], 2
        jne     ready
        ; 65 pixels to the right, 50 down; the lower part from line 360 on.
        OUT_REG CRTC, 0x0C, (50 * 128 + 16) >> 8
        OUT_REG CRTC, 0x0D, (50 * 128 + 16) & 0xFF
        OUT_ATC 0x13, 2                 ; half dots
        OUT_ATC 0x10, 0x61
        OUT_REG CRTC, 0x18, 359 & 0xFF
        OUT_REG CRTC, 0x07, 0x3E        ; bit 4 of the line
        OUT_REG CRTC, 0x09, 0x01
        jmp     ready

; Index and value pairs at SI to the CRT controller, up to FFFF.
crtc:
        mov     dx, CRTC
.next:
        lodsw
        cmp     ax, 0xFFFF
        je      .done
        out     dx, ax
        jmp     .next
.done:
        ret

; 480 lines of 60 Hz; each row is two lines high.
lines_480:
        dw      0x0D06, 0x3E07, 0x4109, 0xEA10, 0xAC11, 0xDF12, 0xE715, 0x0616, 0xFFFF
; 360 dots, and rows one line high.
dots_360:
        dw      0x2C11, 0x6B00, 0x5901, 0x5A02, 0x8E03, 0x5E04, 0x8A05, 0x4009, 0x2D13, 0xFFFF

; Rings around the middle; lines every 32 pixels; a frame.
picture:
        push    word 0xA000
        pop     es
        mov     bp, 0                   ; plane
.plane:
        mov     dx, SEQ
        mov     cx, bp
        mov     ah, 1
        shl     ah, cl
        mov     al, 2
        out     dx, ax
        xor     di, di
        xor     dx, dx                  ; y
.line:
        mov     cx, bp                  ; x
        push    di
.next:
        call    color
        stosb
        add     cx, 4
        cmp     cx, [width]
        jb      .next
        pop     di
        add     di, [pitch]
        inc     dx
        cmp     dx, [height]
        jb      .line
        inc     bp
        cmp     bp, 4
        jb      .plane
        ret

; AL = color at CX, DX.
color:
        test    cx, cx
        jz      .edge
        test    dx, dx
        jz      .edge
        mov     ax, [width]
        dec     ax
        cmp     ax, cx
        je      .edge
        mov     ax, [height]
        dec     ax
        cmp     ax, dx
        je      .edge
        test    cl, 31
        jz      .grid
        test    dl, 31
        jz      .grid
        push    bx
        push    dx
        mov     ax, [height]
        shr     ax, 1
        sub     ax, dx
        imul    ax, ax
        mov     bx, ax
        mov     ax, [width]
        shr     ax, 1
        sub     ax, cx
        imul    ax, ax
        add     ax, bx
        rcr     ax, 1
        shr     ax, 6
        pop     dx
        pop     bx
        ; The hues of the default palette: 72 from color 32 on.
        push    dx
        xor     dx, dx
        push    bx
        mov     bx, 72
        div     bx
        pop     bx
        mov     ax, dx
        add     al, 32
        pop     dx
        ret
.edge:
        mov     al, 15
        ret
.grid:
        ; Brighter from left to right.
        mov     ax, cx
        shr     ax, 5
        and     al, 15
        add     al, 16
        ret
        END_OF_IMAGE
