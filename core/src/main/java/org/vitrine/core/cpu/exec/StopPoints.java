package org.vitrine.core.cpu.exec;

import java.util.Arrays;

/**
 * Linear addresses at which the host wants the processor to stand still before it executes what is
 * there. The guest's own breakpoints are its debug registers' business, and stay as they are.
 *
 * <p>While there is any, each instruction is looked at, so that the guest runs several times
 * slower; without any they cost nothing. Belongs to the vCPU thread.
 */
public final class StopPoints {

    /** No linear address. */
    public static final long NOWHERE = -1;

    private final Execution x;
    private long[] addresses = {};
    private long passed = NOWHERE;
    private long met = NOWHERE;

    StopPoints(Execution execution) {
        this.x = execution;
    }

    /** Stops at these addresses, 0 to 2^32-1, and no others. */
    public void set(long... newAddresses) {
        addresses = newAddresses.clone();
        Arrays.sort(addresses);
        x.watch(addresses.length > 0);
    }

    /** Lets the instruction at this address be the next one, although there may be a stop at it. */
    public void pass(long linear) {
        passed = linear;
    }

    /** Whether to stop before the instruction at this address. */
    public boolean stopsAt(long linear) {
        boolean stops = linear != passed && Arrays.binarySearch(addresses, linear) >= 0;
        passed = NOWHERE;
        met = stops ? linear : met;
        return stops;
    }

    /** Whether the processor has stopped, and nobody has asked where. */
    public boolean isMet() {
        return met != NOWHERE;
    }

    /** Where the processor has stopped since this was last asked, or {@link #NOWHERE}. */
    public long takeMet() {
        long where = met;
        met = NOWHERE;
        return where;
    }
}
