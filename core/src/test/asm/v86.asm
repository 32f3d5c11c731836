; Virtual-8086 mode: into it by IRET, what traps to the monitor at which IOPL, and the mode's extensions.
%include "guest.inc"
%include "transfers.inc"

saved   equ user
VM      equ 0x20000
STACK86 equ 0x900                       ; the segment: linear 9000

; Runs a snippet of 16-bit code with these flags, until something traps to the monitor.
%macro virtual 3                        ; name, label, flags
        print %1
        print ": "
        mov esi, %2 - rom
        mov edi, %3
        or edi, VM | 2
        call run
%endmacro

main:   print "IOPL 0"
        call newline
        xor ebp, ebp
        call all
        print "IOPL 3"
        call newline
        mov ebp, 0x3000
        call all
        virtual "interrupts disabled and enabled", both, 0x3000
        virtual "int to the monitor", software, 0x3000
        ; The monitor's gate has to lead to level 0.
        or byte [IDT + 0x22 * 8 + 2], 0x10
        virtual "int to level 3", software22, 0x3000
        and byte [IDT + 0x22 * 8 + 2], ~0x10
        mov eax, 1
        cpuid
        test dl, 2
        jnz .extended
        print "no extensions"
        jmp newline
.extended:
        mov eax, cr4
        or al, 1
        mov cr4, eax
        print "extensions, IOPL 0"
        call newline
        mov dword [0x21 * 4], (0xF000 << 16) | (handler - rom)
        mov dword [0x22 * 4], (0xF000 << 16) | (handler - rom)
        or byte [TSS + 0x68 + 4], 4     ; 22 is the monitor's
        virtual "cli", clear, 0x80000
        virtual "sti", set, 0
        virtual "sti while one is pending", set, 0x100000
        virtual "pushf without VIF", push_flags, 0x200
        virtual "pushf with VIF", push_flags, 0x80000
        virtual "pushfd", push_flags32, 0x80000
        virtual "popf", pop_flags, 0
        virtual "popf while one is pending", pop_flags, 0x100000
        virtual "popf with TF", pop_trap, 0
        virtual "int to the program", software, 0x80200
        virtual "int to the monitor", software22, 0x80200
        virtual "int to the program with IOPL 3", software, 0x3200
        virtual "iret", return, 0x80000
        mov eax, cr4
        and al, ~1
        mov cr4, eax
        ret

all:    virtual "hlt", halt, ebp
        virtual "cli", clear, ebp
        virtual "sti", set, ebp
        virtual "pushf", push_flags, ebp
        virtual "pushfd", push_flags32, ebp
        virtual "popf", pop_flags, ebp
        virtual "iret", return, ebp
        virtual "int", software, ebp
        virtual "int3", three, ebp
        virtual "into", overflow, ebp
        virtual "in", input, ebp
        virtual "out", output, ebp
        virtual "mov cr0", control, ebp
        virtual "lgdt", table, ebp
        virtual "smsw", status, ebp
        virtual "sldt", local, ebp
        virtual "lar", rights, ebp
        virtual "arpl", adjust, ebp
        virtual "segments", segments, ebp
        virtual "far jump", far_jump, ebp
        virtual "far call", far_call, ebp
        virtual "beyond the limit", beyond, ebp
        virtual "stack beyond the limit", beyond_stack, ebp
        virtual "divide", divide, ebp
        ret

run:    pop dword [saved + 4]
        mov [saved], esp
        mov [saved + 8], ebp
        mov dword [vector], 0xFF
        mov dword [resume], .trapped
        mov eax, 0x12345678
        mov ebx, eax
        push dword 0x4444
        push dword 0x3333
        push dword 0x2222
        push dword 0x1111
        push dword STACK86
        push dword 0x100
        push edi
        push dword 0xF000
        push esi
        iret
.trapped:
        mov dword [resume], 0
        mov esp, [saved]
        mov ebp, [saved + 8]
        show8 "#", [vector]
        show16 " ", [error]
        mov ecx, [fault_eip]
        sub ecx, esi
        show8 " at +", cl
        show16 " cs ", [fault_cs]
        mov ecx, [fault_flags]
        and ecx, 0x1A7300
        show32 " flags ", ecx
        show16 " sp ", [fault_esp]
        show16 " es ", [fault_vm]
        show16 " ds ", [fault_vm + 4]
        show16 " fs ", [fault_vm + 8]
        show16 " gs ", [fault_vm + 12]
        show16 " bx ", bx
        show16 " null ", ds
        call newline
        jmp [saved + 4]

        bits 16
clear:  cli
halt:   hlt
set:    sti
        hlt
both:   sti
        nop
        cli
        hlt
push_flags:
        pushf
        pop bx
        and bx, 0x7300
        hlt
push_flags32:
        pushfd
        pop ebx
        and ebx, 0x7300
        hlt
pop_flags:
        push word 0x0202
        popf
        hlt
pop_trap:
        push word 0x0102
        popf
        hlt
return: push word 0x0202
        push cs
        push word .there - rom
        iret
.there: hlt
software:
        int 0x21
        hlt
software22:
        int 0x22
        hlt
handler:
        pop ax
        pop ax
        pop bx
        and bx, 0x7300
        ud2
three:  int3
overflow:
        mov al, 0x7F
        inc al
        into
        hlt
input:  in al, 0x60
output: mov dx, 0xE9
        mov al, '!'
        out dx, al
        hlt
control:
        mov eax, cr0
table:  lgdt [0]
status: smsw bx
        and bx, 1
        hlt
local:  sldt ax
rights: lar ax, bx
adjust: arpl ax, bx
segments:
        mov ax, 0x5555
        mov ds, ax
        mov ax, 0xFFFF
        mov fs, ax
        mov bx, [fs:0x10]
        hlt
far_jump:
        jmp 0xF010:.there - rom - 0x100
.there: hlt
far_call:
        call 0xF010:.there - rom - 0x100
        hlt
.there: pop bx
        pop bx
        hlt
beyond: mov ebx, 0x10000
        mov al, [ebx]
beyond_stack:
        mov ebp, 0xFFFF
        mov ax, [ebp]
divide: xor cx, cx
        div cx

reset_vector
