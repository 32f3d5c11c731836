package org.vitrine.monitor.plugin;

import java.time.Duration;
import org.vitrine.spi.FrontendStatus;

/** What happens to frontends. */
public sealed interface FrontendEvent {

    /** The frontend's id. */
    String id();

    /** It is attached, or attached again after a crash of its process. */
    record Attached(String id, String driver) implements FrontendEvent {}

    record Detached(String id, String driver) implements FrontendEvent {}

    /**
     * The frontend ended by a fault of its own.
     *
     * @param restartsIn when its process is started again, or null when it is not
     */
    record Crashed(String id, String driver, String message, Duration restartsIn)
            implements FrontendEvent {

        /** A crash that is not followed by a restart. */
        public Crashed(String id, String driver, String message) {
            this(id, driver, message, null);
        }
    }

    /**
     * The frontend does not keep to what it may do, or does not end when it should. Others go on,
     * and it may too.
     */
    record Misbehaved(String id, String driver, String message) implements FrontendEvent {}

    record ClientConnected(String id, FrontendStatus.Client client) implements FrontendEvent {}

    record ClientDisconnected(String id, FrontendStatus.Client client, String reason)
            implements FrontendEvent {}
}
