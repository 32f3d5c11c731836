package org.vitrine.monitor.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The far end of a guest's serial line: a socket to which the emulator connects. What the guest
 * wrote is kept; what was waited for is passed over by the next wait.
 */
final class SerialConsole implements AutoCloseable {

    private final Path path;
    private final ServerSocketChannel server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private SocketChannel line;
    private boolean ended;
    private IOException failure;
    private int seen;

    /** Listens in this folder. */
    SerialConsole(Path folder) throws IOException {
        path = folder.resolve("serial.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().name("serial-console").start(this::read);
    }

    /** The emulator's option {@code -chardev} for this end, with an id for {@code -serial}. */
    String chardev(String id) {
        return "socket,id=" + id + ",path=" + path;
    }

    private void read() {
        ByteBuffer some = ByteBuffer.allocate(4096);
        try (SocketChannel connected = server.accept()) {
            synchronized (this) {
                line = connected;
            }
            while (connected.read(some) >= 0) {
                synchronized (this) {
                    received.write(some.array(), 0, some.position());
                    notifyAll();
                }
                some.clear();
            }
        } catch (AsynchronousCloseException closedHere) {
            // The test is over.
        } catch (IOException e) {
            synchronized (this) {
                failure = e;
            }
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** All that the guest has written. */
    synchronized String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * Waits until the guest has written this, after what was waited for before.
     *
     * @return what it wrote before this
     */
    synchronized String await(String wanted, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (true) {
            String text = text();
            int at = text.indexOf(wanted, seen);
            if (at >= 0) {
                String before = text.substring(seen, at);
                seen = at + wanted.length();
                return before;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || ended) {
                String why = left <= 0 ? "in vain waited for '" : "the line ended without '";
                throw new AssertionError(why + wanted + "'; the guest wrote: " + text, failure);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Writes to the guest. */
    void send(String text) throws IOException {
        SocketChannel to;
        synchronized (this) {
            to = line;
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (this) {
            if (line != null) {
                line.close();
            }
        }
    }
}
