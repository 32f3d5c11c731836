package org.vitrine.monitor.qmp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.PluginLoader;

/** A machine that has not been started, with a monitor. */
public final class Testbed implements AutoCloseable {

    private final Machine machine;
    private final FrontendHost frontends;
    private final Monitor monitor;

    public Testbed(String name) {
        this(name, new Path[0]);
    }

    /** A machine with the plugins of these folders. */
    public Testbed(String name, Path... pluginFolders) {
        machine =
                new Machine(
                        MachineConfig.standard()
                                .withName(name)
                                .withMemorySize(4 * MachineConfig.MIB));
        frontends =
                new FrontendHost(new PluginLoader(List.of(pluginFolders)), GuestLink.of(machine));
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

    /** Waits until the guest has shown something; fails when it does not within 60 s. */
    public void awaitPicture() throws InterruptedException {
        if (!machine.display().awaitNewer(0, Duration.ofSeconds(60))) {
            throw new AssertionError("the machine shows nothing");
        }
    }

    @Override
    public void close() {
        frontends.close();
        machine.close();
    }
}
