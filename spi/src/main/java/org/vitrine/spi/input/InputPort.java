package org.vitrine.spi.input;

/**
 * One client's way to the guest's keyboard and pointer.
 *
 * <p>Open one port for each client of your protocol, and close it when that client goes: whatever
 * the client still holds down is released then, so a dropped connection never leaves a key stuck.
 * All methods may be called from any thread and none blocks; events are queued and reach the guest
 * in the order in which this port sent them. While the machine is paused they wait.
 *
 * @since 1.0
 */
public interface InputPort extends AutoCloseable {

    /**
     * Sends events as one group: no other client's events come between them, and pointer events of
     * a group make one report of the mouse.
     *
     * @throws IllegalStateException when the port is closed
     */
    void send(InputEvent... events);

    /** Sends one key press or release. */
    default void key(KeyCode key, boolean down) {
        send(new InputEvent.Key(key, down));
    }

    /**
     * Sends a key given by its scan code of set 1 ("XT"), as X11 and RDP clients name keys.
     *
     * @param code the make code, 0x01 to 0x7F, plus 0x80 when the key has the prefix E0 (QEMU's key
     *     number)
     * @return whether there is such a key; nothing is sent when there is not
     */
    default boolean scanCode(int code, boolean down) {
        KeyCode key = KeyCode.ofNumber(code);
        if (key == null) {
            return false;
        }
        key(key, down);
        return true;
    }

    /** Releases every key and button that this port holds down. */
    void releaseAll();

    /** Releases everything, then closes the port; closing again does nothing. */
    @Override
    void close();
}
