package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.testkit.RecordingContext;

/**
 * How the frontend ends when its display fails under it, as its host sees it: which exception comes
 * out of it can be told in its own process alone.
 */
@Timeout(60)
class LostDisplayTest {

    /**
     * A display map whose file was cut off under its reader: the JVM throws InternalError at the
     * touch.
     */
    private static final class CutOffDisplay implements Display {

        @Override
        public long generation() {
            return 1;
        }

        @Override
        public boolean awaitNewer(long generation, Duration timeout) {
            return generation < 1;
        }

        @Override
        public boolean read(Frame frame) {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }

        @Override
        public Cursor cursor() {
            return Cursor.NONE;
        }

        @Override
        public KeyboardLeds leds() {
            return KeyboardLeds.ofBits(0);
        }

        @Override
        public DisplayLayout.WriterState state() {
            return DisplayLayout.WriterState.RUNNING;
        }
    }

    @Test
    void aDisplayThatIsCutOffEndsTheFrontendThroughItsHost() throws Exception {
        RecordingContext context = new RecordingContext(new CutOffDisplay());
        FrontendProvider provider = new MjpegProvider();
        Frontend frontend = provider.attach(context, provider.options().parse(Map.of("port", "0")));
        int port = frontend.status().endpoints().getFirst().port();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET /snapshot HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("", readAll(socket));
        } finally {
            frontend.close();
        }
        context.awaitNoThreads();
        assertInstanceOf(InternalError.class, context.crashes().getFirst());
    }

    private static String readAll(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return ""; // Reset, which is no answer either.
        }
    }
}
