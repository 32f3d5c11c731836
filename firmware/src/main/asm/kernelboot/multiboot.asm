; An option ROM that starts a Multiboot kernel which the firmware configuration device
; holds (Multiboot Specification 0.6.96, "Machine state", "Boot information format").
; The machine has worked out what goes where in memory, as a table of pieces; here
; they are fetched, what only the BIOS knows is added, and the kernel is entered
; in protected mode.

%include "rom.asm"

INFO            equ     0x0A            ; the keys of the items: address of the information,
ENTRY           equ     0x10            ; where to begin,
PIECES_SIZE     equ     0x17            ; the bytes of the table of pieces,
PIECES          equ     0x18            ; the table

; A piece of memory: item, where in it, bytes, where to. An item that is none has zeros.
PIECE_KEY       equ     0
PIECE_OFFSET    equ     4
PIECE_LENGTH    equ     8
PIECE_ADDRESS   equ     12
PIECE_SIZE      equ     16

; Below 64 KiB, where no kernel is: above the stack the table, later the descriptors; then
; what the information refers to. The machine has put information and strings beyond.
TABLE           equ     0x8000
VBE_CONTROL     equ     0x9200
VBE_MODE        equ     0x9400
MAP             equ     0x9600
MAP_END         equ     0xA000

INFO_FLAGS      equ     0
INFO_LOWER      equ     4
INFO_UPPER      equ     8
INFO_MAP_LENGTH equ     44
INFO_MAP        equ     48
INFO_VBE        equ     72              ; control, mode; words: number, segment, offset, length
INFO_FRAME      equ     88              ; address of 64 bits, pitch, width, height; bytes:
INFO_DEPTH      equ     108             ; bits of a pixel,
INFO_KIND       equ     109             ; 0 palette, 1 colours, 2 text,
INFO_COLOURS    equ     110             ; first bit and size of red, green, blue

FLAG_MAP        equ     1 << 6
FLAG_VBE        equ     1 << 11
FLAG_FRAME      equ     1 << 12

MAP_ENTRY       equ     24              ; its size, which does not count itself; base, length, type
RAM             equ     1

VBE_ATTRIBUTES  equ     0
VBE_PITCH       equ     16
VBE_WIDTH       equ     18
VBE_HEIGHT      equ     20
VBE_DEPTH       equ     25
VBE_MODEL       equ     27
VBE_COLOURS     equ     31              ; size and first bit of red, green, blue
VBE_FRAME       equ     40
VBE_MODES       equ     14              ; in the control information, offset and segment
LINEAR          equ     0x4000
DIRECT_COLOUR   equ     6

MULTIBOOT       equ     0x2BADB002
SYSTEM_PORT_A   equ     0x92
CODE            equ     0x08
DATA            equ     0x10

start:
        mov     ax, PIECES_SIZE
        call    read_dword
        mov     ecx, eax
        mov     edx, TABLE
        mov     ax, PIECES
        call    select
        call    read
        mov     si, TABLE
        mov     bx, cx
        add     bx, si                  ; the table's end
.piece:
        cmp     si, bx
        jae     .placed
        mov     ax, [si + PIECE_KEY]
        call    select
        mov     ecx, [si + PIECE_OFFSET]
        call    skip
        mov     ecx, [si + PIECE_LENGTH]
        mov     edx, [si + PIECE_ADDRESS]
        call    read
        add     si, PIECE_SIZE
        jmp     .piece
.placed:
        mov     ax, INFO
        call    read_dword
        mov     bp, ax
        call    memory_map
        call    video
        mov     ax, ENTRY
        call    read_dword
        mov     esi, eax
        movzx   ebx, bp
        cli
        in      al, SYSTEM_PORT_A
        and     al, 0xFC                ; bit 0 would reset the machine
        or      al, 0x02
        out     SYSTEM_PORT_A, al
        ; A table of descriptors in RAM, since nothing says how long the ROM is in sight.
        mov     di, TABLE
        mov     eax, 23                 ; its limit is in the null descriptor, with its address
        stosw
        mov     eax, TABLE
        stosd
        xor     ax, ax
        stosw
        mov     eax, 0x0000FFFF         ; code, base 0, 4 GiB
        stosd
        mov     eax, 0x00CF9A00
        stosd
        mov     eax, 0x0000FFFF         ; data
        stosd
        mov     eax, 0x00CF9200
        stosd
        o32 lgdt [TABLE]
        xor     edx, edx
        mov     dx, cs
        shl     edx, 4
        add     edx, protected
        push    dword CODE
        push    edx
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        o32 retf

        bits    32
protected:
        mov     eax, DATA
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        mov     ss, eax
        mov     eax, MULTIBOOT
        jmp     esi
        bits    16

; What INT 12h and INT 15h E820h say of memory. BP is the information.
memory_map:
        int     0x12
        movzx   eax, ax
        mov     [bp + INFO_LOWER], eax
        mov     dword [bp + INFO_UPPER], 0
        mov     di, MAP
        xor     ebx, ebx
.next:
        mov     eax, 0xE820
        mov     edx, 0x534D4150         ; "SMAP"
        mov     ecx, 20
        add     di, 4
        int     0x15
        jc      .end
        cmp     eax, 0x534D4150
        jne     .end
        sub     di, 4
        mov     dword [di], MAP_ENTRY - 4
        ; "Upper" memory is what follows 1 MiB in one piece.
        cmp     dword [di + 20], RAM
        jne     .kept
        cmp     dword [di + 4], 0x100000
        jne     .kept
        cmp     dword [di + 8], 0
        jne     .kept
        mov     eax, [di + 12]
        shr     eax, 10
        mov     [bp + INFO_UPPER], eax
.kept:
        add     di, MAP_ENTRY
        test    ebx, ebx
        jz      .all
        cmp     di, MAP_END - MAP_ENTRY
        jbe     .next
        jmp     .all
.end:
        sub     di, 4
.all:
        sub     di, MAP
        jz      .done
        movzx   eax, di
        mov     [bp + INFO_MAP_LENGTH], eax
        mov     dword [bp + INFO_MAP], MAP
        or      word [bp + INFO_FLAGS], FLAG_MAP
.done:
        ret

; A kernel that asks for a picture finds its wish where the picture's description will
; be. A mode that is as wanted is set; when there is none, the text mode is described.
video:
        cmp     dword [bp + INFO_FRAME + 12], 0
        je      .done
        mov     ax, 0x4F00
        mov     di, VBE_CONTROL
        mov     dword [di], 0x32454256  ; "VBE2"
        int     0x10
        cmp     ax, 0x004F
        jne     .text
        lgs     si, [VBE_CONTROL + VBE_MODES]
.next:
        mov     cx, [gs:si]
        cmp     cx, 0xFFFF
        je      .text
        add     si, 2
        mov     ax, 0x4F01
        mov     di, VBE_MODE
        int     0x10
        cmp     ax, 0x004F
        jne     .next
        mov     al, [VBE_MODE + VBE_ATTRIBUTES]
        and     al, 0x99                ; there, colour, graphics, with a linear picture
        cmp     al, 0x99
        jne     .next
        cmp     byte [VBE_MODE + VBE_MODEL], DIRECT_COLOUR
        jne     .next
        movzx   eax, word [VBE_MODE + VBE_WIDTH]
        cmp     eax, [bp + INFO_FRAME + 12]
        jne     .next
        movzx   eax, word [VBE_MODE + VBE_HEIGHT]
        cmp     eax, [bp + INFO_FRAME + 16]
        jne     .next
        mov     al, [VBE_MODE + VBE_DEPTH]
        cmp     al, [bp + INFO_DEPTH]
        jne     .next
        mov     bx, cx
        or      bx, LINEAR
        mov     ax, 0x4F02
        int     0x10
        cmp     ax, 0x004F
        jne     .text
        mov     dword [bp + INFO_VBE], VBE_CONTROL
        mov     dword [bp + INFO_VBE + 4], VBE_MODE
        mov     [bp + INFO_VBE + 8], bx
        mov     eax, [VBE_MODE + VBE_FRAME]
        mov     [bp + INFO_FRAME], eax
        movzx   eax, word [VBE_MODE + VBE_PITCH]
        mov     [bp + INFO_FRAME + 8], eax
        mov     byte [bp + INFO_KIND], 1
        mov     si, VBE_MODE + VBE_COLOURS
        lea     di, [bp + INFO_COLOURS]
        mov     cx, 3
.colour:
        lodsw
        xchg    al, ah                  ; the mode has the size first
        stosw
        loop    .colour
        or      word [bp + INFO_FLAGS], FLAG_VBE | FLAG_FRAME
.done:
        ret
.text:
        mov     dword [bp + INFO_FRAME], 0xB8000
        mov     dword [bp + INFO_FRAME + 8], 160
        mov     dword [bp + INFO_FRAME + 12], 80
        mov     dword [bp + INFO_FRAME + 16], 25
        mov     byte [bp + INFO_DEPTH], 16
        mov     byte [bp + INFO_KIND], 2
        or      word [bp + INFO_FLAGS], FLAG_FRAME
        ret

        times ROM_SIZE - ($ - $$) db 0  ; the last byte balances the sum
