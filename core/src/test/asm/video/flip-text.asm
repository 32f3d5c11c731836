; Uniform frames in mode 03h: see flip.inc, flip-text.inc.
%define SECTORS 6
%include "video.inc"
%include "flip.inc"
main:
        xor     ebp, ebp
        call    begin
        jmp     flip_text
%include "registers.inc"
%include "flip-text.inc"
        END_OF_IMAGE
