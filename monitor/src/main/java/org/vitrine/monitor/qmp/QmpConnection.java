package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.Role;

/**
 * A client's socket and its three threads: one reads, one runs commands in their order, one writes.
 * A client that sends faster than its commands run is made to wait; one that does not read what it
 * is sent is put out when {@link #BACKLOG_LIMIT} bytes wait for it.
 */
final class QmpConnection {

    private static final Logger LOG = LoggerFactory.getLogger(QmpConnection.class);

    /** Requests that may wait, as many as QEMU lets wait. */
    private static final int REQUEST_LIMIT = 8;

    /** Bytes that may wait to be read by the client; a reply may be large, so one may go beyond. */
    static final long BACKLOG_LIMIT = 16 << 20;

    private static final Duration FINISH_LIMIT = Duration.ofSeconds(2);

    private static final Runnable NO_MORE_REQUESTS = () -> {};
    private static final String NO_MORE_LINES = "";

    /** Stands in the queue behind a line about a frame; compared by identity. */
    private static final String FRAME_IS_WRITTEN = "frame";

    private static final Duration FRAME_PATIENCE = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final Monitor monitor;
    private final Consumer<QmpConnection> ended;
    private final QmpSession session;
    private final Consumer<MonitorEvent> eventListener;
    private final BlockingQueue<Runnable> requests = new ArrayBlockingQueue<>(REQUEST_LIMIT);
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Semaphore frameWritten = new Semaphore(0);
    private final AtomicLong backlog = new AtomicLong();
    private final Thread reader;
    private final Thread worker;
    private final Thread writer;
    private final Thread frames;
    private volatile boolean putOut;

    /**
     * @param ended told when the connection has ended
     */
    QmpConnection(
            SocketChannel channel, Monitor monitor, Role role, Consumer<QmpConnection> ended) {
        this.channel = channel;
        this.monitor = monitor;
        this.ended = ended;
        this.session =
                new QmpSession(
                        monitor.dispatcher(), role, this::enqueue, this::send, this::breakOff);
        this.eventListener = session::event;
        this.reader = Thread.ofVirtual().name("qmp-read").unstarted(this::read);
        this.worker = Thread.ofVirtual().name("qmp-run").unstarted(this::work);
        this.writer = Thread.ofVirtual().name("qmp-write").unstarted(this::write);
        this.frames =
                role == Role.FRONTEND
                        ? Thread.ofVirtual().name("qmp-frames").unstarted(this::tellOfFrames)
                        : null;
    }

    void start() {
        monitor.addListener(eventListener);
        session.open();
        writer.start();
        worker.start();
        reader.start();
    }

    /**
     * Tells a frontend of newer frames: of the next one when the line about the last is written, so
     * that one that does not read has one line waiting at most. The thread that makes the frames
     * has no part in it.
     */
    private void tellOfFrames() {
        long generation = 0;
        try {
            while (channel.isOpen()) {
                if (monitor.display().awaitNewer(generation, FRAME_PATIENCE)) {
                    generation = monitor.display().generation();
                    session.event(Monitor.frameEvent(generation));
                    lines.add(FRAME_IS_WRITTEN);
                    frameWritten.acquire();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the connection ends", e);
        }
    }

    /** Closing a channel may wait for its reader, so another thread does it. */
    private void breakOff() {
        Thread.startVirtualThread(this::closeChannel);
    }

    private void enqueue(Runnable request) {
        try {
            requests.put(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(e);
        }
    }

    private void send(String line) {
        if (putOut) {
            return;
        }
        if (backlog.addAndGet(line.length()) > BACKLOG_LIMIT && lines.size() > 1) {
            putOut = true;
            LOG.warn("a QMP client does not read what it is sent, and is put out");
            // The sender may be the vCPU thread, which must not wait.
            breakOff();
            return;
        }
        lines.add(line);
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                session.receive(buffer.array(), 0, buffer.position());
            }
            // A client that has only closed its sending side still gets its replies.
            requests.put(NO_MORE_REQUESTS);
        } catch (InterruptedException | RejectedExecutionException e) {
            LOG.debug("the connection ends while requests wait", e);
        } catch (IOException e) {
            LOG.debug("a QMP client has gone", e);
            worker.interrupt();
        }
    }

    private void work() {
        try {
            for (Runnable request = requests.take();
                    request != NO_MORE_REQUESTS;
                    request = requests.take()) {
                request.run();
                if (frames != null
                        && session.isNegotiated()
                        && frames.getState() == Thread.State.NEW) {
                    frames.start();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the connection ends", e);
        } finally {
            monitor.removeListener(eventListener);
            session.close();
            lines.add(NO_MORE_LINES);
        }
    }

    private void write() {
        try {
            for (String line = lines.take(); line != NO_MORE_LINES; line = lines.take()) {
                if (line == FRAME_IS_WRITTEN) {
                    frameWritten.release();
                    continue;
                }
                ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                backlog.addAndGet(-line.length());
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("a QMP client has gone", e);
        } finally {
            closeChannel();
            reader.interrupt();
            worker.interrupt();
            if (frames != null) {
                frames.interrupt();
            }
            ended.accept(this);
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a QMP client's socket", e);
        }
    }

    /** Reads no more, and ends when what was read has been answered. */
    void finish() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.debug("the connection had ended", e);
        }
    }

    /** Waits for the end, which comes within {@link #FINISH_LIMIT}. */
    void awaitEnd() {
        try {
            if (!writer.join(FINISH_LIMIT)) {
                worker.interrupt();
                closeChannel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeChannel();
        }
    }
}
