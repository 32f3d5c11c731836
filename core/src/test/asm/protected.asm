; Call gates, interrupt and trap gates of both sizes, faults on the way to a handler, task switches, I/O
; permission, and which flags who may change.
%include "guest.inc"
%include "transfers.inc"

saved     equ user
operand   equ user + 8
deep      equ user + 16
count     equ user + 20

main:   call queries
        call gates
        call interrupts
        call tasks
        call flags
        call ports
        call system
        ret

queries:
        lsl eax, [query_selector]
        show32 "lsl ", eax
        lar eax, [query_selector]
        show32 " lar ", eax
        mov ax, 3
        mov cx, 1
        mov dx, 0x10
        arpl cx, ax
        pushf
        pop ebx
        and bl, 0x40
        show8 " arpl zf ", bl
        show16 " ", cx
        arpl ax, dx
        pushf
        pop ebx
        and bl, 0x40
        show8 " zf ", bl
        call newline
        sldt eax
        show32 "sldt ", eax
        str eax
        show32 " str ", eax
        call newline
        ret
query_selector: dw CODE0

; A gate's target at level 0: shows what lies on the stack, and returns.
target: push eax
        push ds
        mov ax, DATA0
        mov ds, ax
        mov [deep], esp
        show16 "cs ", cs
        show16 " ss ", ss
        show16 " from ", [esp + 12]
        show32 " first ", [esp + 16]
        show32 " second ", [esp + 20]
        mov eax, esp
        sub eax, STACK0 - 0x100
        show32 " esp ", eax
        call newline
        pop ds
        pop eax
        retf 8

gates:  gate GDT + PROBE, CODE0, target, 0xEC
        mov byte [GDT + PROBE + 4], 2
        case "call gate from level 0"
        push dword 0x22222222
        push dword 0x11111111
        call PROBE:0
        endcase
        case "call gate from level 3"
        in_level3 .level3
        endcase
        case "jump through a gate to more privilege"
        in_level3 .jump
        endcase
        case "call gate to null"
        mov word [GDT + PROBE + 2], 0
        call PROBE:0
        endcase
        case "call gate to data"
        mov word [GDT + PROBE + 2], DATA0
        call PROBE:0
        endcase
        mov [saved + 4], esp
        case "retf to more privilege"
        in_level3 .retf_inward
        endcase
        case "retf to level 3 with a null stack"
        push byte 0
        push dword STACK3
        push byte CODE3 | 3
        push dword 0
        retf
        endcase
        mov esp, [saved + 4]
        case "retf to level 3 with a stack of level 0"
        push byte DATA0
        push dword STACK3
        push byte CODE3 | 3
        push dword 0
        retf
        endcase
        mov esp, [saved + 4]
        case "retf drops data segments"
        mov ax, DATA0
        mov fs, ax
        mov ax, DATA3 | 3
        mov gs, ax
        mov dword [return_eip], .retf_back
        push byte DATA3 | 3
        push dword STACK3
        push byte CODE3 | 3
        push dword .retf_outward
        retf
.retf_outward:
        mov bx, ds
        mov cx, fs
        mov dx, gs
        call GATE0 | 3:0
.retf_back:
        mov esp, [saved + 4]
        show16 "ds ", bx
        show16 " fs ", cx
        show16 " gs ", dx
        call space
        endcase
        ret
.level3:
        push dword 0x22222222
        push dword 0x11111111
        call PROBE | 3:0
        show32 "esp after ", esp
        call space
        call GATE0 | 3:0
.jump:  jmp PROBE | 3:0
.retf_inward:
        push byte CODE0
        push dword 0
        retf

; A handler that shows its frame of 32 bits, and returns.
handler32:
        push eax
        show16 "cs ", cs
        show16 " from ", [esp + 8]
        mov eax, [esp + 12]
        and eax, 0x47700
        show32 " flags ", eax
        pushf
        pop eax
        and eax, 0x47700
        show32 " now ", eax
        call space
        pop eax
        iret
; The same for 16 bits: an offset of 16 bits leads to SCRATCH, which jumps here. The frame's EIP has lost its upper half.
handler16:
        push eax
        show16 "cs ", cs
        show16 " from ", [esp + 6]
        mov ax, [esp + 8]
        and eax, 0x7700
        show32 " flags ", eax
        call space
        mov esp, [deep]
        jmp [resume]

; An error code on the stack, and where it happened.
error32:
        push eax
        show32 "error ", [esp + 4]
        show16 " cs ", [esp + 12]
        call space
        mov eax, [resume]
        mov [esp + 8], eax
        pop eax
        add esp, 4
        iret
error16:
        push eax
        show16 "error ", [esp + 4]
        show16 " cs ", [esp + 8]
        call space
        pop eax
        add esp, 2
        add esp, 6
        jmp [resume]

interrupts:
        mov word [SCRATCH], 0xE9 << 8 | 0x90
        mov eax, handler16 - (SCRATCH + 6)
        mov [SCRATCH + 2], eax
        push dword [IDT + 0x30 * 8 - 8]
        push dword [IDT + 0x30 * 8 - 4]
        gate IDT + 0x20 * 8, CODE0, handler32, 0xEE
        gate IDT + 0x21 * 8, CODE0, handler32, 0xEF
        word_gate IDT + 0x22 * 8, CODE0, SCRATCH, 0xE6
        word_gate IDT + 0x23 * 8, CODE0, SCRATCH, 0xE7
        gate IDT + 0x24 * 8, CODE0, handler32, 0x8E
        gate IDT + 0x25 * 8, CODE0, handler32, 0x6E
        gate IDT + 0x26 * 8, DATA0, handler32, 0xEE
        gate IDT + 0x27 * 8, 0, handler32, 0xEE
        gate IDT + 0x28 * 8, CODE3, handler32, 0xEE
        gate IDT + 0x2A * 8, 0x7F8, handler32, 0xEE
        gate IDT + 0x2B * 8, CODE0, handler32, 0xEC
        ; An IDT of 0x2C entries.
        mov word [operand], 0x2C * 8 - 1
        mov dword [operand + 2], IDT
        lidt [operand]
        push dword 0x4200
        popf
        case "int through an interrupt gate"
        int 0x20
        endcase
        case "int through a trap gate"
        int 0x21
        endcase
        mov [deep], esp
        case "int through a small interrupt gate"
        int 0x22
        endcase
        case "int through a small trap gate"
        int 0x23
        endcase
        push dword 2
        popf
        case "int from level 3"
        in_level3 .int20
        endcase
        case "int from level 3 through a small gate"
        in_level3 .int22
        endcase
        case "int that level 3 may not"
        in_level3 .int24
        endcase
        case "int 8 from level 3"
        in_level3 .int8
        endcase
        case "int through a gate not present"
        int 0x25
        endcase
        case "int to data"
        int 0x26
        endcase
        case "int to null"
        int 0x27
        endcase
        case "int to less privilege"
        int 0x28
        endcase
        case "int to a selector beyond the table"
        int 0x2A
        endcase
        case "int through a call gate"
        int 0x2B
        endcase
        case "int beyond the interrupt table"
        int 0x2C
        endcase
        case "into"
        mov al, 0x7F
        inc al
        into
        endcase
        case "int3"
        int3
        endcase
        case "ud2"
        ud2
        endcase
        case "divide by zero"
        xor ecx, ecx
        div ecx
        endcase
        case "bound"
        mov dword [operand], 5
        mov dword [operand + 4], 6
        mov eax, 7
        bound eax, [operand]
        endcase
        case "hlt in level 3"
        in_level3 .hlt
        endcase
        case "mov cr0 in level 3"
        in_level3 .cr0
        endcase
        case "lgdt in level 3"
        in_level3 .lgdt
        endcase
        ; Faults while an exception is delivered: the gate of #UD is not present, and so on.
        mov byte [IDT + 6 * 8 + 5], 0x0E
        case "ud2 through a gate not present"
        ud2
        endcase
        mov byte [IDT + 6 * 8 + 5], 0x8E
        mov word [IDT + 6 * 8 + 2], DATA0
        case "ud2 to data"
        ud2
        endcase
        mov word [IDT + 6 * 8 + 2], CODE0
        mov byte [IDT + 13 * 8 + 5], 0x0E
        case "gp through a gate not present"
        mov ax, 0x7F8
        mov gs, ax
        endcase
        mov byte [IDT + 13 * 8 + 5], 0x8E
        mov byte [IDT + 5], 0x0E
        case "divide error through a gate not present"
        xor ecx, ecx
        div ecx
        endcase
        mov byte [IDT + 5], 0x8E
        push dword [IDT + 13 * 8]
        push dword [IDT + 13 * 8 + 4]
        gate IDT + 13 * 8, CODE0, error32, 0x8F
        case "an error code of 32 bits"
        mov ax, 0x7F8 | 7
        mov gs, ax
        endcase
        mov eax, error16 - (SCRATCH + 6)
        mov [SCRATCH + 2], eax
        word_gate IDT + 13 * 8, CODE0, SCRATCH, 0x87
        case "an error code of 16 bits"
        mov ax, 0x7F8 | 7
        mov gs, ax
        endcase
        pop dword [IDT + 13 * 8 + 4]
        pop dword [IDT + 13 * 8]
        lidt [cs:idt_register]
        pop dword [IDT + 0x30 * 8 - 4]
        pop dword [IDT + 0x30 * 8 - 8]
        ret
.int20: int 0x20
        call GATE0 | 3:0
.int22: int 0x22
        call GATE0 | 3:0
.int24: int 0x24
.int8:  int 8
.hlt:   hlt
.cr0:   mov eax, cr0
.lgdt:  lgdt [operand]

; The second task.
task2:  str ax
        show16 "task ", ax
        smsw eax
        and eax, 8
        show32 " ts ", eax
        pushf
        pop eax
        and eax, 0x4200
        show32 " flags ", eax
        show16 " link ", [TSS2]
        show8 " busy ", [GDT + TASK + 5]
        show8 " ", [GDT + TASK2 + 5]
        call space
        inc dword [count]
        cmp dword [count], 2
        je .jump
        iret
        show32 "again, ecx ", ecx
        call space
        jmp task2
.jump:  jmp TASK:0
        jmp task2

tasks:  mov dword [TSS2 + 0x20], task2
        mov dword [TSS2 + 0x24], 0x202
        mov dword [TSS2 + 0x2C], 0xCCCCCCCC
        mov dword [TSS2 + 0x38], STACK0 - 0x800
        mov dword [TSS2 + 0x48], DATA0
        mov dword [TSS2 + 0x4C], CODE0
        mov dword [TSS2 + 0x50], DATA0
        mov dword [TSS2 + 0x54], DATA0
        mov dword [TSS2 + 0x60], LOCAL
        mov word [TSS2 + 102], 0x68
        mov dword [count], 0
        clts
        case "call of a task"
        call TASK2:0
        endcase
        call task_state
        case "call of a busy task"
        or byte [GDT + TASK2 + 5], 2
        call TASK2:0
        endcase
        and byte [GDT + TASK2 + 5], ~2
        clts
        mov dword [count], 1
        case "jump to a task that jumps back"
        jmp TASK2:0
        endcase
        call task_state
        mov dword [GDT + PROBE], TASK2 << 16
        mov dword [GDT + PROBE + 4], 0xE500
        and byte [GDT + TASK2 + 5], ~2
        mov dword [TSS2 + 0x20], task2
        case "call through a task gate"
        call PROBE:0
        endcase
        call task_state
        mov dword [IDT + 0x20 * 8], TASK2 << 16
        mov dword [IDT + 0x20 * 8 + 4], 0xE500
        mov dword [TSS2 + 0x20], task2
        case "int through a task gate"
        int 0x20
        endcase
        call task_state
        case "int through a task gate from level 3"
        mov dword [TSS2 + 0x20], task2
        in_level3 interrupt20
        endcase
        call task_state
        ; Tasks that are not right: the fault is the new task's.
        mov dword [TSS2 + 0x20], task2
        mov dword [TSS2 + 0x58], 0
        case "a task with an FS beyond the table"
        mov dword [TSS2 + 0x58], 0x7F8
        mov [saved], esp
        jmp TASK2:0
        endcase
        call back_to_first
        mov dword [TSS2 + 0x58], 0
        mov word [GDT + TASK2], 0x66
        case "a task state that is too short"
        call TASK2:0
        endcase
        mov word [GDT + TASK2], 0x67
        show8 "busy ", [GDT + TASK2 + 5]
        call newline
        pushf
        or dword [esp], 0x4000
        popf
        case "iret to a task that is not there"
        mov word [TSS], 0x7F8
        iret
        endcase
        case "iret to a task that is not busy"
        mov word [TSS], TASK2
        iret
        endcase
        push dword 2
        popf
        mov ax, ds
        mov ss, ax
        ret
interrupt20:
        int 0x20
        call GATE0 | 3:0
task_state:
        str ax
        show16 "  then task ", ax
        pushf
        pop eax
        and eax, 0x4200
        show32 " flags ", eax
        show8 " busy ", [GDT + TASK + 5]
        show8 " ", [GDT + TASK2 + 5]
        call newline
        ret
; The handler ran in the second task: to the first one without saving, as if it had been loaded anew.
back_to_first:
        pop ebx
        mov esp, [saved]
        and byte [GDT + TASK + 5], ~2
        and byte [GDT + TASK2 + 5], ~2
        mov ax, TASK
        ltr ax
        mov ax, LOCAL
        lldt ax
        mov ax, DATA0
        mov ss, ax
        mov esp, [saved]
        mov ds, ax
        mov es, ax
        jmp ebx

; What POPF and IRET change: all flags at once are tried, at levels 0 and 3 and every IOPL.
flags:  push dword 0x00257FD7 & ~0x4300 ; but TF and NT
        popf
        pushf
        pop eax
        show32 "popf at level 0: ", eax
        push dword 2
        popf
        pushf
        pop eax
        show32 " ", eax
        call newline
        xor ebx, ebx
.iopl:  mov ecx, ebx
        shl ecx, 12
        or ecx, 2
        push ecx
        popf
        in_level3 .level3
        show32 "popf at level 3: ", edx
        show32 " o16 ", esi
        show32 " cli ", edi
        call newline
        inc ebx
        cmp ebx, 4
        jne .iopl
        push dword 2
        popf
        case "cli in level 3 with IOPL 2"
        push dword 0x2002
        popf
        in_level3 .cli
        endcase
        case "sti in level 3 with IOPL 0"
        in_level3 .sti
        endcase
        push dword 2
        popf
        ret
.level3:
        push dword 0x00247CD7           ; but TF, NT and IF
        popf
        pushf
        pop edx
        push word 0x3ED7
        o16 popf
        pushf
        pop esi
        mov edi, esi
        cmp ebx, 3
        jne .end
        cli
        pushf
        pop edi
.end:   push dword 2
        popf
        call GATE0 | 3:0
.cli:   cli
.sti:   sti

ports:  case "in from a port that is not allowed"
        in_level3 .in60
        endcase
        case "out to the one that is"
        in_level3 .oute9
        endcase
        case "a word beside it"
        in_level3 .wide
        endcase
        case "a port beyond the map"
        in_level3 .beyond
        endcase
        case "rep insb from a port that is not allowed"
        in_level3 .string
        endcase
        case "all with IOPL 3"
        push dword 0x3002
        popf
        in_level3 .free
        push dword 2
        popf
        endcase
        mov word [TSS + 102], 0xA9
        case "no map"
        in_level3 .oute9
        endcase
        mov word [TSS + 102], 0x88
        ret
.in60:  in al, 0x60
.oute9: mov al, 'x'
        mov dx, 0xE9
        out dx, al
        call GATE0 | 3:0
.wide:  mov dx, 0xE9
        in ax, dx
.beyond:
        mov dx, 0x3F6
        in al, dx
.string:
        mov dx, 0x60
        mov edi, SCRATCH + 0x800
        mov ecx, 4
        rep insb
.free:  in al, 0x61
        mov dx, 0x3F6
        in al, dx
        call GATE0 | 3:0

system:
        case "sysenter without a segment"
        sysenter
        endcase
        case "sysexit in level 3"
        mov ecx, 0x174
        mov eax, CODE0
        xor edx, edx
        wrmsr
        in_level3 .sysexit
        endcase
        mov ecx, 0x175
        mov eax, STACK0 - 0x300
        wrmsr
        mov ecx, 0x176
        mov eax, .entered
        wrmsr
        case "sysenter"
        mov [saved], esp
        in_level3 .level3
        endcase
        case "cmpxchg8b"
        mov dword [operand], 1
        mov dword [operand + 4], 2
        mov eax, 1
        mov edx, 2
        mov ebx, 3
        mov ecx, 4
        lock cmpxchg8b [operand]
        show32 "", [operand]
        show32 " ", [operand + 4]
        call space
        endcase
        case "cmpxchg8b of a register"
        db 0x0F, 0xC7, 0xC8
        endcase
        ret
.sysexit:
        sysexit
.level3:
        sysenter
.entered:
        show16 "cs ", cs
        show16 " ss ", ss
        mov eax, esp
        sub eax, STACK0
        show32 " esp ", eax
        call space
        ; SYSEXIT takes CS + 16 and + 24: the descriptors CODE3 and DATA3.
        mov edx, .exited
        mov ecx, STACK3 - 0x40
        sysexit
.exited:
        show16 "cs ", cs
        show16 " ss ", ss
        show32 " esp ", esp
        call space
        call GATE0 | 3:0

reset_vector
