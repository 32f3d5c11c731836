package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

class ScreenshotTest {

    private static Frame frame() {
        var map = HostMemory.allocate(DisplayLayout.SIZE);
        var signal = new FrameSignal.Local();
        SurfaceWriter writer = new SurfaceWriter(map, signal);
        writer.begin(3, 2, DisplayMode.Kind.LINEAR, null, null);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                writer.line()[x] = 0x102030 * (y + 1) + x;
            }
            writer.draw(0, y, 3);
        }
        writer.publish();
        Frame frame = new Frame();
        new SurfaceReader(map, signal).read(frame);
        return frame;
    }

    @Test
    void pngHoldsThePicture(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("screen.png");
        Screenshot.write(frame(), Screenshot.Format.PNG, file);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file)));
        assertEquals(3, image.getWidth());
        assertEquals(2, image.getHeight());
        assertEquals(0xFF204062, image.getRGB(2, 1));
    }

    @Test
    void ppmHoldsThePicture() throws IOException {
        var out = new ByteArrayOutputStream();
        Screenshot.write(frame(), Screenshot.Format.PPM, out);
        byte[] header = "P6\n3 2\n255\n".getBytes(StandardCharsets.US_ASCII);
        byte[] expected = Arrays.copyOf(header, header.length + 18);
        byte[] pixels = {
            0x10, 0x20, 0x30, 0x10, 0x20, 0x31, 0x10, 0x20, 0x32, 0x20, 0x40, 0x60, 0x20, 0x40,
            0x61, 0x20, 0x40, 0x62
        };
        System.arraycopy(pixels, 0, expected, header.length, 18);
        assertArrayEquals(expected, out.toByteArray());
    }

    @Test
    void frameWithoutAPictureIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        Screenshot.write(
                                new Frame(), Screenshot.Format.PNG, new ByteArrayOutputStream()));
    }
}
