package org.vitrine.spi.display;

/**
 * The lamps of the guest's keyboard.
 *
 * @since 1.0
 */
public record KeyboardLeds(boolean scrollLock, boolean numLock, boolean capsLock) {

    /** From the bits of the PS/2 command ED: bit 0 scroll, 1 num, 2 caps lock. */
    public static KeyboardLeds ofBits(int bits) {
        return new KeyboardLeds((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
    }
}
