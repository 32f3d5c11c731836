package org.vitrine.core.machine;

/** Why a machine was reset or ended, with the names of QMP's {@code ShutdownCause}. */
public enum ShutdownCause {
    HOST_ERROR("host-error", false),
    HOST_QMP_QUIT("host-qmp-quit", false),
    HOST_QMP_SYSTEM_RESET("host-qmp-system-reset", false),
    HOST_SIGNAL("host-signal", false),
    HOST_UI("host-ui", false),
    GUEST_SHUTDOWN("guest-shutdown", true),
    GUEST_RESET("guest-reset", true);

    private final String qmpName;
    private final boolean guest;

    ShutdownCause(String qmpName, boolean guest) {
        this.qmpName = qmpName;
        this.guest = guest;
    }

    /** The name in QMP's {@code ShutdownCause}. */
    public String qmpName() {
        return qmpName;
    }

    /** Whether the guest asked for it. */
    public boolean guest() {
        return guest;
    }
}
