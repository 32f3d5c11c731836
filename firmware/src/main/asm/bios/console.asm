; Output of text: the screen through INT 10h, the debug port through E9h.

        section .text

; DEBUG "text": one line on the debug port.
%macro DEBUG 1
        push    si
        mov     si, %%text
        call    debug_line
        pop     si
        section .rodata
%%text: db      %1, 0
        section .text
%endmacro

; PRINT "text", CR, LF...: on the screen.
%macro PRINT 1+
        push    si
        mov     si, %%text
        call    print
        pop     si
        section .rodata
%%text: db      %1, 0
        section .text
%endmacro

CR      equ     13
LF      equ     10

debug_line:
        push    ax
        push    si
        push    si
        mov     si, debug_prefix
        call    debug_text
        pop     si
        call    debug_text
        mov     al, LF
        out     DEBUG_PORT, al
        pop     si
        pop     ax
        ret

; CS:SI, zero terminated.
debug_text:
        cs lodsb
        test    al, al
        jz      .done
        out     DEBUG_PORT, al
        jmp     debug_text
.done:
        ret

        section .rodata
debug_prefix:
        db      "vitrine-bios: ", 0
        section .text

print_char:
        push    ax
        push    bx
        mov     ah, 0x0E
        mov     bx, 0x0007
        int     0x10
        pop     bx
        pop     ax
        ret

; CS:SI, zero terminated; keeps all registers but SI.
print:
        push    ax
.next:
        cs lodsb
        test    al, al
        jz      .done
        call    print_char
        jmp     .next
.done:
        pop     ax
        ret

print_newline:
        push    ax
        mov     al, CR
        call    print_char
        mov     al, LF
        call    print_char
        pop     ax
        ret

; EAX in decimal, right aligned in CL columns (0: as many as it needs).
print_decimal:
        pushad
        xor     ch, ch
        mov     ebx, 10
.divide:
        xor     edx, edx
        div     ebx
        push    dx
        inc     ch
        test    eax, eax
        jnz     .divide
        mov     al, ' '
.pad:
        cmp     cl, ch
        jbe     .digits
        call    print_char
        dec     cl
        jmp     .pad
.digits:
        pop     ax
        add     al, '0'
        call    print_char
        dec     ch
        jnz     .digits
        popad
        ret

; EAX as CX hexadecimal digits.
print_hex:
        pushad
        mov     dx, cx
        mov     cx, 8
        sub     cx, dx
        shl     cx, 2
        shl     eax, cl
        mov     cx, dx
.next:
        rol     eax, 4
        push    eax
        and     al, 15
        add     al, '0'
        cmp     al, '9'
        jbe     .digit
        add     al, 'A' - '9' - 1
.digit:
        call    print_char
        pop     eax
        loop    .next
        popad
        ret

; AL as two BCD digits.
print_bcd:
        push    eax
        push    cx
        mov     cx, 2
        movzx   eax, al
        call    print_hex
        pop     cx
        pop     eax
        ret
