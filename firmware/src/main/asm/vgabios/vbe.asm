; AH=4Fh: the VESA BIOS extension (VBE Core Functions Standard 3.0), on the registers of the Bochs VBE extension: an
; index at port 1CE, 16 bits at 1CF. CRT controller values of the caller's own (bit 11 of a mode) are ignored.

VBE_INDEX       equ     0x1CE
VBE_X           equ     1
VBE_Y           equ     2
VBE_BITS        equ     3
VBE_ENABLE      equ     4
VBE_BANK        equ     5
VBE_WIDTH       equ     6               ; virtual, in pixels
VBE_HEIGHT      equ     7
VBE_X_START     equ     8
VBE_Y_START     equ     9
VBE_MEMORY      equ     10              ; in 64 KiB

VBE_ENABLED     equ     0x01
VBE_DAC_8       equ     0x20
VBE_LINEAR      equ     0x40
VBE_NO_CLEAR    equ     0x80

MODE_IS_VBE     equ     0xFF            ; in the BDA's mode byte
DEFAULT_FRAMEBUFFER equ 0xE0000000      ; without a PCI adapter that says otherwise

; AX = VBE register %1. DX changes.
%macro VBE_IN 1
        mov     dx, VBE_INDEX
        mov     ax, %1
        out     dx, ax
        inc     dx
        in      ax, dx
%endmacro
; VBE register %1 = %2. AX and DX change.
%macro VBE_OUT 2
        push    %2
        mov     dx, VBE_INDEX
        mov     ax, %1
        out     dx, ax
        inc     dx
        pop     ax
        out     dx, ax
%endmacro

; A function finds BX, CX, DX, DI and ES as they came, may change all registers but BP, and returns CF when it failed.
vesa:
        call    vbe_present
        jc      .unsupported
        cmp     al, 0x0A
        ja      .unsupported
        pushad
        movzx   si, al
        shl     si, 1
        call    [cs:.functions + si]
        popad
        mov     word [bp + R_AX], 0x004F
        jnc     .done
        mov     byte [bp + R_AH], 0x01
.done:
        ret
.unsupported:
        mov     word [bp + R_AX], 0x0100
        ret
.functions:
        dw      vbe_info, vbe_mode_info, vbe_set_mode, vbe_get_mode
        dw      vbe_state, vbe_window, vbe_line_length, vbe_start
        dw      vbe_dac_width, vbe_palette, vbe_protected

; CF when the adapter has no VBE registers.
vbe_present:
        push    ax
        push    dx
        VBE_IN  0
        and     al, 0xF0
        cmp     ax, 0xB0C0
        je      .yes
        stc
.yes:
        pop     dx
        pop     ax
        ret

; Back to the VGA's own modes.
vbe_off:
        call    vbe_present
        jc      .done
        push    ax
        push    dx
        VBE_OUT VBE_ENABLE, 0
        mov     word [VBE_MODE], 0
        pop     dx
        pop     ax
.done:
        ret

V_MODE          equ     0
V_X             equ     2
V_Y             equ     4
V_BITS          equ     6
V_SIZE          equ     7

%macro VBE_ROW 4
        dw      %1, %2, %3
        db      %4
%endmacro
; Five depths, or three, of one size with numbers in sequence.
%macro VBE_DIRECT 3                     ; 16, 24 and 32 bits
        VBE_ROW %1, %2, %3, 16
        VBE_ROW %1 + 1, %2, %3, 24
        VBE_ROW %1 + 2, %2, %3, 32
%endmacro
%macro VBE_15_TO_24 3
        VBE_ROW %1, %2, %3, 15
        VBE_ROW %1 + 1, %2, %3, 16
        VBE_ROW %1 + 2, %2, %3, 24
%endmacro

; VESA's numbers up to 11Bh; the others are those that guests of the Bochs extension know.
vbe_modes:
        VBE_ROW 0x100, 640, 400, 8
        VBE_ROW 0x101, 640, 480, 8
        VBE_ROW 0x102, 800, 600, 4
        VBE_ROW 0x103, 800, 600, 8
        VBE_ROW 0x105, 1024, 768, 8
        VBE_ROW 0x107, 1280, 1024, 8
        VBE_15_TO_24 0x10D, 320, 200
        VBE_15_TO_24 0x110, 640, 480
        VBE_15_TO_24 0x113, 800, 600
        VBE_15_TO_24 0x116, 1024, 768
        VBE_15_TO_24 0x119, 1280, 1024
        VBE_ROW 0x11C, 1600, 1200, 8
        VBE_15_TO_24 0x11D, 1600, 1200
        VBE_ROW 0x140, 320, 200, 32
        VBE_ROW 0x141, 640, 400, 32
        VBE_ROW 0x142, 640, 480, 32
        VBE_ROW 0x143, 800, 600, 32
        VBE_ROW 0x144, 1024, 768, 32
        VBE_ROW 0x145, 1280, 1024, 32
        VBE_ROW 0x146, 320, 200, 8
        VBE_ROW 0x147, 1600, 1200, 32
        VBE_ROW 0x148, 1152, 864, 8
        VBE_15_TO_24 0x149, 1152, 864
        VBE_ROW 0x14C, 1152, 864, 32
        VBE_DIRECT 0x175, 1280, 768
        VBE_DIRECT 0x178, 1280, 800
        VBE_DIRECT 0x17B, 1280, 960
        VBE_DIRECT 0x17E, 1440, 900
        VBE_DIRECT 0x181, 1400, 1050
        VBE_DIRECT 0x184, 1680, 1050
        VBE_DIRECT 0x187, 1920, 1200
        VBE_DIRECT 0x18A, 2560, 1600
        VBE_DIRECT 0x18D, 1280, 720
        VBE_DIRECT 0x190, 1920, 1080
        VBE_DIRECT 0x193, 1600, 900
        VBE_DIRECT 0x196, 2560, 1440
vbe_modes_end:

; SI = row of mode AX. CF when there is none, or memory is too small. Keeps the others.
vbe_find:
        mov     si, vbe_modes
.next:
        cs cmp  ax, [si]
        je      vbe_fits
        add     si, V_SIZE
        cmp     si, vbe_modes_end
        jb      .next
        stc
        ret

; CF when the mode at SI takes more memory than there is.
vbe_fits:
        push    eax
        push    ecx
        push    edx
        call    vbe_size
        mov     ecx, eax
        VBE_IN  VBE_MEMORY
        movzx   eax, ax
        shl     eax, 16
        cmp     eax, ecx
        pop     edx
        pop     ecx
        pop     eax
        ret

; EAX = bytes of memory that a screen of the mode at SI takes, in all planes. ECX and EDX change.
vbe_size:
        call    vbe_pitch
        movzx   ecx, word [cs:si + V_Y]
        mul     ecx
        cmp     byte [cs:si + V_BITS], 4
        jne     .done
        shl     eax, 2
.done:
        ret

; EAX = bytes from one line to the next in the mode at SI, in each plane. CX changes.
vbe_pitch:
        movzx   eax, word [cs:si + V_X]
        mov     cl, [cs:si + V_BITS]
; The same for AX pixels of CL bits.
vbe_bytes:
        cmp     cl, 4
        je      .planes
        call    vbe_pixel_bytes
        movzx   ecx, cl
        imul    eax, ecx
        ret
.planes:
        shr     eax, 3
        ret

; CL = bytes in a pixel of CL bits.
vbe_pixel_bytes:
        add     cl, 7
        shr     cl, 3
        ret

; 00h: 256 bytes at ES:DI, or 512 for a caller who wrote "VBE2". The list of modes stands in the block itself, so that
; it is found wherever the block is copied to.
vbe_info:
        cmp     dword [es:di], 'VBE2'
        pushf
        push    di
        mov     cx, 64
        xor     eax, eax
        rep stosd
        pop     di
        mov     dword [es:di], 'VESA'
        mov     word [es:di + 0x04], 0x0300
        mov     word [es:di + 0x06], vbe_maker
        mov     [es:di + 0x08], cs
        mov     byte [es:di + 0x0A], 0x01       ; the DAC can have 8 bits
        lea     ax, [di + 0x22]
        mov     [es:di + 0x0E], ax
        mov     [es:di + 0x10], es
        VBE_IN  VBE_MEMORY
        mov     [es:di + 0x12], ax
        popf
        jne     .no_names
        mov     word [es:di + 0x14], 0x0100     ; revision of the software
        mov     word [es:di + 0x16], vbe_maker
        mov     [es:di + 0x18], cs
        mov     word [es:di + 0x1A], vbe_product
        mov     [es:di + 0x1C], cs
        mov     word [es:di + 0x1E], vbe_revision
        mov     [es:di + 0x20], cs
.no_names:
        add     di, 0x22
        mov     si, vbe_modes
.next:
        call    vbe_fits
        jb      .skip
        mov     ax, [cs:si + V_MODE]
        stosw
.skip:
        add     si, V_SIZE
        cmp     si, vbe_modes_end
        jb      .next
        mov     ax, 0xFFFF
        stosw
        clc
        ret

vbe_maker:
        db      "Vitrine", 0
vbe_product:
        db      "Vitrine VGA", 0
vbe_revision:
        db      VERSION, 0

; 01h: 256 bytes at ES:DI about mode CX.
vbe_mode_info:
        mov     ax, cx
        and     ax, 0x01FF
        call    vbe_find
        jc      .done
        push    di
        mov     cx, 64
        xor     eax, eax
        rep stosd
        pop     di
        mov     word [es:di], 0x001B            ; supported, colour, graphics; no text functions
        mov     byte [es:di + 0x02], 0x07       ; window A is there, and is read and written
        mov     word [es:di + 0x04], 64         ; its granularity and size, in KiB
        mov     word [es:di + 0x06], 64
        mov     word [es:di + 0x08], 0xA000
        mov     word [es:di + 0x0C], vbe_window_far
        mov     [es:di + 0x0E], cs
        call    vbe_pitch
        mov     [es:di + 0x10], ax
        mov     [es:di + 0x32], ax
        mov     ax, [cs:si + V_X]
        mov     [es:di + 0x12], ax
        mov     ax, [cs:si + V_Y]
        mov     [es:di + 0x14], ax
        mov     word [es:di + 0x16], 0x1008     ; a character's width and height
        mov     al, [cs:si + V_BITS]
        mov     [es:di + 0x19], al
        mov     byte [es:di + 0x1A], 1          ; no banks of lines
        mov     byte [es:di + 0x1E], 1
        mov     dword [es:di + 0x3E], 230000000 ; the fastest pixel clock
        ; How many more screens fit.
        call    vbe_size
        mov     ecx, eax
        VBE_IN  VBE_MEMORY
        movzx   eax, ax
        shl     eax, 16
        xor     edx, edx
        div     ecx
        dec     eax
        cmp     eax, 255
        jbe     .images
        mov     al, 255
.images:
        mov     [es:di + 0x1D], al
        mov     [es:di + 0x34], al
        mov     al, [cs:si + V_BITS]
        cmp     al, 4
        jne     .linear
        mov     byte [es:di + 0x18], 4          ; planes
        mov     byte [es:di + 0x1B], 0x03       ; memory model: planar
.good:
        clc
.done:
        ret
.linear:
        mov     byte [es:di + 0x18], 1
        or      byte [es:di], 0x80              ; linear framebuffer
        mov     [es:di + 0x35], ah
        call    vbe_framebuffer
        mov     [es:di + 0x28], eax
        mov     byte [es:di + 0x1B], 0x04       ; packed
        mov     al, [cs:si + V_BITS]
        cmp     al, 8
        je      .good
        mov     byte [es:di + 0x1B], 0x06       ; direct colour
        mov     bx, .masks_15
        cmp     al, 16
        jb      .masks
        mov     bx, .masks_16
        je      .masks
        mov     bx, .masks_24
        cmp     al, 24
        je      .masks
        mov     bx, .masks_32
        mov     byte [es:di + 0x27], 0x02       ; the reserved byte may be used
.masks:
        mov     ax, [cs:bx]
        mov     [es:di + 0x1F], ax
        mov     [es:di + 0x36], ax
        mov     ax, [cs:bx + 2]
        mov     [es:di + 0x21], ax
        mov     [es:di + 0x38], ax
        mov     ax, [cs:bx + 4]
        mov     [es:di + 0x23], ax
        mov     [es:di + 0x3A], ax
        mov     ax, [cs:bx + 6]
        mov     [es:di + 0x25], ax
        mov     [es:di + 0x3C], ax
        jmp     .good
; Size and position of red, green, blue and the rest.
.masks_15:
        db      5, 10, 5, 5, 5, 0, 1, 15
.masks_16:
        db      5, 11, 6, 5, 5, 0, 0, 0
.masks_24:
        db      8, 16, 8, 8, 8, 0, 0, 0
.masks_32:
        db      8, 16, 8, 8, 8, 0, 8, 24

; EAX = the linear framebuffer: base address register 0 of the display adapter on PCI bus 0 (PCI Local Bus
; Specification, configuration mechanism 1). EBX and DX change.
vbe_framebuffer:
        mov     dx, 0xCF8
        mov     eax, 0x80000000
        out     dx, eax
        in      eax, dx
        cmp     eax, 0x80000000
        jne     .no_pci
        mov     ebx, 0x80000008         ; class code of device 0
.next:
        mov     dx, 0xCF8
        mov     eax, ebx
        out     dx, eax
        mov     dx, 0xCFC
        in      eax, dx
        shr     eax, 16
        cmp     ax, 0x0300
        je      .found
        add     ebx, 0x800
        cmp     ebx, 0x80010000
        jb      .next
.no_pci:
        mov     eax, DEFAULT_FRAMEBUFFER
        ret
.found:
        mov     dx, 0xCF8
        lea     eax, [ebx + 8]
        out     dx, eax
        mov     dx, 0xCFC
        in      eax, dx
        and     eax, 0xFFFFFFF0
        ret

; 02h: mode BX; bit 14 chooses the linear framebuffer, bit 15 keeps memory.
vbe_set_mode:
        mov     ax, bx
        and     ax, 0x01FF
        cmp     ax, 0x0100
        jae     .extended
        cmp     al, 0x7F
        ja      .bad
        call    find_mode
        jc      .bad
        and     bh, 0x80
        or      al, bh
        call    set_mode
        clc
        ret
.bad:
        stc
        ret
.extended:
        call    vbe_find
        jc      .bad
        call    vbe_off
        mov     word [CRTC_BASE], 0x3D4
        push    bx
        mov     di, params_linear_320
        mov     al, PALETTE_256
        cmp     byte [cs:si + V_BITS], 4
        jne     .registers
        mov     di, params_planar_480
        mov     al, PALETTE_EGA
.registers:
        push    ax
        call    set_mode_registers
        pop     ax
        test    byte [VIDEO_FLAGS], 0x08
        jnz     .palette_kept
        call    load_default_palette
.palette_kept:
        pop     bx
        movzx   cx, byte [cs:si + V_BITS]
        VBE_OUT VBE_X, word [cs:si + V_X]
        VBE_OUT VBE_Y, word [cs:si + V_Y]
        VBE_OUT VBE_BITS, cx
        movzx   cx, bh
        and     cl, 0x80                ; bit 15 of the mode is the register's bit 7
        and     byte [VIDEO_CONTROL], 0x7F
        or      [VIDEO_CONTROL], cl
        or      cl, VBE_ENABLED | VBE_LINEAR
        VBE_OUT VBE_ENABLE, cx
        call    screen_on
        and     bx, 0xC1FF
        mov     [VBE_MODE], bx
        mov     byte [MODE], MODE_IS_VBE
        mov     ax, [cs:si + V_X]
        shr     ax, 3
        mov     [COLUMNS], ax
        mov     ax, [cs:si + V_Y]
        shr     ax, 4
        dec     ax
        mov     [ROWS], al
        mov     word [CHAR_HEIGHT], 16
        mov     byte [ACTIVE_PAGE], 0
        mov     word [PAGE_START], 0
        mov     ax, font_8x16
        call    set_font_vector
        clc
        ret

; 03h: BX = the mode that is set.
vbe_get_mode:
        mov     ax, [VBE_MODE]
        test    ax, ax
        jnz     .store
        mov     al, [MODE]
.store:
        mov     [bp + R_BX], ax
        clc
        ret

; 04h: saving and restoring state is not there.
vbe_state:
        stc
        ret

; CF when no mode of the extension is set.
vbe_is_on:
        cmp     word [VBE_MODE], 1
        ret
