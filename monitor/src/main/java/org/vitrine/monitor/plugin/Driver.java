package org.vitrine.monitor.plugin;

import java.util.Set;
import org.vitrine.spi.Capability;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionSchema;

/**
 * A kind of frontend that a plugin provides. What the provider says of itself was asked when the
 * plugin was loaded, and never is again: afterwards the plugin's code runs on behalf of its own
 * frontends alone.
 *
 * @param plugin whose it is
 * @param spiVersion the SPI that it was built against
 */
record Driver(
        Plugin plugin,
        FrontendProvider provider,
        String name,
        String description,
        String version,
        String spiVersion,
        Set<Capability> capabilities,
        OptionSchema options) {}
