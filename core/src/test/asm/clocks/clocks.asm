; Measures the machine's clocks by each other, again and again: waits for 100 ticks of the PIT, reads all clocks, and
; writes D to port E9. A system BIOS without its reset vector: starts at F000:0000 in real mode.
;
; RAM: 640 the last reading, 680 the time-stamp counter while it waits, 688 its wish (0 to halt while it waits, 1 to look
; at the counter meanwhile), 690 ticks of PIT, clock, and local APIC.
; A reading: +0 time-stamp counter (8 bytes), +8 ACPI's timer, +12 HPET (8), +20 the local APIC's count, +24 PIT's count
; (2), +28 ticks of the PIT, +32 of the clock, +36 of the local APIC.

READING equ 0x640
STAMP   equ 0x680
WISH    equ 0x688
PIT     equ 0x690
RTC     equ 0x694
APIC    equ 0x698

PM_TIMER equ 0x608
LOCAL   equ 0xFEE00000
HPET    equ 0xFED00000
ROUND   equ 100

        cpu 686
        org 0
        bits 16
start:  cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7000
        ; A segment of 4 GiB stays in FS when protected mode is left.
        o32 lgdt [cs:gdt_register]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        mov bx, 8
        mov fs, bx
        and al, 0xFE
        mov cr0, eax
        mov dword [0x08 * 4], on_pit + 0xF0000000
        mov dword [0x70 * 4], on_rtc + 0xF0000000
        mov dword [0x40 * 4], on_apic + 0xF0000000
        mov dword [PIT], 0
        mov dword [RTC], 0
        mov dword [APIC], 0

        ; The 8259s, as a BIOS sets them; all but timer, slave and clock masked.
        mov al, 0x11
        out 0x20, al
        out 0xA0, al
        mov al, 0x08
        out 0x21, al
        mov al, 0x70
        out 0xA1, al
        mov al, 0x04
        out 0x21, al
        mov al, 0x02
        out 0xA1, al
        mov al, 0x01
        out 0x21, al
        out 0xA1, al

        ; ACPI's registers at 600.
        mov dx, 0xCF8
        mov eax, 0x80000B40
        out dx, eax
        mov dx, 0xCFC
        mov eax, 0x601
        out dx, eax
        mov dx, 0xCF8
        mov eax, 0x80000B80
        out dx, eax
        mov dx, 0xCFC
        mov al, 1
        out dx, al

        mov dword [dword fs:HPET + 0x10], 1
        ; The local APIC's timer a thousand times a second: 1 GHz, undivided.
        mov dword [dword fs:LOCAL + 0xF0], 0x1FF
        mov dword [dword fs:LOCAL + 0x3E0], 0x0B
        mov dword [dword fs:LOCAL + 0x320], 0x20040
        mov dword [dword fs:LOCAL + 0x380], 1000000
        ; The clock's periodic interrupt, 1024 times a second.
        mov ax, 0x260A
        call cmos
        mov ax, 0x420B
        call cmos
        mov al, 0x0C
        out 0x70, al
        in al, 0x71
        ; The PIT as a rate generator, 1193 clocks; its output rises before anybody listens.
        mov al, 0x34
        out 0x43, al
        mov al, 0x11
        out 0x20, al
        mov al, 0x08
        out 0x21, al
        mov al, 0x04
        out 0x21, al
        mov al, 0x01
        out 0x21, al
        mov al, 0xFA
        out 0x21, al
        mov al, 0xFE
        out 0xA1, al
        mov al, 1193 & 0xFF
        out 0x40, al
        mov al, 1193 >> 8
        out 0x40, al

round:  mov ebx, [PIT]
        add ebx, ROUND
.wait:  rdtsc
        mov [STAMP], eax
        mov [STAMP + 4], edx
        sti
        cmp byte [WISH], 0
        jne .awake
        hlt
.awake: nop
        cli
        cmp [PIT], ebx
        js .wait
        mov di, READING
        call read_all
        sti
        mov al, 'D'
        out 0xE9, al
        cli
        jmp round

; Reads all clocks to DI, without interrupts.
read_all:
        rdtsc
        mov [di], eax
        mov [di + 4], edx
        mov dx, PM_TIMER
        in eax, dx
        mov [di + 8], eax
        mov eax, [dword fs:HPET + 0xF0]
        mov [di + 12], eax
        mov eax, [dword fs:HPET + 0xF4]
        mov [di + 16], eax
        mov eax, [dword fs:LOCAL + 0x390]
        mov [di + 20], eax
        xor al, al
        out 0x43, al
        in al, 0x40
        mov ah, al
        in al, 0x40
        xchg al, ah
        mov [di + 24], ax
        mov eax, [PIT]
        mov [di + 28], eax
        mov eax, [RTC]
        mov [di + 32], eax
        mov eax, [APIC]
        mov [di + 36], eax
        ret

cmos:   out 0x70, al
        mov al, ah
        out 0x71, al
        ret

; The handlers: DS is 0 whenever interrupts are on.
on_pit: push ax
        inc dword [PIT]
        mov al, 0x20
        out 0x20, al
        pop ax
        iret

on_rtc: push ax
        inc dword [RTC]
        mov al, 0x0C
        out 0x70, al
        in al, 0x71
        mov al, 0x20
        out 0xA0, al
        out 0x20, al
        pop ax
        iret

on_apic:
        inc dword [APIC]
        mov dword [dword fs:LOCAL + 0xB0], 0
        iret

        align 4
gdt_register:
        dw 15
        dd gdt + 0xF0000
        align 8
gdt:    dq 0
        dq 0x00CF93000000FFFF
