package org.vitrine.frontend.mjpeg;

import java.util.Set;
import org.vitrine.spi.Capability;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;

/**
 * Provides {@code mjpeg}: the guest's screen in a browser, and for whatever else plays motion JPEG.
 */
public final class MjpegProvider implements FrontendProvider {

    static final OptionSchema OPTIONS =
            ListenAddress.declare(OptionSchema.builder(), 8080)
                    .integer("quality", "JPEG quality, per cent", 80, 1, 100)
                    .integer("fps", "frames a second at most, for each stream", 30, 1, 120)
                    .bool("input", "whether pages may type and point", true)
                    .integer(
                            "first-frame",
                            "milliseconds that a request waits for the machine's first picture",
                            4_000,
                            0,
                            60_000)
                    .integer(
                            "silence",
                            "milliseconds of a page's silence after which its keys are released",
                            15_000,
                            100,
                            3_600_000)
                    .build();

    /** For {@link java.util.ServiceLoader}. */
    public MjpegProvider() {}

    @Override
    public String name() {
        return "mjpeg";
    }

    @Override
    public String description() {
        return "web page, motion JPEG stream and snapshots over HTTP";
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public String spiVersion() {
        return SpiVersion.CURRENT;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.INPUT, Capability.RESIZE);
    }

    @Override
    public OptionSchema options() {
        return OPTIONS;
    }

    @Override
    public Frontend attach(FrontendContext context, OptionValues options) throws FrontendException {
        return MjpegFrontend.listen(context, options);
    }
}
