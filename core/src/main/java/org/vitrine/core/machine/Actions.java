package org.vitrine.core.machine;

/**
 * What follows when the guest resets its machine or switches it off.
 *
 * @param stayAfterShutdown whether the machine stays, stopped, when the guest switches it off
 * @param shutdownOnReset whether a reset by the guest ends the machine
 */
public record Actions(boolean stayAfterShutdown, boolean shutdownOnReset) {

    /** A reset resets, and switching off ends the machine. */
    public static final Actions STANDARD = new Actions(false, false);
}
