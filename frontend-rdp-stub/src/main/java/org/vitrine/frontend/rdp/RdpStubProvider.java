package org.vitrine.frontend.rdp;

import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;

/** Provides {@code rdp-stub}: the place where an RDP server would stand. */
public final class RdpStubProvider implements FrontendProvider {

    static final OptionSchema OPTIONS =
            ListenAddress.declare(OptionSchema.builder(), 3389)
                    .integer("max-clients", "clients at once; more are turned away", 16, 1, 1000)
                    .integer(
                            "patience",
                            "milliseconds that a connection may last",
                            10_000,
                            100,
                            600_000)
                    .build();

    /** For {@link java.util.ServiceLoader}. */
    public RdpStubProvider() {}

    @Override
    public String name() {
        return "rdp-stub";
    }

    @Override
    public String description() {
        return "negotiates RDP connections and refuses them: shows no screen";
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
        return RdpStubFrontend.listen(context, options);
    }
}
