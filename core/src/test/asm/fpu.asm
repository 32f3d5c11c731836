; The floating-point unit's ties to the processor: #NM by CR0.EM, MP and TS, #MF at the next instruction that waits and
; interrupt 13 without CR0.NE, the environment in its four layouts, and FXSAVE.
%include "guest.inc"

IMAGE   equ 0x7000                      ; of FNSAVE and its like
OPERAND equ 0x7400
EM      equ 4
TS      equ 8
MP      equ 2
NE      equ 0x20
interrupts equ user + 4                 ; how many times interrupt 13 came

%macro under 3                          ; bits of CR0, text, instruction
        case %2
        mov eax, %1
        call set_cr0
        %3
        endcase
%endmacro

; Unmasks one exception, raises it, and tells the state before and after the next FWAIT.
%macro raising 2+                       ; mask bit, text
        mov eax, NE
        call set_cr0
        fninit
        mov word [OPERAND + 16], 0x37F & ~(%1)
        case %2
        fldcw [OPERAND + 16]
%endmacro
%macro raised 0
        fwait
        endcase
        call show_state
%endmacro

main:   mov eax, 1
        cpuid
        and edx, 1
        show32 "cpuid ", edx
        call newline
        fninit
        fnstsw ax
        show16 "after fninit: status ", ax
        fnstcw [OPERAND]
        show16 " control ", [OPERAND]
        call newline

        ; 1. #NM.
%assign combination 0
%rep 8
%if combination = 0
%define name "none"
%elif combination = 1
%define name "MP"
%elif combination = 2
%define name "EM"
%elif combination = 3
%define name "EM MP"
%elif combination = 4
%define name "TS"
%elif combination = 5
%define name "TS MP"
%elif combination = 6
%define name "TS EM"
%else
%define name "TS EM MP"
%endif
%strcat text "fwait with ", name
        under combination * 2, text, fwait
%strcat text "fld1 with ", name
        under combination * 2, text, fld1
%strcat text "fnstsw with ", name
        under combination * 2, text, fnstsw ax
%strcat text "fninit with ", name
        under combination * 2, text, fninit
%assign combination combination + 1
%endrep
        under TS, "fxsave with TS", fxsave [IMAGE]
        xor eax, eax
        call set_cr0

        ; 2. Exceptions, each alone unmasked.
        mov dword [OPERAND], 1          ; a denormal
        raising 1, "square root of -1"
        fld1
        fchs
        fsqrt
        raised
        raising 1, "pop of nothing"
        fstp st0
        raised
        raising 2, "sum with a denormal"
        fld1
        fadd dword [OPERAND]
        raised
        raising 4, "one by zero"
        fldz
        fld1
        fdivrp st1, st0
        raised
        raising 8, "2^10000 squared"
        call scaled
        fmul st0, st0
        raised
        raising 16, "2^-10000 squared"
        call scaled
        fld1
        fdivrp st1, st0
        fmul st0, st0
        raised
        raising 32, "one by three"
        fld1
        mov word [OPERAND + 18], 3
        fidiv word [OPERAND + 18]
        raised
        raising 8, "store of what a single can't hold"
        call scaled
        fst dword [OPERAND + 20]
        raised

        ; 3. What waits and what doesn't.
        mov eax, NE
        call set_cr0
        fninit
        mov word [OPERAND + 16], 0x37B
        fldcw [OPERAND + 16]
        fldz
        fld1
        fdiv st0, st1
        case "fnstsw doesn't wait"
        fnstsw [OPERAND + 18]
        endcase
        case "fnstcw doesn't wait"
        fnstcw [OPERAND + 20]
        endcase
        case "fld1 waits"
        fld1
        endcase
        case "fldcw waits"
        fldcw [OPERAND + 16]
        endcase
        case "fnop waits"
        fnop
        endcase
        case "ffree waits"
        ffree st3
        endcase
        case "fnclex doesn't wait"
        fnclex
        endcase
        case "and clears"
        fwait
        endcase
        fld1
        fdiv st0, st2
        case "fnsave doesn't wait"
        fnsave [IMAGE]
        endcase
        case "frstor brings it back"
        frstor [IMAGE]
        fwait
        endcase
        case "fnstenv doesn't wait"
        fnstenv [IMAGE]
        endcase
        case "and masks"
        fwait
        endcase
        case "fldcw unmasks"
        fldcw [OPERAND + 16]
        fwait
        endcase
        case "fninit doesn't wait"
        fninit
        endcase

        ; 4. The environment.
        mov edi, IMAGE
        mov ecx, 64
        mov eax, 0x55555555
        rep stosd
        xor eax, eax
        call set_cr0
        fninit
        fldpi
        fld1
        mov dword [OPERAND], 0x3FC00000
        fadd dword [OPERAND]
        fnstenv [IMAGE]
        print "32 bits"
        mov ecx, 7
        call show_words
        fninit
        fldpi
        fadd dword [OPERAND]
        o16 fnstenv [IMAGE]
        print "16 bits"
        mov ecx, 4
        call show_words
        fld1
        o16 fnsave [IMAGE]
        print "16 bits, with registers"
        mov ecx, 10
        call show_words
        o16 frstor [IMAGE]
        fnsave [IMAGE]
        print "32 bits, with registers"
        mov ecx, 12
        call show_words
        frstor [IMAGE]
        jmp CODE16:.to_real - rom
        bits 16
.to_real:
        mov ax, DATA16
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov eax, cr0
        and al, ~1
        mov cr0, eax
        jmp 0xF000:.real - rom
.real:  xor ax, ax
        mov ds, ax
        mov ss, ax
        fadd dword [OPERAND]
        o32 fnsave [IMAGE]
        o32 frstor [IMAGE]
        fadd dword [OPERAND]
        o16 fnsave [IMAGE + 0x80]
        o16 frstor [IMAGE + 0x80]
        o16 fnstenv [IMAGE + 0x100]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp dword CODE0:.back
        bits 32
.back:  mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        print "32 bits, real mode"
        mov ecx, 12
        call show_words
        print "16 bits, real mode"
        mov esi, IMAGE + 0x80
        mov ecx, 9
        call show_from
        print "16 bits, real mode, again"
        mov esi, IMAGE + 0x100
        mov ecx, 4
        call show_from

        ; 5. FXSAVE.
        mov edi, IMAGE
        mov ecx, 128
        mov eax, 0x55555555
        rep stosd
        fninit
        fldpi
        fldl2e
        fmul dword [OPERAND]
        case "fxsave off its place"
        fxsave [IMAGE + 8]
        endcase
        fxsave [IMAGE]
        fwait
        print "fxsave"
        mov ecx, 6
        call show_words
        print "registers"
        mov esi, IMAGE + 32
        mov ecx, 8
        call show_from
        fninit
        fxrstor [IMAGE]
        call show_state

        ; 6. Interrupt 13.
        mov al, 0x11
        out 0x20, al
        out 0xA0, al
        mov al, 0x20
        out 0x21, al
        mov al, 0x28
        out 0xA1, al
        mov al, 4
        out 0x21, al
        mov al, 2
        out 0xA1, al
        mov al, 1
        out 0x21, al
        out 0xA1, al
        mov al, 0xFB
        out 0x21, al
        mov al, 0xDF
        out 0xA1, al
        mov eax, handler
        mov [IDT + 0x2D * 8], ax
        shr eax, 16
        mov [IDT + 0x2D * 8 + 6], ax
        mov dword [interrupts], 0
        xor eax, eax
        call set_cr0
        fninit
        mov word [OPERAND + 16], 0x37B
        fldcw [OPERAND + 16]
        fldz
        fld1
        fdiv st0, st1
        sti
        nop
        nop
        show32 "interrupts before waiting ", [interrupts]
        call newline
        fwait
        nop
        nop
        show32 "interrupts after fwait ", [interrupts]
        call newline
        fwait
        nop
        show32 "interrupts after another ", [interrupts]
        call newline
        cli
        mov al, 0xFF
        out 0x21, al
        out 0xA1, al
        fninit
        ret

handler:
        push eax
        inc dword [interrupts]
        xor al, al
        out 0xF0, al
        fld1                            ; errors are ignored from here to FNCLEX
        fstp st0
        fnstsw ax
        show16 "interrupt 13: status ", ax
        call newline
        fnclex
        mov al, 0x20
        out 0xA0, al
        out 0x20, al
        pop eax
        iret

; Changes CR0's EM, TS, MP and NE to those in EAX.
set_cr0:
        push edx
        mov edx, cr0
        and edx, ~(EM | TS | MP | NE)
        or edx, eax
        mov cr0, edx
        pop edx
        ret

scaled: mov word [OPERAND + 18], 10000
        fild word [OPERAND + 18]
        fld1
        fscale
        fstp st1
        ret

; Status, tags and ST(0), and leaves the unit initialised.
show_state:
        push eax
        xor eax, eax
        call set_cr0
        pop eax
        fnsave [IMAGE]
        show16 "  status ", [IMAGE + 4]
        show16 " tags ", [IMAGE + 8]
        show16 " st0 ", [IMAGE + 36]
        show32 " ", [IMAGE + 32]
        show32 " ", [IMAGE + 28]
        call newline
        ret

show_words:
        mov esi, IMAGE
show_from:
        push eax
.next:  call space
        mov eax, [esi]
        call hex32
        add esi, 4
        loop .next
        call newline
        pop eax
        ret

reset_vector
