package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.core.display.GlyphFont;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.spi.display.ScriptedDisplay;

@Timeout(240)
class ScreenTextCommandsTest {

    private static final int LINES = 16;

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final Dispatcher dispatcher = new Dispatcher(CommandTable.standard());
    private final byte[] rom = FirmwareImages.vgaBios();
    private final int glyphs = GlyphFont.find(rom, LINES);
    private final List<GlyphFont> fonts = new ArrayList<>();

    ScreenTextCommandsTest() {
        new ScreenTextCommands(display, () -> fonts).bind(dispatcher);
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return dispatcher.run(command, JsonParser.parseString(arguments).getAsJsonObject());
    }

    private String failure(String command, String arguments) {
        return assertThrows(CommandException.class, () -> run(command, arguments)).getMessage();
    }

    private CompletableFuture<JsonElement> waitFor(String pattern) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("pattern", pattern);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return dispatcher.run("wait-screen-text", arguments);
            } catch (CommandException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void draw(int row, String text) {
        for (int i = 0; i < text.length(); i++) {
            for (int line = 0; line < LINES; line++) {
                int bits = rom[glyphs + text.charAt(i) * LINES + line];
                for (int dot = 0; dot < 8; dot++) {
                    int colour = (bits >> 7 - dot & 1) != 0 ? 0xFFFF00 : 0x000080;
                    display.set(i * 8 + dot, row * LINES + line, colour);
                }
            }
        }
        display.publish();
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
    void beforeTheFirstPictureThereIsNothingToRead() {
        assertEquals("the machine has not shown a picture yet", failure("query-screen-text", "{}"));
    }

    @Test
    void aGraphicsModeWithoutTextIsSaidToHaveNone() {
        fonts.add(new GlyphFont(rom, glyphs, LINES));
        display.setMode(320, 200);
        assertEquals(
                "the screen is in a graphics mode (320x200), and no text in a font of the BIOS is found in it",
                failure("query-screen-text", "{}"));
    }

    @Test
    void textThatIsDrawnInAGraphicsModeIsReadAndWaitedFor() throws Exception {
        fonts.add(new GlyphFont(rom, glyphs, LINES));
        display.setMode(640, 480);
        CompletableFuture<JsonElement> found = waitFor("login:");
        draw(0, "GNU GRUB");
        draw(3, "  debian login: ");
        assertEquals(
                "{\"column\":9,\"row\":3,\"line\":\"  debian login:\",\"match\":\"login:\"}",
                found.get(60, TimeUnit.SECONDS).toString());
        JsonObject screen = run("query-screen-text", "{}").getAsJsonObject();
        assertEquals(30, screen.get("rows").getAsInt());
        assertEquals("GNU GRUB", screen.getAsJsonArray("lines").get(0).getAsString());
    }

    @Test
    void waitingEndsWhenTheTextComes() throws Exception {
        display.setText("Booting...");
        CompletableFuture<JsonElement> found = waitFor("^ +\\w+ login:$");
        display.setText("Booting...", "  debian login:");
        assertEquals(
                "{\"column\":0,\"row\":1,\"line\":\"  debian login:\",\"match\":\"  debian login:\"}",
                found.get(60, TimeUnit.SECONDS).toString());
    }

    @Test
    void aPatternMayGoOverSeveralLines() throws Exception {
        display.setText("", "one", "two", "three");
        assertEquals(
                "{\"column\":1,\"row\":1,\"line\":\"one\",\"match\":\"ne\\ntw\"}",
                waitFor("ne\\ntw").get(60, TimeUnit.SECONDS).toString());
    }

    @Test
    void waitingGivesUpWhenTheTimeIsUp() {
        display.setText("Booting...");
        long before = System.nanoTime();
        assertEquals(
                "the screen did not show 'login:' within 0.05 s",
                failure("wait-screen-text", "{\"pattern\":\"login:\",\"timeout\":0.05}"));
        assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void wrongPatternsAndTimesAreSaid() {
        display.setText("a".repeat(60) + "!");
        assertEquals(
                "Parameter 'pattern' is no regular expression: Unclosed group at 4",
                failure("wait-screen-text", "{\"pattern\":\"(abc\"}"));
        assertEquals(
                "Parameter 'pattern' is empty", failure("wait-screen-text", "{\"pattern\":\"\"}"));
        assertEquals(
                "Parameter 'timeout' expects a number of seconds from 0 on",
                failure("wait-screen-text", "{\"pattern\":\"a\",\"timeout\":-1}"));
        assertEquals(
                "Parameter 'pattern' takes too many steps to match; write it with fewer nested repetitions",
                failure("wait-screen-text", "{\"pattern\":\"^(a|aa)+\\\\1$\"}"));
    }
}
