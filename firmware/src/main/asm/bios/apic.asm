; A CPU with a local APIC takes the 8259A's interrupts only once the BIOS has put the
; APIC in virtual wire mode: LINT0 becomes the ExtINT input, LINT1 the NMI (Intel
; MultiProcessor Specification 1.4, section 3.6.2.2). Looked for only on an i440FX, with
; CPUID where the CPU has it, so that an 80386 never meets the instruction.

        section .text

APIC_SPURIOUS   equ     0xFEE000F0
APIC_LINT0      equ     0xFEE00350
APIC_LINT1      equ     0xFEE00360

init_apic:
        cmp     byte [BDA_CHIPSET], 0
        je      .done
        pushfd
        pop     eax
        mov     ecx, eax
        xor     eax, 0x00200000         ; EFLAGS.ID can be changed where there is CPUID
        push    eax
        popfd
        pushfd
        pop     eax
        push    ecx
        popfd
        xor     eax, ecx
        test    eax, 0x00200000
        jz      .done
        mov     eax, 1
        cpu     586
        cpuid
        cpu     386
        test    edx, 0x00000200         ; local APIC
        jz      .done
        call    enter_flat
        mov     eax, APIC_SPURIOUS
        mov     dword [eax], 0x0000010F ; enabled, spurious vector 0Fh
        mov     eax, APIC_LINT0
        mov     dword [eax], 0x00000700 ; ExtINT
        mov     eax, APIC_LINT1
        mov     dword [eax], 0x00000400 ; NMI
        call    leave_flat
        DEBUG   "APIC in virtual wire mode"
.done:
        ret
