package org.vitrine.monitor.placement;

import org.vitrine.spi.testkit.Distribution;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

/**
 * Frontends run in processes of their own, started as the emulator starts them. The distribution
 * carries this package beside the emulator, and the test kit finds it there.
 */
public final class OwnProcessPlacement implements Placement {

    /** For {@link java.util.ServiceLoader}. */
    public OwnProcessPlacement() {}

    @Override
    public TestHost newHost() {
        return new OwnProcessHost(Distribution.home().orElseThrow());
    }

    @Override
    public String toString() {
        return "own-process";
    }
}
