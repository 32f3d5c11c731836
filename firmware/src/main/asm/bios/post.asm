; Power-on self test. The order serves the eye: the screen comes first, then
; everything that may have to wait for a device.

        section .text

post:
        cli
        cld
        ; After a reset a protected-mode program of the 286 days asks, through
        ; CMOS byte 0Fh, to be resumed (IBM PC AT Technical Reference,
        ; "shutdown status byte").
        mov     al, 0x0F
        out     CMOS_INDEX, al
        in      al, CMOS_DATA
        mov     bl, al
        mov     al, 0x0F
        out     CMOS_INDEX, al
        xor     al, al
        out     CMOS_DATA, al
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        cmp     bl, 0x0A
        je      .resume
        cmp     bl, 0x05
        jne     .cold
        mov     al, PIC_EOI
        out     PIC2_COMMAND, al
        out     PIC1_COMMAND, al
.resume:
        jmp     far [BDA_RESUME]

.cold:
        xor     ax, ax
        mov     ss, ax
        mov     sp, STACK_TOP
        DEBUG   "post"
        call    init_bda
        call    init_vectors
        call    pci_find_chipset
        ; Option ROMs and INT 10h turn interrupts on, and the 8259A comes up with
        ; vectors anywhere: it and the timer are set before them.
        call    init_pic
        call    init_apic
        call    init_pit
        call    scan_option_roms
        call    pci_protect_shadow
        mov     ax, 0x0003              ; a VGA BIOS leaves the first mode to the system BIOS
        int     0x10
        call    print_banner
        DEBUG   "banner"
        call    init_a20
        call    init_rtc
        sti
        call    init_keyboard
        call    count_memory
        call    init_chipset
        call    load_acpi_tables
        DEBUG   "post complete"
        int     0x19
        jmp     reboot

init_bda:
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        mov     es, ax
        mov     bx, [BDA_RESET_FLAG]
        xor     di, di
        xor     ax, ax
        mov     cx, 0x80
        rep stosw
        mov     [BDA_RESET_FLAG], bx
        mov     word [BDA_MEMORY_KB], 640
        mov     word [BDA_KBD_HEAD], BDA_KBD_RING
        mov     word [BDA_KBD_TAIL], BDA_KBD_RING
        mov     word [BDA_RING_START], BDA_KBD_RING
        mov     word [BDA_RING_END], BDA_KBD_LIMIT
        mov     byte [BDA_KBD_MODE], ENHANCED
        mov     dword [BDA_PRINT_WAIT], 0x14141414
        mov     dword [BDA_SERIAL_WAIT], 0x01010101
        ; Of the equipment byte in CMOS only the coprocessor bit is believed:
        ; the BIOS serves none of the drives and ports it might list.
        mov     al, 0x14
        call    cmos_read
        and     al, 0x02
        or      al, 0x20                ; 80x25 colour
        mov     [BDA_EQUIPMENT], al
        ret

print_banner:
        PRINT   "Vitrine BIOS version ", VERSION, CR, LF
        cmp     byte [BDA_CHIPSET], 0
        jne     .pci
        PRINT   "PC AT compatible, 80386, VGA", CR, LF, LF
        ret
.pci:
        PRINT   "PC AT compatible, 80386, i440FX, PCI VGA", CR, LF, LF
        ret

; 8259A pair (Intel 8259A data sheet, "Initialization command words"): vectors
; 08h and 70h, edge triggered, cascaded on IRQ 2. The timer and the cascade
; are let through; the keyboard follows when it is ready, everything else waits for its driver.
init_pic:
        mov     al, 0x11
        out     PIC1_COMMAND, al
        out     PIC2_COMMAND, al
        mov     al, 0x08
        out     PIC1_DATA, al
        mov     al, 0x70
        out     PIC2_DATA, al
        mov     al, 0x04
        out     PIC1_DATA, al
        mov     al, 0x02
        out     PIC2_DATA, al
        mov     al, 0x01
        out     PIC1_DATA, al
        out     PIC2_DATA, al
        mov     al, 0xFA
        out     PIC1_DATA, al
        mov     al, 0xFF
        out     PIC2_DATA, al
        ret

; Counter 0 in mode 2 with the full 65536: 18.2 interrupts a second, and a count
; that falls by one a clock, which INT 15h function 86h measures with.
; Counter 1 made the refresh requests; port 61h bit 4 still shows them.
init_pit:
        mov     al, 0x34
        out     PIT_CONTROL, al
        xor     al, al
        out     PIT_COUNTER0, al
        out     PIT_COUNTER0, al
        mov     al, 0x54
        out     PIT_CONTROL, al
        mov     al, 18
        out     PIT_COUNTER1, al
        ret

init_a20:
        in      al, SYSTEM_PORT_A
        and     al, 0xFE                ; bit 0 would reset the machine
        or      al, 0x02
        out     SYSTEM_PORT_A, al
        ret

; Restart: the 8042's reset line, then port 92h, then by hand.
reboot:
        cli
        mov     al, 0xFE
        out     I8042_COMMAND, al
        xor     cx, cx
.pulse:
        in      al, DMA_PAGE_DIAG       ; a delay of about a microsecond
        loop    .pulse
        in      al, SYSTEM_PORT_A
        and     al, 0xFE
        out     SYSTEM_PORT_A, al
        or      al, 0x01
        out     SYSTEM_PORT_A, al
        xor     cx, cx
.fast:
        in      al, DMA_PAGE_DIAG
        loop    .fast
        jmp     0xF000:0xFFF0
