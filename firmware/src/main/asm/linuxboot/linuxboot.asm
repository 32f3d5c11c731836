; An option ROM that starts a Linux kernel which QEMU's firmware configuration
; device holds (QEMU's docs/specs/fw_cfg.rst; Linux's Documentation/arch/x86/boot.rst,
; "Running the Kernel"). It takes over INT 19h, by which a BIOS starts an
; operating system. The machine has prepared the kernel's header; here the
; parts are only fetched, by DMA, which reaches all of memory from real mode.

        bits    16
        cpu     486
        org     0

FW_CFG_SELECTOR equ     0x510
FW_CFG_DATA     equ     0x511
FW_CFG_DMA      equ     0x514

KERNEL_ADDRESS  equ     0x07            ; the keys of an item's address, size and bytes
KERNEL_SIZE     equ     0x08
KERNEL_DATA     equ     0x11
INITRD_ADDRESS  equ     0x0A
INITRD_SIZE     equ     0x0B
INITRD_DATA     equ     0x12
COMMAND_ADDRESS equ     0x13
COMMAND_SIZE    equ     0x14
COMMAND_DATA    equ     0x15
SETUP_ADDRESS   equ     0x16
SETUP_SIZE      equ     0x17
SETUP_DATA      equ     0x18

DMA_ERROR       equ     0x01
DMA_SELECT_READ equ     0x0A
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
        mov     word [BOOTSTRAP * 4], start
        mov     [BOOTSTRAP * 4 + 2], cs
        pop     eax
        pop     ds
        retf

start:
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
        mov     bp, SETUP_ADDRESS << 8 | SETUP_DATA
        mov     bl, SETUP_SIZE
        call    fetch
        mov     bp, COMMAND_ADDRESS << 8 | COMMAND_DATA
        mov     bl, COMMAND_SIZE
        call    fetch
        mov     bp, KERNEL_ADDRESS << 8 | KERNEL_DATA
        mov     bl, KERNEL_SIZE
        call    fetch
        mov     bp, INITRD_ADDRESS << 8 | INITRD_DATA
        mov     bl, INITRD_SIZE
        call    fetch

        ; The kernel's heap and stack are in the segment of its setup code, below
        ; the command line.
        mov     ax, SETUP_ADDRESS
        call    read_dword
        mov     ebx, eax
        mov     ax, COMMAND_ADDRESS
        call    read_dword
        sub     eax, ebx
        sub     eax, 16
        shr     ebx, 4
        cli
        mov     ss, bx
        mov     sp, ax
        mov     ds, bx
        mov     es, bx
        mov     fs, bx
        mov     gs, bx
        add     bx, 0x20                ; behind the first sector
        push    bx
        push    word 0
        xor     eax, eax
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
        xor     esi, esi
        xor     edi, edi
        xor     ebp, ebp
        retf

; Brings an item into memory. The high byte of BP is the key of its address, the
; low byte that of its bytes, BL that of its size.
fetch:
        movzx   ax, bl
        call    read_dword
        test    eax, eax
        jz      .done
        mov     ecx, eax
        mov     ax, bp
        shr     ax, 8
        call    read_dword
        ; The descriptor is on the stack: control, length, address of 64 bits,
        ; all with the most significant byte first.
        sub     sp, 16
        mov     di, sp
        bswap   eax
        mov     [di + 12], eax
        mov     dword [di + 8], 0
        bswap   ecx
        mov     [di + 4], ecx
        movzx   eax, bp
        and     eax, 0xFF
        shl     eax, 16
        or      eax, DMA_SELECT_READ
        bswap   eax
        mov     [di], eax
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
.done:
        ret

; EAX = the first four bytes of item AX, the least significant first.
read_dword:
        push    cx
        push    dx
        mov     dx, FW_CFG_SELECTOR
        out     dx, ax
        mov     dx, FW_CFG_DATA
        mov     cx, 4
.next:
        in      al, dx
        ror     eax, 8
        loop    .next
        pop     dx
        pop     cx
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

        times ROM_SIZE - ($ - $$) db 0  ; the last byte balances the sum
