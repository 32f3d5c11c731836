; INT 09h, which turns scan codes into key codes, and INT 16h, which hands them out
; (IBM PS/2 and PC BIOS Interface Technical Reference, INT 09h and INT 16h).

        section .text

int_09:
        pusha
        push    ds
        push    es
        cld
        mov     ax, BDA_SEGMENT
        mov     ds, ax
        in      al, I8042_DATA
        ; The request is ended at once; with interrupts off nothing nests before IRET.
        mov     ah, al
        mov     al, PIC_EOI
        out     PIC1_COMMAND, al
        mov     al, ah
        cmp     al, 0xFA
        je      .answer
        cmp     al, 0xFE
        je      .answer
        mov     ah, 0x4F
        stc
        int     0x15                    ; programs may change or swallow the scan code
        jnc     .done
        call    key_event
        jmp     .done
.answer:
        call    keyboard_answer
.done:
        pop     es
        pop     ds
        popa
        iret

; The lamps are set by a dialogue of two bytes, each acknowledged by an interrupt,
; so that the handler never waits for the keyboard.
update_leds:
        mov     al, [BDA_SHIFT]
        shr     al, 4
        xor     al, [BDA_KBD_LED]
        test    al, 7
        jz      .done
        mov     al, 0xED
        call    keyboard_send
        jc      .done
        and     byte [BDA_KBD_LED], 0xFF - LED_DATA_SENT
        or      byte [BDA_KBD_LED], LED_BUSY
.done:
        ret

keyboard_answer:
        mov     ah, [BDA_KBD_LED]
        test    ah, LED_BUSY
        jz      .finished
        cmp     al, 0xFA
        jne     .finished
        mov     al, [BDA_SHIFT]
        shr     al, 4
        and     al, 7
        mov     ah, al
        call    keyboard_send
        jc      .finished
        or      ah, LED_DATA_SENT
        mov     [BDA_KBD_LED], ah
        ret
.finished:
        and     byte [BDA_KBD_LED], 0xFF - LED_BUSY - LED_DATA_SENT
        ret

; AL to the keyboard. CF when the controller would not take it.
keyboard_send:
        push    ax
        push    cx
        mov     ah, al
        mov     cx, 0x1000
.wait:
        in      al, I8042_STATUS
        test    al, STATUS_IBF
        jz      .ready
        loop    .wait
        stc
        jmp     .done
.ready:
        mov     al, ah
        out     I8042_DATA, al
        clc
.done:
        pop     cx
        pop     ax
        ret

; One scan code of set 1 in AL.
key_event:
        cmp     al, 0xE0
        je      .prefix_e0
        cmp     al, 0xE1
        je      .prefix_e1
        mov     ah, al
        and     ah, 0x7F                ; AH: which key; AL bit 7: released
        mov     bl, [BDA_KBD_MODE]
        test    bl, LAST_E1
        jnz     .pause_sequence
        and     byte [BDA_KBD_MODE], 0xFF - LAST_E0
        and     bl, LAST_E0             ; BL: the key had an E0 prefix
        mov     si, modifier_keys
.modifier:
        cs cmp  ah, [si]
        je      .modifier_found
        add     si, 3
        cmp     si, modifier_keys_end
        jb      .modifier
        test    al, al
        js      .done
        test    byte [BDA_SHIFT2], PAUSED
        jnz     .resume
        jmp     key_pressed
.modifier_found:
        jmp     [cs:si + 1]
.prefix_e0:
        or      byte [BDA_KBD_MODE], LAST_E0
.done:
        ret
.prefix_e1:
        or      byte [BDA_KBD_MODE], LAST_E1
        ret
.resume:
        and     byte [BDA_SHIFT2], 0xFF - PAUSED
        ret
; Pause sends E1 1D 45 E1 9D C5 when pressed, and nothing when released.
.pause_sequence:
        cmp     ah, 0x1D
        je      .done
        and     byte [BDA_KBD_MODE], 0xFF - LAST_E1
        cmp     al, 0x45
        jne     .done
        or      byte [BDA_SHIFT2], PAUSED
.paused:
        sti
        hlt
        cli
        test    byte [BDA_SHIFT2], PAUSED
        jnz     .paused
        ret

        section .rodata
modifier_keys:                          ; scan code, handler
        db      0x2A
        dw      key_left_shift
        db      0x36
        dw      key_right_shift
        db      0x1D
        dw      key_ctrl
        db      0x38
        dw      key_alt
        db      0x3A
        dw      key_caps
        db      0x45
        dw      key_num
        db      0x46
        dw      key_scroll
modifier_keys_end:
        section .text

key_left_shift:
        mov     cl, SHIFT_LEFT
        jmp     key_shift
key_right_shift:
        mov     cl, SHIFT_RIGHT
key_shift:
        test    bl, bl
        jnz     .done                   ; E0 2A, E0 36: the keyboard's own make-believe shifts
        test    al, al
        js      .released
        or      [BDA_SHIFT], cl
        ret
.released:
        not     cl
        and     [BDA_SHIFT], cl
.done:
        ret

key_ctrl:
        mov     cx, SHIFT_CTRL | (DOWN_LCTRL << 8)
        mov     dl, DOWN_RCTRL
        jmp     key_ctrl_alt
key_alt:
        mov     cx, SHIFT_ALT | (DOWN_LALT << 8)
        mov     dl, DOWN_RALT
; CL: the bit for either key, CH: the left key's, DL: the right key's.
key_ctrl_alt:
        test    al, al
        js      .released
        or      [BDA_SHIFT], cl
        test    bl, bl
        jnz     .right
        or      [BDA_SHIFT2], ch
        ret
.right:
        or      [BDA_KBD_MODE], dl
        ret
.released:
        mov     dh, dl
        test    bl, bl
        jnz     .right_up
        not     ch
        and     [BDA_SHIFT2], ch
        not     ch
        jmp     .either
.right_up:
        not     dh
        and     [BDA_KBD_MODE], dh
.either:
        test    [BDA_SHIFT2], ch
        jnz     .done
        test    [BDA_KBD_MODE], dl
        jnz     .done
        mov     ch, cl
        not     ch
        and     [BDA_SHIFT], ch
        cmp     cl, SHIFT_ALT
        jne     .done
        xor     ax, ax                  ; Alt and a number on the keypad: that character
        xchg    al, [BDA_ALT_CODE]
        test    al, al
        jnz     put_key
.done:
        ret

key_caps:
        mov     cx, SHIFT_CAPS | (DOWN_CAPS << 8)
        jmp     key_lock
key_num:
        mov     cx, SHIFT_NUM | (DOWN_NUM << 8)
        jmp     key_lock
key_scroll:
        mov     cx, SHIFT_SCROLL | (DOWN_SCROLL << 8)
        test    byte [BDA_SHIFT], SHIFT_CTRL
        jz      key_lock
        test    al, al
        jns     key_break
        ret
; CL: the lock, CH: its key being down, which keeps repeats from toggling.
key_lock:
        test    al, al
        js      .released
        test    [BDA_SHIFT2], ch
        jnz     .done
        or      [BDA_SHIFT2], ch
        xor     [BDA_SHIFT], cl
        jmp     update_leds
.released:
        not     ch
        and     [BDA_SHIFT2], ch
.done:
        ret

key_break:
        mov     cx, [BDA_RING_START]
        mov     [BDA_KBD_HEAD], cx
        mov     [BDA_KBD_TAIL], cx
        mov     byte [BDA_BREAK], 0x80
        int     0x1B
        xor     ax, ax
        jmp     put_key

; A key other than a modifier went down: AL = AH = scan code, BL = E0 prefix.
key_pressed:
        mov     cl, [BDA_SHIFT]
        cmp     al, 0x53
        jne     .not_reset
        mov     ch, cl
        and     ch, SHIFT_CTRL | SHIFT_ALT
        cmp     ch, SHIFT_CTRL | SHIFT_ALT
        jne     .not_reset
        mov     word [BDA_RESET_FLAG], 0x1234
        jmp     reboot
.not_reset:
        cmp     al, 0x47
        jb      .main
        cmp     al, 0x53
        jbe     key_keypad
.main:
        test    bl, bl
        jnz     key_prefixed
        cmp     al, 0x58
        ja      .none
        ; Columns: normal, shift, ctrl, alt; the last that is held wins.
        movzx   si, al
        shl     si, 3
        add     si, keycodes - 8
        test    cl, SHIFT_ALT
        jnz     .alt
        test    cl, SHIFT_CTRL
        jnz     .ctrl
        mov     ax, [cs:si]
        ; Caps Lock turns the shift about for letters only.
        mov     ch, cl
        and     ch, SHIFT_LEFT | SHIFT_RIGHT
        test    cl, SHIFT_CAPS
        jz      .shift_known
        cmp     al, 'a'
        jb      .shift_known
        cmp     al, 'z'
        ja      .shift_known
        test    ch, ch
        mov     ch, 0
        jnz     .shift_known
        inc     ch
.shift_known:
        test    ch, ch
        jz      .found
        mov     ax, [cs:si + 2]
        jmp     .found
.ctrl:
        mov     ax, [cs:si + 4]
        jmp     .found
.alt:
        mov     ax, [cs:si + 6]
.found:
        test    ax, ax
        jnz     put_key
.none:
        ret

; Keys with E0 outside the cursor block: Enter and / of the keypad.
key_prefixed:
        mov     si, keycodes_enter
        cmp     al, 0x1C
        je      .column
        mov     si, keycodes_slash
        cmp     al, 0x35
        je      .column
        ret                             ; Print Screen and others: swallowed
.column:
        test    cl, SHIFT_ALT
        jnz     .alt
        test    cl, SHIFT_CTRL
        jnz     .ctrl
        mov     ax, [cs:si]
        jmp     put_key
.ctrl:
        mov     ax, [cs:si + 2]
        jmp     put_key
.alt:
        mov     ax, [cs:si + 4]
        jmp     put_key

; The keypad (47h to 53h), and with E0 the cursor keys beside it.
key_keypad:
        movzx   si, al
        sub     si, 0x47
        mov     al, [cs:keypad_chars + si]
        cmp     ah, 0x52
        jne     .not_insert
        test    cl, SHIFT_ALT | SHIFT_CTRL
        jnz     .not_insert
        test    bl, bl
        jnz     .insert
        test    cl, SHIFT_NUM
        jnz     .not_insert
.insert:
        xor     byte [BDA_SHIFT], SHIFT_INSERT
.not_insert:
        test    cl, SHIFT_ALT
        jnz     .alt
        test    cl, SHIFT_CTRL
        jnz     .ctrl
        test    bl, bl
        jnz     .cursor
        cmp     al, '-'
        je      put_key
        cmp     al, '+'
        je      put_key
        mov     ch, cl
        and     ch, SHIFT_LEFT | SHIFT_RIGHT
        jz      .unshifted
        xor     cl, SHIFT_NUM
.unshifted:
        test    cl, SHIFT_NUM
        jnz     put_key
        xor     al, al
        jmp     put_key
.cursor:
        mov     al, 0xE0
        jmp     put_key
.ctrl:
        mov     ah, [cs:keypad_ctrl + si]
        xor     al, al
        test    bl, bl
        jz      put_key
        mov     al, 0xE0
        jmp     put_key
.alt:
        test    bl, bl
        jnz     .alt_cursor
        sub     al, '0'
        cmp     al, 9
        ja      .alt_sign
        mov     cl, al                  ; number = number * 10 + digit
        mov     al, [BDA_ALT_CODE]
        mov     ch, 10
        mul     ch
        add     al, cl
        mov     [BDA_ALT_CODE], al
        ret
.alt_sign:
        cmp     ah, 0x53
        je      .done
        xor     al, al
        jmp     put_key
.alt_cursor:
        xor     al, al
        add     ah, 0x50
        jmp     put_key
.done:
        ret

; AX into the ring. CF, and the key is lost, when it is full.
put_key:
        push    bx
        push    si
        mov     bx, [BDA_KBD_TAIL]
        mov     si, bx
        add     bx, 2
        cmp     bx, [BDA_RING_END]
        jb      .inside
        mov     bx, [BDA_RING_START]
.inside:
        cmp     bx, [BDA_KBD_HEAD]
        stc
        je      .done
        mov     [si], ax
        mov     [BDA_KBD_TAIL], bx
        clc
.done:
        pop     si
        pop     bx
        ret

int_16:
        push    ds
        push    bx
        push    BDA_SEGMENT
        pop     ds
        cmp     ah, 0x00
        je      .read_old
        cmp     ah, 0x10
        je      .read_new
        cmp     ah, 0x01
        je      .peek_old
        cmp     ah, 0x11
        je      .peek_new
        cmp     ah, 0x02
        je      .shift
        cmp     ah, 0x12
        je      .shift_new
        cmp     ah, 0x05
        je      .store
.done:                                  ; 03h, typematic rate: the keyboard keeps its own
        pop     bx
        pop     ds
        iret

.read_old:
        call    .wait
        call    to_old_code
        jc      .read_old
        jmp     .done
.read_new:
        call    .wait
        jmp     .done
; AX = the next key. HLT directly after STI cannot miss an interrupt.
.wait:
        cli
        call    .look
        jnz     .take
        sti
        hlt
        jmp     .wait
.take:
        call    .remove
        sti
        ret
; ZF when the ring is empty, else AX = the next key.
.look:
        mov     bx, [BDA_KBD_HEAD]
        cmp     bx, [BDA_KBD_TAIL]
        je      .nothing
        mov     ax, [bx]
.nothing:
        ret
.remove:
        mov     bx, [BDA_KBD_HEAD]
        add     bx, 2
        cmp     bx, [BDA_RING_END]
        jb      .inside
        mov     bx, [BDA_RING_START]
.inside:
        mov     [BDA_KBD_HEAD], bx
        ret

.peek_old:
        cli
        call    .look
        jz      .empty
        call    to_old_code
        jnc     .present
        call    .remove                 ; a key the old functions never show
        jmp     .peek_old
.peek_new:
        cli
        call    .look
        jz      .empty
.present:
        mov     bx, sp
        and     byte [ss:bx + 8], 0xBF  ; ZF of the caller's flags
        jmp     .done
.empty:
        mov     bx, sp
        or      byte [ss:bx + 8], 0x40
        jmp     .done

.shift:
        mov     al, [BDA_SHIFT]
        jmp     .done
.shift_new:
        mov     ah, [BDA_SHIFT2]
        mov     al, ah
        and     ah, 0x73
        and     al, DOWN_SYSRQ
        shl     al, 5
        or      ah, al
        mov     al, [BDA_KBD_MODE]
        and     al, DOWN_RCTRL | DOWN_RALT
        or      ah, al
        mov     al, [BDA_SHIFT]
        jmp     .done
.store:
        push    ax
        mov     ax, cx
        cli
        call    put_key
        pop     ax
        mov     al, 0
        adc     al, 0
        jmp     .done

; Functions 00h and 01h know only the keys of the 84-key keyboard: AX becomes the
; code they show, or CF says that there is none.
to_old_code:
        cmp     ah, 0xE0
        je      .keypad
        cmp     ah, 0x85
        jae     .unknown
        cmp     al, 0xE0
        jne     .same
        test    ah, ah
        jz      .same                   ; typed with Alt and the keypad
        xor     al, al
.same:
        clc
        ret
.keypad:
        mov     ah, 0x35
        cmp     al, '/'
        je      .same
        mov     ah, 0x1C
        clc
        ret
.unknown:
        stc
        ret
