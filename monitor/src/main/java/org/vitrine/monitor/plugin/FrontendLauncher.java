package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.nio.file.Path;

/** Starts processes for frontends that get one of their own. */
@FunctionalInterface
public interface FrontendLauncher {

    /**
     * Starts a process that will run this driver, and register itself with this id and its pid. Its
     * standard output is a log.
     *
     * @param plugin the JAR or folder of JARs with the driver
     * @throws IOException when it can't be started; the message is for a person
     */
    Process launch(String driver, String id, Path plugin) throws IOException;
}
