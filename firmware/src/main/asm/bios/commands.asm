; The shell's commands.

        section .text

%macro COMMAND 3                        ; name, routine, what it does
        section .commands_text
%%name: db      %1, 0
%%help: db      %3, 0
        section .commands
        dw      %%name, %2, %%help
        section .text
%endmacro

        section .commands_text follows=.rodata align=1
        section .commands follows=.commands_text align=2
commands:
        section .text
        COMMAND "cls", command_cls, "clear the screen"
        COMMAND "date", command_date, "show the date and the time"
        COMMAND "help", command_help, "show this list"
        COMMAND "mem", command_mem, "show the memory map"
        COMMAND "mode13", command_mode13, "draw a picture in mode 13h (320x200, 256 colors)"
        COMMAND "reboot", command_reboot, "restart the machine"
        COMMAND "ver", command_ver, "show the firmware's version"
        section .commands
        dw      0
        section .text

command_help:
        mov     bx, commands
.next:
        mov     si, [cs:bx]
        test    si, si
        jz      .done
        PRINT   "  "
        mov     cx, si
        call    print
        add     cx, 10                  ; SI stands behind the zero: pad the name to 10 columns
.pad:
        PRINT   " "
        inc     si
        cmp     si, cx
        jb      .pad
        mov     si, [cs:bx + 4]
        call    print
        call    print_newline
        add     bx, 6
        jmp     .next
.done:
        ret

command_ver:
        PRINT   "Vitrine BIOS version ", VERSION, CR, LF
        ret

command_cls:
        mov     ax, 0x0003
        int     0x10
        ret

command_reboot:
        jmp     reboot

command_date:
        mov     ah, 0x04
        int     0x1A
        jc      .stopped
        mov     al, ch
        call    print_bcd
        mov     al, cl
        call    print_bcd
        PRINT   "-"
        mov     al, dh
        call    print_bcd
        PRINT   "-"
        mov     al, dl
        call    print_bcd
        PRINT   " "
        mov     ah, 0x02
        int     0x1A
        jc      .stopped
        mov     al, ch
        call    print_bcd
        PRINT   ":"
        mov     al, cl
        call    print_bcd
        PRINT   ":"
        mov     al, dh
        call    print_bcd
        call    print_newline
        ret
.stopped:
        PRINT   "The clock is not running.", CR, LF
        ret

command_mem:
        int     0x12
        movzx   eax, ax
        xor     cx, cx
        call    print_decimal
        PRINT   " KB conventional, "
        call    extended_kb
        call    print_decimal
        PRINT   " KB extended memory", CR, LF, LF
        PRINT   "  Base              Length            Type", CR, LF
        xor     ebx, ebx
.next:
        mov     eax, 0xE820
        mov     edx, 'PAMS'
        mov     ecx, 20
        mov     di, E820_BUFFER
        int     0x15
        jc      .done
        PRINT   "  "
        call    .number
        call    .number
        mov     si, text_usable
        cmp     dword [di], 1
        je      .type
        mov     si, text_reserved
.type:
        call    print
        test    ebx, ebx
        jnz     .next
.done:
        ret
; The 64-bit number at DI, which moves past it.
.number:
        mov     cx, 8
        mov     eax, [di + 4]
        call    print_hex
        mov     eax, [di]
        call    print_hex
        PRINT   "  "
        add     di, 8
        ret

        section .rodata
text_usable:
        db      "usable", CR, LF, 0
text_reserved:
        db      "reserved", CR, LF, 0
        section .text
