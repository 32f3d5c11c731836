; Option ROMs: every 2 KiB from C0000 to DFFFF may start one. Signature 55 AA,
; length in 512-byte units, all bytes sum to zero, far call to offset 3 (IBM PS/2
; and PC BIOS Interface Technical Reference, "ROM-based device drivers").

        section .text

scan_option_roms:
        mov     dx, 0xC000
.next:
        mov     es, dx
        mov     ax, 0x80                ; paragraphs to the next candidate
        cmp     word [es:0], 0xAA55
        jne     .advance
        call    option_rom_sum
        jnz     .advance
        call    start_option_rom
        ; The next candidate stands after this ROM, on a 2 KiB boundary.
        movzx   ax, byte [es:2]
        shl     ax, 5
        add     ax, 0x7F
        and     ax, 0xFF80
        jnz     .advance
        mov     ax, 0x80
.advance:
        add     dx, ax
        cmp     dx, 0xE000
        jb      .next
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        ret

; ZF when the bytes of the ROM at ES:0 sum to zero. A ROM of 64 KiB or more is
; summed in pieces of 32 KiB so that the offset never wraps.
option_rom_sum:
        push    ds
        push    dx
        mov     ds, dx
        movzx   dx, byte [es:2]
        xor     bl, bl
        test    dx, dx
        jz      .bad
.piece:
        mov     cx, dx
        cmp     cx, 64
        jbe     .sized
        mov     cx, 64
.sized:
        sub     dx, cx
        shl     cx, 8                   ; 512-byte units to words
        xor     si, si
.sum:
        lodsw
        add     bl, al
        add     bl, ah
        loop    .sum
        mov     ax, ds
        add     ax, 0x0800
        mov     ds, ax
        test    dx, dx
        jnz     .piece
        pop     dx
        pop     ds
        test    bl, bl
        ret
.bad:
        pop     dx
        pop     ds
        or      bl, 1
        ret

; ES is the ROM's segment. AX is bus, device and function of a PCI ROM.
start_option_rom:
        DEBUG   "option ROM"
        pushad
        push    ds
        push    es
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        mov     ax, [BDA_PCI_VGA]
        push    cs
        push    word .returned
        push    es
        push    word 3
        retf                            ; a far call to ES:0003
.returned:
        cli
        cld
        pop     es
        pop     ds
        popad
        ret
