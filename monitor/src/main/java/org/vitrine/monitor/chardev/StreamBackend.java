package org.vitrine.monitor.chardev;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads to streams: a file, standard input and output, a pseudo-terminal. */
public final class StreamBackend implements CharacterBackend {

    private static final Logger LOG = LoggerFactory.getLogger(StreamBackend.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int AT_ONCE = 1024;

    private final String kind;
    private final Supplier<String> filename;
    private final InputStream in;
    private final OutputStream out;
    private final AutoCloseable resource;
    private final QueuedLine line = new QueuedLine();
    private final Thread writer;

    /**
     * Begins to read and write.
     *
     * @param in null when nothing ever comes; a read may wait for ever, and does not end the
     *     process's wait
     * @param resource closed at the end, after {@code out} was flushed
     */
    StreamBackend(
            String kind,
            Supplier<String> filename,
            InputStream in,
            OutputStream out,
            AutoCloseable resource) {
        this.kind = kind;
        this.filename = filename;
        this.in = in;
        this.out = out;
        this.resource = resource;
        line.setConnected(true);
        writer = Thread.ofPlatform().daemon().name("chardev-write").start(this::write);
        if (in != null) {
            Thread.ofPlatform().daemon().name("chardev-read").start(this::read);
        }
    }

    private void write() {
        byte[] buffer = new byte[AT_ONCE];
        try {
            for (int count = line.take(buffer); count > 0; count = line.take(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            line.setConnected(false);
            LOG.warn(
                    "{} can't be written to; what the guest sends there is lost from now on: {}",
                    filename(),
                    e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("writing to {} was broken off", filename(), e);
        }
    }

    private void read() {
        byte[] buffer = new byte[AT_ONCE];
        try {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                line.give(buffer, count);
            }
        } catch (IOException e) {
            LOG.debug("nothing more comes from {}", filename(), e);
        } catch (InterruptedException e) {
            LOG.debug("reading from {} was broken off", filename(), e);
        }
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String filename() {
        return filename.get();
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
        line.close();
        try {
            if (!writer.join(LAST_WORDS)) {
                LOG.warn("{} takes nothing: what the guest sent last is lost", filename());
            }
            resource.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("closing {}", filename(), e);
        }
    }
}
