package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.chardev.ListeningSocket;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.command.Role;

/** Listens for QMP clients on a TCP or Unix socket, and serves any number of them at a time. */
public final class QmpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QmpServer.class);

    private static final long RETRY_NANOS = 100_000_000;

    private final ClientConnection.Factory factory;
    private final boolean ownUserAlone;
    private final ListeningSocket listener;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch firstClient = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Listens.
     *
     * @param address a TCP address (port 0 for any free one) or a Unix socket's path
     * @throws IOException when it can't listen there; the message is for a person
     */
    public QmpServer(Monitor monitor, SocketAddress address) throws IOException {
        this(monitor, address, WireForm.COMPACT);
    }

    /** As {@link #QmpServer(Monitor, SocketAddress)}, with messages written in this form. */
    public QmpServer(Monitor monitor, SocketAddress address, WireForm form) throws IOException {
        this(
                address,
                (channel, ended) -> new QmpConnection(channel, monitor, Role.MONITOR, form, ended),
                false);
    }

    private QmpServer(SocketAddress address, ClientConnection.Factory factory, boolean ownUserAlone)
            throws IOException {
        this.factory = factory;
        this.ownUserAlone = ownUserAlone;
        this.listener = new ListeningSocket(address);
        Thread.ofVirtual().name("qmp-accept").start(this::accept);
    }

    /**
     * Listens for frontends in processes of their own: clients in the frontend role, of which only
     * the emulator's own user and root are let in.
     */
    public static QmpServer forFrontends(Monitor monitor, UnixDomainSocketAddress address)
            throws IOException {
        return new QmpServer(
                address,
                (channel, ended) ->
                        new QmpConnection(channel, monitor, Role.FRONTEND, WireForm.COMPACT, ended),
                true);
    }

    /** Listens for people who speak the human monitor's language, a line at a time. */
    public static QmpServer human(Monitor monitor, SocketAddress address) throws IOException {
        return new QmpServer(
                address, (channel, ended) -> new HumanConnection(channel, monitor, ended), false);
    }

    /** Waits until a first client has come, or the server is closed. */
    public void awaitClient() throws InterruptedException {
        firstClient.await();
    }

    /** How many clients there are. */
    public int clients() {
        return connections.size();
    }

    /** Breaks all connections off, and goes on listening. Does not wait. */
    public void hangUp() {
        connections.forEach(ClientConnection::hangUp);
    }

    /** Where it listens, with the port that was chosen. */
    public SocketAddress address() throws IOException {
        return listener.address();
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel channel = listener.accept();
                if (ownUserAlone && !isOwnUser(channel)) {
                    channel.close();
                    continue;
                }
                ClientConnection connection = factory.make(channel, connections::remove);
                connections.add(connection);
                connection.start();
                firstClient.countDown();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a QMP client could not be accepted", e);
                // Out of descriptors, most likely: trying again at once would only fill the log.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Whether the client is this process's user, or root; says so in the log when it is not. */
    private boolean isOwnUser(SocketChannel channel) throws IOException {
        String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (peer.equals(Files.getOwner(listener.file()).getName()) || peer.equals("root")) {
            return true;
        }
        LOG.warn("user {} was refused at {}", peer, listener.file());
        return false;
    }

    /**
     * Stops listening, and ends all connections after what they still have to say (at most two
     * seconds).
     */
    @Override
    public void close() {
        closed = true;
        firstClient.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("closing the QMP socket", e);
        }
        connections.forEach(ClientConnection::finish);
        connections.forEach(ClientConnection::awaitEnd);
    }
}
