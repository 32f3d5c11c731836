package org.vitrine.frontend.vnc.encoding;

import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

/** Pixels as they are (RFC 6143, section 7.7.1). */
public final class RawEncoder implements Encoder {

    @Override
    public int number() {
        return EncodingType.RAW;
    }

    @Override
    public void encode(Picture picture, Rect rect, ClientPixels pixels, RfbOutput out) {
        for (int y = rect.y(); y < rect.y() + rect.height(); y++) {
            pixels.putRow(picture.pixels(), picture.at(rect.x(), y), rect.width(), out);
        }
    }
}
