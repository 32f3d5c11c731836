package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.command.Role;

/**
 * Listens for QMP clients on a TCP or Unix socket, and serves any number of them at a time.
 *
 * <p>A Unix socket's file can be used by its owner alone (mode 0600), and goes when the server
 * closes. A file that a dead server has left is replaced; one that somebody serves is an error, and
 * so is a file that is no socket.
 */
public final class QmpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QmpServer.class);

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private static final long RETRY_NANOS = 100_000_000;

    private final ClientConnection.Factory factory;
    private final boolean ownUserAlone;
    private final ServerSocketChannel listener;
    private final Path socketFile;
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
        this.socketFile = address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
        this.listener = socketFile != null ? listenUnix(socketFile) : listenTcp(address);
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
        return socketFile != null
                ? UnixDomainSocketAddress.of(socketFile)
                : listener.getLocalAddress();
    }

    private static ServerSocketChannel listenTcp(SocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("can't listen at " + address + ": " + e.getMessage(), e);
        }
    }

    private static ServerSocketChannel listenUnix(Path path) throws IOException {
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        // Made where nobody else can reach it, and moved to its place when its mode is right: so
        // there is no moment at which others could connect.
        Path room = path.resolveSibling(".v" + Long.toHexString(nextRoom()));
        try {
            Files.createDirectory(room, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Path made = room.resolve("s");
            try {
                channel.bind(UnixDomainSocketAddress.of(made));
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
                Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
                return channel;
            } finally {
                Files.deleteIfExists(made);
                Files.delete(room);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            String why =
                    e instanceof NoSuchFileException ? "there is no such folder" : e.getMessage();
            throw new IOException("can't listen at " + path + ": " + why, e);
        }
    }

    private static long nextRoom() {
        return ThreadLocalRandom.current().nextInt() & 0xFFFF_FFFFL;
    }

    /** Removes the file of a server that has died; leaves everything else. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // A socket is the only thing that is neither file, folder nor link and takes a connection.
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(
                    "can't listen at " + path + ": there is a file that is no socket");
        }
        if (isServed(path)) {
            throw new IOException("can't listen at " + path + ": it is in use");
        }
        LOG.info("replacing the socket file {} that nobody serves", path);
        Files.delete(path);
    }

    private static boolean isServed(Path path) throws IOException {
        SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (probe) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return false;
        }
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
        if (peer.equals(Files.getOwner(socketFile).getName()) || peer.equals("root")) {
            return true;
        }
        LOG.warn("user {} was refused at {}", peer, socketFile);
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
            if (socketFile != null) {
                Files.deleteIfExists(socketFile);
            }
        } catch (IOException e) {
            LOG.warn("closing the QMP socket", e);
        }
        connections.forEach(ClientConnection::finish);
        connections.forEach(ClientConnection::awaitEnd);
    }
}
