package org.vitrine.monitor.plugin;

import org.vitrine.spi.FrontendException;

/** There is no plugin with the given name. */
public final class UnknownPluginException extends FrontendException {

    public UnknownPluginException(String name) {
        super("Plugin '" + name + "' not found");
    }
}
