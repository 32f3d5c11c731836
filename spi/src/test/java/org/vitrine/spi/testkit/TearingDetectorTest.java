package org.vitrine.spi.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScriptedDisplay;

class TearingDetectorTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 32;

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final Frame frame = new Frame();

    private Viewer.Picture picture() {
        display.read(frame);
        return new Viewer.Picture(WIDTH, HEIGHT, frame.pixels().clone());
    }

    @Test
    void wholePicturesPassAndThoseOfAnyTwoNeighboursAreFound() {
        TearingDetector frames = TearingDetector.ofColours(display, WIDTH, HEIGHT);
        frames.next();
        Viewer.Picture before = picture();
        for (int i = 0; i < 256; i++) {
            frames.next();
            Viewer.Picture whole = picture();
            assertDoesNotThrow(() -> TearingDetector.check(whole, 0));
            Viewer.Picture torn = new Viewer.Picture(WIDTH, HEIGHT, whole.pixels().clone());
            System.arraycopy(before.pixels(), 0, torn.pixels(), 0, WIDTH);
            assertThrows(AssertionError.class, () -> TearingDetector.check(torn, 32));
            before = whole;
        }
    }

    @Test
    void aLossyPictureIsNotTakenForATornOne() {
        int[] pixels = new int[WIDTH * HEIGHT];
        pixels[5] = 0x030303;
        Viewer.Picture lossy = new Viewer.Picture(WIDTH, HEIGHT, pixels);
        assertDoesNotThrow(() -> TearingDetector.check(lossy, 3));
        AssertionError found =
                assertThrows(AssertionError.class, () -> TearingDetector.check(lossy, 2));
        assertEquals("a torn picture: its blue runs from 0 to 3", found.getMessage());
    }

    @Test
    void linesOfTwoLettersAreFound() {
        TearingDetector frames = TearingDetector.ofLetters(display);
        frames.next();
        display.read(frame);
        List<String> lines = new ArrayList<>(frame.text().lines());
        assertDoesNotThrow(() -> TearingDetector.check(lines));
        frames.next();
        display.read(frame);
        lines.set(24, frame.text().lines().get(24));
        AssertionError found =
                assertThrows(AssertionError.class, () -> TearingDetector.check(lines));
        assertTrue(found.getMessage().startsWith("a torn screen:\nBBBB"), found.getMessage());
    }
}
