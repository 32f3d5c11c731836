package org.vitrine.example.record;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.vitrine.example.record.png.PngChunks;
import org.vitrine.spi.display.Rect;

/**
 * One animated PNG as it grows. After each frame the file is complete, so that whatever ends the
 * process leaves a picture that can be played. Belongs to one thread.
 */
final class Recording {

    /** How long a frame stays for readers who come before the next one: nobody knows yet. */
    private static final long OPEN_MILLIS = 100;

    private final RandomAccessFile file;
    private final int width;
    private final int height;
    private final long start;
    private final long animationAt;
    private long end;
    private long controlAt;
    private int controlNumber;
    private Rect area;
    private long shownAtMillis;
    private int frames;
    private int number;

    /**
     * Begins a file, which is empty, with its first frame.
     *
     * @param pixels of the whole picture
     * @param timestamp when it was shown, nanoseconds
     */
    Recording(
            Path path,
            String title,
            Instant begun,
            int width,
            int height,
            int[] pixels,
            long timestamp)
            throws IOException {
        this.width = width;
        this.height = height;
        this.start = timestamp;
        // Not a FileChannel: detaching interrupts the thread, and a channel would close then.
        file = new RandomAccessFile(path.toFile(), "rw");
        file.write(PngChunks.signature());
        file.write(PngChunks.header(width, height));
        file.write(PngChunks.text("Title", title));
        file.write(PngChunks.text("Creation Time", begun.toString()));
        animationAt = file.getFilePointer();
        file.write(PngChunks.animation(1));
        end = file.getFilePointer();
        append(
                new Rect(0, 0, width, height),
                timestamp,
                PngChunks.firstPixels(pixels, width, height));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Bytes of the file. */
    long size() throws IOException {
        return file.length();
    }

    /**
     * Adds a frame.
     *
     * @param pixels of the whole picture
     * @param damage what may have changed; at least one rectangle
     */
    void add(int[] pixels, List<Rect> damage, long timestamp) throws IOException {
        Rect changed = around(damage);
        append(changed, timestamp, PngChunks.pixels(number + 1, pixels, width, changed));
    }

    private static Rect around(List<Rect> damage) {
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = 0;
        int bottom = 0;
        for (Rect rect : damage) {
            left = Math.min(left, rect.x());
            top = Math.min(top, rect.y());
            right = Math.max(right, rect.x() + rect.width());
            bottom = Math.max(bottom, rect.y() + rect.height());
        }
        return new Rect(left, top, right - left, bottom - top);
    }

    private void append(Rect changed, long timestamp, byte[] pixels) throws IOException {
        long millis = millis(timestamp);
        file.seek(end);
        file.write(PngChunks.frameControl(number, changed, OPEN_MILLIS));
        file.write(pixels);
        long newEnd = file.getFilePointer();
        file.write(PngChunks.end());
        if (frames > 0) {
            stay(millis);
        }
        frames++;
        file.seek(animationAt);
        file.write(PngChunks.animation(frames));
        controlAt = end;
        controlNumber = number;
        area = changed;
        shownAtMillis = millis;
        // The first pixels have no number of their own.
        number += frames == 1 ? 1 : 2;
        end = newEnd;
    }

    /** Writes down how long the last frame was shown. */
    private void stay(long untilMillis) throws IOException {
        file.seek(controlAt);
        file.write(
                PngChunks.frameControl(
                        controlNumber, area, Math.max(0, untilMillis - shownAtMillis)));
    }

    /** Milliseconds since the start, rounded, so that no error adds up over the frames. */
    private long millis(long timestamp) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(1);
        return (timestamp - start + nanos / 2) / nanos;
    }

    /** Closes the file; its last frame was shown until now. */
    void finish(long timestamp) throws IOException {
        try (file) {
            stay(millis(timestamp));
        }
    }
}
