package org.vitrine.spi.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final Frame frame = new Frame();

    @Test
    void firstReadIsAllDamageAndOneRectangle() {
        display.setMode(650, 50);
        assertTrue(display.read(frame));
        assertTrue(frame.modeChanged());
        assertEquals(List.of(new Rect(0, 0, 650, 50)), frame.damage());
    }

    @Test
    void damageIsMadeOfTilesCutAtTheEdge() {
        display.setMode(650, 50);
        display.read(frame);
        display.set(649, 49, 0xFFFFFF);
        display.publish();
        assertTrue(display.read(frame));
        assertFalse(frame.modeChanged());
        assertEquals(List.of(new Rect(640, 48, 10, 2)), frame.damage());
        assertEquals(0xFFFFFF, frame.pixels()[49 * 650 + 649]);
    }

    @Test
    void tilesInOneColumnAreJoinedAndOthersAreNot() {
        display.setMode(256, 64);
        display.read(frame);
        display.fill(0, 0, 1, 64, 1);
        display.fill(130, 20, 1, 1, 1);
        display.publish();
        display.read(frame);
        assertEquals(List.of(new Rect(128, 16, 64, 16), new Rect(0, 0, 64, 64)), frame.damage());
    }

    @Test
    void readingAgainFindsNothing() {
        display.setMode(100, 100);
        assertTrue(display.read(frame));
        assertFalse(display.read(frame));
        assertFalse(frame.damaged());
    }

    @Test
    void textIsGivenInTextModesAlone() {
        display.setText("Hello", " \u0001");
        display.read(frame);
        ScreenText text = frame.text();
        assertEquals(25, text.lines().size());
        assertEquals("Hello", text.lines().get(0));
        assertEquals(" \u263A", text.lines().get(1));
        assertEquals(7, text.attributeAt(0, 0));
        display.setMode(320, 200);
        display.read(frame);
        assertEquals(null, frame.text());
    }
}
