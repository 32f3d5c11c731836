package org.vitrine.frontend.mjpeg;

import java.time.Duration;
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
 * @param firstFrame how long a request waits for the machine's first picture
 * @param silence how long a page may be silent before it is taken for gone
 */
record Settings(
        ListenAddress address,
        int quality,
        int fps,
        boolean input,
        Duration firstFrame,
        Duration silence) {

    /**
     * @throws FrontendException when options contradict one another
     */
    static Settings of(OptionValues options) throws FrontendException {
        return new Settings(
                ListenAddress.of(options),
                (int) options.integer("quality"),
                (int) options.integer("fps"),
                options.bool("input"),
                Duration.ofMillis(options.integer("first-frame")),
                Duration.ofMillis(options.integer("silence")));
    }

    /** Whether a server that was started with {@code other} can go over to these settings. */
    boolean canFollow(Settings other) {
        return address.equals(other.address)
                && firstFrame.equals(other.firstFrame)
                && silence.equals(other.silence);
    }
}
