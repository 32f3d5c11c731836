package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.io.Reader;

/**
 * Reads lines of at most so many characters, so that a client that never ends its line takes no
 * more memory than that. For one thread.
 */
final class BoundedLines {

    private final Reader in;
    private final int limit;
    private boolean afterReturn;

    /** A line that was too long; the next one can be read. */
    static final class TooLong extends Exception {
        TooLong(int limit) {
            super("a line has at most " + limit + " characters");
        }
    }

    /**
     * @param in is read character by character
     */
    BoundedLines(Reader in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * The next line, without its end: LF, CR, or CR LF; null when there is no more.
     *
     * @throws TooLong when it had too many characters; they are dropped
     */
    String next() throws IOException, TooLong {
        StringBuilder line = new StringBuilder();
        int length = 0;
        int c;
        for (c = in.read(); c >= 0; c = in.read()) {
            boolean rest = afterReturn && c == '\n' && length == 0;
            afterReturn = c == '\r';
            if (rest) {
                continue;
            }
            if (c == '\n' || c == '\r') {
                break;
            }
            length++;
            if (length <= limit) {
                line.append((char) c);
            }
        }
        if (length > limit) {
            throw new TooLong(limit);
        }
        return c < 0 && length == 0 ? null : line.toString();
    }
}
