package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.display.DrawnText;
import org.vitrine.core.display.GlyphFont;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;
import org.vitrine.spi.display.ScriptedDisplay;

/** Text that a guest draws in graphics modes is read from the picture. */
class DrawnTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 04H, 40, 25", "1, 05H, 40, 25", "2, 06H, 80, 25", "3, 0DH, 40, 25", "4, 0EH, 80, 25",
        "5, 0FH, 80, 25", "6, 10H, 80, 25", "7, 11H, 80, 30", "8, 12H, 80, 30", "9, 13H, 40, 25"
    })
    void textOfTheBiosIsReadInAllItsGraphicsModes(int choice, String mode, int columns, int rows)
            throws IOException, InterruptedException {
        try (Guest guest = Guest.withVideoProgram("modes", choice)) {
            guest.machine().cont();
            guest.awaitConsole("ready\n", 1);
            ScreenText text = DrawnText.find(guest.picture(), guest.machine().fonts());
            assertNotNull(text, mode);
            assertEquals(columns + "x" + rows, text.columns() + "x" + text.rows());
            assertTrue(text.lines().get(2).startsWith("  MODE " + mode), text.lines().toString());
            assertEquals(-1, text.cursorRow());
        }
    }

    @Test
    void textThatBeginsAnywhereAndIsInverseIsRead() throws InterruptedException {
        ScriptedDisplay display = new ScriptedDisplay();
        display.setMode(640, 480);
        byte[] rom = FirmwareImages.vgaBios();
        GlyphFont font;
        int glyphs;
        try (Guest guest = Guest.withFirmware(2 * MachineConfig.MIB).boot()) {
            List<GlyphFont> fonts = guest.machine().fonts();
            // That of the mode comes first.
            assertEquals(List.of(16, 8, 14, 16), fonts.stream().map(GlyphFont::height).toList());
            font = fonts.get(3);
            glyphs = GlyphFont.find(rom, 16);
        }
        draw(display, rom, glyphs, 5, 11, "boot: ", 0xFFFFFF, 0x0000A0);
        draw(display, rom, glyphs, 5, 11 + 16, "entry 1 ", 0x101010, 0xC0C0C0);
        display.publish();
        ScreenText text = DrawnText.find(read(display), List.of(font));
        assertNotNull(text);
        assertEquals(List.of("boot:", "entry 1"), text.lines().subList(0, 2));
    }

    @Test
    void aPictureOfDotsHasNoText() {
        long seed = System.nanoTime();
        System.err.println("DrawnTextTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        ScriptedDisplay display = new ScriptedDisplay();
        display.setMode(320, 200);
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 320; x++) {
                display.set(x, y, random.nextBoolean() ? 0xFFFFFF : 0);
            }
        }
        display.publish();
        try (Guest guest = Guest.withFirmware(2 * MachineConfig.MIB)) {
            assertNull(DrawnText.find(read(display), guest.machine().fonts()));
        }
    }

    private static Frame read(ScriptedDisplay display) {
        Frame frame = new Frame();
        display.read(frame);
        return frame;
    }

    private static void draw(
            ScriptedDisplay display,
            byte[] rom,
            int glyphs,
            int left,
            int top,
            String text,
            int ink,
            int ground) {
        for (int i = 0; i < text.length(); i++) {
            for (int line = 0; line < 16; line++) {
                int bits = rom[glyphs + text.charAt(i) * 16 + line];
                for (int dot = 0; dot < 8; dot++) {
                    display.set(
                            left + i * 8 + dot,
                            top + line,
                            (bits >> 7 - dot & 1) != 0 ? ink : ground);
                }
            }
        }
    }
}
