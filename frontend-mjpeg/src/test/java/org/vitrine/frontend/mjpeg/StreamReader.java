package org.vitrine.frontend.mjpeg;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** Reads a multipart stream strictly, as a viewer that trusts nothing would. */
final class StreamReader {

    private static final String BOUNDARY = "--vitrine-frame";

    private final InputStream in;

    StreamReader(InputStream in) throws IOException {
        this.in = in;
        String first = line();
        if (!first.equals(BOUNDARY)) {
            throw new IOException("the stream starts with '" + first + "'");
        }
    }

    record Part(Map<String, String> headers, BufferedImage image, int length) {}

    /** The next part, with the boundary behind it. */
    Part next() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
        if (!line().isEmpty() || !line().equals(BOUNDARY)) {
            throw new IOException("no boundary behind the part");
        }
        return new Part(headers, ImageIO.read(new ByteArrayInputStream(body)), body.length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the stream has ended");
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line without CR: " + line);
        }
        line.setLength(line.length() - 1);
        return new String(
                line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.US_ASCII);
    }
}
