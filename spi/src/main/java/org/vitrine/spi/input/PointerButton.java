package org.vitrine.spi.input;

/**
 * A pointer button, or one notch of a wheel, named as QMP's {@code InputButton} names it.
 *
 * @since 1.0
 */
public enum PointerButton {
    LEFT("left"),
    MIDDLE("middle"),
    RIGHT("right"),
    /** One notch away from the user; press and release together are one notch. */
    WHEEL_UP("wheel-up"),
    WHEEL_DOWN("wheel-down"),
    WHEEL_LEFT("wheel-left"),
    WHEEL_RIGHT("wheel-right"),
    /** The first thumb button ("back"). */
    SIDE("side"),
    /** The second thumb button ("forward"). */
    EXTRA("extra");

    private final String qmpName;

    PointerButton(String qmpName) {
        this.qmpName = qmpName;
    }

    /** The name in QMP's {@code InputButton}. */
    public String qmpName() {
        return qmpName;
    }
}
