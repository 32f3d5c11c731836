package org.vitrine.frontend.vnc.rfb;

import java.util.Arrays;

/**
 * Cuts a client's bytes into messages. Bytes may come in pieces of any size; what it keeps between
 * them is at most one SetEncodings message, 256 KiB. For one thread.
 */
public final class ClientMessageParser {

    /** The longest clipboard text that is read over, in bytes. */
    public static final int MAX_CUT_TEXT = 16 << 20;

    private static final int SET_PIXEL_FORMAT = 0;
    private static final int SET_ENCODINGS = 2;
    private static final int FRAMEBUFFER_UPDATE_REQUEST = 3;
    private static final int KEY_EVENT = 4;
    private static final int POINTER_EVENT = 5;
    private static final int CLIENT_CUT_TEXT = 6;
    private static final int QEMU = 255;
    private static final int QEMU_EXTENDED_KEY_EVENT = 0;

    private byte[] bytes = new byte[256];
    private int start;
    private int end;
    private int cutText;
    private int skip;

    /** Takes bytes from the client. */
    public void feed(byte[] more, int at, int count) {
        if (bytes.length - end < count) {
            int kept = end - start;
            byte[] to =
                    bytes.length - kept < count
                            ? new byte[Math.max(bytes.length * 2, kept + count)]
                            : bytes;
            System.arraycopy(bytes, start, to, 0, kept);
            bytes = to;
            start = 0;
            end = kept;
        }
        System.arraycopy(more, at, bytes, end, count);
        end += count;
    }

    /**
     * The next message, or null when its last byte has not come yet.
     *
     * @throws RfbException when the bytes are no message; the parser can't go on then
     */
    public ClientMessage next() throws RfbException {
        if (cutText > 0) {
            return skipCutText();
        }
        if (start == end) {
            return null;
        }
        int type = u8(0);
        return switch (type) {
            case SET_PIXEL_FORMAT -> setPixelFormat();
            case SET_ENCODINGS -> setEncodings();
            case FRAMEBUFFER_UPDATE_REQUEST -> framebufferUpdateRequest();
            case KEY_EVENT ->
                    has(8) ? took(8, new ClientMessage.KeyEvent(u8(1) != 0, u32(4))) : null;
            case POINTER_EVENT ->
                    has(6) ? took(6, new ClientMessage.PointerEvent(u8(1), u16(2), u16(4))) : null;
            case CLIENT_CUT_TEXT -> clientCutText();
            case QEMU -> qemu();
            default -> throw new RfbException("there is no message of type " + type);
        };
    }

    private ClientMessage setPixelFormat() throws RfbException {
        int length = 4 + PixelFormat.LENGTH;
        if (!has(length)) {
            return null;
        }
        return took(length, new ClientMessage.SetPixelFormat(PixelFormat.parse(bytes, start + 4)));
    }

    private ClientMessage framebufferUpdateRequest() {
        if (!has(10)) {
            return null;
        }
        return took(
                10,
                new ClientMessage.FramebufferUpdateRequest(
                        u8(1) != 0, u16(2), u16(4), u16(6), u16(8)));
    }

    private ClientMessage setEncodings() {
        if (!has(4) || !has(4 + 4 * u16(2))) {
            return null;
        }
        int[] encodings = new int[u16(2)];
        for (int i = 0; i < encodings.length; i++) {
            encodings[i] = u32(4 + 4 * i);
        }
        return took(4 + 4 * encodings.length, new ClientMessage.SetEncodings(encodings));
    }

    private ClientMessage clientCutText() throws RfbException {
        if (!has(8)) {
            return null;
        }
        int length = u32(4);
        if (length < 0 || length > MAX_CUT_TEXT) {
            throw new RfbException(
                    "a clipboard of " + Integer.toUnsignedString(length) + " bytes is too long");
        }
        start += 8;
        if (length == 0) {
            return new ClientMessage.ClientCutText(0);
        }
        cutText = length;
        skip = length;
        return skipCutText();
    }

    /** Reads over the text as it comes, so that it never has to be held. */
    private ClientMessage skipCutText() {
        int count = Math.min(skip, end - start);
        start += count;
        skip -= count;
        if (skip > 0) {
            return null;
        }
        ClientMessage message = new ClientMessage.ClientCutText(cutText);
        cutText = 0;
        return message;
    }

    private ClientMessage qemu() throws RfbException {
        if (!has(2)) {
            return null;
        }
        if (u8(1) != QEMU_EXTENDED_KEY_EVENT) {
            throw new RfbException("there is no QEMU message of type " + u8(1));
        }
        return has(12)
                ? took(12, new ClientMessage.ExtendedKeyEvent(u16(2) != 0, u32(4), u32(8)))
                : null;
    }

    private boolean has(int count) {
        return end - start >= count;
    }

    private ClientMessage took(int count, ClientMessage message) {
        start += count;
        if (start == end && bytes.length > 4096) {
            bytes = Arrays.copyOf(bytes, 256);
            start = 0;
            end = 0;
        }
        return message;
    }

    private int u8(int at) {
        return bytes[start + at] & 0xFF;
    }

    private int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    private int u32(int at) {
        return u16(at) << 16 | u16(at + 2);
    }
}
