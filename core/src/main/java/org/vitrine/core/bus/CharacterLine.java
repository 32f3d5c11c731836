package org.vitrine.core.bus;

/**
 * What a serial or parallel port's cable leads to. Called by the vCPU thread alone, and never lets
 * it wait: what can't be done now is asked for again after the line has called for attention.
 */
public interface CharacterLine {

    /** There is nothing to receive. */
    int NOTHING = -1;

    /** The other side holds the line at "space" for longer than a character takes. */
    int BREAK = 0x100;

    /** Takes the next character that came, 0 to 0xFF, or {@link #BREAK} or {@link #NOTHING}. */
    int receive();

    /** Sends a character; false when the other side has no room for it now. */
    boolean send(int character);

    /**
     * Whom to call when something has come, or there is room again; from any thread. One device
     * alone has the line, and calls this once.
     */
    void attach(Runnable attention);

    /** A line with nobody at its other end: nothing comes, and what is sent is lost. */
    static CharacterLine unconnected() {
        return new CharacterLine() {
            @Override
            public int receive() {
                return NOTHING;
            }

            @Override
            public boolean send(int character) {
                return true;
            }

            @Override
            public void attach(Runnable attention) {
                // There never is anything to tell.
            }
        };
    }
}
