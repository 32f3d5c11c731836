package org.vitrine.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * A reader that counts frames of one colour each: two colours in one are a torn frame. It is also a
 * program of its own, which maps the file of a display.
 */
final class FrameCounter {

    static final String READY = "ready";

    private static final Duration LOOK = Duration.ofMillis(100);

    /** How long a process reads before it counts, so that its code is compiled. */
    static final int WARM_UP_MILLIS = 500;

    private final SurfaceReader reader;
    private final Frame frame = new Frame();

    FrameCounter(MemorySegment map, FrameSignal signal) {
        reader = new SurfaceReader(map, signal);
    }

    /** What a reader saw. */
    record Seen(long frames, long torn) {

        @Override
        public String toString() {
            return frames + " " + torn;
        }

        static Seen parse(String line) {
            String[] words = line.split(" ");
            return new Seen(Long.parseLong(words[0]), Long.parseLong(words[1]));
        }
    }

    /** Reads whatever is published in this time. */
    Seen count(int millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long frames = 0;
        long torn = 0;
        while (System.nanoTime() < end) {
            if (reader.awaitNewer(frame.generation(), LOOK) && reader.read(frame)) {
                frames++;
                int count = frame.mode().width() * frame.mode().height();
                torn += oneColour(frame.pixels(), count) ? 0 : 1;
            }
        }
        return new Seen(frames, torn);
    }

    static boolean oneColour(int[] pixels, int count) {
        return Arrays.mismatch(pixels, 0, count - 1, pixels, 1, count) < 0;
    }

    /**
     * Says that it is ready, waits for a byte, counts, and prints what it saw.
     *
     * @param arguments the file, and for how many milliseconds to count
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        MemorySegment map;
        try (FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ)) {
            map = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), Arena.global());
        }
        FrameCounter counter = new FrameCounter(map, FrameSignal.polling());
        System.out.println(READY);
        if (System.in.read() >= 0) {
            counter.count(WARM_UP_MILLIS);
            System.out.println(counter.count(Integer.parseInt(arguments[1])));
        }
    }
}
