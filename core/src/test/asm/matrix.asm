; Every type of descriptor by every privilege: what may be loaded, jumped to, called, returned to and asked about.
; A line is a type (S and the four bits of it) with a character for each DPL (in groups) and each RPL: "." for success
; or ZF=1, "0" for ZF=0, else the exception: G, N, S, T; small when its error code is zero, "?" when it names neither
; the selector nor zero.
%include "guest.inc"

saved_esp equ user
operand   equ user + 8                  ; far pointer
selector  equ user + 12
landing   equ user + 16
access    equ user + 20
outcome   equ user + 24
test_at   equ user + 28
level     equ user + 32

main:   mov dword [landing], landed
        mov word [SCRATCH], 0x25FF      ; jmp [landing]
        mov dword [SCRATCH + 2], landing
        mov dword [operand], SCRATCH
        mov dword [level], 0
        call at_level
        mov dword [return_eip], .back
        mov [user + 40], esp
        mov eax, at_level3
        jmp to_level3
.back:  mov esp, [user + 40]
        ret

at_level3:
        mov dword [level], 3
        call at_level
        call GATE0 | 3:0

at_level:
        mov ebp, tests
.test:  mov eax, [cs:ebp]
        or eax, eax
        jz .end
        mov [test_at], eax
        lea esi, [ebp + 4]
        call puts
        show8 " at level ", [level]
        call newline
        call matrix
        ; On to the next: after the name.
.skip:  inc ebp
        cmp byte [cs:ebp + 3], 0
        jne .skip
        add ebp, 4
        jmp .test
.end:   ret

matrix: mov byte [access], 0x80
.type:  mov al, [access]
        and al, 0x1F
        call hex8
        call space
        and byte [access], 0x9F
.dpl:   mov dword [selector], PROBE
.rpl:   call attempt
        inc dword [selector]
        cmp dword [selector], PROBE + 4
        jne .rpl
        call space
        add byte [access], 0x20
        test byte [access], 0x60
        jnz .dpl
        mov al, [access]
        sub al, 0x80
        and al, 0x1F
        or al, 0x80 
        mov [access], al
        ; Not present, with the least privilege asked for and given.
        or byte [access], 0x60
        and byte [access], 0x7F
        mov eax, [level]
        or eax, PROBE
        mov [selector], eax
        call attempt
        call newline
        mov al, [access]
        and al, 0x1F
        inc al
        or al, 0x80
        mov [access], al
        test al, 0x1F
        jz .done
        cmp al, 0xA0
        jne .type
.done:  ret

attempt:
        pusha
        call describe
        mov byte [outcome], '.'
        mov dword [vector], 0xFF
        mov dword [resume], .after
        mov eax, [selector]
        mov [operand + 4], ax
        mov [saved_esp], esp
        jmp [test_at]
.after: mov esp, [saved_esp]
        mov dword [resume], 0
        mov ax, DATA0
        test byte [level], 3
        jz .segments
        mov ax, DATA3 | 3
.segments:
        mov ds, ax
        mov es, ax
        call put_outcome
        popa
        ret

put_outcome:
        mov al, [outcome]
        mov ebx, [vector]
        cmp bl, 0xFF
        je .put
        mov al, [cs:letters + ebx]
        mov edx, [error]
        or edx, edx
        jz .small
        mov ecx, [selector]
        and ecx, 0xFFFC
        cmp edx, ecx
        je .put
        mov al, '?'
        jmp .put
.small: or al, 0x20
.put:   jmp putc
letters: db "DD..BOIU..TNSGP."

; Makes the descriptor of `access`: flat, but empty when it is of the system.
describe:
        mov edi, GDT + PROBE
        mov al, [access]
        mov dword [edi], 0x0000FFFF
        mov dword [edi + 4], 0x00CF0000
        test al, 0x10
        jz .system
        and al, 0x0C
        cmp al, 4
        jne .access
        ; Data that expands down: all above zero.
        mov dword [edi], 0
        mov dword [edi + 4], 0x00400000
        jmp .access
.system:
        mov dword [edi], 0
        mov dword [edi + 4], 0
        and al, 0x07
        cmp al, 5
        je .task
        and al, 0x07
        cmp al, 4
        jne .access
        mov word [edi], SCRATCH
        mov word [edi + 2], CODE0
        test byte [level], 3
        jz .access
        mov word [edi + 2], CODE3
        jmp .access
.task:  mov word [edi + 2], TASK
.access:
        mov al, [access]
        mov [edi + 5], al
        ret

landed: mov eax, [saved_esp]
        mov esp, eax
        mov eax, cs
        test al, 3
        jnz .level3
        jmp CODE0:go_on
.level3:
        jmp CODE3 | 3:go_on
go_on:  jmp [resume]

%macro tested 2
        dd %1
        db %2, 0
%endmacro
tests:  tested load_ds, "mov ds"
        tested load_ss, "mov ss"
        tested jump, "jmp far"
        tested call_far, "call far"
        tested return, "retf"
        tested rights, "lar"
        tested limits, "lsl"
        tested readable, "verr"
        tested writable, "verw"
        tested load_ldt, "lldt"
        tested load_task, "ltr"
        dd 0

load_ds:
        mov ds, ax
        jmp restore
load_ss:
        mov ecx, ss
        mov ss, ax
        mov ss, cx
        jmp [resume]
restore:
        mov cx, DATA0
        mov ax, cs
        test al, 3
        jz .load
        mov cx, DATA3 | 3
.load:  mov ds, cx
        jmp [resume]
jump:   jmp far [operand]
call_far:
        call far [operand]
return: push byte 0
        push byte 0
        push eax
        push SCRATCH
        retf
rights: lar ecx, ax
        jmp zero
limits: lsl ecx, ax
        jmp zero
readable:
        verr ax
        jmp zero
writable:
        verw ax
zero:   jz .set
        mov byte [outcome], '0'
.set:   jmp [resume]
load_ldt:
        lldt ax
        mov ax, LOCAL
        lldt ax
        jmp [resume]
load_task:
        ltr ax
        and byte [GDT + TASK + 5], ~2
        mov ax, TASK
        ltr ax
        jmp [resume]

reset_vector
