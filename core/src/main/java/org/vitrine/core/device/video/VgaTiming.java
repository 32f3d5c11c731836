package org.vitrine.core.device.video;

import org.vitrine.core.time.Clock;

/** Where the beam is: computed from guest time and the CRT controller's registers when somebody asks. */
final class VgaTiming {

    /** The dot clocks that bits 2 and 3 of the miscellaneous output register choose from, in hertz. */
    private static final long[] DOT_CLOCKS = {25_175_000, 28_322_000, 25_175_000, 28_322_000};

    private static final int DISPLAY_DISABLED = 0x01;
    private static final int VERTICAL_RETRACE = 0x08;

    /** What a monitor falls back to when the registers make no frame that it could show. */
    private static final long ANY_FRAME_NANOS = Clock.SECOND / 70;

    private static final long SLOWEST_FRAME_NANOS = Clock.SECOND / 20;
    private static final long FASTEST_FRAME_NANOS = Clock.SECOND / 400;

    private final VgaRegisters registers;
    private final Clock clock;
    private long frameNanos = ANY_FRAME_NANOS;

    VgaTiming(VgaRegisters registers, Clock clock) {
        this.registers = registers;
        this.clock = clock;
    }

    /** Takes over changed registers. */
    void registersChanged() {
        long dots = (long) registers.totalCharacters() * registers.dotsPerCharacter() * registers.totalLines();
        if (registers.dotClockHalved()) {
            dots *= 2;
        }
        long nanos = dots * Clock.SECOND / DOT_CLOCKS[registers.miscOutput >> 2 & 3];
        frameNanos = nanos >= FASTEST_FRAME_NANOS && nanos <= SLOWEST_FRAME_NANOS ? nanos : ANY_FRAME_NANOS;
    }

    /** How long a frame takes, in nanoseconds. */
    long frameNanos() {
        return frameNanos;
    }

    /** Input status register 1: bit 0 outside the displayed part of a line or frame, bit 3 in vertical retrace. */
    int inputStatus() {
        int totalLines = registers.totalLines();
        long inFrame = clock.nanos() % frameNanos * totalLines;
        int line = (int) (inFrame / frameNanos);
        long inLine = inFrame % frameNanos * registers.totalCharacters() / frameNanos;
        int status = 0;
        if (line >= registers.displayedLines() || inLine >= registers.displayedCharacters()) {
            status |= DISPLAY_DISABLED;
        }
        // Registers that leave no room for retrace still let those go on who wait for it.
        int start = Math.min(registers.retraceStart(), totalLines - 2);
        if (line >= start && line < start + registers.retraceLines()) {
            status |= DISPLAY_DISABLED | VERTICAL_RETRACE;
        }
        return status;
    }
}
