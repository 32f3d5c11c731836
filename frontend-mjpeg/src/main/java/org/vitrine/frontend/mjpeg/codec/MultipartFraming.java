package org.vitrine.frontend.mjpeg.codec;

import java.nio.charset.StandardCharsets;

/**
 * The text between the pictures of a {@code multipart/x-mixed-replace} stream.
 *
 * <p>Parts are framed as RFC 2046, section 5.1.1, says; the type that replaces each part by the
 * next is Netscape's. Browsers show a part when they meet the boundary after it, so the boundary is
 * sent at once behind each picture, and not in front of the next one.
 */
public final class MultipartFraming {

    /** Can't occur in a header; viewers skip pictures by their Content-Length. */
    private static final String BOUNDARY = "vitrine-frame";

    /** The response's Content-Type. */
    public static final String CONTENT_TYPE = "multipart/x-mixed-replace; boundary=" + BOUNDARY;

    private MultipartFraming() {}

    /** What stands before the first part. */
    public static byte[] start() {
        return ascii("--" + BOUNDARY + "\r\n");
    }

    /**
     * A part's header.
     *
     * @param length bytes of the picture
     * @param timestampMillis when the guest's screen looked so, milliseconds of the Unix epoch
     * @param generation the frame's number
     */
    public static byte[] partHeader(int length, long timestampMillis, long generation) {
        return ascii(
                "Content-Type: image/jpeg\r\nContent-Length: "
                        + length
                        + "\r\nX-Timestamp: "
                        + timestampMillis / 1000
                        + "."
                        + String.format("%03d", timestampMillis % 1000)
                        + "\r\nX-Generation: "
                        + generation
                        + "\r\n\r\n");
    }

    /** What stands behind each picture. */
    public static byte[] partEnd() {
        return ascii("\r\n--" + BOUNDARY + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
