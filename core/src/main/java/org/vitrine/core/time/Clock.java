package org.vitrine.core.time;

/** Guest time: nanoseconds since the machine was made, standing still while it is paused. */
public interface Clock {

    long SECOND = 1_000_000_000L;

    /** Now, in nanoseconds; never goes back. */
    long nanos();
}
