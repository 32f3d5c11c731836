; Uniform frames of 1024x768 in 32 bits: see flip.inc, flip-32.inc.
%define SECTORS 6
%include "video.inc"
%include "flip.inc"
main:
        xor     ebp, ebp
        call    find_framebuffer
        call    flat
        call    begin
        jmp     flip_32
%include "registers.inc"
%include "flat.inc"
%include "flip-32.inc"
        END_OF_IMAGE
