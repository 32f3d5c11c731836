; What a PCI machine needs before its screen works. Only an Intel i440FX host
; bridge (8086:1237) is known: its PAM registers decide, for each piece of
; C0000-FFFFF, whether reads and writes go to RAM or to the bus (Intel 82441FX
; data sheet, "PAM: Programmable Attribute Map registers"). Without one nothing
; here touches the machine, and the CPU never leaves real mode.

        section .text

HOST_BRIDGE     equ     0x12378086
PAM1            equ     0x5A            ; C0000-C7FFF; PAM2 (5B) is C8000-CFFFF
PAM_BUS         equ     0x00
PAM_READ_RAM    equ     0x11            ; both halves: reads from RAM, writes to the bus
PAM_RAM         equ     0x33            ; both halves: RAM

VGA_FRAME_BASE  equ     0xFD000000
VGA_MMIO_BASE   equ     0xFEBF0000
VGA_ROM_BASE    equ     0xFEBE0000
SHADOW_BASE     equ     0xC0000

; Configuration register BL of device BH (device * 8 + function) on bus 0.
pci_select:
        push    eax
        push    dx
        movzx   eax, bh
        shl     eax, 8
        mov     al, bl
        and     al, 0xFC
        or      eax, 0x80000000
        mov     dx, PCI_ADDRESS
        out     dx, eax
        pop     dx
        pop     eax
        ret

; EAX = configuration dword BX.
pci_read:
        call    pci_select
        push    dx
        mov     dx, PCI_DATA
        in      eax, dx
        pop     dx
        ret

; Configuration dword BX = EAX.
pci_write:
        call    pci_select
        push    dx
        mov     dx, PCI_DATA
        out     dx, eax
        pop     dx
        ret

; PAM1 and PAM2 = AL.
pci_set_pam:
        push    eax
        push    bx
        push    dx
        mov     bx, PAM1
        call    pci_select
        mov     ah, al
        mov     dx, PCI_DATA + 2
        out     dx, ax
        pop     dx
        pop     bx
        pop     eax
        ret

pci_find_chipset:
        xor     bx, bx
        call    pci_read
        cmp     eax, HOST_BRIDGE
        jne     .done
        mov     byte [BDA_CHIPSET], 1
        DEBUG   "i440FX"
        ; The first VGA on bus 0, functions 0 to 7 of 32 devices.
        mov     bx, 0x0008
.next:
        call    pci_read
        shr     eax, 16
        cmp     ax, 0x0300
        je      pci_start_vga
        add     bh, 1
        jnc     .next
        DEBUG   "no PCI VGA"
.done:
        ret

; BH is the VGA's device and function.
pci_start_vga:
        movzx   ax, bh
        mov     [BDA_PCI_VGA], ax
        mov     bl, 0x10
        mov     eax, VGA_FRAME_BASE
        call    pci_write
        mov     bl, 0x18
        mov     eax, VGA_MMIO_BASE
        call    pci_write               ; a BAR that is not there ignores it
        mov     bl, 0x04
        call    pci_read
        or      ax, 0x0003              ; I/O and memory
        and     eax, 0x0000FFFF         ; the upper half's status bits clear when written as 1
        call    pci_write
        mov     bl, 0x30
        mov     eax, VGA_ROM_BASE | 1
        call    pci_write
        call    pci_read
        test    al, 1
        jz      .no_rom                 ; no ROM BAR: the machine put the ROM in place itself
        call    enter_flat
        mov     esi, VGA_ROM_BASE
        cmp     word [dword esi], 0xAA55
        jne     .no_signature
        mov     al, PAM_RAM
        call    pci_set_pam
        movzx   ecx, byte [dword esi + 2]
        cmp     cl, 128
        jbe     .size_known
        mov     cl, 128                 ; no more than C0000-CFFFF is opened
.size_known:
        shl     ecx, 7                  ; 512-byte units to dwords
        mov     edi, SHADOW_BASE
        a32 rep movsd
        call    leave_flat
        mov     byte [BDA_SHADOW], 1
        jmp     .hide
.no_signature:
        call    leave_flat
        DEBUG   "PCI VGA ROM has no 55AA signature"
.hide:
        xor     eax, eax
        call    pci_write               ; BL is still the ROM BAR
.no_rom:
        ret

; Writes to C0000-CFFFF are closed once the ROM has initialised itself, as the
; PCI Firmware specification asks.
pci_protect_shadow:
        cmp     byte [BDA_SHADOW], 0
        je      .done
        mov     al, PAM_READ_RAM
        call    pci_set_pam
        mov     byte [BDA_SHADOW], 0
.done:
        ret

; DS and ES become 0 with a limit of 4 GiB: the segment caches keep what was
; loaded in protected mode. Interrupts are off here.
enter_flat:
        push    eax
        push    bx
        o32 lgdt [cs:flat_gdtr]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     .protected
.protected:
        mov     bx, 8
        mov     ds, bx
        mov     es, bx
        and     al, 0xFE
        mov     cr0, eax
        jmp     .real
.real:
        xor     bx, bx
        mov     ds, bx
        mov     es, bx
        pop     bx
        pop     eax
        ret

; Limits back to 64 KiB, as programs expect of real mode.
leave_flat:
        push    eax
        push    bx
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     .protected
.protected:
        mov     bx, 16
        mov     ds, bx
        mov     es, bx
        and     al, 0xFE
        mov     cr0, eax
        jmp     .real
.real:
        mov     bx, BDA_SEGMENT
        mov     ds, bx
        mov     es, bx
        pop     bx
        pop     eax
        ret

        section .rodata
        align   8, db 0
flat_gdt:
        dq      0
        dq      0x00CF93000000FFFF      ; data, base 0, 4 GiB
        dq      0x000093000000FFFF      ; data, base 0, 64 KiB
flat_gdtr:
        dw      23
        dd      0xF0000 + flat_gdt
        section .text
