package org.vitrine.core.device.storage;

import java.util.List;
import org.vitrine.core.bus.PciBar;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortSpace;

/**
 * The IDE function of Intel's 82371SB (PIIX3), which decodes its two channels' ports when the guest
 * enables them (section 2.3). The timings are kept and mean nothing.
 */
public final class Piix3Ide extends PciFunction {

    private static final int TIMING = 0x40;
    private static final int DECODE_ENABLED = 0x8000;
    private static final int BUS_MASTER_BAR = 4;

    private final PortSpace ports;
    private final BusMaster busMaster;
    private final AtaChannel[] channels;
    private final boolean[] decoded = new boolean[2];

    /** The function; its channels must not have claimed their ports. */
    public Piix3Ide(
            PortSpace ports, BusMaster busMaster, AtaChannel primary, AtaChannel secondary) {
        super(
                "piix3 ide",
                new Identity(0x8086, 0x7010, 0, 0x010180, 0x1AF4, 0x1100),
                List.of(
                        new PciBar.Ports(
                                BUS_MASTER_BAR, BusMaster.PORTS, "ide bus master", busMaster)));
        this.ports = ports;
        this.busMaster = busMaster;
        this.channels = new AtaChannel[] {primary, secondary};
        register(TIMING, 2, 0, 0xFFFF);
        register(TIMING + 2, 2, 0, 0xFFFF);
        // DEVSEL# timing medium, fast back-to-back
        register(STATUS, 2, 0x0280, 0);
    }

    @Override
    protected void written(int first, int count) {
        decodeChannels();
    }

    private void decodeChannels() {
        busMaster.setEnabled(busMaster());
        for (int i = 0; i < channels.length; i++) {
            boolean enabled = (get(TIMING + 2 * i, 2) & DECODE_ENABLED) != 0;
            if (enabled != decoded[i]) {
                decoded[i] = enabled;
                if (enabled) {
                    channels[i].claimPorts(ports);
                } else {
                    channels[i].releasePorts(ports);
                }
            }
        }
    }

    @Override
    protected void wasReset() {
        decodeChannels();
        busMaster.reset();
        for (AtaChannel channel : channels) {
            channel.reset();
        }
    }
}
