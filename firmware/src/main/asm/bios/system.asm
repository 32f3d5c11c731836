; INT 11h, 12h and 15h (IBM PS/2 and PC BIOS Interface Technical Reference, INT 15h;
; ACPI specification, "System address map interfaces", for E801h and E820h).

        section .text

int_11:
        push    ds
        push    BDA_SEGMENT
        pop     ds
        mov     ax, [BDA_EQUIPMENT]
        pop     ds
        iret

int_12:
        push    ds
        push    BDA_SEGMENT
        pop     ds
        mov     ax, [BDA_MEMORY_KB]
        pop     ds
        iret

int_15:
        cmp     ah, 0x4F
        je      .keep_key
        cmp     ah, 0x88
        je      .extended
        cmp     ah, 0xE8
        je      .memory_map
        cmp     ah, 0x24
        je      int_15_a20
        cmp     ah, 0x86
        je      int_15_wait
        cmp     ah, 0x87
        je      block_move
        cmp     ah, 0xC0
        je      .configuration
        cmp     ah, 0x90                ; device busy, device ready: hooks for others
        je      .hook
        cmp     ah, 0x91
        je      .hook
        mov     ah, 0x86                ; 41h, 53h and all others: not supported
        jmp     iret_error
.keep_key:
        jmp     iret_error              ; CF: INT 09h goes on with the scan code in AL
.hook:
        xor     ah, ah
        jmp     iret_ok
.extended:
        push    ebx
        call    extended_kb
        cmp     eax, 0xFC00
        jbe     .fits
        mov     ax, 0xFC00              ; 63 MiB: larger values confuse its old callers
.fits:
        pop     ebx
        jmp     iret_ok
.memory_map:
        cmp     al, 0x20
        je      int_15_e820
        cmp     al, 0x01
        je      .e801
        mov     ah, 0x86
        jmp     iret_error
; AX = CX = KiB from 1 to 16 MiB, BX = DX = 64 KiB units above 16 MiB.
.e801:
        push    eax
        call    extended_kb
        mov     ecx, eax
        cmp     ecx, 15 * 1024
        jbe     .below_16m
        mov     ecx, 15 * 1024
.below_16m:
        sub     eax, ecx
        shr     eax, 6
        mov     bx, ax
        mov     dx, ax
        pop     eax
        mov     ax, cx
        jmp     iret_ok
.configuration:
        push    cs
        pop     es
        mov     bx, configuration_table
        xor     ah, ah
        jmp     iret_ok

        section .rodata
configuration_table:
        dw      8
        db      0xFC, 0x01, 0x00        ; model, submodel, revision
        db      0x70                    ; second 8259A, clock, INT 15h 4Fh called by INT 09h
        db      0x40                    ; INT 16h function 09h's field: enhanced keyboard
        db      0, 0, 0
        section .text

; 2400h off, 2401h on, 2402h state, 2403h how it can be done.
int_15_a20:
        cmp     al, 0x03
        ja      .unknown
        je      .support
        push    bx
        mov     bl, al
        in      al, SYSTEM_PORT_A
        cmp     bl, 0x02
        je      .state
        and     al, 0xFC
        test    bl, bl
        jz      .write
        or      al, 0x02
.write:
        out     SYSTEM_PORT_A, al
        mov     al, bl
        jmp     .done
.state:
        shr     al, 1
        and     al, 1
.done:
        pop     bx
        xor     ah, ah
        jmp     iret_ok
.support:
        mov     bx, 0x0002              ; through port 92h
        xor     ah, ah
        jmp     iret_ok
.unknown:
        mov     ah, 0x86
        jmp     iret_error

; Waits CX:DX microseconds, measured on counter 0, which falls 1193182 times a
; second through the whole 65536. A program that loads the counter with
; less makes the wait shorter.
int_15_wait:
        push    eax
        push    ebx
        push    ecx
        push    edx
        mov     ax, cx
        shl     eax, 16
        mov     ax, dx
        mov     ecx, 1193182
        mul     ecx
        mov     ecx, 1000000
        div     ecx
        mov     ebx, eax                ; clocks to go: at most 71 minutes, which fits
        call    .count
        mov     cx, ax
        mov     edx, 0x1000000          ; polls without a change: the counter stands still
.poll:
        call    .count
        sub     cx, ax
        jz      .still
        movzx   edx, cx
        sub     ebx, edx
        jbe     .over
        mov     cx, ax
        mov     edx, 0x1000000
        jmp     .poll
.still:
        mov     cx, ax
        dec     edx
        jnz     .poll
.over:
        pop     edx
        pop     ecx
        pop     ebx
        pop     eax
        xor     ah, ah
        jmp     iret_ok
; AX = the count, latched.
.count:
        pushf
        cli
        xor     al, al
        out     PIT_CONTROL, al
        in      al, PIT_COUNTER0
        mov     ah, al
        in      al, PIT_COUNTER0
        xchg    al, ah
        popf
        ret

; E820h: EBX continues, ECX = size of the buffer ES:DI, EDX = "SMAP". An entry is
; base, length (64 bits each) and type: 1 usable, 2 reserved.
int_15_e820:
        cmp     edx, 'PAMS'             ; "SMAP", first letter in the high byte
        jne     .error
        cmp     ecx, 20
        jb      .error
        cmp     ebx, 5
        ja      .error
.next:
        push    ds
        push    esi
        push    BDA_SEGMENT
        pop     ds
        mov     esi, ebx
        shl     esi, 1
        call    [cs:.entries + si]
        pop     esi
        pop     ds
        inc     ebx
        cmp     ebx, 6
        je      .last
        mov     eax, [es:di + 8]
        or      eax, [es:di + 12]
        jz      .next                   ; there are no tables
        cmp     ebx, 5
        jne     .more
        call    high_memory_units       ; the sixth entry is memory above 4 GiB, if any
        test    eax, eax
        jnz     .more
.last:
        xor     ebx, ebx
.more:
        mov     ecx, 20
        mov     eax, 'PAMS'
        mov     edx, eax
        jmp     iret_ok
.error:
        mov     ah, 0x86
        jmp     iret_error

        section .rodata
.entries:
        dw      .conventional, .rom, .extended, .tables, .high_rom, .above_4g
        section .text

.conventional:
        movzx   eax, word [BDA_MEMORY_KB]
        shl     eax, 10
        xor     esi, esi
        jmp     .usable
.rom:
        mov     esi, 0xE0000            ; ACPI's root is there too
        mov     eax, 0x20000
        jmp     .reserved
.extended:
        call    extended_kb
        shl     eax, 10
        mov     esi, 0x100000
.usable:
        mov     byte [es:di + 16], 1
        jmp     .store
.tables:
        call    extended_kb
        shl     eax, 10
        lea     esi, [eax + 0x100000]
        movzx   eax, word [BDA_TABLES_KB]
        shl     eax, 10
        jmp     .reserved
.high_rom:
        mov     esi, 0xFFFC0000
        mov     eax, 0x40000
.reserved:
        mov     byte [es:di + 16], 2
.store:
        mov     [es:di], esi
        mov     [es:di + 8], eax
        xor     eax, eax
        mov     [es:di + 4], eax
        mov     [es:di + 12], eax
.zero_type:
        mov     [es:di + 17], ax
        mov     [es:di + 19], al
        ret
.above_4g:
        call    high_memory_units
        xor     esi, esi
        mov     [es:di], esi
        mov     dword [es:di + 4], 1
        mov     esi, eax
        shl     eax, 16
        mov     [es:di + 8], eax
        shr     esi, 16
        mov     [es:di + 12], esi
        mov     byte [es:di + 16], 1
        xor     eax, eax
        jmp     .zero_type
