package org.vitrine.spi.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InputEventTest {

    @Test
    void cornersOfTheScreenAreTheEndsOfTheRange() {
        assertEquals(
                new InputEvent.AbsoluteMove(0, 0), InputEvent.AbsoluteMove.ofPixel(0, 0, 640, 480));
        assertEquals(
                new InputEvent.AbsoluteMove(0x7FFF, 0x7FFF),
                InputEvent.AbsoluteMove.ofPixel(639, 479, 640, 480));
        assertEquals(
                new InputEvent.AbsoluteMove(0, 0x7FFF),
                InputEvent.AbsoluteMove.ofPixel(-5, 9999, 640, 480));
        assertThrows(IllegalArgumentException.class, () -> new InputEvent.AbsoluteMove(0x8000, 0));
    }

    @Test
    void keysAreFoundByNameAndByNumber() {
        assertSame(KeyCode.RET, KeyCode.ofName("ret"));
        assertSame(KeyCode.RET, KeyCode.ofNumber(0x1C));
        assertSame(KeyCode.KP_ENTER, KeyCode.ofNumber(0x9C));
        assertNull(KeyCode.ofName("enter"));
        assertNull(KeyCode.ofNumber(0));
        assertNull(KeyCode.ofNumber(0x1FF));
    }
}
