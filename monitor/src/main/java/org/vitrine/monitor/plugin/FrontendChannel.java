package org.vitrine.monitor.plugin;

import java.util.Map;

/**
 * What a host asks of a frontend in another process. None of these waits; answers come back to the
 * {@link RemoteSession}. Called on any thread.
 */
public interface FrontendChannel {

    /** Asks for its status; the answer carries the number. */
    void askStatus(long request);

    /** Asks it to change these options, typed as in JSON. */
    void askChange(long request, Map<String, ?> changes);

    /** Asks it to close its endpoints and to end. */
    void askClose(CloseReason reason);

    /** Breaks the connection off. */
    void disconnect();

    /** Why a frontend is to close. */
    enum CloseReason implements Worded {
        /** Somebody detached it. */
        DETACHED,
        /** The emulator ends; another may come in its place. */
        EMULATOR_ENDS
    }
}
