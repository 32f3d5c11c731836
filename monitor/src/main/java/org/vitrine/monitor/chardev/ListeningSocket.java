package org.vitrine.monitor.chardev;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
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
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP or Unix socket that takes clients.
 *
 * <p>A Unix socket's file can be used by its owner alone (mode 0600), and goes when the socket
 * closes. A file that a dead server has left is replaced; one that somebody serves is an error, and
 * so is a file that is no socket.
 */
public final class ListeningSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private final ServerSocketChannel channel;
    private final Path file;

    /**
     * Listens.
     *
     * @param address a TCP address (port 0 for any free one) or a Unix socket's path
     * @throws IOException when that is not possible; the message is for a person
     */
    public ListeningSocket(SocketAddress address) throws IOException {
        file = address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
        channel = file != null ? listenUnix(file) : listenTcp(address);
    }

    /** Waits for the next client. */
    public SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** Where it listens, with the port that was chosen. */
    public SocketAddress address() throws IOException {
        return file != null ? UnixDomainSocketAddress.of(file) : channel.getLocalAddress();
    }

    /** The Unix socket's file, or null. */
    public Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (file != null) {
            Files.deleteIfExists(file);
        }
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
}
