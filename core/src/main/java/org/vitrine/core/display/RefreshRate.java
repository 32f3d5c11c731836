package org.vitrine.core.display;

/** How often the screen is published while it changes. */
public sealed interface RefreshRate {

    /** As often as a VGA's monitor shows it. */
    RefreshRate DEFAULT = new Fixed(60);

    /**
     * At most so many frames in a second of host time.
     *
     * @param hertz {@link #MINIMUM} to {@link #MAXIMUM}
     */
    record Fixed(int hertz) implements RefreshRate {

        public static final int MINIMUM = 1;
        public static final int MAXIMUM = 240;

        public Fixed {
            if (hertz < MINIMUM || hertz > MAXIMUM) {
                throw new IllegalArgumentException(
                        "a refresh rate is "
                                + MINIMUM
                                + " to "
                                + MAXIMUM
                                + " frames a second, not "
                                + hertz);
            }
        }
    }

    /**
     * As soon as the guest has written and the vCPU thread looks up from it, but at most once in a
     * millisecond, and only as often as leaves the guest three quarters of that thread's time.
     */
    record Immediate() implements RefreshRate {}
}
