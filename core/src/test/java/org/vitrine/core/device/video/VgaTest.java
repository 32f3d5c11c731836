package org.vitrine.core.device.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.vitrine.core.display.Picture;
import org.vitrine.core.display.PixelFormat;

class VgaTest {

    private final VgaBoard board = new VgaBoard();

    @Test
    void registersReadBackTheBitsThatExist() {
        board.out(0x3C2, 0x67);
        board.out(0x3C4, 2, 0xFF);
        assertEquals(0x0F, board.in(0x3C5));
        board.out(0x3CE, 5, 0xFF);
        assertEquals(0x7B, board.in(0x3CF));
        board.out(0x3D4, 0x0C, 0x5A);
        assertEquals(0x5A, board.in(0x3D5));
        assertEquals(0x67, board.in(0x3CC));
    }

    @Test
    void miscellaneousOutputMovesTheCrtcBetweenColourAndMonochromeAddresses() {
        board.out(0x3C2, 0x67);
        board.out(0x3D4, 0x0E, 0x12);
        assertEquals(0x12, board.in(0x3D5));
        assertEquals(0xFF, board.in(0x3B5));
        board.out(0x3B5, 0x34);
        board.out(0x3C2, 0x66);
        assertEquals(0x12, board.in(0x3B5));
        assertEquals(0xFF, board.in(0x3D5));
        assertEquals(0xFF, board.in(0x3DA));
    }

    @Test
    void readingTheStatusMakesTheNextAttributeWriteAnIndex() {
        board.out(0x3C2, 0x67);
        board.in(0x3DA);
        board.out(0x3C0, 0x10);
        board.out(0x3C0, 0x0C);
        board.out(0x3C0, 0x11);
        board.in(0x3DA);
        board.out(0x3C0, 0x10);
        assertEquals(0x0C, board.in(0x3C1));
        assertEquals(0x10, board.in(0x3C0));
    }

    @Test
    void paletteRegistersAreOnlyWrittenWhileTheScreenDoesNotUseThem() {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        board.in(0x3DA);
        board.out(0x3C0, 0x21);
        board.out(0x3C0, 0x3F);
        board.in(0x3DA);
        board.out(0x3C0, 0x21);
        assertEquals(0x01, board.in(0x3C1));
        board.outAttribute(1, 0x3F);
        board.in(0x3DA);
        board.out(0x3C0, 0x21);
        assertEquals(0x3F, board.in(0x3C1));
    }

    @Test
    void crtcTimingIsProtectedButForTheLineCompareBit() {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        board.out(0x3D4, 0x00, 0x11);
        assertEquals(0x5F, board.in(0x3D5));
        board.out(0x3D4, 0x07, 0x00);
        assertEquals(0x0F, board.in(0x3D5));
        board.out(0x3D4, 0x11, 0x0E);
        board.out(0x3D4, 0x00, 0x11);
        assertEquals(0x11, board.in(0x3D5));
    }

    @Test
    void dacTakesSixBitsAndCountsOn() {
        board.out(0x3C8, 0xFF);
        for (int value : new int[] {0xFF, 1, 2, 3, 4, 5}) {
            board.out(0x3C9, value);
        }
        assertEquals(0, board.in(0x3C7));
        board.out(0x3C7, 0xFF);
        assertEquals(3, board.in(0x3C7));
        int[] read = new int[6];
        for (int i = 0; i < 6; i++) {
            read[i] = board.in(0x3C9);
        }
        assertArrayEquals(new int[] {0x3F, 1, 2, 3, 4, 5}, read);
    }

    @Test
    void coloursGoThroughPaletteColourSelectAndMask() {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        board.setColour(0x14, 42, 21, 0);
        assertEquals(0xAA5500, board.vga.colours()[6]);
        int version = board.vga.coloursVersion();
        board.setColour(0x14, 42, 21, 0);
        assertEquals(version, board.vga.coloursVersion());
        board.setColour(0xE4, 63, 0, 63);
        board.outAttribute(0x10, 0x8C);
        board.outAttribute(0x14, 0x0E);
        assertEquals(0xFF00FF, board.vga.colours()[6]);
        board.out(0x3C6, 0x00);
        assertEquals(0, board.vga.colours()[6]);
    }

    @Test
    void retraceFollowsGuestTime() {
        board.setMode(VgaMode.PLANAR_640X480);
        // 800 by 525 dots of 25.175 MHz; retrace in lines 490 and 491, of 31.8 microseconds.
        assertEquals(16_683_217, board.vga.frameNanos(), 1);
        long line = board.vga.frameNanos() / 525;
        board.nanos = board.vga.frameNanos() * 1000 + line / 2;
        assertEquals(0x00, board.in(0x3DA));
        board.nanos += line * 2 / 5;
        assertEquals(0x01, board.in(0x3DA));
        board.nanos = board.vga.frameNanos() * 1000 + line * 491;
        assertEquals(0x09, board.in(0x3DA));
        board.nanos += line * 2;
        assertEquals(0x01, board.in(0x3DA));
    }

    @Test
    void guestThatWasHeldUpOverARetraceSeesItLateAndOnce() {
        board.setMode(VgaMode.PLANAR_640X480);
        long frame = board.vga.frameNanos();
        long line = frame / 525;
        board.nanos = frame * 1000 + line * 480;
        assertEquals(0x01, board.in(0x3DA) & 0x09);
        board.nanos += line * 60;
        assertEquals(0x09, board.in(0x3DA));
        assertEquals(0x00, board.in(0x3DA) & 0x08);
        // Who did not ask for a whole frame is not waiting.
        board.nanos += frame * 2;
        assertEquals(0x00, board.in(0x3DA) & 0x08);
    }

    @Test
    void vbeModesHaveSixtyRetracesInASecond() {
        board.setMode(VgaMode.PLANAR_640X480);
        board.setVbeMode(1024, 768, 32);
        int retraces = 0;
        boolean before = false;
        for (long end = board.nanos + 1_000_000_000; board.nanos < end; board.nanos += 20_000) {
            boolean now = (board.in(0x3DA) & 8) != 0;
            retraces += now && !before ? 1 : 0;
            before = now;
        }
        assertEquals(60, retraces, 1);
    }

    @Test
    void vbeModeIsBlankWhileTheAttributeControllerIsOff() {
        board.setVbeMode(640, 480, 32);
        assertEquals(new Picture.Blank(), board.vga.picture());
        board.showAttributes(true);
        assertInstanceOf(Picture.Graphics.class, board.vga.picture());
        board.showAttributes(false);
        assertEquals(new Picture.Blank(), board.vga.picture());
    }

    @Test
    void cursorSkewMovesTheCursorToTheRight() {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        board.out(0x3D4, 0x0E, 0x01);
        board.out(0x3D4, 0x0F, 0x02);
        board.out(0x3D4, 0x0B, 0x0E | 0x40);
        assertEquals(
                (0x102 + 2) * 4,
                assertInstanceOf(Picture.Text.class, board.vga.picture()).cursor());
    }

    @Test
    void retraceIsSeenEvenBeforeAnyModeIsSet() {
        board.out(0x3C2, 0x01);
        int seen = 0;
        for (int i = 0; i < 1000; i++) {
            board.nanos += 100_000;
            seen |= 1 << (board.in(0x3DA) >> 3 & 1);
        }
        assertEquals(3, seen);
    }

    @Test
    void pictureStaysTheSameObjectWhileOnlyTheCpusSideChanges() {
        board.setMode(VgaMode.PLANAR_640X480);
        Picture before = board.vga.picture();
        board.out(0x3C4, 2, 1);
        board.out(0x3CE, 8, 0x55);
        board.out(0x3CE, 5, 2);
        assertSame(before, board.vga.picture());
        board.out(0x3D4, 0x0D, 80);
        assertNotSame(before, board.vga.picture());
    }

    @Test
    void displayIsBlankWhileAnyOfItsSwitchesIsOff() {
        assertInstanceOf(Picture.Blank.class, board.vga.picture());
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        assertInstanceOf(Picture.Text.class, board.vga.picture());
        board.out(0x3C4, 1, 0x20);
        assertInstanceOf(Picture.Blank.class, board.vga.picture());
        board.out(0x3C4, 1, 0x00);
        board.in(0x3DA);
        board.out(0x3C0, 0x00);
        assertInstanceOf(Picture.Blank.class, board.vga.picture());
    }

    @Test
    void modesHaveTheSizeThatAMonitorShows() {
        assertEquals("PLANES_4 640x400", shape(VgaMode.PLANAR_320X200));
        assertEquals("PLANES_4 640x480", shape(VgaMode.PLANAR_640X480));
        assertEquals("INDEXED_8 640x400", shape(VgaMode.PACKED_320X200));
        assertEquals("INDEXED_8 640x480", shape(VgaMode.MODE_X));
        assertEquals("INTERLEAVED_4 640x400", shape(VgaMode.CGA_4_COLOURS));
        assertEquals("PLANES_4 640x400", shape(VgaMode.CGA_2_COLOURS));
    }

    private String shape(VgaMode mode) {
        board.setMode(mode);
        var picture = assertInstanceOf(Picture.Graphics.class, board.vga.picture());
        PixelFormat format = picture.format();
        return format + " " + picture.width() + "x" + picture.height();
    }

    @Test
    void linesThatAreNotAllAlikeAreNotFolded() {
        board.setMode(VgaMode.PACKED_320X200);
        board.out(0x3D4, 0x18, 200);
        board.out(0x3D4, 0x07, 0x0F);
        board.out(0x3D4, 0x09, 0x01);
        var picture = assertInstanceOf(Picture.Graphics.class, board.vga.picture());
        assertEquals(400, picture.height());
        assertEquals(100 * 320, picture.lines()[200]);
        assertEquals(0, picture.lines()[201]);
    }
}
