; Services whose devices this machine's BIOS does not drive: they answer as the
; interfaces define for a missing device. INT 18h and 19h end in the shell.

        section .text

; AH=00h resets nothing and is content, 01h gives the last status, 15h says "no such
; drive"; the rest are refused with 01h, invalid function or parameter.
int_13:
        push    ds
        push    BDA_SEGMENT
        pop     ds
        cmp     ah, 0x00
        je      .reset
        cmp     ah, 0x01
        je      .status
        cmp     ah, 0x15
        je      .type
        cmp     ah, 0x08
        jne     .refuse
        xor     cx, cx
        xor     dx, dx                  ; DL: number of drives
.refuse:
        mov     ah, 0x01
        mov     [BDA_DISK_STATUS], ah
        mov     [BDA_FLOPPY_STAT], ah
        pop     ds
        jmp     iret_error
.reset:
        mov     [BDA_DISK_STATUS], ah
        mov     [BDA_FLOPPY_STAT], ah
        pop     ds
        jmp     iret_ok
.status:
        mov     ah, [BDA_DISK_STATUS]
        pop     ds
        test    ah, ah
        jz      iret_ok
        jmp     iret_error
.type:
        xor     ah, ah
        pop     ds
        jmp     iret_ok

; Serial port: bit 7 of AH is time-out.
int_14:
        mov     ah, 0x80
        iret

; Printer: time-out, and neither selected nor ready.
int_17:
        mov     ah, 0x01
        iret

int_19:
        sti
int_18:
        sti
        cld
        xor     ax, ax
        mov     ss, ax
        mov     sp, STACK_TOP
        mov     ds, ax
        mov     es, ax
        jmp     shell
