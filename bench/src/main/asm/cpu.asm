; Guests without firmware for the benchmark of the CPU: each does a fixed piece of work for ever, and tells the debug
; port before each turn. The benchmark puts this at F000:0000 of a ROM and fills in which. The program copies itself
; to RAM and runs there. How many instructions a turn has stands in the benchmark's CpuProgram, which counts them.
        cpu 686
HOME    equ 0x10000                     ; where it runs
STACK   equ 0x9000
IDT     equ 0x1000
TABLES  equ 0x20000                     ; page directory and tables, 20 KiB
TABLE   equ 0x28000                     ; of the CRC's 256 remainders
DATA    equ 0x30000                     ; 64 KiB of it
COPY    equ 0x40000
FLAGS   equ 0x50000                     ; of the sieve
REMOTE  equ 0x400000                    ; 4 MiB, mapped page by page
DEBUG   equ 0xE9
PIC     equ 0x21

        org HOME
        bits 16
        jmp near start
        align 4, db 0
task:   dd 0                            ; the number of a row of `tasks`

start:  cli
        cld
        in al, 0x92                     ; address line 20
        or al, 2
        out 0x92, al
        mov ax, 0xF000
        mov ds, ax
        mov ax, HOME >> 4
        mov es, ax
        xor si, si
        xor di, di
        mov cx, 0x4000
        rep movsw
        jmp HOME >> 4:copied - HOME
copied: mov ds, ax
        xor ax, ax
        mov es, ax
        mov ss, ax
        mov sp, STACK
        mov ebx, [task - HOME]
        cmp ebx, REAL
        jae protect
        mov dword [es:0x80 * 4], (HOME >> 4 << 16) + (handler16 - HOME)
        add bx, bx
again16:
        mov al, '.'
        out DEBUG, al
        call [bx + real_tasks - HOME]
        jmp again16

real_tasks:
        dw loop16 - HOME, interrupt16 - HOME
REAL    equ ($ - real_tasks) / 2

; 1. Sixteen bits: a loop, and arithmetic.
loop16: xor cx, cx
.next:  add ax, cx
        inc dx
        xor si, dx
        loop .next
        mov ah, 0
        ret

; 2. Software interrupts in real mode.
interrupt16:
        mov cx, 20000
.next:  int 0x80
        dec cx
        jnz .next
        ret
handler16:
        iret

protect:
        o32 lgdt [gdtr - HOME]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp dword 8:flat

        align 8, db 0
gdt:    dq 0
        dq 0x00CF9B000000FFFF           ; 8: code, 4 GiB
        dq 0x00CF93000000FFFF           ; 16: data, 4 GiB
gdtr:   dw $ - gdt - 1
        dd gdt
idtr:   dw 0x7FF
        dd IDT

        bits 32
flat:   mov ax, 16
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov esp, STACK
        mov dword [IDT + 0x80 * 8], 0x80000 + ((handler32 - $$ + HOME) & 0xFFFF)
        mov dword [IDT + 0x80 * 8 + 4], 0x00018E00
        lidt [idtr]
        mov edi, DATA                   ; something to work on
        mov ecx, 0x8000
        mov eax, 12345
.fill:  imul eax, eax, 1664525
        add eax, 1013904223
        mov [edi], eax
        add edi, 4
        loop .fill
        call make_table
        call map
        fninit
        mov ebp, [tasks + 4 * ebx - 4 * REAL]
again:  mov al, '.'
        out DEBUG, al
        call ebp
        jmp again

tasks:  dd carry, plain, memory, muldiv, sieve, copy_string, copy_loop, recursion, crc, floats
        dd interrupt32, ports, modify, paged

; 3. Arithmetic that needs the carry of the one before.
carry:  mov ecx, 40000
.next:  add eax, ecx
        adc ebx, edx
        rol ebx, 7
        adc edx, eax
        rol eax, 3
        sbb esi, ebx
        dec ecx
        jnz .next
        ret

; 4. Arithmetic whose flags nobody asks for.
plain:  mov ecx, 40000
.next:  add eax, ecx
        xor ebx, eax
        sub edx, ebx
        and esi, edx
        or edi, esi
        lea eax, [eax + 4 * ebx + 7]
        shl edi, 1
        add ebx, 12345
        dec ecx
        jnz .next
        ret

; 5. Loads and stores.
memory: mov ecx, 8000
        mov esi, DATA
        mov edi, COPY
.next:  mov eax, [esi]
        add eax, [esi + 4]
        mov [edi], eax
        mov dx, [esi + 2]
        mov [edi + 4], dx
        movzx ebx, byte [esi + 1]
        add [edi + 6], bl
        inc dword [edi + 8]
        add esi, 4
        add edi, 4
        dec ecx
        jnz .next
        ret

; 6. Products and quotients.
muldiv: mov ecx, 20000
.next:  mov eax, ecx
        imul eax, eax, 12345
        mul ecx
        mov edx, 0
        mov ebx, ecx
        or ebx, 1
        div ebx
        imul esi, eax
        add esi, edx
        dec ecx
        jnz .next
        ret

; 7. The primes below 16,384.
sieve:  mov edi, FLAGS
        mov ecx, 16384 / 4
        mov eax, 0x01010101
.fill:  mov [edi], eax
        add edi, 4
        dec ecx
        jnz .fill
        xor edx, edx
        mov esi, 2
.next:  cmp byte [FLAGS + esi], 0
        je .composite
        inc edx
        lea edi, [esi + esi]
.strike:
        cmp edi, 16384
        jae .composite
        mov byte [FLAGS + edi], 0
        add edi, esi
        jmp .strike
.composite:
        inc esi
        cmp esi, 16384
        jb .next
        ret

; 8. Copying by one instruction, 64 KiB a time.
copy_string:
        mov ebx, 64
.next:  mov esi, DATA
        mov edi, COPY
        mov ecx, 0x4000
        rep movsd
        dec ebx
        jnz .next
        ret

; 9. Copying by a loop, 64 KiB.
copy_loop:
        mov esi, DATA
        mov edi, COPY
        mov ecx, 0x4000
.next:  mov eax, [esi]
        mov [edi], eax
        add esi, 4
        add edi, 4
        dec ecx
        jnz .next
        ret

; 10. The eighteenth Fibonacci number by recursion.
recursion:
        push dword 18
        call .number
        add esp, 4
        ret
.number:
        push ebp
        mov ebp, esp
        push ebx
        mov ebx, [ebp + 8]
        mov eax, ebx
        cmp ebx, 2
        jb .done
        lea eax, [ebx - 1]
        push eax
        call .number
        add esp, 4
        push eax
        lea eax, [ebx - 2]
        push eax
        call .number
        add esp, 4
        pop edx
        add eax, edx
.done:  pop ebx
        pop ebp
        ret

; 11. The CRC-32 of 32 KiB, by a table.
crc:    mov esi, DATA
        mov ecx, 32768
        mov eax, -1
.next:  movzx edx, byte [esi]
        xor dl, al
        shr eax, 8
        xor eax, [TABLE + 4 * edx]
        inc esi
        dec ecx
        jnz .next
        not eax
        ret

make_table:
        xor edx, edx
.entry: mov eax, edx
        mov ecx, 8
.bit:   shr eax, 1
        jnc .next
        xor eax, 0xEDB88320
.next:  loop .bit
        mov [TABLE + 4 * edx], eax
        inc edx
        cmp edx, 256
        jb .entry
        ret

; 12. Floating point.
        align 8, db 0
one:    dq 1.0
third:  dq 0.3333333333333333
near_one:
        dq 1.0000001
result: dq 0
number: dd 7
floats:  mov ecx, 10000
        fld qword [one]
.next:  fmul qword [near_one]
        fld st0
        fadd qword [third]
        fld st1
        fsub st0, st1
        fmulp st1, st0
        fild dword [number]
        fdivp st1, st0
        fstp qword [result]
        fld st0
        fcomp qword [one]
        fnstsw ax
        sahf
        dec ecx
        jnz .next
        fstp st0
        ret

; 13. Software interrupts through a gate.
interrupt32:
        mov ecx, 20000
.next:  int 0x80
        dec ecx
        jnz .next
        ret
handler32:
        iret

; 14. Reads of a port: the interrupt controller's mask.
ports:  mov ecx, 20000
.next:  in al, PIC
        dec ecx
        jnz .next
        ret

; 15. Code that writes the instruction after the next.
modify: mov ecx, 5000
.next:  inc dword [.changed + 1]
        nop
.changed:
        mov eax, 0x12345678
        add ebx, eax
        dec ecx
        jnz .next
        ret

; 16. One access to each of 1,024 pages, with paging.
paged:  mov eax, TABLES
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov ebp, .again                 ; translations are kept from now on
.again: mov ebx, 32
.round: mov esi, REMOTE
        mov ecx, 1024
.next:  mov eax, [esi]
        add eax, ecx
        mov [esi + 4], eax
        add esi, 4096
        dec ecx
        jnz .next
        dec ebx
        jnz .round
        ret

; The first 8 MiB where they are, by pages of 4 KiB.
map:    mov edi, TABLES
        mov ecx, 1024
        xor eax, eax
        rep stosd
        mov dword [TABLES], TABLES + 0x1003
        mov dword [TABLES + 4], TABLES + 0x2003
        mov edi, TABLES + 0x1000
        mov ecx, 2048
        mov eax, 3
.next:  mov [edi], eax
        add eax, 4096
        add edi, 4
        dec ecx
        jnz .next
        ret
