package org.vitrine.example.ascii;

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

/** Provides {@code ascii}: the guest's text in a terminal, over TCP. */
public final class AsciiProvider implements FrontendProvider {

    private static final OptionSchema OPTIONS =
            ListenAddress.declare(OptionSchema.builder(), 2323)
                    .bool("telnet", "greet clients as a telnet server does", true)
                    .bool("input", "whether clients may type", true)
                    .build();

    /** For {@link java.util.ServiceLoader}. */
    public AsciiProvider() {}

    @Override
    public String name() {
        return "ascii";
    }

    @Override
    public String description() {
        return "the screen's text in a terminal, over TCP: telnet, or nc";
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
        return AsciiFrontend.listen(context, options);
    }
}
