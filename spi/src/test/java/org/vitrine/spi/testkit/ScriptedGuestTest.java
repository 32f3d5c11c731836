package org.vitrine.spi.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.ScreenText;
import org.vitrine.spi.display.ScriptedDisplay;

class ScriptedGuestTest {

    private final FakeClock clock = new FakeClock();
    private final ScriptedDisplay display = new ScriptedDisplay(clock::nanoTime);
    private final Frame frame = new Frame();

    @Test
    void whatIsNotPublishedIsNotSeen() {
        display.setMode(128, 32);
        display.fill(0, 0, 1, 1, 0x112233);
        assertTrue(display.read(frame));
        assertEquals(0, frame.pixels()[0]);
        assertFalse(display.read(frame));
        display.publish();
        assertTrue(display.read(frame));
        assertEquals(0x112233, frame.pixels()[0]);
        assertEquals(List.of(new Rect(0, 0, 64, 16)), frame.damage());
    }

    @Test
    void textHasColoursAndACursor() {
        display.setText(new DisplayMode.TextGeometry(40, 2, 8, 16), "one");
        display.write(1, 1, 0x1F, "two");
        display.setTextCursor(4, 1);
        display.publish();
        display.read(frame);
        ScreenText text = frame.text();
        assertEquals(List.of("one", " two"), text.lines());
        assertEquals(0x1F, text.attributeAt(3, 1));
        assertEquals(0x07, text.attributeAt(0, 1));
        assertEquals(4, text.cursorColumn());
        assertThrows(IndexOutOfBoundsException.class, () -> display.write(38, 0, 7, "long"));
        display.setMode(320, 200, DisplayMode.Kind.PACKED);
        display.read(frame);
        assertNull(frame.text());
    }

    @Test
    void framesAreStampedByTheClockThatStandsStill() {
        clock.advance(Duration.ofSeconds(5));
        display.setMode(1, 1);
        clock.advance(Duration.ofSeconds(1));
        display.read(frame);
        assertEquals(Duration.ofSeconds(5).toNanos(), frame.timestamp());
        assertEquals(Instant.parse("2026-01-01T00:00:06Z"), clock.instant());
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    }

    @Test
    void theSameSeedMakesTheSameStormOfAllKindsOfModes() {
        assertEquals(storm(42), storm(42));
        assertFalse(storm(42).equals(storm(43)));
        Set<DisplayMode.Kind> kinds = EnumSet.noneOf(DisplayMode.Kind.class);
        storm(42).forEach(mode -> kinds.add(mode.kind()));
        assertEquals(EnumSet.allOf(DisplayMode.Kind.class), kinds);
    }

    private static List<DisplayMode> storm(long seed) {
        ScriptedDisplay display = new ScriptedDisplay();
        ModeStorm storm = new ModeStorm(seed);
        List<DisplayMode> modes = new ArrayList<>();
        Frame frame = new Frame();
        for (int i = 0; i < 40; i++) {
            storm.step(display);
            display.read(frame);
            modes.add(frame.mode());
        }
        return modes;
    }

    @Test
    void aReaderThatComesLateHasTheSamePicture() {
        Frame early = new Frame();
        ModeStorm storm = new ModeStorm(7);
        for (int i = 0; i < 20; i++) {
            storm.step(display);
            display.read(early);
        }
        display.read(frame);
        assertEquals(early.mode(), frame.mode());
        assertArrayEquals(early.pixels(), frame.pixels());
    }
}
