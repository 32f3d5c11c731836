; The VESA BIOS extension in protected mode: three of its functions as code that callers copy.

; 0Ah: ES:DI = functions 05h, 07h and 09h as code for 32 bits that runs anywhere, CX = its length.
vbe_protected:
        test    bl, bl
        jnz     vbe_palette.bad
        mov     [bp + R_ES], cs
        mov     word [bp + R_DI], vbe_32
        mov     word [bp + R_CX], vbe_32_end - vbe_32
        clc
        ret

        align   4, db 0
vbe_32:
        dw      .window - vbe_32
        dw      .start - vbe_32
        dw      .palette - vbe_32
        dw      0                       ; no memory but the framebuffer, ports without a list
        bits    32
; AX to VBE register CX, and the other way.
.put:
        push    edx
        push    eax
        mov     edx, VBE_INDEX
        mov     eax, ecx
        out     dx, ax
        inc     edx
        pop     eax
        out     dx, ax
        pop     edx
        ret
.take:
        push    edx
        mov     edx, VBE_INDEX
        mov     eax, ecx
        out     dx, ax
        inc     edx
        in      ax, dx
        movzx   eax, ax
        pop     edx
        ret
; BH=0: the window to DX.
.window:
        test    bx, bx
        jnz     .fails
        push    ecx
        mov     eax, edx
        mov     ecx, VBE_BANK
        call    .put
        pop     ecx
        mov     ax, 0x004F
        ret
.fails:
        mov     ax, 0x014F
        ret
.wait:
        push    edx
        mov     edx, 0x3DA
.in:
        in      al, dx
        test    al, 8
        jnz     .in
.out:
        in      al, dx
        test    al, 8
        jz      .out
        pop     edx
        ret
; DX:CX is where the screen starts, in units of four bytes: one pixel of 32 bits, or eight in four planes.
.start:
        pushad
        test    bl, bl
        jns     .unsynced
        call    .wait
.unsynced:
        shl     edx, 16
        mov     dx, cx
        mov     ecx, VBE_BITS
        call    .take
        lea     ebx, [edx * 8]
        cmp     al, 4
        je      .pixels_known
        lea     ecx, [eax + 7]
        shr     ecx, 3                  ; bytes in a pixel
        lea     eax, [edx * 4]
        xor     edx, edx
        div     ecx
        mov     ebx, eax
.pixels_known:
        mov     ecx, VBE_WIDTH
        call    .take
        xchg    eax, ebx
        xor     edx, edx
        div     ebx
        mov     ecx, VBE_Y_START
        call    .put
        mov     eax, edx
        mov     ecx, VBE_X_START
        call    .put
        popad
        mov     ax, 0x004F
        ret
; CX colours at ES:EDI to the DAC from DX on.
.palette:
        cmp     bl, 0
        je      .set_now
        cmp     bl, 0x80
        jne     .fails
        call    .wait
.set_now:
        pushad
        movzx   ecx, cx
        mov     al, dl
        mov     edx, DAC_WRITE
        out     dx, al
        inc     edx
        jecxz   .set
.set_next:
        mov     al, [es:edi + 2]
        out     dx, al
        mov     al, [es:edi + 1]
        out     dx, al
        mov     al, [es:edi]
        out     dx, al
        add     edi, 4
        dec     ecx
        jnz     .set_next
.set:
        popad
        mov     ax, 0x004F
        ret
        bits    16
vbe_32_end:
