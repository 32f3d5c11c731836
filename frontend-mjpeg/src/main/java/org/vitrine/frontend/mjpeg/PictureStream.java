package org.vitrine.frontend.mjpeg;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.vitrine.frontend.mjpeg.codec.MultipartFraming;

/**
 * One client's stream: sends a picture when there is a new one and the client has taken the last.
 */
final class PictureStream {

    /**
     * When the last picture is sent again, for viewers that show a part only when the next one
     * comes.
     */
    private static final Duration FIRST_REPEAT = Duration.ofSeconds(1);

    /**
     * How often it is sent again after that, so that clients who have gone are noticed on an idle
     * screen.
     */
    private static final Duration REPEAT = Duration.ofSeconds(5);

    private final Camera camera;
    private final OutputStream out;
    private final Counters counters;
    private final Runnable taken;

    /**
     * A stream.
     *
     * @param taken called after each picture that went out
     */
    PictureStream(Camera camera, OutputStream out, Counters counters, Runnable taken) {
        this.camera = camera;
        this.out = out;
        this.counters = counters;
        this.taken = taken;
    }

    /** How a stream is made; may change while it runs. */
    interface Pace {
        /** JPEG quality, 1 to 100. */
        int quality();

        /** Frames a second at most. */
        int fps();
    }

    /**
     * Sends pictures, and never returns; there must have been a frame.
     *
     * @throws IOException when the client has gone
     * @throws InterruptedException when the frontend is being detached
     */
    void run(Pace pace) throws IOException, InterruptedException {
        write(MultipartFraming.start());
        Camera.Moment sent = Camera.Moment.NONE;
        while (true) {
            long start = System.nanoTime();
            Camera.Picture picture = camera.jpeg(pace.quality());
            byte[] header =
                    MultipartFraming.partHeader(
                            picture.file().length,
                            picture.timestampMillis(),
                            picture.moment().generation());
            write(header);
            write(picture.file());
            write(MultipartFraming.partEnd());
            out.flush();
            counters.frames.increment();
            taken.run();
            Duration repeat = picture.moment().same(sent) ? REPEAT : FIRST_REPEAT;
            sent = picture.moment();

            long frameTime = 1_000_000_000L / pace.fps();
            long left = start + frameTime - System.nanoTime();
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
            }
            camera.awaitChange(sent, repeat);
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        counters.bytesSent.add(bytes.length);
    }
}
