package org.vitrine.frontend.vnc.encoding;

import java.util.zip.Deflater;
import org.vitrine.frontend.vnc.rfb.RfbOutput;

/** A zlib stream (RFC 1950) that lasts as long as the connection, flushed after every piece. */
final class ZlibStream implements AutoCloseable {

    /** Screens are mostly flat and text: higher levels cost much time and save little. */
    private static final int LEVEL = 3;

    private static final int ROOM = 16 * 1024;

    private final Deflater deflater = new Deflater(LEVEL);

    /** Appends what these bytes are compressed to. */
    void deflate(RfbOutput plain, RfbOutput out) {
        deflater.setInput(plain.array(), 0, plain.size());
        int count;
        int room;
        do {
            out.room(ROOM);
            room = out.array().length - out.size();
            count = deflater.deflate(out.array(), out.size(), room, Deflater.SYNC_FLUSH);
            out.size(out.size() + count);
        } while (count == room);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
