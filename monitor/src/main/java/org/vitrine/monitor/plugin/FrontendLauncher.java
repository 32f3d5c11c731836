package org.vitrine.monitor.plugin;

import java.io.IOException;

/** Starts processes for frontends that get one of their own. */
@FunctionalInterface
public interface FrontendLauncher {

    /**
     * Starts a process that will run this driver, and register itself with this id and its pid. Its
     * standard output is a log.
     *
     * @throws IOException when it can't be started; the message is for a person
     */
    Process launch(String driver, String id) throws IOException;
}
