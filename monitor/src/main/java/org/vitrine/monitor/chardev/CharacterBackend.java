package org.vitrine.monitor.chardev;

import org.vitrine.core.bus.CharacterLine;

/**
 * Where a character device leads to on the host. The machine's side of it, {@link CharacterLine},
 * belongs to the vCPU thread; everything else may be called from any thread.
 */
public interface CharacterBackend extends CharacterLine, AutoCloseable {

    /** Its kind, with QEMU's name: {@code "socket"}. */
    String kind();

    /** What {@code query-chardev} tells of it now, in QEMU's form. */
    String filename();

    /** Whether it has connections that can be broken off. */
    default boolean hangsUp() {
        return false;
    }

    /** Breaks off the connection that it has now, without waiting. */
    default void hangUp() {}

    /** Lets the guest's serial port hear a break; nothing where nothing ever comes. */
    default void giveBreak() {}

    /** Waits for the first client where the command line says so. */
    default void awaitClient() throws InterruptedException {}

    /** Gives out what has been sent, for at most two seconds, and ends. */
    @Override
    void close();
}
