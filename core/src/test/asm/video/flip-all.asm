; Uniform frames, 30 in each of four modes in turn: see flip.inc. Between modes the screen is black; the counter goes on.
%define SECTORS 6
%define FRAMES  30
%include "video.inc"
%include "flip.inc"
main:
        xor     ebp, ebp
        call    find_framebuffer
        call    flat
        call    begin
.next:
        call    flip_text
        call    flip_13h
        call    flip_12h
        call    flat                    ; INT 10h may have loaded DS or ES with a limit
        call    flip_32
        jmp     .next
%include "registers.inc"
%include "flat.inc"
%include "recolour.inc"
%include "flip-text.inc"
%include "flip-13h.inc"
%include "flip-12h.inc"
%include "flip-32.inc"
        END_OF_IMAGE
