package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.vitrine.spi.display.Frame;

/**
 * Pictures that were looked at once and found right. {@code -Dvitrine.golden=write} replaces them
 * with what is drawn now, to be looked at again.
 */
public final class Goldens {

    private static final Path SOURCES = Path.of("src/test/resources");
    private static final Path ACTUAL = Path.of("target/goldens");

    private Goldens() {}

    static void assertMatches(Frame frame, String name) throws IOException {
        assertMatches(Goldens.class, frame, name);
    }

    /** Compares a frame with the picture of this name in the test's package. */
    public static void assertMatches(Class<?> test, Frame frame, String name) throws IOException {
        if ("write".equals(System.getProperty("vitrine.golden"))) {
            Path folder = SOURCES.resolve(test.getPackageName().replace('.', '/'));
            Files.createDirectories(folder);
            Screenshot.write(frame, Screenshot.Format.PNG, folder.resolve(name + ".png"));
            return;
        }
        BufferedImage golden;
        try (InputStream in = test.getResourceAsStream(name + ".png")) {
            if (in == null) {
                fail("there is no golden picture " + name);
            }
            golden = ImageIO.read(in);
        }
        int width = frame.mode().width();
        int height = frame.mode().height();
        assertEquals(golden.getWidth() + "x" + golden.getHeight(), width + "x" + height, name);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = frame.pixels()[y * width + x];
                if ((golden.getRGB(x, y) & 0xFFFFFF) != pixel) {
                    Files.createDirectories(ACTUAL);
                    Screenshot.write(frame, Screenshot.Format.PNG, ACTUAL.resolve(name + ".png"));
                    fail(
                            String.format(
                                    "%s: pixel %d,%d is %06X and not %06X; see target/goldens",
                                    name, x, y, pixel, golden.getRGB(x, y) & 0xFFFFFF));
                }
            }
        }
    }
}
