; The four planes: write and read modes, panning, split screen. The choice at 7C05 is the picture.
%define SECTORS 6
%include "video.inc"

main:
        mov     al, [choice]
        cmp     al, 1
        jb      write_modes
        je      panning
        cmp     al, 3
        jb      byte_panning
        jmp     read_modes

; Byte %2 of line %1 of 80.
%define AT(line, byte) ((line) * 80 + (byte))

; CX lines of BX bytes from DI on are AL, each written after a read that loads the latches.
fill:
        pusha
.line:
        push    cx
        push    di
        mov     cx, bx
.next:
        mov     ah, [es:di]
        mov     [es:di], al
        inc     di
        loop    .next
        pop     di
        pop     cx
        add     di, 80
        loop    .line
        popa
        ret

title:
        pusha
        mov     ah, 2
        xor     bh, bh
        int     0x10
.next:
        lodsb
        test    al, al
        jz      .done
        mov     ah, 0x0E
        mov     bx, 15
        int     0x10
        jmp     .next
.done:
        ; What the BIOS leaves in the registers is its own.
        mov     dx, GC
        mov     ax, 0xFF08
        out     dx, ax
        mov     ax, 0x0005
        out     dx, ax
        mov     ax, 0x0003
        out     dx, ax
        mov     ax, 0x0001
        out     dx, ax
        mov     dx, SEQ
        mov     ax, 0x0F02
        out     dx, ax
        popa
        ret

%macro TITLE 3
        mov     dx, (%1) << 8 | (%2)
        mov     si, %%text
        call    title
        jmp     %%over
%%text: db      %3, 0
%%over:
%endmacro

screen:
        mov     ax, 0x0012
        int     0x10
        push    word 0xA000
        pop     es
        ret

; 0: each row is a write mode or a function, on a ground of 16 bars.
write_modes:
        call    screen
        ; The ground: write mode 2, a bar of 4 bytes each in colors 0 to 15.
        OUT_REG GC, 5, 2
        mov     di, AT(0, 16)
        xor     al, al
        mov     bx, 4
        mov     cx, 480
.bar:
        call    fill
        add     di, 4
        inc     al
        cmp     al, 16
        jb      .bar
        OUT_REG GC, 5, 0
        TITLE   1, 0, "DATA 0F"
        TITLE   3, 0, "ROTATED 3"
        TITLE   5, 0, "MAP MASK 6"
        TITLE   7, 0, "SET 5, ENABLE D"
        TITLE   9, 0, "AND 3C"
        TITLE   11, 0, "OR 3C"
        TITLE   13, 0, "XOR 3C"
        TITLE   15, 0, "BIT MASK 3C"
        TITLE   17, 0, "MODE 1 COPY"
        TITLE   19, 0, "MODE 2, 9"
        TITLE   21, 0, "MODE 2 XOR 9"
        TITLE   23, 0, "MODE 3, SET C"
        TITLE   25, 0, "MODE 3 + MASK"
        TITLE   27, 0, "ALL TOGETHER"
        mov     bx, 64
        mov     cx, 16
        mov     al, 0x0F
        mov     di, AT(16, 16)
        call    fill
        OUT_REG GC, 3, 3
        mov     al, 0x0F
        mov     di, AT(48, 16)
        call    fill
        OUT_REG GC, 3, 0
        OUT_REG SEQ, 2, 6
        mov     al, 0x0F
        mov     di, AT(80, 16)
        call    fill
        OUT_REG SEQ, 2, 15
        OUT_REG GC, 0, 5
        OUT_REG GC, 1, 0x0D
        mov     al, 0x0F
        mov     di, AT(112, 16)
        call    fill
        OUT_REG GC, 1, 0
        OUT_REG GC, 3, 0x08
        mov     al, 0x3C
        mov     di, AT(144, 16)
        call    fill
        OUT_REG GC, 3, 0x10
        mov     al, 0x3C
        mov     di, AT(176, 16)
        call    fill
        OUT_REG GC, 3, 0x18
        mov     al, 0x3C
        mov     di, AT(208, 16)
        call    fill
        OUT_REG GC, 3, 0
        OUT_REG GC, 8, 0x3C
        mov     al, 0x55
        mov     di, AT(240, 16)
        call    fill
        OUT_REG GC, 8, 0xFF
        ; Mode 1: the row is copied from one bar further on.
        OUT_REG GC, 5, 1
        mov     di, AT(272, 16)
        mov     dx, 16
.copy_line:
        push    di
        mov     cx, 60
.copy:
        mov     al, [es:di + 4]
        mov     [es:di], al
        inc     di
        loop    .copy
        pop     di
        add     di, 80
        dec     dx
        jnz     .copy_line
        mov     cx, 16
        OUT_REG GC, 5, 2
        mov     al, 9
        mov     di, AT(304, 16)
        call    fill
        OUT_REG GC, 3, 0x18
        OUT_REG GC, 8, 0xF0
        mov     al, 9
        mov     di, AT(336, 16)
        call    fill
        OUT_REG GC, 3, 0
        OUT_REG GC, 8, 0xFF
        OUT_REG GC, 5, 3
        OUT_REG GC, 0, 0x0C
        mov     al, 0xAA
        mov     di, AT(368, 16)
        call    fill
        OUT_REG GC, 8, 0x0F
        mov     al, 0xAA
        mov     di, AT(400, 16)
        call    fill
        ; Mode 0 with everything: data rotated by 1, plane 0 set, the rest XORed, masked, planes 0 to 2 written.
        OUT_REG GC, 5, 0
        OUT_REG GC, 0, 1
        OUT_REG GC, 1, 1
        OUT_REG GC, 3, 0x19
        OUT_REG GC, 8, 0x7E
        OUT_REG SEQ, 2, 7
        mov     al, 0x33
        mov     di, AT(432, 16)
        call    fill
        jmp     ready

; 1: mode 0Dh, 512 pixels wide in memory: 60 and 5 to the right, 20 down; from line 300 on (each is two high) the
; start of memory, not moved.
panning:
        mov     al, 0x20
        call    grid
        OUT_REG CRTC, 0x0C, (20 * 64 + 7) >> 8
        OUT_REG CRTC, 0x0D, (20 * 64 + 7) & 0xFF
        OUT_ATC 0x13, 5
        OUT_ATC 0x10, 0x21              ; panning ends at the split
        jmp     split

; 2: byte panning and preset row scan, which cuts one line off; the lower part moves along but starts with both lines.
byte_panning:
        mov     al, 0x20
        call    grid
        OUT_REG CRTC, 0x08, 0x61        ; 3 bytes, 1 line of the two
        mov     byte [split.doubling], 0x01     ; rows of two lines, not doubled ones
        OUT_ATC 0x13, 3
        OUT_REG CRTC, 0x0C, (20 * 64) >> 8
        OUT_REG CRTC, 0x0D, (20 * 64) & 0xFF
split:
        OUT_REG CRTC, 0x11, 0x0E        ; CR07 may be written
        OUT_REG CRTC, 0x18, 299 & 0xFF
        OUT_REG CRTC, 0x07, 0x1F
        mov     dx, CRTC
        mov     al, 9
        mov     ah, [.doubling]
        out     dx, ax
        jmp     ready
.doubling:
        db      0x80

; Mode 0Dh with AL words in a row: a numbered grid of 16 by 16 pixels, 512 by 256.
grid:
        push    ax
        mov     ax, 0x000D
        int     0x10
        pop     ax
        push    word 0xA000
        pop     es
        mov     ah, al
        mov     al, 0x13
        mov     dx, CRTC
        out     dx, ax
        mov     word [0x44A], 64        ; for the BIOS: columns
        OUT_REG GC, 5, 2
        xor     di, di
        xor     dx, dx                  ; line
.line:
        xor     cx, cx                  ; byte
.next:
        mov     bx, cx
        shr     bx, 1
        mov     ax, dx
        shr     ax, 4
        add     bx, ax
        and     bx, 15                  ; color of the square
        push    dx
        push    bx
        mov     dx, GC
        mov     ax, 0xFF08
        out     dx, ax
        pop     bx
        mov     [es:di], bl
        pop     dx
        test    dl, 15
        jz      .edge
        test    cl, 1
        jnz     .done
        push    dx
        mov     dx, GC
        mov     ax, 0x8008              ; the square's left edge
        out     dx, ax
        mov     al, [es:di]
        mov     byte [es:di], 15
        pop     dx
        jmp     .done
.edge:
        mov     byte [es:di], 15
.done:
        inc     di
        inc     cx
        cmp     cx, 64
        jb      .next
        inc     dx
        cmp     dx, 256
        jb      .line
        push    dx
        OUT_REG GC, 8, 0xFF
        OUT_REG GC, 5, 0
        pop     dx
        ; Each second square's number.
        mov     dx, 0x0000
.number:
        mov     ah, 2
        xor     bh, bh
        int     0x10
        mov     al, dl
        shr     al, 1
        add     al, dh
        and     al, 31
        add     al, 'A'
        mov     ah, 0x0E
        mov     bx, 0x000F
        int     0x10
        add     dl, 2
        cmp     dl, 64
        jb      .number
        xor     dl, dl
        add     dh, 2
        cmp     dh, 24
        jb      .number
        ret

; 3: what reading gives: the upper rows are the planes of the bars, then color compare with color 5, with and without
; plane 3; read by the CPU and shown below as black and white.
read_modes:
        call    screen
        OUT_REG GC, 5, 2
        mov     di, AT(0, 16)
        xor     al, al
        mov     bx, 4
        mov     cx, 32
.bar:
        call    fill
        add     di, 4
        inc     al
        cmp     al, 16
        jb      .bar
        OUT_REG GC, 5, 0
        TITLE   0, 0, "BARS"
        TITLE   3, 0, "PLANE 0"
        TITLE   5, 0, "PLANE 1"
        TITLE   7, 0, "PLANE 2"
        TITLE   9, 0, "PLANE 3"
        TITLE   11, 0, "COMPARE 5"
        TITLE   13, 0, "5, CARE 7"
        TITLE   15, 0, "CARE 0"
        mov     di, AT(48, 16)
        mov     bl, 0
.plane:
        mov     dx, GC
        mov     al, 4
        mov     ah, bl
        out     dx, ax
        call    read_bars
        inc     bl
        cmp     bl, 4
        jb      .plane
        OUT_REG GC, 5, 8
        OUT_REG GC, 2, 5
        OUT_REG GC, 7, 15
        call    read_bars
        OUT_REG GC, 7, 7
        call    read_bars
        OUT_REG GC, 7, 0
        call    read_bars
        jmp     ready

; Shows what reading line 0 gives in 16 lines from DI on; DI goes on by 32 lines.
read_bars:
        push    bx
        push    word 16
.line:
        xor     bx, bx
        push    di
.next:
        mov     al, [es:bx + 16]
        stosb
        inc     bx
        cmp     bx, 64
        jb      .next
        pop     di
        add     di, 80
        mov     bp, sp
        dec     word [bp]
        jnz     .line
        pop     bx
        pop     bx
        add     di, 16 * 80
        ret
        END_OF_IMAGE
