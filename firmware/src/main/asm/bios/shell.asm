; The ROM shell: what runs when nothing can be booted. A line editor and a table of commands.

        section .text

shell:
        PRINT   "No bootable device; type help.", CR, LF
.prompt:
        PRINT   CR, LF, "vitrine> "
        DEBUG   "prompt"
        call    read_line
        call    print_newline
        call    run_line
        jmp     .prompt

; Reads a line to LINE_BUFFER, zero terminated. Backspace takes back a
; character, Esc all of them.
read_line:
        mov     di, LINE_BUFFER
.next:
        mov     ah, 0x00
        int     0x16
        cmp     al, CR
        je      .end
        cmp     al, 8
        je      .backspace
        cmp     al, 27
        je      .escape
        cmp     al, ' '
        jb      .next
        cmp     di, LINE_BUFFER + LINE_MAX - 1
        jae     .next
        stosb
        call    print_char
        jmp     .next
.backspace:
        call    .erase
        jmp     .next
.escape:
        call    .erase
        jnc     .escape
        jmp     .next
.end:
        mov     byte [di], 0
        ret
; Takes one character back. CF when there is none.
.erase:
        cmp     di, LINE_BUFFER + 1
        jb      .none
        dec     di
        PRINT   8, ' ', 8
        clc
.none:
        ret

; Runs the command whose name is the line's first word.
run_line:
        mov     si, LINE_BUFFER
.skip:
        lodsb
        cmp     al, ' '
        je      .skip
        test    al, al
        jz      .empty
        dec     si
        mov     bx, commands
.try:
        mov     di, [cs:bx]
        test    di, di
        jz      .unknown
        call    same_word
        je      .found
        add     bx, 6
        jmp     .try
.found:
        jmp     [cs:bx + 2]
.unknown:
        PRINT   "Unknown command: "
.word:
        lodsb
        cmp     al, ' '
        jbe     .told
        call    print_char
        jmp     .word
.told:
        PRINT   ". Type help for the list.", CR, LF
.empty:
        ret

; ZF when the word at DS:SI is the name at CS:DI, in either case.
same_word:
        push    si
.next:
        lodsb
        cmp     al, ' '
        ja      .letter
        xor     al, al
.letter:
        cmp     al, 'A'
        jb      .lower
        cmp     al, 'Z'
        ja      .lower
        or      al, 0x20
.lower:
        cmp     al, [cs:di]
        jne     .done
        inc     di
        test    al, al
        jnz     .next
.done:
        pop     si
        ret
