package org.vitrine.core.device.video;

import java.util.Arrays;

/**
 * The VGA's registers as the guest wrote them, and what several of them say together. Numbers and
 * names are those of the IBM VGA Technical Reference: CR is the CRT controller, SR the sequencer,
 * GR the graphics controller, AR the attribute controller.
 */
final class VgaRegisters {

    /**
     * The bits that exist. Those of the CRT controller are all kept, as most of its registers have
     * eight.
     */
    private static final int[] SR_BITS = {0x03, 0x3D, 0x0F, 0x3F, 0x0E, 0, 0, 0};

    private static final int[] GR_BITS = {
        0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF, 0, 0, 0, 0, 0, 0, 0
    };

    static final int AR_COUNT = 0x15;
    static final int CR_COUNT = 0x19;

    final int[] cr = new int[CR_COUNT];
    final int[] sr = new int[SR_BITS.length];
    final int[] gr = new int[GR_BITS.length];
    final int[] ar = new int[AR_COUNT];
    int miscOutput;
    int feature;

    /**
     * Puts everything to 0, where the display is off and the I/O addresses are those of monochrome
     * adapters.
     */
    void reset() {
        Arrays.fill(cr, 0);
        Arrays.fill(sr, 0);
        Arrays.fill(gr, 0);
        Arrays.fill(ar, 0);
        miscOutput = 0;
        feature = 0;
    }

    void writeSequencer(int index, int value) {
        sr[index] = value & SR_BITS[index];
    }

    void writeGraphics(int index, int value) {
        gr[index] = value & GR_BITS[index];
    }

    /**
     * Writes a register of the CRT controller; bit 7 of CR11 protects 0 to 7, but for bit 4 of
     * CR07.
     */
    void writeCrtc(int index, int value) {
        if (index >= CR_COUNT) {
            return;
        }
        if (index <= 7 && (cr[0x11] & 0x80) != 0) {
            if (index == 7) {
                cr[7] = cr[7] & ~0x10 | value & 0x10;
            }
            return;
        }
        cr[index] = value;
    }

    private static final int[] AR_BITS = {0xEF, 0xFF, 0x3F, 0x0F, 0x0F};

    void writeAttribute(int index, int value) {
        if (index < 0x10) {
            ar[index] = value & 0x3F;
        } else if (index < AR_COUNT) {
            ar[index] = value & AR_BITS[index - 0x10];
        }
    }

    /** Whether the CRT controller answers at 3Dx, and not at 3Bx. */
    boolean colourAddresses() {
        return (miscOutput & 1) != 0;
    }

    /** Whether the CPU reaches video memory. */
    boolean memoryEnabled() {
        return (miscOutput & 2) != 0;
    }

    /** Whether pixels are shown, and not characters. */
    boolean graphicsMode() {
        return (gr[6] & 1) != 0;
    }

    /** Whether the sequencer runs, its screen is on, and the CRT controller gives sync pulses. */
    boolean screenOn() {
        return (sr[0] & 3) == 3 && (sr[1] & 0x20) == 0 && (cr[0x17] & 0x80) != 0;
    }

    /** Dots in a character clock: 8 or 9. */
    int dotsPerCharacter() {
        return (sr[1] & 1) != 0 ? 8 : 9;
    }

    /** Whether the dot clock is halved, as in modes with 320 dots or 40 columns. */
    boolean dotClockHalved() {
        return (sr[1] & 8) != 0;
    }

    /** Characters in a line. */
    int displayedCharacters() {
        return cr[1] + 1;
    }

    /** Characters in a line, blanking and retrace included. */
    int totalCharacters() {
        return cr[0] + 5;
    }

    /** Scan lines in a frame, blanking and retrace included. */
    int totalLines() {
        return (cr[6] | (cr[7] & 0x01) << 8 | (cr[7] & 0x20) << 4) + 2;
    }

    /** Scan lines that are displayed. */
    int displayedLines() {
        return (cr[0x12] | (cr[7] & 0x02) << 7 | (cr[7] & 0x40) << 3) + 1;
    }

    /** The scan line at which vertical retrace starts. */
    int retraceStart() {
        return cr[0x10] | (cr[7] & 0x04) << 6 | (cr[7] & 0x80) << 2;
    }

    /**
     * How many scan lines vertical retrace lasts, 1 to 16: CR11 has the low four bits of the line
     * that ends it.
     */
    int retraceLines() {
        int lines = (cr[0x11] & 15) - retraceStart() & 15;
        return lines == 0 ? 16 : lines;
    }

    /** The scan line after which the picture goes on from address 0. */
    int lineCompare() {
        return cr[0x18] | (cr[7] & 0x10) << 4 | (cr[9] & 0x40) << 3;
    }

    /** Scan lines in a row of characters, double scanning aside. */
    int linesPerRow() {
        return (cr[9] & 0x1F) + 1;
    }

    /** Whether each scan line is shown twice. */
    boolean doubleScan() {
        return (cr[9] & 0x80) != 0;
    }

    /** The address of the first character or byte displayed, byte panning included. */
    int startAddress() {
        return (cr[0x0C] << 8 | cr[0x0D]) + (cr[8] >> 5 & 3);
    }

    /** The first address shown below the split: byte panning goes on there unless it ends. */
    int addressAfterSplit() {
        return panningEndsAtSplit() ? 0 : cr[8] >> 5 & 3;
    }

    /** By how many addresses rows are apart. */
    int rowPitch() {
        return cr[0x13] * 2;
    }

    /** Scan lines cut off the first row. */
    int presetRowScan() {
        return cr[8] & 0x1F;
    }

    /** The address of the cursor, its skew of 0 to 3 characters to the right included. */
    int cursorAddress() {
        return (cr[0x0E] << 8 | cr[0x0F]) + (cr[0x0B] >> 5 & 3);
    }

    /**
     * Dots by which the picture is moved to the left. AR13 counts from 8 where characters have nine
     * dots, and half dots where pixels take two.
     */
    int panning() {
        int value = ar[0x13];
        if (graphicsMode()) {
            return packedPixels() ? value >> 1 & 3 : value & 7;
        }
        if (dotsPerCharacter() == 9) {
            return value >= 8 ? 0 : value + 1;
        }
        return value & 7;
    }

    /** Whether panning ends where the line compare register splits the screen. */
    boolean panningEndsAtSplit() {
        return (ar[0x10] & 0x20) != 0;
    }

    /** Whether the four planes' bytes are taken as pixels of eight bits. */
    boolean packedPixels() {
        return (gr[5] & 0x40) != 0;
    }

    /** Whether pixels are taken in pairs of bits from planes 0 and 1, as a CGA has them. */
    boolean interleavedPixels() {
        return (gr[5] & 0x20) != 0;
    }
}
