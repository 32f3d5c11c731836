package org.vitrine.frontend.vnc.keyboard;

import org.vitrine.spi.input.KeyCode;

/**
 * How a US keyboard makes a keysym.
 *
 * @param key the key
 * @param level what Shift has to be for it
 */
public record Stroke(KeyCode key, Level level) {

    /** What a keysym asks of Shift. */
    public enum Level {
        /** Nothing: cursor keys, space, modifiers. */
        ANY,
        /** Shift must be up. */
        PLAIN,
        /** Shift must be down. */
        SHIFTED,
        /** A small letter: Shift and Caps Lock both off, or both on. */
        SMALL,
        /** A capital letter: one of Shift and Caps Lock on. */
        CAPITAL
    }
}
