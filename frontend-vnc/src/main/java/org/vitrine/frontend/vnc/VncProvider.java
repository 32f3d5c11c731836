package org.vitrine.frontend.vnc;

import java.util.Set;
import org.vitrine.spi.Capability;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;

/** The VNC server as a plugin. */
public final class VncProvider implements FrontendProvider {

    @Override
    public String name() {
        return "vnc";
    }

    @Override
    public String description() {
        return "VNC server (RFB 3.8) for viewers as TigerVNC, Remmina or noVNC";
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
        return VncOptions.SCHEMA;
    }

    @Override
    public Frontend attach(FrontendContext context, OptionValues options) throws FrontendException {
        return VncServer.listen(context, VncOptions.of(options));
    }
}
