; Paging: who may do what on which page, accessed and dirty bits, large pages, what the TLB keeps, and the same with
; 64-bit entries.
%include "guest.inc"
%include "transfers.inc"

DIRECTORY equ 0x10000
TABLE     equ 0x11000                   ; the first 4 MiB
TABLE2    equ 0x12000                   ; the page at 400000 and those that follow
POINTERS  equ 0x13000
DIRECTORY64 equ 0x14000
TABLE64   equ 0x15000
TABLE264  equ 0x16000
DATA      equ 0x20000                   ; the page that is mapped at 400000
OTHER     equ 0x21000

saved   equ user
access  equ user + 4

%macro turn 3                           ; register, mask, bits
        mov eax, %1
        and eax, ~(%2)
        or eax, %3
        mov %1, eax
%endmacro

main:   ; Linear is physical, for all, but for 400000 to 7FFFFF.
        mov edi, TABLE
        mov eax, 7
        mov ecx, 1024
.fill:  stosd
        add eax, 0x1000
        loop .fill
        mov edi, TABLE2
        mov ecx, 1024
        xor eax, eax
        rep stosd
        mov dword [DIRECTORY], TABLE + 7
        mov dword [DIRECTORY + 4], TABLE2 + 7
        mov dword [TABLE2], DATA + 7
        mov eax, DIRECTORY
        mov cr3, eax
        turn cr0, 0, 0x80000000
        show32 "cr0 ", eax
        call newline
        mov dword [DATA], 0x12345678
        show32 "mapped ", [0x400000]
        call newline
        call rights
        call marks
        call faults
        call large
        call stale
        call globals
        call extended
        turn cr0, 0x80000000, 0
        ret

; All rights in directory and table, by level 0 (with and without WP) and level 3, reading and writing: "." or the
; error code's digit.
rights: xor ebx, ebx
.wp:    turn cr0, 0x10000, 0
        or ebx, ebx
        jz .unprotected
        turn cr0, 0x10000, 0x10000
.unprotected:
        show8 "rights with WP ", bl
        call newline
        xor ebp, ebp                    ; bits 0 to 2 of the directory's entry, 3 to 5 of the table's
.next:  mov eax, ebp
        and eax, 7
        call hex8
        call space
        or eax, TABLE2
        mov [DIRECTORY + 4], eax
        mov eax, ebp
        shr eax, 3
        call hex8
        call space
        or eax, DATA
        mov [TABLE2], eax
        mov eax, cr3
        mov cr3, eax
        call try_read
        call try_write
        mov dword [level0_esp], 0
        mov [saved], esp
        mov dword [return_eip], .back
        mov [level0_esp], esp
        mov eax, .level3
        jmp to_level3
.level3:
        call try_read
        call try_write
        call GATE0 | 3:0
.back:  mov esp, [saved]
        mov dword [level0_esp], 0
        call newline
        inc ebp
        cmp ebp, 64
        jne .next
        inc ebx
        cmp ebx, 2
        jne .wp
        mov dword [DIRECTORY + 4], TABLE2 + 7
        mov dword [TABLE2], DATA + 7
        mov eax, cr3
        mov cr3, eax
        ret
try_read:
        mov dword [vector], 0xFF
        mov dword [resume], .after
        push dword [level0_esp]
        mov dword [level0_esp], 0
        mov eax, [0x400000]
.after: pop dword [level0_esp]
        jmp outcome
try_write:
        mov dword [vector], 0xFF
        mov dword [resume], .after
        push dword [level0_esp]
        mov dword [level0_esp], 0
        mov [0x400004], eax
.after: pop dword [level0_esp]
outcome:
        mov dword [resume], 0
        mov al, '.'
        cmp byte [vector], 14
        jne .put
        mov al, [error]
        add al, '0'
.put:   jmp putc

%macro entries 0
        show8 " ", [DIRECTORY + 4]
        show8 " ", [TABLE2]
        call newline
%endmacro
marks:  mov dword [DIRECTORY + 4], TABLE2 + 7
        mov dword [TABLE2], DATA + 7
        mov eax, cr3
        mov cr3, eax
        print "untouched"
        entries
        mov eax, [0x400000]
        print "read"
        entries
        mov [0x400000], eax
        print "written"
        entries
        mov dword [TABLE2], DATA + 5
        invlpg [0x400000]
        turn cr0, 0, 0x10000
        case "refused writes leave no mark"
        mov [0x400000], eax
        endcase
        entries
        turn cr0, 0x10000, 0
        mov dword [TABLE2], DATA + 7
        invlpg [0x400000]
        case "verw and lsl mark nothing"
        mov ax, DATA0
        verw ax
        lsl ecx, ax
        endcase
        entries
        ret

faults: mov dword [TABLE2 + 4], 0
        mov dword [0x400FFC], 0x11223344
        case "read across into a page that is not there"
        mov eax, [0x400FFE]
        endcase
        show32 "cr2 ", [fault_cr2]
        call newline
        case "write across into a page that is not there"
        mov dword [0x400FFE], 0x55667788
        endcase
        show32 "cr2 ", [fault_cr2]
        show32 " kept ", [0x400FFC]
        call newline
        case "write across from a page that is not there"
        mov dword [0x401FFE], 0x55667788
        endcase
        show32 "cr2 ", [fault_cr2]
        call newline
        case "rep movsd up to the end"
        mov esi, SCRATCH
        mov edi, 0x400FF0
        mov ecx, 8
        rep movsd
        endcase
        show32 "cr2 ", [fault_cr2]
        call newline
        case "push into a page that is not there"
        in_level3 .push
        endcase
        show32 "cr2 ", [fault_cr2]
        show32 " esp ", [fault_esp]
        call newline
        case "code in a page that is not there"
        mov eax, 0x401234
        jmp eax
        endcase
        show32 "cr2 ", [fault_cr2]
        show32 " eip ", [fault_eip]
        call newline
        ; An instruction that goes on in a page that is not there: mov eax, imm32.
        mov byte [0x400FFD], 0xB8
        case "code across into a page that is not there"
        mov eax, 0x400FFD
        jmp eax
        endcase
        show32 "cr2 ", [fault_cr2]
        show32 " eip ", [fault_eip]
        call newline
        ; A descriptor in a page that is not there is read with the supervisor's rights.
        probe 0x401000, 0xFF, 0x82, 0
        mov ax, PROBE
        lldt ax
        case "a descriptor in a page that is not there"
        mov ax, 0x0C
        mov fs, ax
        endcase
        mov ax, LOCAL
        lldt ax
        show32 "cr2 ", [fault_cr2]
        call newline
        and byte [TABLE + 4 * 0x21], ~4
        invlpg [OTHER]
        case "level 3 in a supervisor's page"
        in_level3 .hidden
        endcase
        show32 "cr2 ", [fault_cr2]
        call newline
        or byte [TABLE + 4 * 0x21], 4
        ret
.push:  mov esp, 0x402004
        push dword [0x400FFC]
        push eax
.hidden:
        mov eax, [OTHER]

large:  turn cr4, 0x10, 0x10
        mov dword [DIRECTORY + 8], 0x00000087
        mov eax, cr3
        mov cr3, eax
        show32 "large ", [0x800000 + DATA]
        show8 " ", [DIRECTORY + 8]
        mov [0x800000 + DATA], eax
        show8 " ", [DIRECTORY + 8]
        call newline
        mov dword [DIRECTORY + 8], 0x00200087
        invlpg [0x800000]
        case "large with reserved bits"
        mov eax, [0x800000]
        endcase
        mov dword [DIRECTORY + 8], 0x00000083
        mov eax, cr3
        mov cr3, eax
        case "level 3 in a large page"
        in_level3 .level3
        endcase
        turn cr4, 0x10, 0
        mov dword [DIRECTORY + 8], TABLE2 + 0x87
        mov eax, cr3
        mov cr3, eax
        show32 "not large without PSE ", [0x800000]
        call newline
        ret
.level3:
        mov eax, [0x800000 + DATA]

; The TLB keeps what it has read until it is told; raised rights are seen at once.
stale:  mov dword [OTHER], 0x0DDBA115
        mov dword [DATA], 0x12345678
        mov eax, [0x400000]
        mov dword [TABLE2], OTHER + 7
        invlpg [0x400000]
        show32 "after invlpg ", [0x400000]
        mov dword [TABLE2], DATA + 7
        mov eax, cr3
        mov cr3, eax
        show32 " after cr3 ", [0x400000]
        call newline
        turn cr0, 0, 0x10000
        mov dword [TABLE2], DATA + 1
        invlpg [0x400000]
        mov eax, [0x400000]
        mov dword [TABLE2], DATA + 7
        case "a right added without telling"
        mov [0x400000], eax
        endcase
        turn cr0, 0x10000, 0
        ; Code: the same linear page shows another physical one.
        mov dword [DATA + 0x100], 0xC301B0  ; mov al, 1; ret
        mov dword [OTHER + 0x100], 0xC302B0
        mov eax, 0x400100
        call eax
        show8 "code ", al
        mov dword [TABLE2], OTHER + 7
        invlpg [0x400000]
        mov eax, 0x400100
        call eax
        show8 " ", al
        mov byte [OTHER + 0x101], 3     ; written by another address
        mov eax, 0x400100
        call eax
        show8 " ", al
        mov dword [TABLE2], DATA + 7
        mov eax, cr3
        mov cr3, eax
        mov eax, 0x400100
        call eax
        show8 " ", al
        call newline
        ret

globals: turn cr4, 0x80, 0x80
        mov dword [DATA], 0x12345678
        mov dword [TABLE2], DATA + 0x107
        invlpg [0x400000]
        mov eax, [0x400000]
        mov dword [TABLE2], OTHER + 0x107
        mov eax, cr3
        mov cr3, eax
        mov ebx, [0x400000]             ; a TLB may keep it, or not
        invlpg [0x400000]
        show32 "global after invlpg ", [0x400000]
        mov dword [TABLE2], DATA + 7
        turn cr4, 0x80, 0
        show32 " after cr4 ", [0x400000]
        call newline
        ret

extended:
        turn cr0, 0x80000000, 0
        mov edi, TABLE64
        mov eax, 7
        mov ecx, 512
.fill:  stosd
        mov dword [edi], 0
        add edi, 4
        add eax, 0x1000
        loop .fill
        mov dword [DIRECTORY64], TABLE64 + 7
        mov dword [DIRECTORY64 + 8], TABLE264 + 7
        mov dword [DIRECTORY64 + 16], 0x00000087
        mov dword [TABLE264], DATA + 7
        mov dword [TABLE264 + 8], OTHER + 7
        mov dword [POINTERS], DIRECTORY64 + 1
        mov eax, POINTERS
        mov cr3, eax
        turn cr4, 0x20, 0x20
        turn cr0, 0, 0x80000000
        show32 "with PAE ", [0x200000]
        show32 " ", [0x201000]
        show32 " ", [0x400000 + DATA]
        show8 " entries ", [DIRECTORY64 + 8]
        show8 " ", [TABLE264]
        show8 " ", [DIRECTORY64 + 16]
        call newline
        case "a directory that is not there"
        mov eax, [0x40000000]
        endcase
        show32 "cr2 ", [fault_cr2]
        call newline
        mov dword [TABLE264 + 12], 0x10000
        invlpg [0x201000]
        case "an address that does not exist"
        mov eax, [0x201000]
        endcase
        mov dword [TABLE264 + 12], 0x80000000
        invlpg [0x201000]
        case "NX without being enabled"
        mov eax, [0x201000]
        endcase
        mov ecx, 0xC0000080
        rdmsr
        or eax, 0x800
        wrmsr
        case "data in a page of NX"
        mov eax, [0x201000]
        endcase
        case "code in a page of NX"
        mov byte [OTHER], 0xC3
        mov eax, 0x201000
        jmp eax
        endcase
        mov dword [TABLE264 + 12], 0
        invlpg [0x201000]
        case "code in the same page without"
        mov eax, 0x201000
        call eax
        endcase
        case "code in no page"
        mov eax, 0x202000
        jmp eax
        endcase
        case "pointers with reserved bits"
        or byte [POINTERS + 8], 3
        mov eax, cr3
        mov cr3, eax
        endcase
        mov dword [POINTERS + 8], 0
        turn cr0, 0x80000000, 0
        turn cr4, 0x20, 0
        mov eax, DIRECTORY
        mov cr3, eax
        turn cr0, 0, 0x80000000
        show32 "without PAE again ", [0x400000]
        call newline
        ret

reset_vector
