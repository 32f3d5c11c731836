; I/O ports, by the chip that answers.

PIC1_COMMAND    equ     0x20            ; 8259A, master
PIC1_DATA       equ     0x21
PIC2_COMMAND    equ     0xA0            ; 8259A, slave
PIC2_DATA       equ     0xA1
PIC_EOI         equ     0x20            ; OCW2: non-specific end of interrupt
PIC_READ_ISR    equ     0x0B            ; OCW3: next read gives the in-service register

PIT_COUNTER0    equ     0x40            ; 8254
PIT_COUNTER1    equ     0x41
PIT_CONTROL     equ     0x43

I8042_DATA      equ     0x60
I8042_STATUS    equ     0x64
I8042_COMMAND   equ     0x64
STATUS_OBF      equ     0x01            ; a byte waits for the processor
STATUS_IBF      equ     0x02            ; the controller has not taken the last byte yet
STATUS_AUX      equ     0x20            ; the waiting byte is the mouse's

CMOS_INDEX      equ     0x70            ; MC146818
CMOS_DATA       equ     0x71
SYSTEM_PORT_A   equ     0x92            ; bit 0 resets, bit 1 gates A20
DMA_PAGE_DIAG   equ     0x80            ; POST code
DEBUG_PORT      equ     0xE9

PCI_ADDRESS     equ     0xCF8           ; configuration mechanism 1
PCI_DATA        equ     0xCFC
