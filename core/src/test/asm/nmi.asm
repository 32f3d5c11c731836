; Non-maskable interrupts, which the processor sends itself through its local APIC: blocked from when one is taken to the
; next IRET, and one is kept meanwhile.
%include "guest.inc"
%include "transfers.inc"

APIC      equ 0xFEE00000
SPURIOUS  equ APIC + 0xF0
ICR       equ APIC + 0x300
ICR_HIGH  equ APIC + 0x310
NMI       equ 0x4400                    ; to the APIC with the number in ICR_HIGH
NMI_ALL   equ 0x84400                   ; to all, the sender too
TASK_STACK equ 0x20000

saved   equ user
count   equ user + 4                    ; how many came
depth   equ user + 8                    ; how many handlers are running
deepest equ user + 12
inside  equ user + 16                   ; what `count` was when a handler had waited for another
todo    equ user + 20                   ; what the first handler does, or 0
frame_cs equ user + 24                  ; of the last one
frame_esp equ user + 28

%macro nmis 2                           ; text, routine of the first handler: sends one and reports what came
        call forget
        mov dword [todo], %2
        call send
        call wait_some
        print %1
        call show_nmis
%endmacro

main:   mov dword [SPURIOUS], 0x1FF
        gate IDT + 8 * 2, CODE0, handler, 0x8E
        nmis "one", 0
        nmis "one more while it is handled", again
        nmis "three more", thrice
        call forget
        mov dword [ICR], NMI_ALL
        call wait_some
        print "to all"
        call show_nmis
        call forget
        mov dword [ICR], NMI + 0x55
        call wait_some
        print "with a vector"
        call show_nmis
        nmis "STI unblocks nothing", interruptible
        nmis "RETF unblocks nothing", far_return
        nmis "any IRET unblocks", interrupt_return
        nmis "an exception's too", exception
        call forget
        gate IDT + 8 * 13, CODE0, refused, 0x8E
        nmis "one that faults", bad_return
        gate IDT + 8 * 13, CODE0, stubs + 13 * stub_size, 0x8E
        call forget
        mov dword [todo], again
        int 2
        print "INT 2 blocks nothing"
        call show_nmis
        call forget
        mov dword [todo], again
        in_level3 level3
        print "in level 3"
        call show_nmis
        show16 "  cs ", [frame_cs]
        show32 " esp ", [frame_esp]
        call newline
        ; Through a task gate; the task's IRET returns, and unblocks.
        mov dword [TSS2 + 32], task
        mov dword [TSS2 + 36], 2
        mov dword [TSS2 + 56], TASK_STACK
        mov dword [TSS2 + 72], DATA0
        mov dword [TSS2 + 76], CODE0
        mov dword [TSS2 + 80], DATA0
        mov dword [TSS2 + 84], DATA0
        gate IDT + 8 * 2, TASK2, 0, 0x85
        nmis "a task, and one more", again
        show16 "  back to ", [TSS2]
        show8 " type ", [GDT + TASK2 + 5]
        show8 " and ", [GDT + TASK + 5]
        call newline
        ; A task in virtual-8086 mode that may not execute IRET, but has unblocked by it.
        call forget
        mov dword [TSS2 + 4], TASK_STACK
        mov dword [TSS2 + 8], DATA0
        mov dword [TSS2 + 32], virtual - rom
        mov dword [TSS2 + 36], 0x20002
        mov dword [TSS2 + 76], 0xF000
        gate IDT + 8 * 13, CODE0, sensitive, 0x8E
        nmis "one that virtual-8086 mode refuses", 0
        ret

forget: mov dword [count], 0
        mov dword [depth], 0
        mov dword [deepest], 0
        mov dword [inside], 0
        mov dword [todo], 0
        ret
show_nmis:
        show8 ": ", [count]
        show8 " inside ", [inside]
        show8 " deepest ", [deepest]
        jmp newline

; An NMI is not taken at once everywhere.
wait_some:
        push ecx
        mov ecx, 10000
.next:  loop .next
        pop ecx
        ret
send:   mov dword [ICR_HIGH], 0
        mov dword [ICR], NMI
        ret

handler:
        push eax
        mov eax, [esp + 8]
        mov [frame_cs], eax
        lea eax, [esp + 4]
        mov [frame_esp], eax
        pop eax
        call handle
        iret
task:   call handle
        iret
        jmp task
handle: pushad
        push ds
        push es
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        inc dword [count]
        inc dword [depth]
        mov eax, [depth]
        cmp eax, [deepest]
        jbe .known
        mov [deepest], eax
.known: xor eax, eax
        xchg eax, [todo]
        or eax, eax
        jz .done
        call eax
.done:  dec dword [depth]
        pop es
        pop ds
        popad
        ret

; What the first handler does.
thrice: call send
        call send
again:  call send
look:   call wait_some
        mov eax, [count]
        mov [inside], eax
        ret
interruptible:
        call send
        sti
        call wait_some
        cli
        jmp look
far_return:
        call send
        push cs
        push look
        retf
interrupt_return:
        pushf
        push cs
        push again
        iret
exception:
        call send
        mov dword [resume], .after
        ud2
.after: mov dword [resume], 0
        jmp look
bad_return:                             ; to no segment
        call send
        pushf
        push 0
        push look
        iret
refused:                                ; error code, EIP, CS and EFLAGS, and the three that IRET didn't take
        add esp, 7 * 4
        jmp look

sensitive:                              ; sends another, and goes back to the first task
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        gate IDT + 8 * 2, CODE0, handler, 0x8E
        call again
        pushf
        or dword [esp], 0x4000
        popf
        iret
virtual:
        iret

level3: call send
        call wait_some
        call GATE0 | 3:0

reset_vector
