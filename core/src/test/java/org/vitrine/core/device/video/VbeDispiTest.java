package org.vitrine.core.device.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.display.Picture;

/** The Bochs VBE extension at ports 1CE and 1CF. */
class VbeDispiTest {

    private static final long FRAMEBUFFER = 0xE000_0000L;

    private final VgaBoard board = new VgaBoard();

    VbeDispiTest() {
        board.vga.mapFramebuffer(FRAMEBUFFER);
        board.showAttributes(true);
    }

    private Picture.Graphics picture() {
        return assertInstanceOf(Picture.Graphics.class, board.vga.picture());
    }

    private boolean enabled() {
        return (board.vbe(VbeDispi.ENABLE) & VbeDispi.ENABLED) != 0;
    }

    @Test
    void theIdTellsTheVersionThatTheGuestAgreedTo() {
        assertEquals(0xB0C5, board.vbe(VbeDispi.ID));
        for (int id = 0xB0C0; id <= 0xB0C5; id++) {
            board.vbe(VbeDispi.ID, id);
            assertEquals(id, board.vbe(VbeDispi.ID));
        }
        board.vbe(VbeDispi.ID, 0xB0C6);
        board.vbe(VbeDispi.ID, 0xB0BF);
        assertEquals(0xB0C5, board.vbe(VbeDispi.ID));
    }

    @Test
    void theIndexIsReadBackAndMayBeThatOfNoRegister() {
        board.ports.write(0x1CE, 2, 0x1234);
        assertEquals(0x1234, board.ports.read(0x1CE, 2));
        board.ports.write(0x1CF, 2, 0xFFFF);
        assertEquals(0, board.ports.read(0x1CF, 2));
    }

    @Test
    void capabilitiesStandInForTheResolutionOnRequest() {
        board.vbe(VbeDispi.X_RESOLUTION, 800);
        board.vbe(VbeDispi.ENABLE, VbeDispi.GET_CAPABILITIES);
        assertEquals(2560, board.vbe(VbeDispi.X_RESOLUTION));
        assertEquals(1600, board.vbe(VbeDispi.Y_RESOLUTION));
        assertEquals(32, board.vbe(VbeDispi.BITS_PER_PIXEL));
        board.vbe(VbeDispi.ENABLE, 0);
        assertEquals(800, board.vbe(VbeDispi.X_RESOLUTION));
    }

    @Test
    void theSizeOfMemoryCannotBeWritten() {
        board.vbe(VbeDispi.MEMORY_64K, 1);
        assertEquals(256, board.vbe(VbeDispi.MEMORY_64K));
    }

    @Test
    void aModeThatIsOnKeepsItsShape() {
        board.setVbeMode(640, 480, 16);
        board.vbe(VbeDispi.X_RESOLUTION, 800);
        board.vbe(VbeDispi.Y_RESOLUTION, 600);
        board.vbe(VbeDispi.BITS_PER_PIXEL, 32);
        assertEquals(640, board.vbe(VbeDispi.X_RESOLUTION));
        assertEquals(480, board.vbe(VbeDispi.Y_RESOLUTION));
        assertEquals(16, board.vbe(VbeDispi.BITS_PER_PIXEL));
    }

    @ParameterizedTest
    @CsvSource({
        "2560, 1600, 32, true",
        "2561, 1600, 8, false",
        "2560, 1601, 8, false",
        "0, 480, 8, false",
        "640, 0, 8, false",
        "640, 480, 7, false",
        "640, 480, 15, true",
        "640, 480, 24, true",
        "640, 480, 64, false",
        "640, 480, 4, true",
        "641, 480, 4, false",
        "641, 480, 8, true",
        "1, 1, 32, true"
    })
    void onlyModesThatCanBeShownAreSwitchedOn(int width, int height, int bits, boolean possible) {
        board.setVbeMode(width, height, bits);
        assertEquals(possible, enabled());
    }

    @Test
    void noBitsPerPixelAreEight() {
        board.vbe(VbeDispi.BITS_PER_PIXEL, 32);
        board.vbe(VbeDispi.BITS_PER_PIXEL, 0);
        assertEquals(8, board.vbe(VbeDispi.BITS_PER_PIXEL));
    }

    @ParameterizedTest
    @CsvSource({
        "4, PLANES_4",
        "8, INDEXED_8",
        "15, RGB_555",
        "16, RGB_565",
        "24, RGB_888",
        "32, XRGB_8888"
    })
    void bitsPerPixelAreAFormat(int bits, String format) {
        board.setVbeMode(320, 200, bits);
        assertEquals(format, picture().format().name());
        assertEquals(320, picture().width());
        assertEquals(200, picture().height());
    }

    @Test
    void theVirtualScreenIsAsHighAsMemoryAllows() {
        assertEquals(0, board.vbe(VbeDispi.VIRTUAL_HEIGHT), "no mode is on");
        board.setVbeMode(640, 480, 32);
        assertEquals(640, board.vbe(VbeDispi.VIRTUAL_WIDTH));
        assertEquals((16 << 20) / (640 * 4), board.vbe(VbeDispi.VIRTUAL_HEIGHT));
        board.vbe(VbeDispi.VIRTUAL_WIDTH, 1024);
        assertEquals(1024, board.vbe(VbeDispi.VIRTUAL_WIDTH));
        assertEquals(4096, board.vbe(VbeDispi.VIRTUAL_HEIGHT));
        board.vbe(VbeDispi.VIRTUAL_HEIGHT, 5);
        assertEquals(4096, board.vbe(VbeDispi.VIRTUAL_HEIGHT));
        board.vbe(VbeDispi.VIRTUAL_WIDTH, 639);
        assertEquals(1024, board.vbe(VbeDispi.VIRTUAL_WIDTH), "the screen is wider than that");
    }

    @Test
    void offsetsAndVirtualWidthMoveThePicture() {
        board.setVbeMode(640, 480, 16);
        assertEquals(0, picture().lines()[0]);
        assertEquals(1280, picture().lines()[1]);
        board.vbe(VbeDispi.VIRTUAL_WIDTH, 1000);
        board.vbe(VbeDispi.X_OFFSET, 3);
        board.vbe(VbeDispi.Y_OFFSET, 2);
        assertEquals(2 * 2000 + 3 * 2, picture().lines()[0]);
        assertEquals(3 * 2000 + 3 * 2, picture().lines()[1]);
        assertEquals(3, board.vbe(VbeDispi.X_OFFSET));
        assertEquals(2, board.vbe(VbeDispi.Y_OFFSET));
    }

    @Test
    void switchingAModeOnForgetsOffsetsBankAndVirtualWidth() {
        board.setVbeMode(640, 480, 8);
        board.vbe(VbeDispi.VIRTUAL_WIDTH, 1000);
        board.vbe(VbeDispi.X_OFFSET, 3);
        board.vbe(VbeDispi.Y_OFFSET, 2);
        board.vbe(VbeDispi.BANK, 1);
        board.setVbeMode(640, 480, 8);
        assertEquals(640, board.vbe(VbeDispi.VIRTUAL_WIDTH));
        assertEquals(0, board.vbe(VbeDispi.X_OFFSET));
        assertEquals(0, board.vbe(VbeDispi.Y_OFFSET));
        assertEquals(0, board.vbe(VbeDispi.BANK));
    }

    @Test
    void banksAndFramebufferAreTheSameMemory() {
        board.setVbeMode(640, 480, 8);
        board.vbe(VbeDispi.BANK, 3);
        board.memory.write(0xA1234, 4, 0x12345678);
        assertEquals(0x12345678, board.memory.read(FRAMEBUFFER + 0x31234, 4));
        assertTrue(board.vga.writes().any());
        board.vbe(VbeDispi.BANK, 255);
        board.memory.write(0xAFFFF, 1, 0x5A);
        assertEquals(0x5A, board.memory.read(FRAMEBUFFER + 0xFF_FFFF, 1));
        board.vga.mapFramebuffer(-1);
        assertEquals(0xFFFFFFFFL, board.memory.read(FRAMEBUFFER + 0x31234, 4));
        board.vbe(VbeDispi.BANK, 3);
        assertEquals(0x12345678, board.memory.read(0xA1234, 4));
    }

    @Test
    void theBankIsTakenWithoutItsFlagsAndOnlyInsideOfMemory() {
        board.setVbeMode(640, 480, 8);
        board.vbe(VbeDispi.BANK, 0xC003);
        assertEquals(3, board.vbe(VbeDispi.BANK));
        board.vbe(VbeDispi.BANK, 256);
        assertEquals(3, board.vbe(VbeDispi.BANK));
    }

    @Test
    void componentsHaveEightBitsOnRequest() {
        board.setVbeMode(640, 480, 8);
        board.setColour(9, 0x3F, 0x20, 0xC1);
        assertEquals(0xFF8204, board.vga.colours()[9]);
        board.vbe(VbeDispi.ENABLE, VbeDispi.ENABLED | VbeDispi.DAC_8_BITS);
        board.setColour(9, 0x3F, 0x20, 0xC1);
        assertEquals(0x3F20C1, board.vga.colours()[9]);
    }

    @Test
    void aModeClearsMemoryUnlessToldNotTo() {
        board.memory.write(FRAMEBUFFER, 4, 0x11223344);
        board.setVbeMode(64, 32, 32);
        assertEquals(0, board.memory.read(FRAMEBUFFER, 4));
        board.memory.write(FRAMEBUFFER, 4, 0x11223344);
        board.vbe(VbeDispi.ENABLE, 0);
        board.vbe(VbeDispi.ENABLE, VbeDispi.ENABLED | VbeDispi.NO_CLEAR);
        assertEquals(0x11223344, board.memory.read(FRAMEBUFFER, 4));
    }

    @Test
    void onlyWhatIsShownIsClearedAndOnlyByAModeThatComesOn() {
        int shown = 64 * 32 * 4;
        board.memory.write(FRAMEBUFFER + shown - 4, 8, 0x1122_3344_5566_7788L);
        board.setVbeMode(64, 32, 32);
        assertEquals(0x1122_3344_0000_0000L, board.memory.read(FRAMEBUFFER + shown - 4, 8));
        board.memory.write(FRAMEBUFFER, 4, 0x55667788);
        board.vbe(VbeDispi.ENABLE, VbeDispi.ENABLED);
        assertEquals(0x55667788, board.memory.read(FRAMEBUFFER, 4), "it was on already");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTheExtensionTheVgaIsWhatItWas(boolean byReset) {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        Picture before = board.vga.picture();
        board.setVbeMode(640, 480, 8);
        assertEquals(640, picture().width());
        if (byReset) {
            board.vga.reset();
            assertEquals(0, board.vbe(VbeDispi.ENABLE));
            assertEquals(0, board.vbe(VbeDispi.X_RESOLUTION));
            board.setMode(VgaMode.TEXT_80_COLUMNS);
        } else {
            board.vbe(VbeDispi.ENABLE, 0);
        }
        assertInstanceOf(Picture.Text.class, before);
        assertInstanceOf(Picture.Text.class, board.vga.picture());
    }
}
