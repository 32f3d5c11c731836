package org.vitrine.frontend.vnc.rfb;

import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.KeyboardLeds;

/** What the server says after the handshake (RFC 6143, sections 7.3.2, 7.6 and 7.8), as bytes. */
public final class ServerMessages {

    private ServerMessages() {}

    private static final int FRAMEBUFFER_UPDATE = 0;
    private static final int SET_COLOUR_MAP_ENTRIES = 1;

    public static void serverInit(int width, int height, String name, RfbOutput out) {
        out.u16(width).u16(height);
        PixelFormat.NATIVE.write(out);
        out.string(name);
    }

    /** Starts an update; as many rectangles must follow. */
    public static void framebufferUpdate(int rectangles, RfbOutput out) {
        out.u8(FRAMEBUFFER_UPDATE).u8(0).u16(rectangles);
    }

    /** Starts a rectangle; what the encoding says must follow. */
    public static void rectangle(int x, int y, int width, int height, int encoding, RfbOutput out) {
        out.u16(x).u16(y).u16(width).u16(height).u32(encoding);
    }

    /**
     * The whole colour map of a client without true colour: the 256 colours of {@link
     * PixelFormat#CUBE}.
     */
    public static void setColourMapEntries(RfbOutput out) {
        PixelFormat cube = PixelFormat.CUBE;
        out.u8(SET_COLOUR_MAP_ENTRIES).u8(0).u16(0).u16(256);
        for (int i = 0; i < 256; i++) {
            out.u16((i >> cube.redShift() & cube.redMax()) * 65535 / cube.redMax())
                    .u16((i >> cube.greenShift() & cube.greenMax()) * 65535 / cube.greenMax())
                    .u16((i >> cube.blueShift() & cube.blueMax()) * 65535 / cube.blueMax());
        }
    }

    /** The pseudo-rectangle that says how large the screen is now. */
    public static void desktopSize(int width, int height, RfbOutput out) {
        rectangle(0, 0, width, height, EncodingType.DESKTOP_SIZE, out);
    }

    /** The pseudo-rectangle with the cursor's shape; one that is not visible has no pixels. */
    public static void cursor(Cursor cursor, ClientPixels pixels, RfbOutput out) {
        int width = cursor.visible() ? cursor.width() : 0;
        int height = cursor.visible() ? cursor.height() : 0;
        boolean empty = width == 0 || height == 0;
        rectangle(
                empty ? 0 : cursor.hotX(),
                empty ? 0 : cursor.hotY(),
                width,
                height,
                EncodingType.CURSOR,
                out);
        pixels.putRow(cursor.argb(), 0, width * height, out);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x += 8) {
                int bits = 0;
                for (int i = 0; i < 8 && x + i < width; i++) {
                    if (cursor.argb()[y * width + x + i] >>> 24 >= 0x80) {
                        bits |= 0x80 >> i;
                    }
                }
                out.u8(bits);
            }
        }
    }

    /**
     * The pseudo-rectangle by which a client knows that it may send {@link
     * ClientMessage.ExtendedKeyEvent}.
     */
    public static void extendedKeyEventsWelcome(RfbOutput out) {
        rectangle(0, 0, 0, 0, EncodingType.QEMU_EXTENDED_KEY_EVENT, out);
    }

    /** The pseudo-rectangle with the keyboard's lamps: bit 0 scroll, 1 num, 2 caps lock. */
    public static void ledState(KeyboardLeds leds, RfbOutput out) {
        rectangle(0, 0, 0, 0, EncodingType.QEMU_LED_STATE, out);
        out.u8((leds.scrollLock() ? 1 : 0) | (leds.numLock() ? 2 : 0) | (leds.capsLock() ? 4 : 0));
    }
}
