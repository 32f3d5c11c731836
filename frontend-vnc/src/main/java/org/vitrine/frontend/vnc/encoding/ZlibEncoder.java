package org.vitrine.frontend.vnc.encoding;

import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

/** Raw pixels through one zlib stream for the connection (rfbproto, section "Zlib Encoding"). */
public final class ZlibEncoder implements Encoder {

    private final RawEncoder raw = new RawEncoder();
    private final ZlibStream zlib = new ZlibStream();
    private final RfbOutput plain = new RfbOutput();

    @Override
    public int number() {
        return EncodingType.ZLIB;
    }

    @Override
    public void encode(Picture picture, Rect rect, ClientPixels pixels, RfbOutput out) {
        plain.clear();
        raw.encode(picture, rect, pixels, plain);
        int lengthAt = out.reserve(4);
        zlib.deflate(plain, out);
        out.u32At(lengthAt, out.size() - lengthAt - 4);
    }

    @Override
    public void close() {
        zlib.close();
    }
}
