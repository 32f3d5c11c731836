package org.vitrine.spi.input;

import java.util.Objects;

/**
 * One thing that happened to the keyboard or the pointer.
 *
 * @since 1.0
 */
public sealed interface InputEvent {

    /**
     * The largest absolute pointer coordinate: 0 is the left or top edge, this the right or bottom
     * one.
     */
    int ABSOLUTE_MAX = 0x7FFF;

    /**
     * A key went down or up. A second {@code down} without an {@code up} is an auto-repeat.
     *
     * @since 1.0
     */
    record Key(KeyCode key, boolean down) implements InputEvent {
        public Key {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * A button went down or up. A wheel notch is a press followed by a release.
     *
     * @since 1.0
     */
    record Button(PointerButton button, boolean down) implements InputEvent {
        public Button {
            Objects.requireNonNull(button, "button");
        }
    }

    /**
     * The pointer moved by this much: counts of the mouse, right and down positive.
     *
     * @since 1.0
     */
    record RelativeMove(int dx, int dy) implements InputEvent {}

    /**
     * The pointer is at this place of the screen, each axis from 0 to {@link #ABSOLUTE_MAX}.
     *
     * @since 1.0
     */
    record AbsoluteMove(int x, int y) implements InputEvent {
        public AbsoluteMove {
            if (x < 0 || x > ABSOLUTE_MAX || y < 0 || y > ABSOLUTE_MAX) {
                throw new IllegalArgumentException(
                        "absolute pointer coordinates run from 0 to "
                                + ABSOLUTE_MAX
                                + ", not "
                                + x
                                + ","
                                + y);
            }
        }

        /**
         * The event for pixel {@code (x, y)} of a screen of this size; a pixel outside is moved to
         * the edge.
         */
        public static AbsoluteMove ofPixel(int x, int y, int width, int height) {
            return new AbsoluteMove(scale(x, width), scale(y, height));
        }

        private static int scale(int at, int size) {
            if (size <= 1) {
                return 0;
            }
            int clamped = Math.clamp(at, 0, size - 1);
            return (int) ((long) clamped * ABSOLUTE_MAX / (size - 1));
        }
    }
}
