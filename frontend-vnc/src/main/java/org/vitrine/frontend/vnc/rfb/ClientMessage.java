package org.vitrine.frontend.vnc.rfb;

/** What a client says after the handshake (RFC 6143, section 7.5). */
public sealed interface ClientMessage {

    record SetPixelFormat(PixelFormat format) implements ClientMessage {}

    /**
     * The encodings that the client understands, the one it likes best first; pseudo-encodings
     * among them.
     */
    record SetEncodings(int[] encodings) implements ClientMessage {}

    /**
     * Asks for an update of a rectangle: of what has changed there, or, not incremental, of all of
     * it.
     */
    record FramebufferUpdateRequest(boolean incremental, int x, int y, int width, int height)
            implements ClientMessage {}

    /** A key named by its X11 keysym. */
    record KeyEvent(boolean down, int keysym) implements ClientMessage {}

    /**
     * A key named by its keysym and its place.
     *
     * @param number QEMU's key number: the scan code of set 1, plus 0x80 when it comes after E0; 0
     *     if not known
     */
    record ExtendedKeyEvent(boolean down, int keysym, int number) implements ClientMessage {}

    /**
     * Where the pointer is.
     *
     * @param buttons bit 0 left, 1 middle, 2 right, 3 to 6 wheel up, down, left, right
     */
    record PointerEvent(int buttons, int x, int y) implements ClientMessage {}

    /** The client's clipboard changed; the text is not kept. */
    record ClientCutText(int length) implements ClientMessage {}
}
