package org.vitrine.monitor;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.ShutdownCause;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.process.ChildLauncher;
import org.vitrine.monitor.process.FrontendSocket;
import org.vitrine.monitor.qmp.QmpServer;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.OptionException;

/**
 * A machine with all that is around it: its frontends, its monitor, and the sockets at which the
 * monitor listens. Closing it ends them in the order in which nothing is lost. Safe for use by
 * several threads.
 */
final class Emulator implements AutoCloseable {

    private final Machine machine;
    private final FrontendHost frontends;
    private final Monitor monitor;
    private final Object frontendSocketLock = new Object();
    private FrontendSocket frontendSocket;
    private boolean closed;
    private final List<QmpServer> servers = new CopyOnWriteArrayList<>();

    /** A machine that does not run yet. */
    Emulator(MachineConfig config, PluginLoader plugins, List<Path> pluginFolders) {
        machine = new Machine(config);
        frontends =
                new FrontendHost(
                        plugins,
                        GuestLink.of(machine),
                        new ChildLauncher(this::frontendPrefix, pluginFolders, Main.class));
        monitor = new Monitor(machine, frontends);
    }

    Machine machine() {
        return machine;
    }

    Monitor monitor() {
        return monitor;
    }

    /** Lets the JSON monitor listen at this address too. */
    void listen(SocketAddress address) throws IOException {
        servers.add(new QmpServer(monitor, address));
    }

    /** Lets frontends in processes of their own connect at {@code PREFIX.sock}. */
    void listenForFrontends(Path prefix) throws IOException {
        synchronized (frontendSocketLock) {
            frontendSocket = FrontendSocket.at(monitor, prefix);
        }
    }

    /** Where a frontend that this emulator starts connects; made when the first one needs it. */
    private Path frontendPrefix() throws IOException {
        synchronized (frontendSocketLock) {
            if (closed) {
                throw new IOException("the machine has ended");
            }
            if (frontendSocket == null) {
                frontendSocket = FrontendSocket.inOwnFolder(monitor);
            }
            return frontendSocket.prefix();
        }
    }

    /**
     * Attaches a frontend that the command line asks for.
     *
     * @throws CommandLineException when its driver or one of its options is unknown or wrong
     * @throws FrontendException when it can't start
     */
    FrontendHost.Attached attach(LaunchOptions.FrontendRequest request)
            throws CommandLineException, FrontendException {
        try {
            return frontends.attachWords(
                    request.driver(), request.id(), request.placing(), request.options());
        } catch (OptionException e) {
            throw new CommandLineException("-display " + e.getMessage());
        }
    }

    /** Waits until the machine has ended; whether it failed. */
    boolean awaitEnd() {
        return machine.ended().join() == ShutdownCause.HOST_ERROR;
    }

    @Override
    public void close() {
        machine.close();
        frontends.close();
        synchronized (frontendSocketLock) {
            closed = true;
            if (frontendSocket != null) {
                frontendSocket.close();
                frontendSocket = null;
            }
        }
        servers.forEach(QmpServer::close);
    }
}
