package org.vitrine.monitor.plugin;

import org.vitrine.spi.FrontendException;

/** No frontend with the given id is attached. */
public final class UnknownFrontendException extends FrontendException {

    public UnknownFrontendException(String id) {
        super("Frontend '" + id + "' not found");
    }
}
