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

    /** What modes of the VBE extension are refreshed at, which have no timing of their own. */
    private static final long EXTENSION_FRAME_NANOS = Clock.SECOND / 60;

    private final VgaRegisters registers;
    private final Clock clock;

    /** Lines of the VBE extension's mode, or 0 when the CRT controller's registers rule. */
    private int extensionLines;

    /** When the guest looked last; far away while it has not. */
    private long lastLook = -Clock.SECOND;

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

    /**
     * Takes over that a mode of the VBE extension is on, or off.
     *
     * @param lines how many it shows; 0 when the CRT controller's registers rule
     */
    void extensionChanged(int lines) {
        if (lines != extensionLines) {
            extensionLines = lines;
            registersChanged();
        }
    }

    /** Takes over changed registers. */
    void registersChanged() {
        if (extensionLines != 0) {
            extensionFrame();
            return;
        }
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

    /** Blanking as a VESA monitor timing has it: a twentieth of the lines, a fifth of a line. */
    private void extensionFrame() {
        frameNanos = EXTENSION_FRAME_NANOS;
        displayedLines = extensionLines;
        retraceStart = extensionLines + 1;
        retraceLines = 6;
        totalLines = extensionLines + Math.max(extensionLines / 20, 8);
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
     *
     * <p>A retrace is as short as 64 microseconds. Guest time goes on while the vCPU thread is held
     * up by its host, so that a guest that asks again and again may be held up over all of it. Such
     * a guest sees it late, and once, rather than waiting for another frame.
     */
    int inputStatus() {
        long now = clock.nanos();
        long sinceLook = now - lastLook;
        lastLook = now;
        long frameStart = now - now % frameNanos;
        long sinceRetrace = now - (frameStart + retraceStart * frameNanos / totalLines);
        if (sinceRetrace < 0) {
            sinceRetrace += frameNanos;
        }
        long retraceNanos = (retraceLines + 1) * frameNanos / totalLines;
        if (sinceRetrace > retraceNanos && sinceLook > sinceRetrace && sinceLook < frameNanos) {
            return DISPLAY_DISABLED | VERTICAL_RETRACE;
        }
        long inFrame = now % frameNanos * totalLines;
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
