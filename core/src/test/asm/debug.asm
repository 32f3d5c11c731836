; What a debugger lives on: breakpoints of the debug registers, single steps, and double faults.
%include "guest.inc"
%include "transfers.inc"

saved   equ user
DR7_WRITES_4 equ 0x000D0001             ; breakpoint 0, enabled locally
DR7_WRITES_1 equ 0x00010001
DR7_WRITES_2 equ 0x00050001
DR7_ACCESSES_4 equ 0x000F0001

%macro breakpoint 2                     ; address, DR7
        mov eax, %1
        mov dr0, eax
        xor eax, eax
        mov dr6, eax
        mov eax, %2
        mov dr7, eax
%endmacro
; Ends a case, and shows what DR6 tells of it: B0 to B3, BD, BS and BT.
%macro end_debug 0
        nop
        endcase
        call show_status
%endmacro

main:   mov dword [SCRATCH], 0x04030201
        case "write of a dword"
        breakpoint SCRATCH, DR7_WRITES_4
        mov [SCRATCH], eax
        end_debug
        case "write of its last byte"
        breakpoint SCRATCH, DR7_WRITES_4
        mov [SCRATCH + 3], al
        end_debug
        case "write beside it"
        breakpoint SCRATCH, DR7_WRITES_4
        mov [SCRATCH + 4], al
        end_debug
        case "write across its first byte"
        breakpoint SCRATCH, DR7_WRITES_1
        mov [SCRATCH - 1], ax
        end_debug
        case "a word's address is aligned"
        breakpoint SCRATCH + 1, DR7_WRITES_2
        mov [SCRATCH], al
        end_debug
        case "read where writes are looked for"
        breakpoint SCRATCH, DR7_WRITES_4
        mov eax, [SCRATCH]
        end_debug
        case "read where all is looked for"
        breakpoint SCRATCH, DR7_ACCESSES_4
        mov eax, [SCRATCH]
        end_debug
        case "push onto it"
        breakpoint STACK0 - 0x200, DR7_WRITES_4
        mov [saved], esp
        mov esp, STACK0 - 0x1FC
        push eax
        nop
        endcase
        mov esp, [saved]
        call show_status
        case "globally enabled"
        breakpoint SCRATCH, DR7_WRITES_4 + 1
        mov [SCRATCH], eax
        end_debug
        case "disabled"
        breakpoint SCRATCH, DR7_WRITES_4 - 1
        mov [SCRATCH], eax
        end_debug
        case "execution"
        breakpoint .here, 1
        nop
.here:  nop
        end_debug
        mov eax, [fault_flags]
        and eax, 0x10000                ; clear: the handler sets it (volume 3, section 17.3.1.1)
        show32 "  saved RF ", eax
        call newline
        case "execution with RF"
        breakpoint .resumed, 1
        pushf
        or dword [esp], 0x10000
        push dword CODE0
        push dword .resumed
        iret
.resumed:
        nop
        end_debug
        case "general detect"
        mov eax, 0x2000
        mov dr7, eax
        mov eax, dr0
        end_debug
        mov eax, dr7
        show32 "  then DR7 ", eax
        call newline
        case "DR4 for DR6"
        mov eax, 0x1
        db 0x0F, 0x23, 0xE0             ; mov dr4, eax
        end_debug
        mov eax, cr4
        or al, 8
        mov cr4, eax
        case "DR4 with debugging extensions"
        db 0x0F, 0x21, 0xE0             ; mov eax, dr4
        endcase
        mov eax, cr4
        and al, ~8
        mov cr4, eax
        case "DR7 in level 3"
        in_level3 .level3
        endcase
        call stepping
        call double
        ret
.level3:
        mov eax, dr7

%macro step 0
        xor eax, eax
        mov dr6, eax
        pushf
        or byte [esp + 1], 1
        popf
%endmacro
stepping:
        case "a step"
        step
        nop
        end_debug
        case "a step over mov ss"
        mov bx, ss
        step
        mov ss, bx
        nop
        end_debug
        case "a step over pop ss"
        push ss
        step
        pop ss
        nop
        end_debug
        case "a step of rep stosb"
        mov edi, SCRATCH
        mov ecx, 4
        step
        rep stosb
        end_debug
        case "a step into int3"
        step
        int3
        end_debug
        ret

; A gate that is not present on the way to a handler that isn't either.
double: and byte [IDT + 13 * 8 + 5], 0x7F
        case "gp through a gate not present"
        mov ax, GDT_LIMIT + 1
        mov gs, ax
        endcase
        or byte [IDT + 13 * 8 + 5], 0x80
        and byte [IDT + 5], 0x7F
        case "divide error through a gate not present"
        xor ecx, ecx
        div ecx
        endcase
        or byte [IDT + 5], 0x80
        ret

; DR6's bits that tell something, and no breakpoint any more.
show_status:
        push eax
        xor eax, eax
        mov dr7, eax
        mov eax, dr6
        and eax, 0xE00F
        show16 "  dr6 ", ax
        call newline
        xor eax, eax
        mov dr6, eax
        pop eax
        ret

reset_vector
