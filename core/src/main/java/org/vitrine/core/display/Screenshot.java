package org.vitrine.core.display;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.vitrine.spi.display.Frame;

/** Writes frames as pictures. Any thread; the frame must stand still meanwhile. */
public final class Screenshot {

    private Screenshot() {}

    /** File formats of pictures. */
    public enum Format {
        /** Portable Network Graphics. */
        PNG,
        /** Portable pixmap, "P6" with 8 bits a colour. */
        PPM
    }

    /**
     * Writes a file; one that is there is replaced.
     *
     * @throws IllegalArgumentException when the frame is empty
     */
    public static void write(Frame frame, Format format, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(frame, format, out);
        }
    }

    /** Writes to a stream, which stays open. */
    public static void write(Frame frame, Format format, OutputStream out) throws IOException {
        if (frame.mode() == null) {
            throw new IllegalArgumentException("there is no picture yet");
        }
        switch (format) {
            case PNG -> writePng(frame, out);
            case PPM -> writePpm(frame, out);
        }
    }

    private static void writePng(Frame frame, OutputStream out) throws IOException {
        int width = frame.mode().width();
        int height = frame.mode().height();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setDataElements(0, 0, width, height, frame.pixels());
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this Java has no writer for PNG");
        }
    }

    private static void writePpm(Frame frame, OutputStream out) throws IOException {
        int width = frame.mode().width();
        int height = frame.mode().height();
        out.write(("P6\n" + width + " " + height + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        byte[] line = new byte[width * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = frame.pixels()[y * width + x];
                line[3 * x] = (byte) (pixel >> 16);
                line[3 * x + 1] = (byte) (pixel >> 8);
                line[3 * x + 2] = (byte) pixel;
            }
            out.write(line);
        }
        out.flush();
    }
}
