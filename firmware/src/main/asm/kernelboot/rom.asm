; What the option ROMs that start a kernel have in common: their beginning, and how an
; item of QEMU's firmware configuration device is fetched (QEMU's
; docs/specs/fw_cfg.rst). DMA reaches all of memory from real mode.
; Whoever includes this has a routine "start", which does not return.

        bits    16
        cpu     486
        org     0

FW_CFG_SELECTOR equ     0x510
FW_CFG_DATA     equ     0x511
FW_CFG_DMA      equ     0x514
DMA_ERROR       equ     0x01
DMA_READ        equ     0x02
DMA_SKIP        equ     0x04
BOOTSTRAP       equ     0x19

        db      0x55, 0xAA
        db      ROM_SIZE / 512
        jmp     near init
        times 0x18 - ($ - $$) db 0
        dw      0                       ; no PCI data structure
        dw      0                       ; no Plug and Play header: INT 19h is taken over

init:
        push    ds
        push    eax
        xor     ax, ax
        mov     ds, ax
        mov     word [BOOTSTRAP * 4], bootstrap
        mov     [BOOTSTRAP * 4 + 2], cs
        pop     eax
        pop     ds
        retf

bootstrap:
        cli
        cld
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7C00
        sti
        mov     si, loading
        call    print
        jmp     start

; The item AX is the one to read, from its beginning.
select:
        push    dx
        mov     dx, FW_CFG_SELECTOR
        out     dx, ax
        pop     dx
        ret

; EAX = the first four bytes of item AX, the least significant first.
read_dword:
        push    cx
        push    dx
        call    select
        mov     dx, FW_CFG_DATA
        mov     cx, 4
.next:
        in      al, dx
        ror     eax, 8
        loop    .next
        pop     dx
        pop     cx
        ret

; ECX bytes of the selected item are left out.
skip:
        mov     al, DMA_SKIP
        jmp     transfer

; ECX bytes of the selected item go to the physical address EDX; where the item has
; ended, zeros.
read:
        mov     al, DMA_READ

; AL is what DMA is to do. The descriptor is on the stack: control, length, address of
; 64 bits, all with the most significant byte first.
transfer:
        push    dx
        push    di
        sub     sp, 16
        mov     di, sp
        movzx   eax, al
        bswap   eax
        mov     [di], eax
        mov     eax, ecx
        bswap   eax
        mov     [di + 4], eax
        mov     dword [di + 8], 0
        mov     eax, edx
        bswap   eax
        mov     [di + 12], eax
        mov     dx, FW_CFG_DMA
        xor     eax, eax
        out     dx, eax
        movzx   eax, di
        bswap   eax
        mov     dx, FW_CFG_DMA + 4
        out     dx, eax
.wait:
        mov     eax, [di]
        bswap   eax
        test    al, DMA_ERROR
        jnz     failed
        test    eax, eax
        jnz     .wait
        add     sp, 16
        pop     di
        pop     dx
        ret

failed:
        mov     si, refused
        call    print
.stop:
        hlt
        jmp     .stop

; The text at CS:SI, to its zero.
print:
        cs lodsb
        test    al, al
        jz      .done
        mov     ah, 0x0E
        mov     bx, 7
        int     0x10
        jmp     print
.done:
        ret

loading: db     "Booting from ROM...", 13, 10, 0
refused: db     "The kernel could not be fetched.", 13, 10, 0
