; Modes of the VESA BIOS extension, set by INT 10h function 4Fh. The choice at 7C05 is the row of `table`. What the
; functions answer is reported through port E9, a line each, before "ready".
%define SECTORS 14
%include "video.inc"

; mode, width, height, bits, how: 0 bank by bank, 1 in the linear framebuffer, 2 in planes
table:
        dw      0x101, 640, 480, 8, 0           ; 0
        dw      0x4103, 800, 600, 8, 1          ; 1: with 8 bits a component
        dw      0x110, 640, 480, 15, 0          ; 2
        dw      0x4114, 800, 600, 16, 1         ; 3
        dw      0x4112, 640, 480, 24, 1         ; 4
        dw      0x4144, 1024, 768, 32, 1        ; 5
        dw      0x4142, 640, 480, 32, 1         ; 6: scrolled over 800x700
        dw      0x102, 800, 600, 4, 2           ; 7
        dw      0x418C, 2560, 1600, 32, 1       ; 8
        dw      0x112, 640, 480, 24, 0          ; 9: pixels across banks
        dw      0x100, 640, 400, 8, 0           ; 10: scrolled over 1000 pixels in a line
        dw      0x4142, 640, 480, 32, 1         ; 11: as 6, by the functions for protected mode

mode:   dw      0
width:  dd      0
height: dd      0
bits_:  dw      0
how:    dw      0
pitch:  dd      0
bank:   dw      0
screen_width:   dd 0
screen_height:  dd 0

main:
        movzx   si, byte [choice]
        imul    si, si, 10
        add     si, table
        lodsw
        mov     [mode], ax
        lodsw
        mov     [width], ax
        mov     [screen_width], ax
        lodsw
        mov     [height], ax
        mov     [screen_height], ax
        lodsw
        mov     [bits_], ax
        lodsw
        mov     [how], ax
        mov     word [bank], -1
        xor     bx, bx
        xor     cx, cx
        xor     dx, dx
        call    information
        mov     cx, [mode]
        mov     di, block
        mov     ax, 0x4F01
        int     0x10
        call    report
        db      "4F01", 0
        mov     eax, [block + 0x28]
        mov     [framebuffer], eax
        movzx   eax, word [block + 0x10]
        mov     [pitch], eax
        mov     si, block               ; but for the address of a function and the framebuffer's
        mov     cx, 12
        call    dump
        mov     si, block + 0x10
        mov     cx, 24
        call    dump
        mov     si, block + 0x2C
        mov     cx, 22
        call    dump
        mov     ax, 0x4F02
        mov     bx, [mode]
        int     0x10
        call    report
        db      "4F02", 0
        mov     ax, 0x4F03
        int     0x10
        call    report
        db      "4F03", 0
        call    flat
        mov     al, [choice]
        cmp     al, 1
        je      .eight_bits
        cmp     al, 6
        je      .larger
        cmp     al, 11
        je      .larger
        cmp     al, 10
        je      .longer
        cmp     al, 0
        je      .palette
        call    picture
        jmp     .end
.palette:
        mov     cl, 2                   ; components of 6 bits
        call    colors
        call    picture
        jmp     .end
.eight_bits:
        mov     ax, 0x4F08
        mov     bx, 0x0800
        int     0x10
        call    report
        db      "4F08", 0
        mov     cl, 0
        call    colors
        call    picture
        jmp     .end
.larger:
        mov     dword [width], 800
        mov     dword [height], 700
        mov     ax, 0x4F06
        mov     bx, 0
        mov     cx, 800
        int     0x10
        call    report
        db      "4F06", 0
        mov     dword [pitch], 3200
        call    picture
        cmp     byte [choice], 11
        je      .protected
        mov     ax, 0x4F07
        mov     bx, 0
        mov     cx, 131
        mov     dx, 77
        int     0x10
        call    report
        db      "4F07", 0
        mov     ax, 0x4F07
        mov     bx, 1
        int     0x10
        call    report
        db      "4F07", 0
        jmp     .end
.protected:
        call    protected
        mov     ax, 0x4F07
        mov     bx, 1
        int     0x10
        call    report
        db      "4F07", 0
        jmp     .end
.longer:
        mov     dword [width], 1000
        mov     ax, 0x4F06
        mov     bx, 2
        mov     cx, 1000
        int     0x10
        call    report
        db      "4F06", 0
        mov     dword [pitch], 1000
        mov     cl, 2
        call    colors
        call    picture
        mov     ax, 0x4F07
        mov     bx, 0x80
        mov     cx, 355
        mov     dx, 0
        int     0x10
        call    report
        db      "4F07", 0
.end:
        mov     ax, 0x4F05
        mov     bx, 0x0100
        int     0x10
        call    report
        db      "4F05", 0
        mov     ax, 0x4F0B
        int     0x10
        call    report
        db      "4F0B", 0
        jmp     ready

; Copies the functions for protected mode to `functions`, and starts the screen at 131, 77 by the one for that.
protected:
        mov     ax, 0x4F0A
        mov     bx, 0
        int     0x10
        cli
        push    ds
        mov     si, di
        push    es
        pop     ds
        mov     ax, functions >> 4
        mov     es, ax
        xor     di, di
        rep movsb
        pop     ds
        xor     ax, ax
        mov     es, ax
        lgdt    [.gdt]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     0x10:.flat
        bits    32
.flat:
        mov     ax, 8
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        movzx   esp, sp
        mov     ebx, 0
        mov     ecx, (77 * 800 + 131) & 0xFFFF
        mov     edx, (77 * 800 + 131) >> 16
        movzx   esi, word [functions + 2]
        add     esi, functions
        call    esi
        jmp     0x18:.sixteen
        bits    16
.sixteen:
        mov     eax, cr0
        and     al, 0xFE
        mov     cr0, eax
        jmp     0:.real
.real:
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        ret
        align   8, db 0
.gdt:
        dw      0x1F
        dd      .gdt
        dw      0
        dq      0x00CF93000000FFFF      ; data of 4 GiB
        dq      0x00CF9B000000FFFF      ; code of 4 GiB, 32 bits
        dq      0x00009B000000FFFF      ; code of 64 KiB, 16 bits

; What 4F00 says that is the same everywhere: signature, version, memory, and whether our mode is in the list.
information:
        mov     di, block
        mov     dword [di], 'VBE2'
        mov     ax, 0x4F00
        int     0x10
        call    report
        db      "4F00", 0
        mov     si, block
        mov     cx, 6
        call    dump
        mov     si, block + 18
        mov     cx, 2
        call    dump
        push    ds
        mov     cx, [mode]
        and     cx, 0x1FF
        lds     si, [block + 14]
.next:
        lodsw
        cmp     ax, 0xFFFF
        je      .missing
        cmp     ax, cx
        jne     .next
        pop     ds
        ret
.missing:
        pop     ds
        mov     si, .text
        jmp     say
.text:
        db      "the mode is not in the list", 10

; 256 colors by function 4F09, in components shifted right by CL: 6 levels of red and green, 7 of blue.
colors:
        mov     di, block
        mov     ch, 0
.next:
        movzx   ax, ch
        mov     bl, 7
        div     bl                      ; blue: remainder
        push    ax
        mov     al, ah
        mov     bl, 42
        mul     bl
        shr     al, cl
        mov     [di], al
        pop     ax
        xor     ah, ah
        mov     bl, 6
        div     bl
        push    ax
        mov     al, ah
        mov     bl, 51
        mul     bl
        shr     al, cl
        mov     [di + 1], al
        pop     ax
        mov     bl, 51
        mul     bl
        shr     al, cl
        mov     [di + 2], al
        mov     byte [di + 3], 0
        add     di, 4
        inc     ch
        cmp     ch, 252
        jb      .next
        mov     ax, 0x4F09
        mov     bx, 0
        mov     cx, 252
        mov     dx, 0
        mov     di, block
        int     0x10
        call    report
        db      "4F09", 0
        ret

; The picture, line by line into `line`, then from there to video memory.
picture:
        xor     edx, edx                ; y
.line:
        cmp     byte [choice], 8
        jne     .calculate
        ; The largest mode: only the first of ten lines is calculated, and the last of all.
        lea     eax, [edx + 1]
        cmp     eax, [height]
        je      .calculate
        push    edx
        mov     eax, edx
        xor     edx, edx
        mov     ecx, 10
        div     ecx
        test    edx, edx
        pop     edx
        mov     edi, line + 2560 * 4
        jnz     .calculated
.calculate:
        xor     ecx, ecx                ; x
        mov     edi, line
        cmp     word [how], 2
        je      .planes
.next:
        call    color                   ; EBX = 00RRGGBB
        call    store
        inc     ecx
        cmp     ecx, [width]
        jb      .next
.calculated:
        mov     ecx, edi
        sub     ecx, line
        mov     edi, [pitch]
        imul    edi, edx
        cmp     word [how], 0
        je      .banked
        mov     esi, line
        add     edi, [framebuffer]
        shr     ecx, 2
        a32 rep movsd
        jmp     .line_done
.banked:
        mov     esi, line
.byte:
        mov     eax, edi
        shr     eax, 16
        cmp     ax, [bank]
        je      .there
        pushad
        mov     [bank], ax
        mov     dx, ax
        mov     ax, 0x4F05
        xor     bx, bx
        int     0x10
        cmp     ax, 0x004F
        popad
        jne     .failed
.there:
        movzx   ebx, di
        mov     al, [esi]
        mov     [dword ebx + 0xA0000], al
        inc     esi
        inc     edi
        loop    .byte
.line_done:
        inc     edx
        cmp     edx, [height]
        jb      .line
        ret
.failed:
        call    report
        db      "4F05", 0
        ret
.planes:
        ; A byte a pixel in `line`, then plane after plane.
        call    color
        mov     al, bl                  ; the top bits: two of blue, then green, then red
        shr     al, 6
        shr     bh, 5
        and     bh, 4
        or      al, bh
        shr     ebx, 20
        and     bl, 8
        or      al, bl
        mov     [edi], al
        inc     edi
        inc     ecx
        cmp     ecx, [width]
        jb      .planes
        push    edx
        imul    edx, [pitch]
        mov     ebx, edx
        mov     bp, 0
.plane:
        push    ebx
        mov     cx, bp
        mov     ah, 1
        shl     ah, cl
        mov     al, 2
        mov     dx, SEQ
        out     dx, ax
        mov     esi, line
.eight:
        mov     ah, 0
        mov     ch, 8
.bit:
        mov     al, [esi]
        inc     esi
        shr     al, cl
        shr     al, 1
        rcl     ah, 1
        dec     ch
        jnz     .bit
        mov     [dword ebx + 0xA0000], ah
        inc     ebx
        cmp     esi, edi
        jb      .eight
        pop     ebx
        inc     bp
        cmp     bp, 4
        jb      .plane
        pop     edx
        jmp     .line_done

; EBX = color 00RRGGBB at ECX, EDX: red grows to the right, green downwards, blue in squares of 32; a frame and a
; diagonal in white, a line in black beside the frame; in the upper left the primary colors.
color:
        push    eax
        push    edx
        cmp     ecx, 0
        je      .white
        cmp     edx, 0
        je      .white
        mov     eax, [width]
        dec     eax
        cmp     eax, ecx
        je      .white
        mov     eax, [height]
        dec     eax
        cmp     eax, edx
        je      .white
        cmp     ecx, edx
        je      .white
        cmp     edx, 24
        jae     .gradient
        mov     eax, ecx
        shr     eax, 5
        cmp     al, 8
        jae     .gradient
        xor     ebx, ebx
        test    al, 1
        jz      .no_blue
        mov     bl, 0xFF
.no_blue:
        test    al, 2
        jz      .no_green
        mov     bh, 0xFF
.no_green:
        test    al, 4
        jz      .done
        or      ebx, 0xFF0000
        jmp     .done
.gradient:
        push    edx
        mov     eax, ecx
        shl     eax, 8
        xor     edx, edx
        div     dword [width]
        mov     ebx, eax
        shl     ebx, 16
        pop     eax
        push    eax
        shl     eax, 8
        xor     edx, edx
        div     dword [height]
        mov     bh, al
        pop     edx
        mov     eax, ecx
        xor     eax, edx
        and     al, 0xE0
        mov     bl, al
        jmp     .done
.white:
        mov     ebx, 0x00FFFFFF
.done:
        pop     edx
        pop     eax
        ret

; Color EBX as a pixel at [EDI]; EDI goes on.
store:
        push    eax
        push    ebx
        cmp     word [bits_], 24
        ja      .four
        je      .three
        cmp     word [bits_], 15
        ja      .sixteen
        je      .fifteen
        ; 8 bits: 6 levels of red, 6 of green, 7 of blue.
        mov     eax, ebx
        shr     eax, 16
        mov     ah, 6
        mul     ah
        movzx   eax, ah
        imul    eax, 6
        push    eax
        mov     al, bh
        mov     ah, 6
        mul     ah
        movzx   eax, ah
        pop     ebx
        add     eax, ebx
        imul    eax, 7
        mov     ebx, eax
        pop     eax
        push    eax
        mov     ah, 7
        mul     ah
        movzx   eax, ah
        add     eax, ebx
        mov     [edi], al
        inc     edi
        jmp     .done
.fifteen:
        mov     ax, bx
        shr     al, 3
        shr     ah, 1
        and     ah, 0x7C                ; green in bits 14 to 10, to be moved to 9 to 5
        shr     bx, 6
        and     bx, 0x03E0
        and     ax, 0x001F
        or      ax, bx
        pop     ebx
        push    ebx
        shr     ebx, 9
        and     bx, 0x7C00
        or      ax, bx
        jmp     .two
.sixteen:
        mov     ax, bx
        shr     al, 3
        and     ax, 0x001F
        shr     bx, 5
        and     bx, 0x07E0
        or      ax, bx
        pop     ebx
        push    ebx
        shr     ebx, 8
        and     bx, 0xF800
        or      ax, bx
.two:
        mov     [edi], ax
        add     edi, 2
        jmp     .done
.three:
        mov     [edi], bx
        shr     ebx, 16
        mov     [edi + 2], bl
        add     edi, 3
        jmp     .done
.four:
        mov     [edi], ebx
        add     edi, 4
.done:
        pop     ebx
        pop     eax
        ret

; Reports the name that follows the call, AX, BX, CX and DX.
report:
        pop     si
        push    dx
        push    cx
        push    bx
        push    ax
.name:
        lodsb
        test    al, al
        jz      .named
        out     0xE9, al
        jmp     .name
.named:
        mov     bp, sp
        mov     di, 4
.register:
        mov     al, ' '
        out     0xE9, al
        mov     ah, [bp + 1]
        call    hex
        mov     ah, [bp]
        call    hex
        add     bp, 2
        dec     di
        jnz     .register
        mov     al, 10
        out     0xE9, al
        pop     ax
        pop     bx
        pop     cx
        pop     dx
        xor     bp, bp
        mov     es, bp
        cli
        jmp     si

; CX bytes at SI in hexadecimal, on a line.
dump:
        lodsb
        mov     ah, al
        call    hex
        loop    dump
        mov     al, 10
        out     0xE9, al
        ret

; AH in hexadecimal.
hex:
        mov     al, ah
        shr     al, 4
        call    .digit
        mov     al, ah
        and     al, 15
.digit:
        add     al, '0'
        cmp     al, '9'
        jbe     .put
        add     al, 7
.put:
        out     0xE9, al
        ret

%include "flat.inc"
block   equ     0xC000                  ; 1 KiB
line    equ     0x10000
functions equ   0x20000
        END_OF_IMAGE
