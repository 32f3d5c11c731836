package org.vitrine.frontend.vnc;

import java.util.HashSet;
import java.util.Set;
import org.vitrine.frontend.vnc.encoding.Encoder;
import org.vitrine.frontend.vnc.rfb.ClientMessage.FramebufferUpdateRequest;
import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.PixelFormat;
import org.vitrine.spi.display.Rect;

/**
 * What one client has asked for and not yet got. The reader thread puts it here, the writer thread
 * takes it; requests that come meanwhile run together, so nothing piles up.
 */
final class Demands {

    /** Clients ask for one rectangle, or a few; more become their bounding box. */
    private static final int MAX_REQUESTED_RECTS = 16;

    /**
     * What the client asks for at one moment.
     *
     * @param requested where it waits for changes
     * @param forced the part of it to be sent changed or not
     * @param pixels how it wants its pixels
     * @param colourMapDue whether it must first be told its colour map
     * @param encoding the number of the encoding that it likes best
     * @param pseudo the pseudo-encodings that it knows
     */
    record Demand(
            Region requested,
            Region forced,
            ClientPixels pixels,
            boolean colourMapDue,
            int encoding,
            Set<Integer> pseudo) {}

    private Region requested = new Region(MAX_REQUESTED_RECTS);
    private Region forced = new Region(MAX_REQUESTED_RECTS);
    private ClientPixels pixels = new ClientPixels(PixelFormat.NATIVE);
    private boolean colourMapDue;
    private int encoding = EncodingType.RAW;
    private Set<Integer> pseudo = Set.of();
    private boolean poked;
    private boolean ended;

    synchronized void request(FramebufferUpdateRequest request) {
        Rect rect = new Rect(request.x(), request.y(), request.width(), request.height());
        requested.add(rect);
        if (!request.incremental()) {
            forced.add(rect);
        }
        poke();
    }

    synchronized void setPixelFormat(PixelFormat format) {
        pixels = new ClientPixels(format);
        colourMapDue = !format.trueColour();
    }

    synchronized void setEncodings(int[] numbers) {
        encoding = EncodingType.RAW;
        for (int i = numbers.length - 1; i >= 0; i--) {
            if (Encoder.supports(numbers[i])) {
                encoding = numbers[i];
            }
        }
        Set<Integer> known = new HashSet<>();
        for (int number : numbers) {
            switch (number) {
                case EncodingType.CURSOR,
                        EncodingType.DESKTOP_SIZE,
                        EncodingType.QEMU_EXTENDED_KEY_EVENT,
                        EncodingType.QEMU_LED_STATE ->
                        known.add(number);
                default -> {}
            }
        }
        pseudo = Set.copyOf(known);
        poke();
    }

    /** Says that the screen may have changed. */
    synchronized void poke() {
        poked = true;
        notifyAll();
    }

    /** Says that the client has gone. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /**
     * Waits until the client has a request open and something may have changed since the last look.
     * The request is the caller's then: to answer, or to {@link #putBack}.
     *
     * @return null when the client has gone
     */
    synchronized Demand take() throws InterruptedException {
        while (!ended && (requested.isEmpty() || !poked)) {
            wait();
        }
        if (ended) {
            return null;
        }
        Demand demand = new Demand(requested, forced, pixels, colourMapDue, encoding, pseudo);
        requested = new Region(MAX_REQUESTED_RECTS);
        forced = new Region(MAX_REQUESTED_RECTS);
        colourMapDue = false;
        poked = false;
        return demand;
    }

    /**
     * Keeps a request open that there was nothing to answer with; what was forced is the caller's
     * to remember.
     */
    synchronized void putBack(Demand demand) {
        requested.addAll(demand.requested());
    }

    /** For the list of clients: {@code "ZRLE, 32 bpp"}. */
    synchronized String description() {
        return EncodingType.name(encoding) + ", " + pixels.format().bitsPerPixel() + " bpp";
    }
}
