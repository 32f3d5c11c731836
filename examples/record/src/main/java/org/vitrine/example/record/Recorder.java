package org.vitrine.example.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionException;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.Frame;

/**
 * Writes frames into a file, and into another one when the picture's size changes, since an
 * animation has one size: {@code session.png}, {@code session-2.png} and so on.
 */
final class Recorder implements Frontend {

    private static final Duration A_DAY = Duration.ofDays(1);

    /** Longer than the largest picture takes to be written. */
    private static final Duration LAST_FRAME = Duration.ofSeconds(4);

    private final FrontendContext context;
    private final Path first;
    private final long pauseNanos;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Frame frame = new Frame();
    private final Thread thread;
    private Recording recording;
    private long bytesBefore;

    private Recorder(
            FrontendContext context,
            Path first,
            long fps,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.context = context;
        this.first = first;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / fps;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.thread = context.threads().newThread(this::record);
    }

    static Recorder start(
            FrontendContext context, OptionValues options, InstantSource clock, LongSupplier time)
            throws FrontendException {
        if (!options.has("file")) {
            throw new OptionException("option 'file' is needed: the picture to write");
        }
        Path file = Path.of(options.string("file")).toAbsolutePath();
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            throw new FrontendException("there is a file " + file + " already", e);
        } catch (NoSuchFileException e) {
            throw new FrontendException("there is no folder " + file.getParent(), e);
        } catch (IOException e) {
            throw new FrontendException("can't make " + file + ": " + e.getMessage(), e);
        }
        Recorder recorder = new Recorder(context, file, options.integer("fps"), clock, time);
        recorder.thread.start();
        return recorder;
    }

    private void record() {
        try {
            try {
                while (context.display().awaitNewer(frame.generation(), A_DAY)) {
                    take();
                    TimeUnit.NANOSECONDS.sleep(pauseNanos);
                }
            } catch (InterruptedException e) {
                take(); // what has come since the last one, and is shown now
            } finally {
                finish();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the recording ends: " + e.getMessage(), e);
        }
    }

    private void take() throws IOException {
        if (!context.display().read(frame) || frame.damage().isEmpty()) {
            return;
        }
        int width = frame.mode().width();
        int height = frame.mode().height();
        if (recording == null || recording.width() != width || recording.height() != height) {
            if (recording != null) {
                recording.finish(frame.timestamp());
                bytesBefore = bytes.get();
            }
            recording =
                    new Recording(
                            nextFile(),
                            context.machineName(),
                            clock.instant(),
                            width,
                            height,
                            frame.pixels(),
                            frame.timestamp());
        } else {
            recording.add(frame.pixels(), frame.damage(), frame.timestamp());
        }
        frames.incrementAndGet();
        bytes.set(bytesBefore + recording.size());
    }

    private Path nextFile() throws IOException {
        if (files.incrementAndGet() == 1) {
            return first;
        }
        String name = first.getFileName().toString();
        int dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
        for (long number = files.get(); ; number++) {
            Path next =
                    first.resolveSibling(
                            name.substring(0, dot) + "-" + number + name.substring(dot));
            try {
                return Files.createFile(next);
            } catch (FileAlreadyExistsException e) {
                context.logger().debug("{} is somebody else's", next);
            }
        }
    }

    private void finish() throws IOException {
        if (recording != null) {
            recording.finish(nanoTime.getAsLong());
        } else {
            Files.delete(first); // nothing was shown
        }
    }

    @Override
    public FrontendStatus status() {
        return new FrontendStatus(
                List.of(),
                List.of(),
                Map.of("frames", frames.get(), "files", files.get(), "bytes", bytes.get()));
    }

    /** Returns when the file is complete. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(LAST_FRAME)) {
                context.logger().warn("the last frame is still being written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
