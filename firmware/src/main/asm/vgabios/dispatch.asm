; INT 10h (IBM PS/2 and PC BIOS Interface Technical Reference, INT 10h). A function finds the
; caller's registers but SI as they came, the copies that go back at BP, and DS = 0040h.

int_10:
        sti
        cld
        push    ds
        push    es
        pusha
        mov     bp, sp
        push    0x40
        pop     ds
        cmp     ah, 0x4F
        je      .vesa
        cmp     ah, 0x1B
        ja      .done                   ; 1Ch save state: not supported, AX stays
        movzx   si, ah
        cmp     byte [MODE], MODE_IS_VBE
        jne     .standard
        cmp     byte [cs:in_vbe_modes + si], 0
        je      .done
.standard:
        shl     si, 1
        call    [cs:functions + si]
.done:
        popa
        pop     es
        pop     ds
        iret
.vesa:
        call    vesa
        jmp     .done

; Which functions do something in the VESA extension's modes: those that draw, scroll and place nothing.
in_vbe_modes:
        db      1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
        db      1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0

functions:
        dw      set_mode                ; 00
        dw      set_cursor_type
        dw      set_cursor
        dw      get_cursor
        dw      no_function             ; 04: light pen
        dw      set_page
        dw      scroll_up
        dw      scroll_down
        dw      read_cell               ; 08
        dw      write_cells
        dw      write_chars
        dw      set_cga_palette
        dw      write_pixel
        dw      read_pixel
        dw      teletype
        dw      get_mode
        dw      palette                 ; 10
        dw      fonts
        dw      alternate
        dw      write_string
        dw      no_function, no_function, no_function, no_function
        dw      no_function, no_function
        dw      display_code            ; 1A
        dw      state_info              ; 1B

no_function:
        ret
