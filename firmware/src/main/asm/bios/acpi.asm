; ACPI's tables, which the machine hands over as files of QEMU's firmware configuration
; device: the commands of "etc/table-loader" say where each is to be, and which places hold
; addresses and sums (QEMU's docs/specs/fw_cfg.rst, hw/acpi/bios-linker-loader.c). And what
; the tables rely on: the power management registers, and the interrupts of PCI.

        section .text

FW_CFG_SELECTOR equ     0x510
FW_CFG_DATA     equ     0x511
FW_CFG_SIGNATURE equ    0x00
FW_CFG_DIRECTORY equ    0x19
FILE_SIZE       equ     0               ; a directory's entry: size and key, big-endian
FILE_KEY        equ     4
FILE_NAME       equ     8
FILE_ENTRY      equ     64
NAME_SIZE       equ     56

LOADER_ENTRY    equ     128
COMMAND_NAME    equ     4
LOADER_ALLOCATE equ     1               ; name, alignment, zone
LOADER_POINTER  equ     2               ; name, name of what is pointed to, place, size
LOADER_CHECKSUM equ     3               ; name, place, start, length
ZONE_HIGH       equ     1

; Where tables go: below the BIOS, in RAM that is then protected, and at the end of RAM.
ROOT_BASE       equ     0xE0000
TABLES_KB       equ     128

; Memory that POST may use: the loader's commands, and the files that have a place.
LOADER_BASE     equ     0x10000
PLACES          equ     0x8000          ; each the file's name, then its address

PAM5            equ     0x5E            ; E0000-E7FFF
ISA_BRIDGE      equ     0x08            ; device 1, functions 0, 1 and 3
IDE             equ     0x09
POWER           equ     0x0B
ISA_BRIDGE_ID   equ     0x70008086
IDE_ID          equ     0x70108086
POWER_ID        equ     0x71138086
PM_BASE         equ     0x600           ; where the tables say that it is
BUS_MASTER_BASE equ     0xC000
EDGE_LEVEL2     equ     0x4D1

; Function, register, what it becomes.
%macro PCI_SET 3
        mov     bx, %1 << 8 | %2
        mov     eax, %3
        call    pci_write
%endmacro

init_chipset:
        cmp     byte [BDA_CHIPSET], 0
        je      .done
        mov     bx, ISA_BRIDGE << 8
        call    pci_read
        cmp     eax, ISA_BRIDGE_ID
        jne     .ide
        PCI_SET ISA_BRIDGE, 0x60, 0x0B0B0A0A    ; INTA# to INTD# are IRQ 10, 10, 11 and 11
        mov     dx, EDGE_LEVEL2
        in      al, dx
        or      al, 0x0C                ; which are levels
        out     dx, al
.ide:
        mov     bx, IDE << 8
        call    pci_read
        cmp     eax, IDE_ID
        jne     .power
        PCI_SET IDE, 0x20, BUS_MASTER_BASE | 1
        PCI_SET IDE, 0x40, 0x80008000   ; both channels are decoded
        PCI_SET IDE, 0x04, 0x00000005   ; I/O, bus master
.power:
        mov     bx, POWER << 8
        call    pci_read
        cmp     eax, POWER_ID
        jne     .done
        PCI_SET POWER, 0x40, PM_BASE | 1
        PCI_SET POWER, 0x80, 1
        PCI_SET POWER, 0x3C, 0x0109     ; IRQ 9
.done:
        ret

load_acpi_tables:
        cmp     byte [BDA_CHIPSET], 0
        je      .nothing
        pushf
        cli
        call    enter_flat
        mov     ax, FW_CFG_SIGNATURE
        call    fw_cfg_select
        mov     edi, E820_BUFFER
        mov     ecx, 4
        call    fw_cfg_read
        cmp     dword [E820_BUFFER], 'QEMU'
        jne     .none
        mov     esi, 0xF0000 + .loader
        call    find_file
        jc      .none
        call    fw_cfg_select
        mov     edi, LOADER_BASE
        cmp     ecx, 0x10000
        ja      .none
        lea     ebp, [edi + ecx]        ; the end of the commands
        call    fw_cfg_read
        call    extended_kb
        sub     eax, TABLES_KB
        jbe     .none                   ; there is no room
        add     eax, 1024
        shl     eax, 10
        mov     [HIGH_NEXT], eax
        mov     al, PAM_RAM             ; writes reach RAM for now
        call    acpi_pam
        mov     dword [ROOT_NEXT], ROOT_BASE
        mov     dword [PLACED], PLACES
        mov     esi, LOADER_BASE
.command:
        cmp     esi, ebp
        jae     .all
        mov     eax, [esi]
        cmp     eax, LOADER_ALLOCATE
        je      .allocate
        cmp     eax, LOADER_POINTER
        je      .pointer
        cmp     eax, LOADER_CHECKSUM
        je      .checksum
.next:
        add     esi, LOADER_ENTRY
        jmp     .command
.all:
        mov     al, PAM_READ_RAM
        call    acpi_pam
        call    leave_flat
        mov     word [BDA_TABLES_KB], TABLES_KB
        DEBUG   "ACPI"
        popf
.nothing:
        ret
.none:
        call    leave_flat
        popf
        ret

.allocate:
        push    esi
        add     esi, COMMAND_NAME
        call    find_file
        pop     esi
        jc      .next
        mov     ebx, ROOT_NEXT
        cmp     byte [esi + 64], ZONE_HIGH
        jne     .zone
        mov     ebx, HIGH_NEXT
.zone:
        mov     edi, [esi + 60]
        dec     edi
        mov     edx, edi
        add     edi, [ebx]
        not     edx
        and     edi, edx                ; the place, aligned
        lea     edx, [edi + ecx]
        mov     [ebx], edx
        ; Remember the place, then fill it.
        push    esi
        push    edi
        push    ecx
        mov     edx, edi
        add     esi, COMMAND_NAME
        mov     edi, [PLACED]
        mov     ecx, NAME_SIZE / 4
        a32 rep movsd
        mov     [edi], edx
        add     edi, 4
        mov     [PLACED], edi
        pop     ecx
        pop     edi
        pop     esi
        call    fw_cfg_select
        call    fw_cfg_read
        jmp     .next

.pointer:
        lea     edi, [esi + 60]
        call    place_of
        jc      .next
        mov     edx, eax
        lea     edi, [esi + COMMAND_NAME]
        call    place_of
        jc      .next
        add     eax, [esi + 116]
        add     [eax], edx              ; all addresses here have 32 bits
        jmp     .next

.checksum:
        lea     edi, [esi + COMMAND_NAME]
        call    place_of
        jc      .next
        mov     edi, eax
        add     edi, [esi + 64]
        mov     ecx, [esi + 68]
        xor     dl, dl
        jecxz   .summed
.sum:
        sub     dl, [edi]
        inc     edi
        a32 loop .sum
.summed:
        add     eax, [esi + 60]
        add     [eax], dl
        jmp     .next

.loader:
        db      "etc/table-loader", 0

ROOT_NEXT       equ     E820_BUFFER + 0x10
HIGH_NEXT       equ     E820_BUFFER + 0x14
PLACED          equ     E820_BUFFER + 0x18
DIRECTORY       equ     E820_BUFFER + 0x20      ; one entry

; PAM5 = AL.
acpi_pam:
        push    eax
        push    bx
        push    dx
        mov     bx, PAM5
        call    pci_select
        mov     dx, PCI_DATA + (PAM5 & 3)
        out     dx, al
        pop     dx
        pop     bx
        pop     eax
        ret

fw_cfg_select:
        push    dx
        mov     dx, FW_CFG_SELECTOR
        out     dx, ax
        pop     dx
        ret

; The next ECX bytes of the item go to EDI, which moves on.
fw_cfg_read:
        push    dx
        mov     dx, FW_CFG_DATA
        a32 rep insb
        pop     dx
        ret

; ECX = the size and AX = the key of the file whose name is at ESI; carry when there is
; none. Changes EDI.
find_file:
        push    edx
        mov     ax, FW_CFG_DIRECTORY
        call    fw_cfg_select
        mov     edi, DIRECTORY
        mov     ecx, 4
        call    fw_cfg_read
        mov     edx, [DIRECTORY]
        call    .swap
.next:
        sub     edx, 1
        jc      .none
        mov     edi, DIRECTORY
        mov     ecx, FILE_ENTRY
        call    fw_cfg_read
        mov     edi, DIRECTORY + FILE_NAME
        call    same_name
        jne     .next
        mov     edx, [DIRECTORY + FILE_SIZE]
        call    .swap
        mov     ecx, edx
        mov     ax, [DIRECTORY + FILE_KEY]
        xchg    al, ah
        clc
.none:
        pop     edx
        ret
.swap:
        xchg    dl, dh
        rol     edx, 16
        xchg    dl, dh
        ret

; EAX = where the file is whose name is at EDI; carry when it has no place.
place_of:
        push    esi
        mov     esi, PLACES
.next:
        cmp     esi, [PLACED]
        jae     .none
        call    same_name
        je      .found
        add     esi, NAME_SIZE + 4
        jmp     .next
.found:
        mov     eax, [esi + NAME_SIZE]
        clc
        pop     esi
        ret
.none:
        stc
        pop     esi
        ret

; Equal when the names at ESI and EDI are.
same_name:
        push    ecx
        push    esi
        push    edi
        mov     ecx, NAME_SIZE
.next:
        mov     al, [esi]
        cmp     al, [edi]
        jne     .done
        test    al, al
        je      .done
        inc     esi
        inc     edi
        a32 loop .next
.done:
        pop     edi
        pop     esi
        pop     ecx
        ret
