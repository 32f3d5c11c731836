package org.vitrine.frontend.vnc.encoding;

import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

/**
 * One way of writing a rectangle of pixels. An encoder serves one connection for its whole life,
 * since some encodings carry compression on from one rectangle to the next; it is used by one
 * thread.
 */
public interface Encoder extends AutoCloseable {

    /** The encoding's number, see {@link EncodingType}. */
    int number();

    /** Appends a rectangle's data: what follows its header. */
    void encode(Picture picture, Rect rect, ClientPixels pixels, RfbOutput out);

    /** Frees memory outside the heap. */
    @Override
    default void close() {}

    /** Whether {@link #create} knows this encoding. */
    static boolean supports(int number) {
        return switch (number) {
            case EncodingType.RAW, EncodingType.HEXTILE, EncodingType.ZLIB, EncodingType.ZRLE ->
                    true;
            default -> false;
        };
    }

    /**
     * An encoder for a new connection.
     *
     * @throws IllegalArgumentException when there is none with this number
     */
    static Encoder create(int number) {
        return switch (number) {
            case EncodingType.RAW -> new RawEncoder();
            case EncodingType.HEXTILE -> new HextileEncoder();
            case EncodingType.ZLIB -> new ZlibEncoder();
            case EncodingType.ZRLE -> new ZrleEncoder();
            default ->
                    throw new IllegalArgumentException(
                            "no encoder for " + EncodingType.name(number));
        };
    }
}
