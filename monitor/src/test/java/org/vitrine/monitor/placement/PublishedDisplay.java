package org.vitrine.monitor.placement;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.ScreenText;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.display.SurfaceReader;

/**
 * A scripted display in a file, for readers in other processes: the emulator's writer puts there
 * what the test draws. What the test has published is there when its call returns.
 */
final class PublishedDisplay implements AutoCloseable {

    private static final long HEARTBEAT_MILLIS = 250;

    private final ScriptedDisplay script;
    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final SurfaceWriter writer;
    private final Display display;
    private final Frame frame = new Frame();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Makes the file, and follows the script from now on. */
    PublishedDisplay(ScriptedDisplay script, Path file) throws IOException {
        this.script = script;
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            // Readers in this process may outlive the test, so the mapping goes with the last.
            MemorySegment map =
                    channel.map(
                            FileChannel.MapMode.READ_WRITE, 0, DisplayLayout.SIZE, Arena.ofAuto());
            writer = new SurfaceWriter(map, signal);
            display = new SurfaceReader(map, signal);
        }
        writer.setState(DisplayLayout.WriterState.RUNNING);
        script.onChange(this::publish);
        Thread.ofVirtual().name("heartbeat").start(this::beat);
    }

    private void beat() {
        try {
            while (!closed.await(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS)) {
                writer.heartbeat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void publish() {
        writer.setCursor(script.cursor());
        writer.setLeds(script.leds());
        if (!script.read(frame)) {
            return;
        }
        DisplayMode mode = frame.mode();
        writer.begin(mode.width(), mode.height(), mode.kind(), mode.text(), null);
        for (Rect rect : frame.damage()) {
            for (int y = rect.y(); y < rect.y() + rect.height(); y++) {
                System.arraycopy(
                        frame.pixels(),
                        y * mode.width() + rect.x(),
                        writer.line(),
                        rect.x(),
                        rect.width());
                writer.draw(rect.x(), y, rect.width());
            }
        }
        ScreenText text = frame.text();
        if (text != null) {
            writer.text(text.cells(), text.cursorColumn(), text.cursorRow());
        }
        writer.publish();
    }

    /** What readers of the file see. */
    Display display() {
        return display;
    }

    @Override
    public void close() {
        closed.countDown();
        script.onChange(() -> {});
        writer.setState(DisplayLayout.WriterState.CLOSED);
    }
}
