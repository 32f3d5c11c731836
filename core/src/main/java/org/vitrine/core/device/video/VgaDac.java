package org.vitrine.core.device.video;

import java.util.Arrays;

/**
 * The palette DAC: 256 colours of three components, reached one component at a time at ports 3C6 to
 * 3C9.
 */
final class VgaDac {

    private static final int STATE_WRITE = 0;
    private static final int STATE_READ = 3;

    private final int[] components = new int[256 * 3];
    private int mask = 0xFF;
    private int index;
    private int writeIndex;
    private int component;
    private int state;
    private int red;
    private int green;
    private boolean eightBits;

    void reset() {
        Arrays.fill(components, 0);
        mask = 0xFF;
        index = 0;
        component = 0;
        state = STATE_WRITE;
        eightBits = false;
    }

    /** The mask that pixel values go through (3C6). */
    int mask() {
        return mask;
    }

    void writeMask(int value) {
        mask = value;
    }

    /** Whether components have eight bits (a VBE extension) or six. */
    void setEightBits(boolean eight) {
        eightBits = eight;
    }

    boolean eightBits() {
        return eightBits;
    }

    /** Sets from where {@link #readData} reads (3C7). */
    void writeReadIndex(int value) {
        index = value;
        component = 0;
        state = STATE_READ;
    }

    /** Sets where {@link #writeData} writes (3C8). */
    void writeWriteIndex(int value) {
        index = value;
        writeIndex = value;
        component = 0;
        state = STATE_WRITE;
    }

    int writeIndex() {
        return state == STATE_WRITE ? index : writeIndex;
    }

    /** 3 when the last index written was for reading, 0 when it was for writing (3C7). */
    int state() {
        return state;
    }

    /** Reads the next component (3C9). */
    int readData() {
        int value = components[index * 3 + component];
        if (++component == 3) {
            component = 0;
            index = index + 1 & 0xFF;
        }
        return value;
    }

    /**
     * Writes the next component (3C9). A colour is taken over when its third component comes.
     *
     * @return whether a colour was completed
     */
    boolean writeData(int value) {
        int bits = eightBits ? value : value & 0x3F;
        switch (component) {
            case 0 -> red = bits;
            case 1 -> green = bits;
            default -> {
                components[index * 3] = red;
                components[index * 3 + 1] = green;
                components[index * 3 + 2] = bits;
                component = 0;
                index = index + 1 & 0xFF;
                return true;
            }
        }
        component++;
        return false;
    }

    /** What a pixel value looks like, 0x00RRGGBB. */
    int colour(int pixel) {
        int at = (pixel & mask) * 3;
        return eight(components[at]) << 16
                | eight(components[at + 1]) << 8
                | eight(components[at + 2]);
    }

    private int eight(int value) {
        return eightBits ? value : (value & 0x3F) << 2 | (value & 0x3F) >> 4;
    }
}
