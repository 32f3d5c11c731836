package org.vitrine.core.machine;

/** What the machine is doing, with the names of QMP's {@code RunState}. */
public enum RunState {
    /** Made, and never started. */
    PRELAUNCH("prelaunch"),
    RUNNING("running"),
    /** Stopped by a user; guest time stands still. */
    PAUSED("paused"),
    /** Stopped at a breakpoint, or after a single step; guest time stands still. */
    DEBUG("debug"),
    /** Stopped since a drive could not be read or written; it is tried again when it goes on. */
    IO_ERROR("io-error"),
    /** The guest has switched itself off, and the machine was told to stay. */
    SHUTDOWN("shutdown"),
    /** The emulator met an error of its own; the log says which. */
    INTERNAL_ERROR("internal-error");

    private final String qmpName;

    RunState(String qmpName) {
        this.qmpName = qmpName;
    }

    /** The name in QMP's {@code RunState}. */
    public String qmpName() {
        return qmpName;
    }
}
