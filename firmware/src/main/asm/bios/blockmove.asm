; INT 15h function 87h: CX words from and to extended memory, by the descriptors 10h and 18h
; of the caller's table ES:SI. It is the one service that enters protected
; mode, and then only for the copy itself; interrupts are off meanwhile.

        section .text

block_move:
        pushad
        push    ds
        push    es
        cli
        in      al, SYSTEM_PORT_A
        mov     ah, al
        and     ah, 0x02                ; put A20 back afterwards
        push    ax
        and     al, 0xFE
        or      al, 0x02
        out     SYSTEM_PORT_A, al
        ; Descriptor 08h describes the table, 20h this segment; 28h is the
        ; caller's stack, unused: nothing touches the stack on the way.
        movzx   ebx, si
        xor     eax, eax
        mov     ax, es
        shl     eax, 4
        add     eax, ebx
        mov     word [es:si + 0x08], 47
        mov     [es:si + 0x0A], eax
        mov     word [es:si + 0x20], 0xFFFF
        mov     dword [es:si + 0x22], 0x9B0F0000
        mov     word [es:si + 0x26], 0
        ; A selector whose attributes a real-mode segment can keep: data, 64 KiB.
        mov     word [es:si + 0x28], 0xFFFF
        mov     dword [es:si + 0x2A], 0x93000000
        mov     word [es:si + 0x2E], 0
        o32 lgdt [es:si + 0x08]
        cld
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     0x20:.protected
.protected:
        mov     bx, 0x10
        mov     ds, bx
        mov     bx, 0x18
        mov     es, bx
        xor     si, si
        xor     di, di
        rep movsw
        mov     bx, 0x28
        mov     ds, bx
        mov     es, bx
        and     al, 0xFE
        mov     cr0, eax
        jmp     0xF000:.real
.real:
        pop     bx
        in      al, SYSTEM_PORT_A
        and     al, 0xFC
        or      al, bh
        out     SYSTEM_PORT_A, al
        pop     es
        pop     ds
        popad
        xor     ah, ah
        jmp     iret_ok
