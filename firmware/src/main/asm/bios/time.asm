; INT 08h, the timer tick; INT 70h, the clock's alarm; INT 1Ah, the time of day (IBM
; PS/2 and PC BIOS Interface Technical Reference, INT 1Ah).

        section .text

TICKS_PER_DAY   equ     0x1800B0

RTC_SECONDS     equ     0x00
RTC_MINUTES     equ     0x02
RTC_HOURS       equ     0x04
RTC_DAY         equ     0x07
RTC_MONTH       equ     0x08
RTC_YEAR        equ     0x09
RTC_A           equ     0x0A            ; bit 7: update in progress
RTC_B           equ     0x0B            ; 02h: 24 hours, BCD
RTC_C           equ     0x0C
RTC_D           equ     0x0D
RTC_CENTURY     equ     0x32

int_08:
        push    ds
        push    eax
        push    BDA_SEGMENT
        pop     ds
        mov     eax, [BDA_TICKS]
        inc     eax
        cmp     eax, TICKS_PER_DAY
        jb      .same_day
        xor     eax, eax
        inc     byte [BDA_MIDNIGHT]
.same_day:
        mov     [BDA_TICKS], eax
        int     0x1C
        mov     al, PIC_EOI
        out     PIC1_COMMAND, al
        pop     eax
        pop     ds
        iret

int_70:
        push    ax
        mov     al, RTC_C
        call    cmos_read               ; reading C takes the request back
        test    al, 0x20
        jz      .done
        int     0x4A
.done:
        mov     al, PIC_EOI
        out     PIC2_COMMAND, al
        out     PIC1_COMMAND, al
        pop     ax
        iret

; Sets the clock chip going and the tick count to the time of day.
init_rtc:
        mov     ax, RTC_A | (0x26 << 8)
        call    cmos_write
        mov     ax, RTC_B | (0x02 << 8)
        call    cmos_write
        mov     al, RTC_C
        call    cmos_read
        call    rtc_time
        jc      .done
        ; ticks = seconds * 1193182 / 65536
        mov     al, ch
        call    from_bcd
        imul    ebx, eax, 3600
        mov     al, cl
        call    from_bcd
        imul    eax, eax, 60
        add     ebx, eax
        mov     al, dh
        call    from_bcd
        add     eax, ebx
        mov     edx, 1193182
        mul     edx
        shrd    eax, edx, 16
        cmp     eax, TICKS_PER_DAY
        jae     .done                   ; a clock with nonsense in it
        mov     [BDA_TICKS], eax
.done:
        ret

; EAX = value of the BCD byte AL.
from_bcd:
        push    cx
        mov     cl, al
        shr     al, 4
        mov     ch, 10
        mul     ch
        and     cl, 15
        add     al, cl
        movzx   eax, al
        pop     cx
        ret

; Waits out an update. CF when it does not end or the clock has lost its power.
rtc_ready:
        push    ax
        push    ecx
        mov     al, RTC_D
        call    cmos_read
        test    al, 0x80
        jz      .dead
        mov     ecx, 0x40000
.poll:
        mov     al, RTC_A
        call    cmos_read
        test    al, 0x80
        jz      .ready
        dec     ecx
        jnz     .poll
.dead:
        pop     ecx
        pop     ax
        stc
        ret
.ready:
        pop     ecx
        pop     ax
        clc
        ret

; CH:CL:DH = hours, minutes, seconds in BCD, DL = daylight saving bit.
rtc_time:
        call    rtc_ready
        jc      .done
        mov     al, RTC_SECONDS
        call    cmos_read
        mov     dh, al
        mov     al, RTC_MINUTES
        call    cmos_read
        mov     cl, al
        mov     al, RTC_HOURS
        call    cmos_read
        mov     ch, al
        mov     al, RTC_B
        call    cmos_read
        and     al, 0x01
        mov     dl, al
        ; Seconds that moved on meanwhile may have taken minutes with them.
        mov     al, RTC_SECONDS
        call    cmos_read
        cmp     al, dh
        jne     rtc_time
        clc
.done:
        ret

int_1a:
        cmp     ah, 0x05
        ja      .unknown
        push    ds
        push    bx
        push    BDA_SEGMENT
        pop     ds
        movzx   bx, ah
        shl     bx, 1
        call    [cs:.functions + bx]
        pop     bx
        pop     ds
        jc      iret_error
        jmp     iret_ok
.unknown:                               ; 06h and 07h, the alarm, and B1h, the PCI BIOS
        mov     ah, 0x81
        jmp     iret_error

        section .rodata
.functions:
        dw      time_read_ticks, time_set_ticks, time_read_rtc
        dw      time_set_rtc, time_read_date, time_set_date
        section .text

time_read_ticks:
        cli
        mov     dx, [BDA_TICKS]
        mov     cx, [BDA_TICKS + 2]
        xor     al, al
        xchg    al, [BDA_MIDNIGHT]
        clc
        ret

time_set_ticks:
        cli
        mov     [BDA_TICKS], dx
        mov     [BDA_TICKS + 2], cx
        mov     byte [BDA_MIDNIGHT], 0
        clc
        ret

time_read_rtc:
        push    ax
        call    rtc_time
        pop     ax
        ret

; While bit 7 of register B stands the chip does not update, so that the parts fit.
time_set_rtc:
        push    ax
        mov     ax, RTC_B | (0x82 << 8)
        call    cmos_write
        mov     al, RTC_SECONDS
        mov     ah, dh
        call    cmos_write
        mov     al, RTC_MINUTES
        mov     ah, cl
        call    cmos_write
        mov     al, RTC_HOURS
        mov     ah, ch
        call    cmos_write
        mov     al, RTC_B
        mov     ah, dl
        and     ah, 0x01
        or      ah, 0x02
        call    cmos_write
        pop     ax
        clc
        ret

time_read_date:
        push    ax
        call    rtc_ready
        jc      .done
        mov     al, RTC_DAY
        call    cmos_read
        mov     dl, al
        mov     al, RTC_MONTH
        call    cmos_read
        mov     dh, al
        mov     al, RTC_YEAR
        call    cmos_read
        mov     cl, al
        mov     al, RTC_CENTURY
        call    cmos_read
        cmp     al, 0x19
        jb      .guess
        cmp     al, 0x21
        jbe     .known
.guess:
        mov     al, 0x20                ; a chip without a century register
.known:
        mov     ch, al
        mov     al, RTC_DAY             ; midnight passed between the reads
        call    cmos_read
        cmp     al, dl
        pop     ax
        jne     time_read_date
        clc
        ret
.done:
        pop     ax
        ret

time_set_date:
        push    ax
        mov     al, RTC_B
        call    cmos_read
        push    ax
        mov     ah, al
        or      ah, 0x80
        mov     al, RTC_B
        call    cmos_write
        mov     al, RTC_DAY
        mov     ah, dl
        call    cmos_write
        mov     al, RTC_MONTH
        mov     ah, dh
        call    cmos_write
        mov     al, RTC_YEAR
        mov     ah, cl
        call    cmos_write
        mov     al, RTC_CENTURY
        mov     ah, ch
        call    cmos_write
        pop     ax
        mov     ah, al
        and     ah, 0x7F
        mov     al, RTC_B
        call    cmos_write
        pop     ax
        clc
        ret
