package org.vitrine.core.device.video;

import org.vitrine.core.time.Clock;

/**
 * Where the beam is: computed from guest time and the CRT controller's registers when somebody
 * asks.
 */
final class VgaTiming {

    /**
     * The dot clocks that bits 2 and 3 of the miscellaneous output register choose from, in hertz.
     */
    private static final long[] DOT_CLOCKS = {25_175_000, 28_322_000, 25_175_000, 28_322_000};

    private static final int DISPLAY_DISABLED = 0x01;
    private static final int VERTICAL_RETRACE = 0x08;

    private static final long SLOWEST_FRAME_NANOS = Clock.SECOND / 20;
    private static final long FASTEST_FRAME_NANOS = Clock.SECOND / 400;

    private final VgaRegisters registers;
    private final Clock clock;
    private long frameNanos;
    private int totalLines;
    private int displayedLines;
    private int retraceStart;
    private int retraceLines;
    private int totalCharacters;
    private int displayedCharacters;

    VgaTiming(VgaRegisters registers, Clock clock) {
        this.registers = registers;
        this.clock = clock;
        registersChanged();
    }

    /** Takes over changed registers. */
    void registersChanged() {
        totalLines = registers.totalLines();
        displayedLines = registers.displayedLines();
        retraceStart = registers.retraceStart();
        retraceLines = registers.retraceLines();
        totalCharacters = registers.totalCharacters();
        displayedCharacters = registers.displayedCharacters();
        long dots = (long) totalCharacters * registers.dotsPerCharacter() * totalLines;
        if (registers.dotClockHalved()) {
            dots *= 2;
        }
        frameNanos = dots * Clock.SECOND / DOT_CLOCKS[registers.miscOutput >> 2 & 3];
        if (frameNanos < FASTEST_FRAME_NANOS
                || frameNanos > SLOWEST_FRAME_NANOS
                || retraceStart + retraceLines > totalLines) {
            standIn();
        }
    }

    /**
     * Registers that make no frame with a retrace in it must not hold up those who wait for one:
     * text mode's do.
     */
    private void standIn() {
        frameNanos = Clock.SECOND / 70;
        totalLines = 449;
        displayedLines = 400;
        retraceStart = 412;
        retraceLines = 2;
        totalCharacters = 100;
        displayedCharacters = 80;
    }

    /** How long a frame takes, in nanoseconds. */
    long frameNanos() {
        return frameNanos;
    }

    /**
     * Input status register 1: bit 0 outside the displayed part of a line or frame, bit 3 in
     * vertical retrace.
     */
    int inputStatus() {
        long inFrame = clock.nanos() % frameNanos * totalLines;
        int line = (int) (inFrame / frameNanos);
        long inLine = inFrame % frameNanos * totalCharacters / frameNanos;
        int status = 0;
        if (line >= displayedLines || inLine >= displayedCharacters) {
            status |= DISPLAY_DISABLED;
        }
        if (line >= retraceStart && line < retraceStart + retraceLines) {
            status |= DISPLAY_DISABLED | VERTICAL_RETRACE;
        }
        return status;
    }
}
