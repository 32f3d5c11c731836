; The memory count. Conventional memory is really tried, a word in each KiB, and
; left as it was. Extended memory cannot be reached from real mode, so
; its size is what CMOS says.

        section .text

count_memory:
        DEBUG   "memory"
        mov     al, 0x15
        call    cmos_read_word
        cmp     ax, 640
        ja      .all
        cmp     ax, 64
        jae     .known
.all:
        mov     ax, 640                 ; CMOS without its settings
.known:
        mov     bp, ax                  ; where to stop
        xor     dx, dx                  ; KiB that work
        xor     edi, edi
.probe:
        mov     ax, dx
        shl     ax, 6
        mov     es, ax
        ; No interrupt may see the patterns: the word can be a vector.
        cli
        mov     ax, [es:0]
        mov     word [es:0], 0xA55A
        cmp     word [es:0], 0xA55A
        jne     .bad
        mov     word [es:0], 0x5AA5
        cmp     word [es:0], 0x5AA5
        jne     .bad
        mov     [es:0], ax
        sti
        inc     dx
        test    dl, 63
        jnz     .quiet
        call    .show
.quiet:
        cmp     dx, bp
        jb      .probe
        jmp     .counted
.bad:
        mov     [es:0], ax
        sti
.counted:
        mov     [BDA_MEMORY_KB], dx
        ; Extended memory: the same line, in sixteen steps.
        call    extended_kb
        mov     esi, eax
        shr     eax, 4
        mov     ebx, eax
.step:
        add     edi, ebx
        cmp     edi, esi
        jae     .last
        test    ebx, ebx
        jz      .last
        call    .show
        jmp     .step
.last:
        mov     edi, esi
        call    .show
        PRINT   " OK", CR, LF
        call    high_memory_units
        test    eax, eax
        jz      .done
        shr     eax, 4                  ; 64 KiB units to MiB
        xor     cx, cx
        call    print_decimal
        PRINT   " MB above 4 GB", CR, LF
.done:
        call    print_newline
        ret

; DX KiB conventional and EDI KiB extended.
.show:
        push    eax
        push    cx
        mov     al, CR
        call    print_char
        movzx   eax, dx
        mov     cl, 5
        call    print_decimal
        PRINT   " KB conventional, "
        mov     eax, edi
        xor     cl, cl
        call    print_decimal
        PRINT   " KB extended memory"
        pop     cx
        pop     eax
        ret

; EAX = KiB from 1 MiB up to ACPI's tables, or to the end of memory below 4 GiB.
extended_kb:
        push    ebx
        call    installed_kb
        push    ds
        push    BDA_SEGMENT
        pop     ds
        movzx   ebx, word [BDA_TABLES_KB]
        pop     ds
        sub     eax, ebx
        pop     ebx
        ret

; EAX = KiB from 1 MiB up to the end of memory below 4 GiB.
installed_kb:
        push    ebx
        mov     al, 0x34                ; 64 KiB units above 16 MiB
        call    cmos_read_word
        test    ax, ax
        jz      .small
        movzx   eax, ax
        shl     eax, 6
        add     eax, 15 * 1024
        pop     ebx
        ret
.small:
        mov     al, 0x30                ; KiB above 1 MiB, up to 64 MiB: what POST found
        call    cmos_read_word
        mov     bx, ax
        mov     al, 0x17                ; what was configured
        call    cmos_read_word
        cmp     ax, bx
        jae     .larger
        mov     ax, bx
.larger:
        movzx   eax, ax
        pop     ebx
        ret

; EAX = memory above 4 GiB in 64 KiB units.
high_memory_units:
        push    bx
        mov     al, 0x5D
        call    cmos_read
        movzx   eax, al
        shl     eax, 16
        push    eax
        mov     al, 0x5B
        call    cmos_read_word
        mov     bx, ax
        pop     eax
        mov     ax, bx
        pop     bx
        ret
