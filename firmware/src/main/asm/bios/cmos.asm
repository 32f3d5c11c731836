; CMOS RAM and the clock's registers (Motorola MC146818).

        section .text

; AL = CMOS byte AL. The index goes back to 0Dh so that a stray write to 71h does
; no harm.
cmos_read:
        pushf
        cli
        out     CMOS_INDEX, al
        in      al, CMOS_DATA
        push    ax
        mov     al, 0x0D
        out     CMOS_INDEX, al
        pop     ax
        popf
        ret

; AX = CMOS word at AL, low byte first.
cmos_read_word:
        push    bx
        mov     bl, al
        inc     al
        call    cmos_read
        mov     bh, al
        mov     al, bl
        call    cmos_read
        mov     ah, bh
        pop     bx
        ret

; CMOS byte AL = AH.
cmos_write:
        pushf
        cli
        push    ax
        out     CMOS_INDEX, al
        mov     al, ah
        out     CMOS_DATA, al
        mov     al, 0x0D
        out     CMOS_INDEX, al
        pop     ax
        popf
        ret
