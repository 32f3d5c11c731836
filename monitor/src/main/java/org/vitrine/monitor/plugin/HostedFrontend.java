package org.vitrine.monitor.plugin;

import java.util.Map;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;

/** A frontend that a host has, wherever it runs. Safe for use by several threads. */
sealed interface HostedFrontend permits AttachedFrontend, RemoteFrontend {

    String id();

    String driver();

    /** The plugin that it was made of; null when somebody has started it by hand elsewhere. */
    Plugin plugin();

    /** Where it runs, and what becomes of it when it fails there. */
    Placing placing();

    /** The options that it was given, typed, without defaults; null when it was started by hand. */
    Map<String, Object> given();

    /** What it is and does now; waits for the plugin's own account within the status limit. */
    FrontendHost.Attached describe();

    /** What it last said of itself; asks and waits for nothing. */
    FrontendStatus lastStatus();

    /** Its options, secret ones included; null when somebody has started it by hand. */
    OptionValues options();

    /** Changes options, typed as in JSON; those not named keep their values. */
    void reconfigure(Map<String, ?> changes) throws FrontendException;

    /**
     * Detaches: afterwards its endpoints, threads and processes are gone, and what its clients held
     * down is released.
     */
    void close(FrontendChannel.CloseReason reason);

    /** Tells the host's listeners that it was detached; called after {@link #close}. */
    void tellDetached();
}
