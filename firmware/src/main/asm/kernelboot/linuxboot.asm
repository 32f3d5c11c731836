; An option ROM that starts a Linux kernel which QEMU's firmware configuration
; device holds (QEMU's docs/specs/fw_cfg.rst; Linux's Documentation/arch/x86/boot.rst,
; "Running the Kernel"). It takes over INT 19h, by which a BIOS starts an
; operating system. The machine has prepared the kernel's header; here the
; parts are only fetched.

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

%include "rom.asm"

; From here the ROM's own work: all segments but CS are 0.
start:
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
        mov     edx, eax
        mov     ax, bp
        xor     ah, ah
        call    select
        call    read
.done:
        ret

        times ROM_SIZE - ($ - $$) db 0  ; the last byte balances the sum
