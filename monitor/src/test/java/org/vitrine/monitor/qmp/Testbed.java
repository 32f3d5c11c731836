package org.vitrine.monitor.qmp;

import java.io.OutputStream;
import java.util.List;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.PluginLoader;

/** A machine that has not been started, with a monitor and no plugins. */
public final class Testbed implements AutoCloseable {

    private final Machine machine;
    private final FrontendHost frontends;
    private final Monitor monitor;

    public Testbed(String name) {
        machine = new Machine(new MachineConfig(
                name,
                4 * MachineConfig.MIB,
                FirmwareImages.systemBios(),
                FirmwareImages.vgaBios(),
                OutputStream.nullOutputStream(),
                false,
                false));
        frontends = new FrontendHost(new PluginLoader(List.of()), machine);
        monitor = new Monitor(machine, frontends);
    }

    public Machine machine() {
        return machine;
    }

    public FrontendHost frontends() {
        return frontends;
    }

    public Monitor monitor() {
        return monitor;
    }

    @Override
    public void close() {
        frontends.close();
        machine.close();
    }
}
