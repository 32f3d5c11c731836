; Uniform frames in mode 13h: see flip.inc, flip-13h.inc.
%define SECTORS 6
%include "video.inc"
%include "flip.inc"
main:
        xor     ebp, ebp
        call    begin
        jmp     flip_13h
%include "registers.inc"
%include "recolour.inc"
%include "flip-13h.inc"
        END_OF_IMAGE
