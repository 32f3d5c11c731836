; Limits of segments and of what they are for, and reserved bits. QEMU checks none of these when it translates;
; Bochs does.
%include "guest.inc"
%include "transfers.inc"

saved   equ user

main:   probe SCRATCH, 0xFFF, 0x93, 0x4
        mov ax, PROBE
        mov fs, ax
        case "dword at FFC of FFF"
        mov eax, [fs:0xFFC]
        endcase
        case "dword at FFD of FFF"
        mov eax, [fs:0xFFD]
        endcase
        case "byte at 1000 of FFF"
        mov [fs:0x1000], al
        endcase
        case "dword at FFFFFFFF wraps"
        mov eax, [fs:0xFFFFFFFF]
        endcase
        probe 0, 0, 0x93, 0xC
        mov ax, PROBE
        mov fs, ax
        case "page granularity, FFF"
        mov al, [fs:0xFFF]
        endcase
        case "page granularity, 1000"
        mov al, [fs:0x1000]
        endcase
        probe 0, 0xFFF, 0x97, 0x4
        mov ax, PROBE
        mov fs, ax
        case "expand-down, at the limit"
        mov al, [fs:0xFFF]
        endcase
        case "expand-down, above the limit"
        mov al, [fs:0x1000]
        endcase
        case "expand-down, last dword"
        mov eax, [fs:0xFFFFFFFC]
        endcase
        probe 0, 0xFFF, 0x97, 0x0
        mov ax, PROBE
        mov fs, ax
        case "small expand-down, FFFF"
        mov al, [fs:0xFFFF]
        endcase
        case "small expand-down, 10000"
        mov al, [fs:0x10000]
        endcase
        probe 0, 0xFFFFF, 0x91, 0xC
        mov ax, PROBE
        mov fs, ax
        case "read of read-only data"
        mov al, [fs:SCRATCH]
        endcase
        case "write of read-only data"
        mov [fs:SCRATCH], al
        endcase
        case "add to read-only data"
        add [fs:SCRATCH], eax
        endcase
        case "write of code"
        mov [cs:SCRATCH], al
        endcase
        xor ax, ax
        mov fs, ax
        case "read through null"
        mov al, [fs:SCRATCH]
        endcase
        case "null into SS"
        xor ax, ax
        mov ss, ax
        endcase
        case "beyond the table"
        mov ax, GDT_LIMIT + 1
        mov gs, ax
        endcase
        case "beyond the local table"
        mov ax, 0x24
        mov gs, ax
        endcase
        mov dword [LDT + 8], 0x0000FFFF
        mov dword [LDT + 12], 0x00CF9200
        case "a local segment"
        mov ax, 0x0C
        mov gs, ax
        mov al, [gs:SCRATCH]
        endcase
        show8 "accessed ", [LDT + 13]
        call newline
        probe 0, 0x8000, 0xF3, 0x4
        case "push beyond the stack's limit"
        in_level3 .push
        endcase
        case "pop beyond the stack's limit"
        in_level3 .pop
        endcase
        case "an access by EBP beyond the stack's limit"
        in_level3 .frame
        endcase
        probe 0, 0x8001, 0xF7, 0x4
        case "push below an expanding stack's limit"
        in_level3 .expanding
        endcase
        case "jump beyond the code's limit"
        jmp CODE16:0x10000
        endcase
        gate GDT + PROBE, CODE16, 0x10000, 0xEC
        case "call gate beyond the limit"
        call PROBE:0
        endcase
        gate IDT + 0x29 * 8, CODE16, 0x10000, 0xEE
        case "int beyond the limit"
        int 0x29
        endcase
        case "rdmsr of nothing"
        mov ecx, 0x12345
        rdmsr
        endcase
        case "mov cr4 with reserved bits"
        mov eax, 0x80000000
        mov cr4, eax
        endcase
        case "jump to null"
        jmp 0:main
        endcase
        ret
.push:  call small_stack
        push eax
.pop:   call small_stack
        pop eax
.frame: call small_stack
        mov ebp, 0x8000
        mov al, [ebp]
        mov ax, [ebp]
.expanding:
        call small_stack
        mov esp, 0x8006
        push eax
        ud2
small_stack:
        pop ebx
        mov ax, PROBE | 3
        mov ss, ax
        mov esp, 0x8FFF
        jmp ebx

reset_vector
