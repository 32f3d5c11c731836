package org.vitrine.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.ShutdownCause;
import org.vitrine.monitor.command.CharacterDevices;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.process.ChildLauncher;
import org.vitrine.monitor.process.FrontendSocket;
import org.vitrine.monitor.qmp.MonitorCall;
import org.vitrine.monitor.qmp.QmpServer;
import org.vitrine.monitor.qmp.WireForm;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.OptionException;

/**
 * A machine with all that is around it: its frontends, its monitor, and the sockets at which the
 * monitor listens. Closing it ends them in the order in which nothing is lost. Safe for use by
 * several threads.
 */
final class Emulator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Emulator.class);

    private final Machine machine;
    private final FrontendHost frontends;
    private final Monitor monitor;
    private final Object frontendSocketLock = new Object();
    private FrontendSocket frontendSocket;
    private boolean closed;
    private final List<AutoCloseable> sockets = new CopyOnWriteArrayList<>();

    /** A machine that does not run yet. */
    Emulator(MachineConfig config, PluginLoader plugins) {
        machine = new Machine(config);
        frontends =
                new FrontendHost(
                        plugins,
                        GuestLink.of(machine),
                        new ChildLauncher(this::frontendPrefix, Main.class));
        monitor = new Monitor(machine, frontends, LaunchOptions.commandLineOptions());
    }

    Machine machine() {
        return machine;
    }

    Monitor monitor() {
        return monitor;
    }

    /**
     * Opens a socket of the monitor; waits for its first client where the command line says so.
     *
     * @throws IOException when it can't listen or connect there
     */
    void open(MonitorSocket socket) throws IOException {
        WireForm form = socket.pretty() ? WireForm.PRETTY : WireForm.COMPACT;
        if (socket.isExposed()) {
            LOG.warn(
                    "whoever reaches {} can do everything that the monitor can",
                    socket.filename(true));
        }
        if (socket.server()) {
            QmpServer server =
                    socket.human()
                            ? QmpServer.human(monitor, socket.address())
                            : new QmpServer(monitor, socket.address(), form);
            sockets.add(server);
            list(socket, () -> server.clients() > 0, server::hangUp);
            if (socket.awaitsClient()) {
                awaitClient(socket, server);
            }
        } else {
            MonitorCall call =
                    socket.human()
                            ? MonitorCall.human(monitor, socket.address())
                            : MonitorCall.qmp(monitor, socket.address(), form);
            sockets.add(call);
            list(socket, call::isConnected, call::hangUp);
        }
    }

    /** Has these character devices from now on, and closes them after the machine. */
    void connect(CharacterConnections connections) {
        connections.list(monitor.characterDevices());
        sockets.add(connections);
    }

    private void list(MonitorSocket socket, BooleanSupplier connected, Runnable hangUp) {
        monitor.characterDevices()
                .add(
                        new CharacterDevices.Device(
                                socket.label(),
                                "socket",
                                () -> socket.filename(connected.getAsBoolean()),
                                () -> true,
                                hangUp,
                                true,
                                () -> {}));
    }

    private static void awaitClient(MonitorSocket socket, QmpServer server) throws IOException {
        LOG.warn("waiting for a client on {}", socket.filename(false));
        try {
            server.awaitClient();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the wait for a client was broken off", e);
        }
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
        for (AutoCloseable socket : sockets) {
            try {
                socket.close();
            } catch (Exception e) {
                LOG.warn("closing a socket of the monitor", e);
            }
        }
    }
}
