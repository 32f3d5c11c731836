package org.vitrine.frontend.mjpeg;

import org.vitrine.spi.FrontendException;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionValues;

/**
 * The options as this frontend uses them.
 *
 * @param address where to listen
 * @param quality JPEG quality of streams and snapshots that don't ask for one, 1 to 100
 * @param fps frames a second of a stream at most
 * @param input whether pages may type and point
 */
record Settings(ListenAddress address, int quality, int fps, boolean input) {

    /**
     * @throws FrontendException when options contradict one another
     */
    static Settings of(OptionValues options) throws FrontendException {
        return new Settings(
                ListenAddress.of(options),
                (int) options.integer("quality"),
                (int) options.integer("fps"),
                options.bool("input"));
    }

    /** Whether a server with these settings listens where one with {@code other} does. */
    boolean sameEndpoint(Settings other) {
        return address.equals(other.address);
    }
}
