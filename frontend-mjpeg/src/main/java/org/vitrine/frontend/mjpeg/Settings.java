package org.vitrine.frontend.mjpeg;

import org.vitrine.spi.FrontendException;
import org.vitrine.spi.OptionValues;

/**
 * The options as this frontend uses them.
 *
 * @param host address or name to listen on
 * @param port TCP port, 0 for any
 * @param to last port to try, 0 for {@code port} alone
 * @param quality JPEG quality of streams and snapshots that don't ask for one, 1 to 100
 * @param fps frames a second of a stream at most
 * @param input whether pages may type and point
 */
record Settings(String host, int port, int to, int quality, int fps, boolean input) {

    /**
     * @throws FrontendException when options contradict one another
     */
    static Settings of(OptionValues options) throws FrontendException {
        Settings settings =
                new Settings(
                        options.string("host"),
                        (int) options.integer("port"),
                        (int) options.integer("to"),
                        (int) options.integer("quality"),
                        (int) options.integer("fps"),
                        options.bool("input"));
        if (settings.to != 0 && settings.to < settings.port) {
            throw new FrontendException(
                    "option 'to' is the last port to try and can't come before 'port', as "
                            + settings.to
                            + " comes before "
                            + settings.port);
        }
        return settings;
    }

    /** The ports to try, in order: the first and the last. */
    int lastPort() {
        return port == 0 ? 0 : Math.max(port, to);
    }

    /** Whether a server with these settings listens where one with {@code other} does. */
    boolean sameEndpoint(Settings other) {
        return host.equals(other.host) && port == other.port && to == other.to;
    }
}
