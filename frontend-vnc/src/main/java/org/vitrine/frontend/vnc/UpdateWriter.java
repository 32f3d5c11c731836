package org.vitrine.frontend.vnc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.frontend.vnc.Demands.Demand;
import org.vitrine.frontend.vnc.encoding.Encoder;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.frontend.vnc.rfb.ServerMessages;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.display.Rect;

/**
 * Answers one client's requests for updates. It blocks while the client does not read, and then
 * goes on with the newest frame: what changed meanwhile has run together in the {@link
 * ClientScreen}'s damage.
 */
final class UpdateWriter {

    /** About how many pixels go into one rectangle, so that the buffer stays small. */
    private static final int RECT_PIXELS = 64 * 1024;

    /** Rectangles are cut at multiples of this height, which is that of ZRLE's tiles. */
    private static final int RECT_HEIGHT_STEP = 64;

    private static final int FLUSH_BYTES = 32 * 1024;

    private final Display display;
    private final ClientScreen screen;
    private final Demands demands;
    private final OutputStream socket;
    private final Counters counters;
    private final Map<Integer, Encoder> encoders = new HashMap<>();
    private final RfbOutput out = new RfbOutput();
    private boolean extendedKeysWelcomed;
    private KeyboardLeds ledsSent;
    private int cursorSerialSent;
    private boolean cursorVisibleSent;

    UpdateWriter(
            Display display,
            ClientScreen screen,
            Demands demands,
            OutputStream socket,
            Counters counters) {
        this.display = display;
        this.screen = screen;
        this.demands = demands;
        this.socket = socket;
        this.counters = counters;
    }

    /** Sends updates until the client has gone. */
    void run() throws IOException, InterruptedException {
        try {
            for (Demand demand = demands.take(); demand != null; demand = demands.take()) {
                if (!answer(demand)) {
                    demands.putBack(demand);
                }
            }
        } finally {
            encoders.values().forEach(Encoder::close);
        }
    }

    private boolean answer(Demand demand) throws IOException {
        if (demand.colourMapDue()) {
            ServerMessages.setColourMapEntries(out);
            flush();
        }
        for (Rect rect : demand.forced().rects()) {
            Rect seen = screen.clip(rect);
            if (seen != null) {
                screen.damage().add(seen);
            }
        }
        screen.refresh();
        if (screen.outgrown() && demand.pseudo().contains(EncodingType.DESKTOP_SIZE)) {
            screen.follow();
            ServerMessages.framebufferUpdate(1, out);
            ServerMessages.desktopSize(screen.width(), screen.height(), out);
            counters.rectangles.increment();
            sent();
            return true;
        }
        List<Rect> changed = pieces(screen.damage().intersect(demand.requested()));
        int headerAt = out.size();
        ServerMessages.framebufferUpdate(0, out);
        int count = pseudoRectangles(demand) + changed.size();
        if (count == 0) {
            out.clear();
            return false;
        }
        out.array()[headerAt + 2] = (byte) (count >> 8);
        out.array()[headerAt + 3] = (byte) count;
        Encoder encoder = encoders.computeIfAbsent(demand.encoding(), Encoder::create);
        for (Rect rect : changed) {
            ServerMessages.rectangle(
                    rect.x(), rect.y(), rect.width(), rect.height(), encoder.number(), out);
            encoder.encode(screen.picture(), rect, demand.pixels(), out);
            screen.damage().subtract(rect);
            counters.pixels.add((long) rect.width() * rect.height());
            if (out.size() >= FLUSH_BYTES) {
                flush();
            }
        }
        counters.rectangles.add(count);
        sent();
        return true;
    }

    /** Writes what there is to say beside pixels; returns how many rectangles that makes. */
    private int pseudoRectangles(Demand demand) {
        int count = 0;
        if (!extendedKeysWelcomed
                && demand.pseudo().contains(EncodingType.QEMU_EXTENDED_KEY_EVENT)) {
            extendedKeysWelcomed = true;
            ServerMessages.extendedKeyEventsWelcome(out);
            count++;
        }
        KeyboardLeds leds = display.leds();
        if (!leds.equals(ledsSent) && demand.pseudo().contains(EncodingType.QEMU_LED_STATE)) {
            ledsSent = leds;
            ServerMessages.ledState(leds, out);
            count++;
        }
        Cursor cursor = display.cursor();
        boolean visible = cursor.serial() != 0 && cursor.visible();
        if ((cursor.serial() != cursorSerialSent || visible != cursorVisibleSent)
                && demand.pseudo().contains(EncodingType.CURSOR)) {
            cursorSerialSent = cursor.serial();
            cursorVisibleSent = visible;
            ServerMessages.cursor(cursor, demand.pixels(), out);
            count++;
        }
        return count;
    }

    /** Cuts large rectangles into bands. */
    private static List<Rect> pieces(List<Rect> rects) {
        List<Rect> pieces = new ArrayList<>(rects.size());
        for (Rect rect : rects) {
            int band =
                    Math.max(
                            RECT_HEIGHT_STEP,
                            RECT_PIXELS / rect.width() / RECT_HEIGHT_STEP * RECT_HEIGHT_STEP);
            for (int y = 0; y < rect.height(); y += band) {
                int height = Math.min(band, rect.height() - y);
                pieces.add(new Rect(rect.x(), rect.y() + y, rect.width(), height));
            }
        }
        return pieces;
    }

    private void sent() throws IOException {
        counters.updates.increment();
        flush();
    }

    private void flush() throws IOException {
        socket.write(out.array(), 0, out.size());
        counters.bytesSent.add(out.size());
        out.clear();
    }
}
