; Paging with 64-bit entries: which of their bits are reserved, pages that can't be executed, pages of 2 MiB, and when
; the page-directory-pointer-table entries are read.
%include "guest.inc"
%include "transfers.inc"

POINTERS  equ 0x10000
POINTERS2 equ 0x10FE0                   ; the same elsewhere; only bits 5 and up of CR3 tell where
DIRECTORY equ 0x11000
TABLE     equ 0x12000                   ; the first 2 MiB
TABLE2    equ 0x13000                   ; from SMALL on
DIRECTORY2 equ 0x14000                  ; from SECOND on
TABLE3    equ 0x15000
DIRECTORY3 equ 0x16000                  ; and what takes its place
TABLE4    equ 0x17000
TABLES_END equ 0x18000
DATA      equ 0x20000
OTHER     equ 0x21000
HIGH_RAM  equ 0x200000                  ; two pages of 2 MiB have memory, 0 and this

SMALL     equ 0x200000                  ; linear: DATA
SMALL2    equ 0x201000                  ; OTHER
LARGE     equ 0x400000                  ; a page of 2 MiB
SECOND    equ 0x40000000                ; the second pointer's
CODE_AT   equ 0x10                      ; where DATA and OTHER have a routine

ENTRY     equ TABLE2                    ; SMALL's
ENTRY2    equ TABLE2 + 8
LARGE_ENTRY equ DIRECTORY + 16
NX        equ 0x80000000                ; in an entry's upper half

DATA_VALUE equ 0x12345678
OTHER_VALUE equ 0x0DDBA115
HIGH_VALUE equ 0x600DCAFE

saved   equ user

%macro turn 3                           ; register, mask, bits
        mov eax, %1
        and eax, ~(%2)
        or eax, %3
        mov %1, eax
%endmacro
%macro load_cr3 0
        mov eax, cr3
        mov cr3, eax
%endmacro
%macro nxe 1                            ; EFER.NXE, and no translation is older
        mov ecx, 0xC0000080
        rdmsr
        and eax, ~0x800
        or eax, (%1) << 11
        wrmsr
        load_cr3
%endmacro
%macro shows_cr2 0
        show32 "  cr2 ", [fault_cr2]
        call newline
%endmacro
%macro returned 2                       ; a case that calls, and may fault in what it calls: text, where
        case %1
        mov edi, esp
        mov eax, %2
        call eax
        endcase
        mov esp, edi
%endmacro

main:   ; Linear is physical for the first 2 MiB.
        mov edi, POINTERS
        mov ecx, (TABLES_END - POINTERS) / 4
        xor eax, eax
        rep stosd
        mov edi, TABLE
        mov eax, 7
        mov ecx, 512
.fill:  stosd
        mov dword [edi], 0
        add edi, 4
        add eax, 0x1000
        loop .fill
        call restore
        mov dword [DIRECTORY2], TABLE3 + 7
        mov dword [DIRECTORY3], TABLE4 + 7
        mov edi, 0
        mov eax, DATA + 7
        mov edx, OTHER + 7
        mov ecx, 8
.second:
        mov [TABLE3 + edi], eax
        mov [TABLE4 + edi], edx
        add edi, 8
        loop .second
        mov dword [DATA], DATA_VALUE
        mov dword [OTHER], OTHER_VALUE
        mov byte [DATA + CODE_AT], 0xC3 ; ret
        mov byte [OTHER + CODE_AT], 0xC3
        mov dword [HIGH_RAM + DATA], HIGH_VALUE
        mov eax, POINTERS
        mov cr3, eax
        turn cr4, 0, 0x20
        turn cr0, 0x60000000, 0x80000000
        show32 "small ", [SMALL]
        show32 " large ", [LARGE + DATA]
        show32 " second ", [SECOND]
        call newline
        call reserved
        call faults
        call rights
        call execution
        call marks
        call large
        call beyond
        call globals
        call pointers
        turn cr0, 0x80000000, 0
        turn cr4, 0x20, 0
        ret

; The entries as they are at first.
restore:
        mov dword [POINTERS], DIRECTORY + 1
        mov dword [POINTERS + 4], 0
        mov dword [POINTERS + 8], DIRECTORY2 + 1
        mov dword [POINTERS + 12], 0
        mov dword [DIRECTORY], TABLE + 7
        mov dword [DIRECTORY + 8], TABLE2 + 7
        mov dword [DIRECTORY + 12], 0
        mov dword [LARGE_ENTRY], 0x87
        mov dword [LARGE_ENTRY + 4], 0
        mov dword [ENTRY], DATA + 7
        mov dword [ENTRY + 4], 0
        mov dword [ENTRY2], OTHER + 7
        mov dword [ENTRY2 + 4], 0
        load_cr3
        ret

; Which bits refuse an entry, from bit 63 to bit 36 and from 11 (in a large page's, 20) to 0: "." or the error code's
; digit. Bits of an address that memory may have don't count.
%macro bits_of 4                        ; text, entry, linear, highest of the low bits
        print %1
        mov esi, %2
        mov edi, %3
        mov ebp, %4
        call each_bit
%endmacro
reserved:
        bits_of "reserved in a table's entry ", ENTRY, SMALL, 11
        bits_of "in a directory's ", DIRECTORY + 8, SMALL, 11
        bits_of "in a large page's ", LARGE_ENTRY, LARGE, 20
        nxe 1
        bits_of "with NXE in a table's entry ", ENTRY, SMALL, 11
        bits_of "in a directory's ", DIRECTORY + 8, SMALL, 11
        bits_of "in a large page's ", LARGE_ENTRY, LARGE, 20
        ; A pointer is looked at when CR3 is loaded; what is not present may have any bit.
        print "in a pointer "
        mov dword [POINTERS + 16], DIRECTORY2 + 1
        call each_of_pointer
        print "in one that is not present "
        mov dword [POINTERS + 16], DIRECTORY2
        call each_of_pointer
        mov dword [POINTERS + 16], 0
        nxe 0
        jmp restore
each_bit:
        mov ecx, 63
.next:  push dword [esi]
        push dword [esi + 4]
        bts [esi], ecx
        load_cr3
        mov dword [vector], 0xFF
        mov dword [resume], .after
        mov eax, [edi]
.after: mov dword [resume], 0
        pop dword [esi + 4]
        pop dword [esi]
        mov al, '.'
        cmp byte [vector], 0xFF
        je .put
        mov al, [error]
        add al, '0'
.put:   call putc
        dec ecx
        js newline
        cmp ecx, 35
        jne .next
        mov ecx, ebp
        jmp .next
each_of_pointer:                        ; bit 0 aside
        mov ecx, 63
.next:  push dword [POINTERS + 16]
        push dword [POINTERS + 20]
        bts [POINTERS + 16], ecx
        mov dword [vector], 0xFF
        mov dword [resume], .after
        load_cr3
.after: mov dword [resume], 0
        pop dword [POINTERS + 20]
        pop dword [POINTERS + 16]
        mov al, '.'
        cmp byte [vector], 0xFF
        je .put
        mov al, 'G'
        cmp byte [vector], 13
        je .put
        mov al, '?'
.put:   call putc
        dec ecx
        jz newline
        cmp ecx, 35
        jne .next
        mov ecx, 11
        jmp .next

; Error codes: a reserved bit comes before rights, an upper level before a lower, and an absent entry before its bits.
faults: mov dword [ENTRY], DATA + 1
        mov dword [ENTRY + 4], 0x40000000
        load_cr3
        case "reserved, written by level 3"
        in_level3 .write
        endcase
        shows_cr2
        case "reserved, written by level 0"
        mov [SMALL + 8], eax
        endcase
        shows_cr2
        mov dword [ENTRY], 0
        mov dword [ENTRY + 4], 0xFFFFFFFF
        load_cr3
        case "absent with all bits"
        mov eax, [SMALL + 16]
        endcase
        shows_cr2
        mov dword [DIRECTORY + 12], 0x40000000
        load_cr3
        case "absent below a reserved bit"
        mov eax, [SMALL + 24]
        endcase
        shows_cr2
        call restore
        case "absent directory"
        mov eax, [0x3FFFFFFC]
        endcase
        shows_cr2
        case "absent pointer, level 3"
        in_level3 .last
        endcase
        shows_cr2
        ; Fetches tell that they are some with NXE alone.
        mov dword [ENTRY2], 0
        load_cr3
        returned "code that is absent, without NXE", SMALL2
        mov dword [ENTRY], DATA + 7
        mov dword [ENTRY + 4], NX
        load_cr3
        returned "code in a page of NX, without NXE", SMALL + CODE_AT
        case "data in a page of NX, without NXE"
        mov eax, [SMALL]
        endcase
        nxe 1
        returned "code that is absent", SMALL2
        mov dword [ENTRY + 4], 0x40000000
        load_cr3
        returned "code with a reserved bit", SMALL + CODE_AT
        case "code in an absent pointer, level 3"
        in_level3 .absent
        endcase
        shows_cr2
        nxe 0
        jmp restore
.write: mov [SMALL], eax
.last:  mov eax, [0xFFFFFFF0]
.absent:
        mov eax, 0x80000000
        jmp eax

; All rights in directory and table, by level 0 and level 3, reading, writing and executing, with and without WP: ".."
; or the error code. Rights are W (1), U (2) and NX (4).
rights: nxe 1
        xor ebx, ebx
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
        mov edi, DIRECTORY + 8
        mov edx, TABLE2 + 1
        call grant
        call space
        mov eax, ebp
        shr eax, 3
        mov edi, ENTRY
        mov edx, DATA + 1
        call grant
        load_cr3
        call try_all
        mov dword [level0_esp], 0
        mov [saved], esp
        mov dword [return_eip], .back
        mov [level0_esp], esp
        mov eax, .level3
        jmp to_level3
.level3:
        call try_all
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
        turn cr0, 0x10000, 0
        nxe 0
        jmp restore
grant:  call hex8                       ; rights (EAX) for the entry EDI, whose lower half is EDX without any
        mov ecx, eax
        and ecx, 3
        lea edx, [edx + ecx * 2]
        mov [edi], edx
        shr eax, 2
        shl eax, 31
        mov [edi + 4], eax
        ret
%macro attempt 1+                       ; an instruction, whose fault goes on after it
        mov edi, esp
        mov dword [vector], 0xFF
        mov dword [resume], %%after
        push dword [level0_esp]
        mov dword [level0_esp], 0
        mov esi, esp
        mov eax, SMALL + CODE_AT
        %1
%%after:
        mov esp, esi
        pop dword [level0_esp]
        call outcome
%endmacro
try_all:
        attempt mov ecx, [SMALL]
        attempt mov [SMALL + 4], ecx
        attempt call eax
        ret
outcome:
        mov dword [resume], 0
        call space
        cmp byte [vector], 14
        je .fault
        mov al, '.'
        call putc
        jmp putc
.fault: mov al, [error]
        jmp hex8

execution:
        nxe 1
        returned "code in a page without NX", SMALL + CODE_AT
        mov dword [ENTRY + 4], NX
        invlpg [SMALL]
        returned "code in the same page with NX", SMALL + CODE_AT
        shows_cr2
        mov dword [ENTRY + 4], 0
        mov dword [DIRECTORY + 12], NX
        load_cr3
        returned "code below a directory entry of NX", SMALL2 + CODE_AT
        shows_cr2
        mov dword [DIRECTORY + 12], 0
        mov dword [LARGE_ENTRY + 4], NX
        load_cr3
        returned "code in a large page of NX", LARGE + DATA + CODE_AT
        shows_cr2
        show32 "  its data ", [LARGE + DATA]
        call newline
        mov dword [LARGE_ENTRY + 4], 0
        invlpg [LARGE]
        returned "code in a large page without NX", LARGE + DATA + CODE_AT
        ; An instruction that goes on in a page of NX: mov eax, imm32.
        mov dword [ENTRY2 + 4], NX
        load_cr3
        mov byte [DATA + 0xFFD], 0xB8
        case "code across into a page of NX"
        mov eax, SMALL + 0xFFD
        jmp eax
        endcase
        show32 "  cr2 ", [fault_cr2]
        show32 " eip ", [fault_eip]
        call newline
        case "level 3 in a page of NX"
        in_level3 SMALL2 + CODE_AT
        endcase
        shows_cr2
        case "a gate to a page of NX"
        mov edi, esp
        gate IDT + 8 * 0x21, CODE0, SMALL2 + CODE_AT, 0x8E
        int 0x21
        endcase
        mov esp, edi
        show32 "  cr2 ", [fault_cr2]
        show32 " eip ", [fault_eip]
        call newline
        nxe 0
        jmp restore

%macro entries 1
        print %1
        show8 " ", [POINTERS]
        show8 " ", [DIRECTORY + 8]
        show32 " ", [ENTRY + 4]
        show32 " ", [ENTRY]
        call newline
%endmacro
%macro large_entry 1
        print %1
        show32 " ", [LARGE_ENTRY + 4]
        show32 " ", [LARGE_ENTRY]
        call newline
%endmacro
marks:  nxe 1
        call restore
        entries "untouched"
        mov eax, SMALL + CODE_AT
        call eax
        entries "executed"
        mov dword [ENTRY], DATA + 7
        mov dword [ENTRY + 4], NX
        invlpg [SMALL]
        mov eax, [SMALL]
        entries "read"
        mov [SMALL], eax
        entries "written"
        large_entry "large untouched"
        mov eax, [LARGE + DATA]
        large_entry "read"
        mov [LARGE + OTHER], eax
        large_entry "written elsewhere in it"
        mov dword [LARGE_ENTRY], 0x85
        mov dword [LARGE_ENTRY + 4], NX
        invlpg [LARGE]
        turn cr0, 0, 0x10000
        case "writing a large page that is not writable"
        mov [LARGE + DATA], eax
        endcase
        large_entry " "
        turn cr0, 0x10000, 0
        case "writing it without WP"
        mov eax, DATA_VALUE
        mov [LARGE + DATA], eax
        endcase
        large_entry " "
        mov dword [OTHER], OTHER_VALUE
        nxe 0
        jmp restore

; The whole of a large page is forgotten by any address in it, used or not.
large:  mov dword [0x1FFFFC], 0x0FF5E700
        show32 "large page's end ", [LARGE + 0x1FFFFC]
        show32 " middle ", [LARGE + DATA]
        call newline
        mov dword [LARGE_ENTRY], HIGH_RAM + 0x87
        invlpg [LARGE + 0x100000]
        show32 "another after invlpg ", [LARGE + DATA]
        show32 " end ", [LARGE + 0x1FFFFC]
        call newline
        mov dword [LARGE_ENTRY], 0x87
        load_cr3
        show32 "after cr3 ", [LARGE + DATA]
        call newline
        ; A table takes its place: its first entries are SMALL's.
        mov dword [LARGE_ENTRY], TABLE2 + 7
        invlpg [LARGE + DATA]
        show32 "small pages instead ", [LARGE]
        show32 " ", [LARGE + 0x1000]
        case " then none"
        mov eax, [LARGE + 0x2000]
        endcase
        mov dword [LARGE_ENTRY], 0x87
        invlpg [LARGE]
        invlpg [LARGE + 0x1000]
        show32 "large again ", [LARGE + DATA]
        show32 " ", [LARGE + OTHER]
        call newline
        case "level 3 in a large page"
        in_level3 .read
        endcase
        mov dword [LARGE_ENTRY], 0x83
        invlpg [LARGE]
        case "level 3 in a supervisor's large page"
        in_level3 .read
        endcase
        jmp restore
.read:  mov eax, [LARGE + DATA]
        call GATE0 | 3:0

; Bits 32 to 35 of an address count: "=" when the memory below is seen all the same, or "+".
beyond: print "address bits 32 to 35"
        mov esi, ENTRY + 4
        mov edi, SMALL
        call .bits
        mov esi, LARGE_ENTRY + 4
        mov edi, LARGE + DATA
        call .bits
        call newline
        jmp restore
.bits:  call space
        xor ecx, ecx
.next:  bts [esi], ecx
        load_cr3
        mov edx, [edi]
        btr [esi], ecx
        load_cr3
        mov al, '='
        cmp edx, DATA_VALUE
        je .put
        mov al, '+'
.put:   call putc
        inc ecx
        cmp ecx, 4
        jne .next
        ret

; A TLB may keep a global page when CR3 is loaded, or not: that is not shown.
globals:
        mov dword [ENTRY], DATA + 0x107
        invlpg [SMALL]
        mov eax, [SMALL]
        mov dword [ENTRY], OTHER + 0x107
        load_cr3
        show32 "global without PGE, after cr3 ", [SMALL]
        call newline
        turn cr4, 0, 0x80
        mov dword [ENTRY], DATA + 0x107
        mov dword [LARGE_ENTRY], 0x187
        load_cr3
        turn cr4, 0x80, 0
        turn cr4, 0, 0x80
        mov eax, [SMALL]
        mov eax, [LARGE + DATA]
        mov dword [ENTRY], OTHER + 0x107
        mov dword [LARGE_ENTRY], HIGH_RAM + 0x187
        load_cr3
        mov eax, [SMALL]
        mov eax, [LARGE + DATA]
        invlpg [SMALL]
        invlpg [LARGE + 0x1FFFFF]
        show32 "with PGE, after invlpg ", [SMALL]
        show32 " ", [LARGE + DATA]
        call newline
        mov dword [ENTRY], DATA + 0x107
        mov dword [LARGE_ENTRY], 0x187
        turn cr4, 0x80, 0
        show32 "after PGE is cleared ", [SMALL]
        show32 " ", [LARGE + DATA]
        call newline
        ; G counts in the last level alone.
        turn cr4, 0, 0x80
        mov dword [DIRECTORY + 8], TABLE2 + 0x107
        mov dword [ENTRY], DATA + 7
        load_cr3
        mov eax, [SMALL]
        mov dword [ENTRY], OTHER + 7
        load_cr3
        show32 "global directory entry, after cr3 ", [SMALL]
        call newline
        mov dword [DIRECTORY + 8], TABLE2 + 7
        mov dword [ENTRY], DATA + 0x107
        load_cr3
        mov eax, [SMALL]
        mov dword [ENTRY], OTHER + 7
        turn cr4, 0x80, 0
        turn cr4, 0, 0x80
        mov dword [ENTRY], DATA + 7
        load_cr3
        show32 "no longer global, after cr3 ", [SMALL]
        call newline
        turn cr4, 0x80, 0
        jmp restore

; The pointers are in registers, which CR3 loads, and CR0 and CR4 where a bit of paging changes.
%macro pointer 1                        ; the second pointer
        mov dword [POINTERS + 8], %1
%endmacro
%macro second 2                         ; text, page: what is seen there, with no translation known
        print %1
        invlpg [SECOND + (%2)]
        mov dword [vector], 0xFF
        mov dword [resume], %%after
        mov ebx, [SECOND + (%2)]
%%after:
        mov dword [resume], 0
        call seen
%endmacro
pointers:
        second "the second pointer at first", 0
        pointer DIRECTORY3 + 1
        second "changed in memory", 0
        second "changed, another page", 0x1000
        load_cr3
        second "changed, after cr3", 0
        pointer 0
        second "absent in memory", 0
        turn cr4, 0, 8
        turn cr4, 8, 0
        second "absent, after DE", 0
        turn cr0, 0, 0x10000
        turn cr0, 0x10000, 0
        second "absent, after WP", 0
        load_cr3
        second "absent, after cr3", 0
        pointer DIRECTORY2 + 1
        turn cr4, 0, 0x80
        second "after PGE", 0
        turn cr4, 0x80, 0
        pointer DIRECTORY3 + 1
        turn cr4, 0, 0x10
        second "after PSE", 0
        turn cr4, 0x10, 0
        pointer DIRECTORY2 + 1
        turn cr0, 0, 0x40000000
        second "after CD", 0
        pointer DIRECTORY3 + 1
        turn cr0, 0, 0x20000000
        second "after NW", 0
        turn cr0, 0x60000000, 0
        pointer DIRECTORY2 + 1
        load_cr3
        ; What is refused leaves all as it was.
        mov esi, POINTERS
        mov edi, POINTERS2
        mov ecx, 8
        rep movsd
        mov dword [POINTERS2 + 8], DIRECTORY3 + 3
        case "cr3 with a reserved bit"
        mov eax, POINTERS2
        mov cr3, eax
        endcase
        mov eax, cr3
        show32 "  cr3 ", eax
        call newline
        second "after cr3 was refused", 0x2000
        mov eax, POINTERS
        mov cr3, eax
        pointer DIRECTORY3 + 0x21
        case "PGE with a reserved bit"
        turn cr4, 0, 0x80
        endcase
        mov eax, cr4
        show32 "  cr4 ", eax
        call newline
        second "after PGE was refused", 0x3000
        turn cr4, 0x80, 0
        pointer DIRECTORY3 + 0x101
        turn cr0, 0x80000000, 0
        case "paging with a reserved bit"
        turn cr0, 0, 0x80000000
        endcase
        mov eax, cr0
        and eax, 0x80000001
        show32 "  cr0 ", eax
        call newline
        turn cr0, 0x80000000, 0
        ; Bits 0 to 4 of CR3 are none of the address.
        pointer DIRECTORY2 + 1
        mov dword [POINTERS2 + 8], DIRECTORY3 + 0x19
        mov eax, POINTERS2 + 0x18
        mov cr3, eax
        turn cr0, 0, 0x80000000
        second "at the page's end", 0
        mov eax, POINTERS
        mov cr3, eax
        second "at its start", 0
        ret
seen:   cmp byte [vector], 0xFF
        jne .fault
        show32 ": ", ebx
        jmp newline
.fault: show8 ": #", [vector]
        show16 " ", [error]
        jmp newline

reset_vector
