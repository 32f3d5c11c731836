package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
final class QmpConnection implements ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(QmpConnection.class);

    /** Pieces of input whose requests may wait; each is what one read has brought. */
    private static final int REQUEST_LIMIT = 8;

    /** Bytes that may wait to be read by the client; a reply may be large, so one may go beyond. */
    static final long BACKLOG_LIMIT = 16 << 20;

    /** Characters after which no more lines are put together for one write. */
    private static final int WRITE_SIZE = 1 << 16;

    private static final Duration FINISH_LIMIT = Duration.ofSeconds(2);

    private static final List<Runnable> NO_MORE_REQUESTS = List.of();
    private static final String NO_MORE_LINES = "";

    /** Stands in the queue behind a line about a frame; compared by identity. */
    private static final String FRAME_IS_WRITTEN = "frame";

    private static final Duration FRAME_PATIENCE = Duration.ofSeconds(1);

    private final ClientSocket socket;
    private final SocketChannel channel;
    private final Monitor monitor;
    private final Consumer<ClientConnection> ended;
    private final QmpSession session;
    private final Consumer<MonitorEvent> eventListener;
    private final BlockingQueue<List<Runnable>> requests = new ArrayBlockingQueue<>(REQUEST_LIMIT);
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Semaphore frameWritten = new Semaphore(0);
    private List<Runnable> collected = new ArrayList<>();

    /** Whether {@link #FRAME_IS_WRITTEN} came with the lines that are written now; the writer's. */
    private boolean frameTaken;

    private final AtomicLong backlog = new AtomicLong();
    private final Thread reader;
    private final Thread worker;
    private final Thread writer;
    private final Thread frames;
    private volatile boolean putOut;

    /**
     * @param role what the client is
     * @param form how messages to the client are written
     * @param ended told when the connection has ended
     */
    QmpConnection(
            SocketChannel channel,
            Monitor monitor,
            Role role,
            WireForm form,
            Consumer<ClientConnection> ended) {
        this.socket = new ClientSocket(channel);
        this.channel = channel;
        this.monitor = monitor;
        this.ended = ended;
        this.session =
                new QmpSession(
                        monitor.dispatcher(), role, form, this::collect, this::send, this::hangUp);
        this.eventListener = session::event;
        this.reader = Thread.ofVirtual().name("qmp-read").unstarted(this::read);
        this.worker = Thread.ofVirtual().name("qmp-run").unstarted(this::work);
        this.writer = Thread.ofVirtual().name("qmp-write").unstarted(this::write);
        this.frames =
                role == Role.FRONTEND
                        ? Thread.ofVirtual().name("qmp-frames").unstarted(this::tellOfFrames)
                        : null;
    }

    @Override
    public void start() {
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

    @Override
    public void hangUp() {
        socket.hangUp();
    }

    /** Called by the reader alone. */
    private void collect(Runnable request) {
        collected.add(request);
    }

    private void send(String line) {
        if (putOut) {
            return;
        }
        if (backlog.addAndGet(line.length()) > BACKLOG_LIMIT && lines.size() > 1) {
            putOut = true;
            LOG.warn("a QMP client does not read what it is sent, and is put out");
            // The sender may be the vCPU thread, which must not wait.
            hangUp();
            return;
        }
        lines.add(line);
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                session.receive(buffer.array(), 0, buffer.position());
                // One hand-over for all that a read has brought; waits when the worker is behind.
                if (!collected.isEmpty()) {
                    requests.put(collected);
                    collected = new ArrayList<>();
                }
            }
            // A client that has only closed its sending side still gets its replies.
            requests.put(NO_MORE_REQUESTS);
        } catch (InterruptedException e) {
            LOG.debug("the connection ends while requests wait", e);
        } catch (IOException e) {
            LOG.debug("a QMP client has gone", e);
            worker.interrupt();
        }
    }

    private void work() {
        try {
            for (List<Runnable> some = requests.take();
                    some != NO_MORE_REQUESTS;
                    some = requests.take()) {
                for (Runnable request : some) {
                    request.run();
                    if (Thread.interrupted()) {
                        throw new InterruptedException("the client has gone");
                    }
                    startFrames();
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

    private void startFrames() {
        if (frames != null && session.isNegotiated() && frames.getState() == Thread.State.NEW) {
            frames.start();
        }
    }

    private void write() {
        try {
            boolean more = true;
            while (more) {
                StringBuilder taken = new StringBuilder();
                more = takeLines(taken);
                ByteBuffer bytes =
                        ByteBuffer.wrap(taken.toString().getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                backlog.addAndGet(-taken.length());
                if (frameTaken) {
                    frameTaken = false;
                    frameWritten.release();
                }
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("a QMP client has gone", e);
        } finally {
            socket.close();
            reader.interrupt();
            worker.interrupt();
            if (frames != null) {
                frames.interrupt();
            }
            ended.accept(this);
        }
    }

    /**
     * Waits for a line, and takes those that wait behind it, since one write for many costs a
     * fraction of one for each; false when no more will come.
     */
    private boolean takeLines(StringBuilder taken) throws InterruptedException {
        for (String line = lines.take(); line != null; line = lines.poll()) {
            if (line == NO_MORE_LINES) {
                return false;
            }
            if (line == FRAME_IS_WRITTEN) {
                frameTaken = true;
                continue;
            }
            taken.append(line);
            if (taken.length() >= WRITE_SIZE) {
                break;
            }
        }
        return true;
    }

    @Override
    public void finish() {
        socket.endInput();
    }

    /** Waits for the end, which comes within {@link #FINISH_LIMIT}. */
    @Override
    public void awaitEnd() {
        try {
            if (!writer.join(FINISH_LIMIT)) {
                worker.interrupt();
                socket.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            socket.close();
        }
    }
}
