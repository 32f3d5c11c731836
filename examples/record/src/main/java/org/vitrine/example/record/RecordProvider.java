package org.vitrine.example.record;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;

/** Provides {@code record}: what the screen shows, kept as an animated PNG. */
public final class RecordProvider implements FrontendProvider {

    private static final OptionSchema OPTIONS =
            OptionSchema.builder()
                    .path("file", "the picture to write, which must not exist yet", null)
                    .integer("fps", "frames a second at most", 10, 1, 60)
                    .build();

    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /** For {@link java.util.ServiceLoader}. */
    public RecordProvider() {
        this(InstantSource.system(), System::nanoTime);
    }

    /**
     * @param clock what time of day it is when a file is begun
     * @param nanoTime the clock by which frames are stamped
     */
    RecordProvider(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "record";
    }

    @Override
    public String description() {
        return "writes what the screen shows, with its times, into an animated PNG";
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
    public OptionSchema options() {
        return OPTIONS;
    }

    @Override
    public Frontend attach(FrontendContext context, OptionValues options) throws FrontendException {
        return Recorder.start(context, options, clock, nanoTime);
    }
}
