; The BIOS data area, segment 0040h. Offsets as in the IBM PS/2 and PC BIOS
; Interface Technical Reference, section "BIOS data area".

BDA_SEGMENT     equ     0x40

BDA_EQUIPMENT   equ     0x10            ; word, INT 11h
BDA_MEMORY_KB   equ     0x13            ; word, INT 12h
BDA_SHIFT       equ     0x17            ; INT 16h function 02h
BDA_SHIFT2      equ     0x18            ; which keys are down now
BDA_ALT_CODE    equ     0x19            ; number being typed with Alt and the keypad
BDA_KBD_HEAD    equ     0x1A
BDA_KBD_TAIL    equ     0x1C
BDA_KBD_RING    equ     0x1E            ; 16 words
BDA_KBD_LIMIT   equ     0x3E
BDA_FLOPPY_STAT equ     0x41
BDA_VIDEO_MODE  equ     0x49
BDA_RESUME      equ     0x67            ; far pointer for shutdown codes 05h and 0Ah
BDA_TICKS       equ     0x6C            ; dword, timer ticks since midnight
BDA_MIDNIGHT    equ     0x70
BDA_BREAK       equ     0x71
BDA_RESET_FLAG  equ     0x72            ; 1234h: warm start
BDA_DISK_STATUS equ     0x74
BDA_PRINT_WAIT  equ     0x78
BDA_SERIAL_WAIT equ     0x7C
BDA_RING_START  equ     0x80
BDA_RING_END    equ     0x82
BDA_KBD_MODE    equ     0x96
BDA_KBD_LED     equ     0x97
BDA_PCI_VGA     equ     0xF0            ; ours, in the intra-application area: bus/devfn of the VGA
BDA_CHIPSET     equ     0xF2            ; ours: 1 when an i440FX was found
BDA_SHADOW      equ     0xF3            ; ours: 1 while C0000h is writable shadow RAM
BDA_TABLES_KB   equ     0xF4            ; ours: word, KiB at the end of RAM with ACPI's tables

; BDA_SHIFT
SHIFT_RIGHT     equ     0x01
SHIFT_LEFT      equ     0x02
SHIFT_CTRL      equ     0x04
SHIFT_ALT       equ     0x08
SHIFT_SCROLL    equ     0x10
SHIFT_NUM       equ     0x20
SHIFT_CAPS      equ     0x40
SHIFT_INSERT    equ     0x80

; BDA_SHIFT2
DOWN_LCTRL      equ     0x01
DOWN_LALT       equ     0x02
DOWN_SYSRQ      equ     0x04
PAUSED          equ     0x08
DOWN_SCROLL     equ     0x10
DOWN_NUM        equ     0x20
DOWN_CAPS       equ     0x40
DOWN_INSERT     equ     0x80

; BDA_KBD_MODE
LAST_E1         equ     0x01
LAST_E0         equ     0x02
DOWN_RCTRL      equ     0x04
DOWN_RALT       equ     0x08
ENHANCED        equ     0x10

; BDA_KBD_LED: bits 0 to 2 are the lamps
LED_DATA_SENT   equ     0x10            ; the lamp byte was sent, its acknowledge is due
LED_BUSY        equ     0x40            ; EDh was sent, its acknowledge is due

; Memory below 7C00h that POST and the shell use for themselves.
STACK_TOP       equ     0x7C00
LINE_BUFFER     equ     0x0600
LINE_MAX        equ     64
E820_BUFFER     equ     0x0680
