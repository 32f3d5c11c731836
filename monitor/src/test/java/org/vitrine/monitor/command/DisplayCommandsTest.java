package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void theTextOfTheScreenHasItsSizeItsCursorAndAllItsLines() throws Exception {
        display.setText("A:\\>dir", "", "  caf\u0082 ");
        JsonObject screen = run("query-screen-text", "{}").getAsJsonObject();
        assertEquals("[columns, rows, cursor, lines]", screen.keySet().toString());
        assertEquals(80, screen.get("columns").getAsInt());
        assertEquals(25, screen.get("rows").getAsInt());
        assertEquals("{\"column\":-1,\"row\":-1}", screen.get("cursor").toString());
        JsonArray lines = screen.getAsJsonArray("lines");
        assertEquals(25, lines.size());
        assertEquals("A:\\>dir", lines.get(0).getAsString());
        assertEquals("", lines.get(1).getAsString());
        assertEquals("  caf\u00E9", lines.get(2).getAsString());
    }

    @Test
    void aGraphicsModeHasNoText() {
        display.setMode(320, 200);
        assertEquals(
                "the screen is in a graphics mode (320x200), which has no text",
                failure("query-screen-text", "{}"));
    }

    @Test
    void beforeTheFirstPictureThereIsNothingToShow() {
        assertEquals("the machine has not shown a picture yet", failure("query-screen-text", "{}"));
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

    @Test
    void waitingEndsWhenTheTextComes() throws Exception {
        display.setText("Booting...");
        CompletableFuture<JsonElement> found =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return run("wait-screen-text", "{\"text\":\"login:\"}");
                    } catch (CommandException e) {
                        throw new IllegalStateException(e);
                    }
                });
        display.setText("Booting...", "  debian login:");
        assertEquals(
                "{\"column\":9,\"row\":1,\"line\":\"  debian login:\"}",
                found.get(20, TimeUnit.SECONDS).toString());
    }

    @Test
    void waitingGivesUpWhenTheTimeIsUp() {
        display.setText("Booting...");
        long before = System.nanoTime();
        assertEquals(
                "the screen did not show 'login:' within 50 ms",
                failure("wait-screen-text", "{\"text\":\"login:\",\"timeout\":50}"));
        assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(50));
    }
}
