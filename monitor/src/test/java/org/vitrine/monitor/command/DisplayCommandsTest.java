package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.display.ScriptedDisplay;

@Timeout(60)
class DisplayCommandsTest {

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final Dispatcher dispatcher = new Dispatcher(CommandTable.standard());

    @TempDir private Path folder;

    DisplayCommandsTest() {
        new DisplayCommands(display).bind(dispatcher);
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return dispatcher.run(command, JsonParser.parseString(arguments).getAsJsonObject());
    }

    private String failure(String command, String arguments) {
        return assertThrows(CommandException.class, () -> run(command, arguments)).getMessage();
    }

    private JsonObject dump(String name, String format) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("filename", folder.resolve(name).toString());
        if (format != null) {
            arguments.addProperty("format", format);
        }
        return arguments;
    }

    @Test
    void beforeTheFirstPictureThereIsNothingToShow() {
        assertEquals(
                "the machine has not shown a picture yet",
                failure("screendump", "{\"filename\":\"x\"}"));
    }

    @Test
    void picturesAreWrittenPixelByPixel() throws Exception {
        long seed = System.nanoTime();
        System.err.println("DisplayCommandsTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int width = 67;
        int height = 43;
        int[] pixels = random.ints((long) width * height, 0, 0x100_0000).toArray();
        display.setMode(width, height);
        for (int i = 0; i < pixels.length; i++) {
            display.set(i % width, i / width, pixels[i]);
        }
        display.publish();

        dispatcher.run("screendump", dump("screen.png", "png"));
        BufferedImage png = ImageIO.read(folder.resolve("screen.png").toFile());
        int[] decoded = png.getRGB(0, 0, width, height, null, 0, width);
        assertArrayEquals(pixels, Arrays.stream(decoded).map(pixel -> pixel & 0xFFFFFF).toArray());

        dispatcher.run("screendump", dump("screen.ppm", null));
        byte[] ppm = Files.readAllBytes(folder.resolve("screen.ppm"));
        byte[] head = "P6\n67 43\n255\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(head.length + 3 * pixels.length, ppm.length);
        ByteArrayInputStream bytes = new ByteArrayInputStream(ppm);
        assertArrayEquals(head, bytes.readNBytes(head.length));
        for (int pixel : pixels) {
            assertEquals(pixel, bytes.read() << 16 | bytes.read() << 8 | bytes.read());
        }
    }

    @Test
    void aFileThatCantBeWrittenIsSaid() {
        display.setMode(8, 8);
        JsonObject arguments = dump("nowhere/screen.ppm", null);
        CommandException failure =
                assertThrows(CommandException.class, () -> dispatcher.run("screendump", arguments));
        assertEquals(
                "failed to open file '"
                        + folder.resolve("nowhere/screen.ppm")
                        + "': No such file or directory",
                failure.getMessage());
    }
}
