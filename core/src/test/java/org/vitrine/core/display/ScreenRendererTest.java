package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.vitrine.core.device.video.VgaBoard;
import org.vitrine.core.device.video.VgaMode;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.SurfaceReader;

class ScreenRendererTest {

    private static final int FONT_B_AT_8K = 0x2000;

    /**
     * Character blink is on for 16 frames, the first 228 ms, and off for the next; the cursor
     * changes twice as often.
     */
    private static final long CHARACTERS_OFF = 300_000_000;

    private static final long CURSOR_OFF = 150_000_000;

    private final VgaBoard board = new VgaBoard();

    private void setTextMode(VgaMode mode) {
        board.setMode(mode);
        board.setEgaColours();
        board.loadFont(0, TestFont.glyphs(false));
        board.loadFont(FONT_B_AT_8K, TestFont.glyphs(true));
        if (mode == VgaMode.TEXT_MONOCHROME) {
            board.out(0x3CE, 6, 0x0A);
            board.setColour(0x08, 42, 42, 42);
            board.setColour(0x10, 21, 21, 21);
            board.setColour(0x18, 63, 63, 63);
        }
        for (int cell = 0; cell < 2000; cell++) {
            board.setCell(base(mode) + cell * 2, ' ', 0x07);
        }
    }

    private static int base(VgaMode mode) {
        return mode == VgaMode.TEXT_MONOCHROME ? 0xB0000 : 0xB8000;
    }

    private void print(int base, int columns, int column, int row, String text, int attribute) {
        for (int i = 0; i < text.length(); i++) {
            board.setCell(base + (row * columns + column + i) * 2, text.charAt(i), attribute);
        }
    }

    private void placeCursor(int cell) {
        board.out(board.crtcPort(), 0x0E, cell >> 8);
        board.out(board.crtcPort(), 0x0F, cell & 0xFF);
    }

    private void drawTextScene(VgaMode mode, int columns) {
        setTextMode(mode);
        int base = base(mode);
        for (int background = 0; background < 16; background++) {
            for (int foreground = 0; foreground < 16 && foreground * 2 < columns; foreground++) {
                print(
                        base,
                        columns,
                        foreground * 2,
                        background,
                        "VI",
                        background << 4 | foreground);
            }
        }
        print(base, columns, 0, 17, "VITRINE", 0x0F);
        print(base, columns, 8, 17, "\u00C4\u00C4\u00CE\u00C4\u00C4\u00DF\u00E0\u00E1", 0x1E);
        print(base, columns, 0, 24, "TRENT", 0x70);
        placeCursor(17 * columns + 7);
    }

    @Test
    void textModeOf80ColumnsLooksAsItShould() throws IOException {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        Frame frame = board.look();
        Goldens.assertMatches(frame, "text-80x25");
        assertEquals(new DisplayMode.TextGeometry(80, 25, 9, 16), frame.mode().text());
        assertEquals("VITRINE", frame.text().lines().get(17).substring(0, 7));
        assertEquals(7, frame.text().cursorColumn());
        assertEquals(17, frame.text().cursorRow());
    }

    @Test
    void textModeOf40ColumnsHasDotsOfTwoPixels() throws IOException {
        drawTextScene(VgaMode.TEXT_40_COLUMNS, 40);
        Frame frame = board.look();
        Goldens.assertMatches(frame, "text-40x25");
        assertEquals(new DisplayMode.TextGeometry(40, 25, 18, 16), frame.mode().text());
    }

    @Test
    void monochromeTextIsUnderlined() throws IOException {
        drawTextScene(VgaMode.TEXT_MONOCHROME, 80);
        Goldens.assertMatches(board.look(), "text-monochrome");
    }

    @Test
    void blinkingCharactersAndCursorGoOutInTheirTime() throws IOException {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        Frame frame = board.look();
        assertTrue(frame.damaged());
        board.nanos = CHARACTERS_OFF;
        board.look(frame);
        Goldens.assertMatches(frame, "text-blink-off");
        assertEquals(7, frame.text().cursorColumn());
        board.nanos = CURSOR_OFF;
        board.look(frame);
        int cursorPixel = (17 * 16 + 13) * 720 + 7 * 9;
        assertEquals(0, frame.pixels()[cursorPixel]);
        board.nanos = 0;
        board.look(frame);
        assertEquals(0xAAAAAA, frame.pixels()[cursorPixel]);
        Goldens.assertMatches(frame, "text-80x25");
    }

    @Test
    void secondFontIsForBrightCharacters() throws IOException {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        // Font B, for bit 3 clear, stays the first; font A, for bit 3 set, is the one at 8 KiB.
        board.out(0x3C4, 3, 0x20);
        Goldens.assertMatches(board.look(), "text-two-fonts");
    }

    @Test
    void smoothlyScrolledAndSplitTextLooksAsItShould() throws IOException {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        for (int i = 0; i < 2000; i++) {
            board.setCell(
                    0xB8000 + 0x2000 + i * 2,
                    "VITRINE ".charAt(i % 8),
                    i % 80 / 5 + i / 80 * 16 & 0x7F);
        }
        board.out(0x3D4, 0x0C, 0x10);
        board.out(0x3D4, 0x08, 0x05);
        board.out(0x3D4, 0x18, 0x20);
        board.out(0x3D4, 0x11, 0x0E);
        board.out(0x3D4, 0x07, 0x1F);
        board.out(0x3D4, 0x09, 0x0F);
        board.outAttribute(0x13, 3);
        board.outAttribute(0x10, 0x2C);
        Goldens.assertMatches(board.look(), "text-scrolled-split");
    }

    private void drawCircles(VgaMode mode) {
        board.setMode(mode);
        for (int i = 0; i < 256; i++) {
            board.setColour(i, i & 63, i >> 2, 63 - (i & 63));
        }
    }

    @Test
    void packed256ColoursLookAsTheyShould() throws IOException {
        drawCircles(VgaMode.PACKED_320X200);
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 320; x++) {
                board.memory.write(
                        0xA0000 + y * 320 + x,
                        1,
                        (x - 160) * (x - 160) + (y - 100) * (y - 100) >> 7);
            }
        }
        Goldens.assertMatches(board.look(), "packed-320x200");
    }

    @Test
    void unchained256ColoursWithSplitAndPanningLookAsTheyShould() throws IOException {
        drawCircles(VgaMode.MODE_X);
        for (int plane = 0; plane < 4; plane++) {
            board.out(0x3C4, 2, 1 << plane);
            for (int i = 0; i < 80 * 400; i++) {
                int x = i % 80 * 4 + plane;
                int y = i / 80;
                board.memory.write(0xA0000 + i, 1, x == y || x == 300 - y ? 255 : x + y >> 1);
            }
        }
        board.out(0x3D4, 0x0C, 0x20);
        board.out(0x3D4, 0x18, 399 & 0xFF);
        board.out(0x3D4, 0x11, 0x2C);
        board.out(0x3D4, 0x07, 0x3E);
        board.out(0x3D4, 0x09, 0x01);
        board.outAttribute(0x13, 6);
        board.outAttribute(0x10, 0x61);
        Goldens.assertMatches(board.look(), "mode-x-split");
    }

    @Test
    void planarModesLookAsTheyShould() throws IOException {
        for (VgaMode mode : List.of(VgaMode.PLANAR_320X200, VgaMode.PLANAR_640X480)) {
            board.setMode(mode);
            board.setEgaColours();
            int pitch = mode == VgaMode.PLANAR_320X200 ? 40 : 80;
            int height = mode == VgaMode.PLANAR_320X200 ? 200 : 480;
            // Bars by set/reset, with diagonal lines by the bit mask in write mode 2 over them.
            board.out(0x3CE, 1, 0x0F);
            for (int y = 0; y < height; y++) {
                board.out(0x3CE, 0, y * 16 / height);
                for (int i = 0; i < pitch; i++) {
                    board.memory.write(0xA0000 + y * pitch + i, 1, 0);
                }
            }
            board.out(0x3CE, 5, 2);
            for (int y = 0; y < height; y++) {
                int x = y + 17;
                board.out(0x3CE, 8, 0x80 >> x % 8);
                board.memory.read(0xA0000 + y * pitch + x / 8, 1);
                board.memory.write(0xA0000 + y * pitch + x / 8, 1, 15 - y * 16 / height);
            }
            Goldens.assertMatches(
                    board.look(),
                    mode == VgaMode.PLANAR_320X200 ? "planar-320x200" : "planar-640x480");
        }
    }

    @Test
    void cgaModesLookAsTheyShould() throws IOException {
        board.setMode(VgaMode.CGA_4_COLOURS);
        board.setEgaColours();
        for (int y = 0; y < 200; y++) {
            for (int i = 0; i < 80; i++) {
                board.memory.write(
                        0xB8000 + y % 2 * 0x2000 + y / 2 * 80 + i, 1, y < 100 ? 0x1B : i + y);
            }
        }
        Goldens.assertMatches(board.look(), "cga-320x200");
        board.setMode(VgaMode.CGA_2_COLOURS);
        for (int y = 0; y < 200; y++) {
            for (int i = 0; i < 80; i++) {
                board.memory.write(
                        0xB8000 + y % 2 * 0x2000 + y / 2 * 80 + i, 1, y < 100 ? 0x0F : i + y);
            }
        }
        Goldens.assertMatches(board.look(), "cga-640x200");
    }

    @Test
    void linearModesShowTheSamePictureInAllDepths() {
        board.showAttributes(true);
        board.vga.mapFramebuffer(0xE0000000L);
        for (int bits : new int[] {15, 16, 24, 32}) {
            board.vbe(4, 0);
            board.vbe(1, 100);
            board.vbe(2, 50);
            board.vbe(3, bits);
            board.vbe(4, 0x41);
            Frame frame = board.look();
            assertEquals(0, frame.pixels()[5 * 100 + 7], "cleared");
            int bytes = (bits + 7) / 8;
            // Magenta: no depth loses any of it.
            int pixel = bits == 15 ? 0x7C1F : bits == 16 ? 0xF81F : 0xFF00FF;
            for (int i = 0; i < bytes; i++) {
                board.memory.write(
                        0xE0000000L + (5 * 100L + 7) * bytes + i, 1, pixel >> 8 * i & 0xFF);
            }
            assertTrue(board.look(frame));
            assertEquals(0xFF00FF, frame.pixels()[5 * 100 + 7], bits + " bits");
            assertEquals(0, frame.pixels()[5 * 100 + 8]);
            assertEquals(0, frame.pixels()[5 * 100 + 6]);
            assertEquals(DisplayMode.Kind.LINEAR, frame.mode().kind());
            assertEquals(100 * bytes, frame.scanout().stride());
        }
    }

    @Test
    void virtualScreenIsPannedOver() {
        board.showAttributes(true);
        board.vga.mapFramebuffer(0xE0000000L);
        board.vbe(1, 64);
        board.vbe(2, 32);
        board.vbe(3, 32);
        board.vbe(4, 0x41);
        board.vbe(6, 128);
        board.memory.write(0xE0000000L + (10 * 128 + 20) * 4, 4, 0x123456);
        board.vbe(8, 15);
        board.vbe(9, 8);
        Frame frame = board.look();
        assertEquals(0x123456, frame.pixels()[2 * 64 + 5]);
        assertEquals((8 * 128 + 15) * 4, frame.scanout().offset());
        assertEquals(512, frame.scanout().stride());
    }

    @Test
    void screenIsBlackBeforeAModeIsSetAndWhileItIsOff() {
        Frame frame = board.look();
        assertEquals("640x400", frame.mode().width() + "x" + frame.mode().height());
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        board.look(frame);
        assertEquals(25, frame.mode().text().rows());
        assertFalse(black(frame));
        board.out(0x3C4, 1, 0x20);
        board.look(frame);
        assertTrue(black(frame));
        assertEquals(720, frame.mode().width());
        assertEquals("", frame.text().toString().strip());
        board.out(0x3C4, 1, 0x00);
        board.look(frame);
        assertFalse(black(frame));
    }

    private static boolean black(Frame frame) {
        for (int pixel : VgaBoard.pixels(frame)) {
            if (pixel != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void idleScreenConvertsNothing() {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        board.look();
        long before = board.renderer.conversions();
        for (int i = 0; i < 100; i++) {
            assertFalse(board.renderer.refresh());
        }
        assertEquals(before, board.renderer.conversions());
        drawCircles(VgaMode.PACKED_320X200);
        board.look();
        long lines = board.renderer.linesConverted();
        for (int i = 0; i < 100; i++) {
            assertFalse(board.renderer.refresh());
        }
        assertEquals(lines, board.renderer.linesConverted());
    }

    @Test
    void typingDrawsOneCellAndMovesTheCursor() {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        Frame frame = board.look();
        long before = board.renderer.cellsConverted();
        board.setCell(0xB8000 + (20 * 80 + 40) * 2, 'V', 0x07);
        board.look(frame);
        assertEquals(before + 1, board.renderer.cellsConverted());
        // Cell 40 has pixels 360 to 368, in the sixth tile; row 20 has lines 320 to 335.
        assertEquals(List.of(new Rect(320, 320, 64, 16)), frame.damage());
        placeCursor(20 * 80 + 41);
        board.look(frame);
        assertEquals(before + 3, board.renderer.cellsConverted());
        assertEquals(41, frame.text().cursorColumn());
    }

    @Test
    void writingVideoMemoryOutsideTheScreenConvertsNothing() {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        board.look();
        board.setCell(0xB8000 + 2500 * 2, 'V', 0x07);
        assertFalse(board.renderer.refresh());
        drawCircles(VgaMode.MODE_X);
        board.look();
        board.memory.write(0xA8000, 1, 7);
        assertFalse(board.renderer.refresh());
    }

    @Test
    void onePixelConvertsTheLinesOfItsPageAndDamagesItsTile() {
        drawCircles(VgaMode.PACKED_320X200);
        Frame frame = board.look();
        long before = board.renderer.linesConverted();
        board.memory.write(0xA0000 + 100 * 320 + 200, 1, 7);
        board.look(frame);
        assertTrue(
                board.renderer.linesConverted() - before <= 28,
                "doubled lines of a page of 4096 bytes");
        assertEquals(List.of(new Rect(384, 192, 64, 16)), frame.damage());
    }

    @Test
    void newGlyphsAreSeenInCharactersThatStandThere() {
        drawTextScene(VgaMode.TEXT_80_COLUMNS, 80);
        Frame frame = board.look();
        int[] before = VgaBoard.pixels(frame);
        byte[] glyphs = TestFont.glyphs(false);
        glyphs['V' * 16 + 3] ^= (byte) 0xFF;
        board.loadFont(0, glyphs);
        board.look(frame);
        int[] after = VgaBoard.pixels(frame);
        assertArrayEquals(Arrays.copyOf(before, 3 * 720), Arrays.copyOf(after, 3 * 720));
        assertFalse(before[3 * 720 + 9 * 4] == after[3 * 720 + 9 * 4]);
    }

    /** Whatever way the screen was reached, it looks like one that is drawn from nothing. */
    @Test
    void updatedScreenLooksLikeOneDrawnAnew() {
        long seed = System.nanoTime();
        System.out.println("ScreenRendererTest seed " + seed);
        RandomGenerator random = new Random(seed);
        VgaMode[] modes = VgaMode.values();
        var map = HostMemory.allocate(DisplayLayout.SIZE);
        var signal = new FrameSignal.Local();
        SurfaceWriter otherWriter = new SurfaceWriter(map, signal);
        SurfaceReader otherReader = new SurfaceReader(map, signal);
        Frame anew = new Frame();
        int compared = 0;
        setTextMode(VgaMode.TEXT_80_COLUMNS);
        Frame frame = board.look();
        for (int round = 0; round < 400; round++) {
            if (random.nextInt(20) == 0) {
                board.setMode(modes[random.nextInt(modes.length)]);
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                board.memory.write(0xA0000 + random.nextInt(0x20000), 1, random.nextInt(256));
            }
            disturb(random);
            board.look(frame);
            new ScreenRenderer(board.vga, () -> board.nanos, otherWriter).refresh();
            otherReader.read(anew);
            if (!black(anew)) {
                assertArrayEquals(
                        VgaBoard.pixels(anew),
                        VgaBoard.pixels(frame),
                        "seed " + seed + ", round " + round);
                compared++;
            }
        }
        assertTrue(compared > 100, "screens compared: " + compared);
    }

    /** Changes something that a running guest changes now and then. */
    private void disturb(RandomGenerator random) {
        switch (random.nextInt(12)) {
            case 0 ->
                    board.setColour(
                            random.nextInt(256),
                            random.nextInt(64),
                            random.nextInt(64),
                            random.nextInt(64));
            case 1 -> board.out(board.crtcPort(), 0x0D, random.nextInt(256));
            case 2 -> board.out(board.crtcPort(), 0x08, random.nextInt(16));
            case 3 -> placeCursor(random.nextInt(4000));
            case 4 -> board.out(board.crtcPort(), 0x0A, random.nextInt(32));
            case 5 -> board.outAttribute(0x13, random.nextInt(9));
            case 6 -> board.outAttribute(random.nextInt(16), random.nextInt(64));
            case 7 -> board.out(board.crtcPort(), 0x18, random.nextInt(256));
            case 8 ->
                    board.outAttribute(
                            0x10,
                            board.vga.picture() instanceof Picture.Text ? random.nextInt(64) : 1);
            case 9 -> board.nanos += random.nextInt(500_000_000);
            case 10 -> board.out(board.crtcPort(), 0x13, 20 + random.nextInt(40));
            default -> {
                // Only memory has changed.
            }
        }
    }
}
