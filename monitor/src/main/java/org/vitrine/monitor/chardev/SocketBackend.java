package org.vitrine.monitor.chardev;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads to the other end of a socket: one client at a time where it listens, or the server that it
 * connects to. While nobody is there, what the guest sends is lost.
 */
public final class SocketBackend implements CharacterBackend {

    private static final Logger LOG = LoggerFactory.getLogger(SocketBackend.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final long RETRY_NANOS = 100_000_000;
    private static final int AT_ONCE = 1024;

    private final SocketAddress address;
    private final ListeningSocket listener;
    private final long reconnectSeconds;
    private final QueuedLine line = new QueuedLine();
    private final CountDownLatch firstClient = new CountDownLatch(1);
    private final Thread server;
    private volatile SocketChannel peer;
    private volatile Thread writer;
    private volatile boolean closed;

    private SocketBackend(
            SocketAddress address,
            ListeningSocket listener,
            SocketChannel first,
            long reconnectSeconds) {
        this.address = address;
        this.listener = listener;
        this.reconnectSeconds = reconnectSeconds;
        server =
                Thread.ofVirtual()
                        .name("chardev-socket")
                        .start(listener != null ? this::accept : () -> stayConnected(first));
    }

    /**
     * Listens.
     *
     * @throws IOException when that is not possible; the message is for a person
     */
    public static SocketBackend listening(SocketAddress address) throws IOException {
        ListeningSocket listener = new ListeningSocket(address);
        return new SocketBackend(listener.address(), listener, null, 0);
    }

    /**
     * Connects.
     *
     * @param reconnectSeconds after how many seconds to try again when the other side has gone; 0
     *     for not at all
     * @throws IOException when nobody listens there and it shall not be tried again; the message is
     *     for a person
     */
    public static SocketBackend connecting(SocketAddress address, long reconnectSeconds)
            throws IOException {
        SocketChannel first;
        try {
            first = connect(address);
        } catch (IOException e) {
            if (reconnectSeconds == 0) {
                throw new IOException("can't connect to " + address + ": " + e.getMessage(), e);
            }
            first = null;
        }
        return new SocketBackend(address, null, first, reconnectSeconds);
    }

    private static SocketChannel connect(SocketAddress address) throws IOException {
        SocketChannel channel =
                address instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open();
        try {
            channel.connect(address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e instanceof IOException io ? io : new IOException("there is no such host", e);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                serve(listener.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a client of {} could not be accepted", filename(), e);
                // Out of descriptors, most likely: trying again at once would only fill the log.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void stayConnected(SocketChannel first) {
        if (first != null) {
            serve(first);
        }
        while (!closed && reconnectSeconds > 0) {
            LockSupport.parkNanos(Duration.ofSeconds(reconnectSeconds).toNanos());
            try {
                if (!closed) {
                    serve(connect(address));
                }
            } catch (IOException e) {
                LOG.debug("nobody listens at {}", address, e);
            }
        }
    }

    private void serve(SocketChannel channel) {
        peer = channel;
        line.setConnected(true);
        writer = Thread.ofVirtual().name("chardev-socket-write").start(() -> write(channel));
        firstClient.countDown();
        if (closed) {
            // Closed meanwhile, by somebody who did not see this client.
            hangUp();
        }
        byte[] buffer = new byte[AT_ONCE];
        try {
            ByteBuffer bytes = ByteBuffer.wrap(buffer);
            for (int count = channel.read(bytes); count >= 0; count = channel.read(bytes)) {
                line.give(buffer, count);
                bytes.clear();
            }
        } catch (IOException e) {
            LOG.debug("the connection of {} has ended", filename(), e);
        } catch (InterruptedException e) {
            LOG.debug("the connection of {} was broken off", filename(), e);
        } finally {
            peer = null;
            if (!closed) {
                line.setConnected(false);
            }
            hangUp(channel);
            awaitWriter();
        }
    }

    /** The writer must not take what is for the next client. */
    private void awaitWriter() {
        Thread last = writer;
        if (!closed) {
            last.interrupt();
        }
        try {
            last.join();
        } catch (InterruptedException e) {
            LOG.debug("the wait for the writer of {} was broken off", filename(), e);
        }
    }

    private void write(SocketChannel channel) {
        byte[] buffer = new byte[AT_ONCE];
        try {
            for (int count = line.take(buffer); count > 0; count = line.take(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            LOG.debug("the connection of {} has ended", filename(), e);
        } catch (InterruptedException e) {
            LOG.debug("the connection of {} was broken off", filename(), e);
        } finally {
            hangUp(channel);
        }
    }

    private static void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection", e);
        }
    }

    @Override
    public String kind() {
        return "socket";
    }

    @Override
    public String filename() {
        return (line.isConnected() ? "" : "disconnected:")
                + place(address)
                + (listener != null ? ",server=on" : "");
    }

    /** A socket's address in QEMU's words. */
    public static String place(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
            case InetSocketAddress tcp -> "tcp:" + tcp.getHostString() + ":" + tcp.getPort();
            default -> address.toString();
        };
    }

    /** Where it listens or connects to, with the port that was chosen. */
    public SocketAddress address() {
        return address;
    }

    @Override
    public boolean hangsUp() {
        return true;
    }

    @Override
    public void hangUp() {
        SocketChannel now = peer;
        if (now != null) {
            hangUp(now);
        }
    }

    @Override
    public void awaitClient() throws InterruptedException {
        firstClient.await();
    }

    @Override
    public int receive() {
        return line.receive();
    }

    @Override
    public boolean send(int character) {
        return line.send(character);
    }

    @Override
    public void attach(Runnable attention) {
        line.attach(attention);
    }

    @Override
    public void giveBreak() {
        line.giveBreak();
    }

    @Override
    public void close() {
        closed = true;
        line.close();
        firstClient.countDown();
        try {
            Thread last = writer;
            if (last != null && !last.join(LAST_WORDS)) {
                LOG.warn("{} takes nothing: what the guest sent last is lost", filename());
            }
            hangUp();
            if (listener != null) {
                listener.close();
            }
            LockSupport.unpark(server);
            server.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("closing {}", filename(), e);
        }
    }
}
