package org.vitrine.monitor.plugin;

import org.vitrine.spi.FrontendStatus;

/** What happens to frontends. */
public sealed interface FrontendEvent {

    /** The frontend's id. */
    String id();

    record Attached(String id, String driver) implements FrontendEvent {}

    record Detached(String id, String driver) implements FrontendEvent {}

    /** The frontend ended by a fault of its own. */
    record Crashed(String id, String driver, String message) implements FrontendEvent {}

    record ClientConnected(String id, FrontendStatus.Client client) implements FrontendEvent {}

    record ClientDisconnected(String id, FrontendStatus.Client client, String reason)
            implements FrontendEvent {}
}
