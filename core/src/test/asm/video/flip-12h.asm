; Uniform frames in mode 12h: see flip.inc, flip-12h.inc.
%define SECTORS 6
%include "video.inc"
%include "flip.inc"
main:
        xor     ebp, ebp
        call    begin
        jmp     flip_12h
%include "registers.inc"
%include "recolour.inc"
%include "flip-12h.inc"
        END_OF_IMAGE
