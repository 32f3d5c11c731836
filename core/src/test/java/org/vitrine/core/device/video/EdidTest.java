package org.vitrine.core.device.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver makes of the monitor's bytes (VESA E-EDID Standard, release A revision 1). */
final class EdidTest {

    private static final int FIRST_DESCRIPTOR = 0x36;
    private static final int DESCRIPTOR_SIZE = 18;

    private final byte[] edid = Edid.of("Vitrine");

    private int at(int offset) {
        return edid[offset] & 0xFF;
    }

    private int word(int offset) {
        return at(offset) | at(offset + 1) << 8;
    }

    /** Where the descriptor of a tag is. */
    private int descriptor(int tag) {
        for (int i = 0; i < 4; i++) {
            int start = FIRST_DESCRIPTOR + DESCRIPTOR_SIZE * i;
            if (word(start) == 0 && at(start + 3) == tag) {
                assertEquals(0, at(start + 2), "reserved");
                assertEquals(0, at(start + 4), "reserved");
                return start;
            }
        }
        throw new AssertionError("no descriptor has the tag " + tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Vitrine", "", "ABCDEFGHIJKLM"})
    void theBlockHasItsHeaderAndItsBytesAddUpToNothing(String name) {
        byte[] block = Edid.of(name);
        assertEquals(128, block.length);
        assertArrayEquals(
                new byte[] {0, -1, -1, -1, -1, -1, -1, 0}, Arrays.copyOf(block, 8), "header");
        int sum = 0;
        for (byte each : block) {
            sum += each;
        }
        assertEquals(0, sum & 0xFF);
        assertEquals(0, block[126], "no extension follows");
    }

    @Test
    void theManufacturerHasThreeLettersOfFiveBits() {
        int letters = at(8) << 8 | at(9);
        StringBuilder text = new StringBuilder();
        for (int shift = 10; shift >= 0; shift -= 5) {
            text.append((char) ('A' - 1 + (letters >>> shift & 0x1F)));
        }
        assertEquals("VTR", text.toString());
        assertEquals(0, letters >>> 15, "reserved");
    }

    @Test
    void theVersionIsOneThree() {
        assertEquals(1, at(0x12));
        assertEquals(3, at(0x13));
        assertEquals(0x80, at(0x14), "a digital input");
        assertEquals(0x02, at(0x18) & 0x02, "the first timing is the preferred one");
        assertTrue(at(0x10) >= 1 && at(0x10) <= 53, "the week of manufacture");
    }

    @Test
    void primariesAndWhiteAreThoseOfSrgb() {
        // x and y of red, green, blue and white: the low two of ten bits come first.
        double[] expected = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290};
        int low = at(0x19) << 8 | at(0x1A);
        for (int i = 0; i < expected.length; i++) {
            int value = at(0x1B + i) << 2 | low >>> 14 - 2 * i & 3;
            assertEquals(expected[i], value / 1024.0, 0.001, "coordinate " + i);
        }
        assertEquals(2.2, (at(0x17) + 100) / 100.0, 0.001, "gamma");
    }

    @Test
    void theDetailedTimingIs1024x768At60Hertz() {
        int start = FIRST_DESCRIPTOR;
        int hertz = word(start) * 10_000;
        int width = at(start + 2) | (at(start + 4) & 0xF0) << 4;
        int across = at(start + 3) | (at(start + 4) & 0x0F) << 8;
        int height = at(start + 5) | (at(start + 7) & 0xF0) << 4;
        int down = at(start + 6) | (at(start + 7) & 0x0F) << 8;
        assertEquals(1024, width);
        assertEquals(768, height);
        assertEquals(65_000_000, hertz);
        assertEquals(1344, width + across, "dots of a line");
        assertEquals(806, height + down, "lines of a frame");
        assertEquals(60.0, (double) hertz / (width + across) / (height + down), 0.01);

        int high = at(start + 11);
        assertEquals(24, at(start + 8) | (high & 0xC0) << 2, "horizontal front porch");
        assertEquals(136, at(start + 9) | (high & 0x30) << 4, "horizontal sync");
        assertEquals(3, at(start + 10) >>> 4 | (high & 0x0C) << 2, "vertical front porch");
        assertEquals(6, at(start + 10) & 15 | (high & 0x03) << 4, "vertical sync");
        assertEquals(0, word(start + 15), "no border");
        assertEquals(0x18, at(start + 17), "separate syncs, both negative, no stereo");
    }

    @Test
    void bothSizesOfThePictureAgree() {
        int start = FIRST_DESCRIPTOR;
        int width = at(start + 12) | (at(start + 14) & 0xF0) << 4;
        int height = at(start + 13) | (at(start + 14) & 0x0F) << 8;
        assertEquals(at(0x15) * 10, width, 5, "millimetres across");
        assertEquals(at(0x16) * 10, height, 5, "millimetres down");
        assertEquals(4.0 / 3, (double) width / height, 0.01, "dots are square");
    }

    @Test
    void establishedTimingsAreThreeAt60Hertz() {
        assertEquals(0x21, at(0x23), "640x480 and 800x600");
        assertEquals(0x08, at(0x24), "1024x768");
        assertEquals(0x00, at(0x25), "none of a manufacturer");
    }

    @Test
    void standardTimingsHaveTheHeightThatTheirAspectGives() {
        assertEquals(List.of("1280x1024@60", "1600x1200@60", "1920x1080@60"), standardTimings());
    }

    private List<String> standardTimings() {
        List<String> timings = new ArrayList<>();
        for (int start = 0x26; start < 0x36; start += 2) {
            if (word(start) == 0x0101) {
                continue;
            }
            int width = (at(start) + 31) * 8;
            int height =
                    switch (at(start + 1) >>> 6) {
                        case 0 -> width * 10 / 16;
                        case 1 -> width * 3 / 4;
                        case 2 -> width * 4 / 5;
                        default -> width * 9 / 16;
                    };
            timings.add(width + "x" + height + "@" + ((at(start + 1) & 0x3F) + 60));
        }
        return timings;
    }

    @Test
    void allTimingsAreWithinTheLimits() {
        int start = descriptor(0xFD);
        assertTrue(at(start + 5) <= 60 && at(start + 6) >= 60, "60 Hz");
        // VESA's timings: 640x480 has 31.5 kHz, 1600x1200 has 75 kHz and 162 MHz.
        assertTrue(at(start + 7) <= 31, "lines of 640x480");
        assertTrue(at(start + 8) >= 75, "lines of 1600x1200");
        assertTrue(at(start + 9) * 10 >= 162, "dots of 1600x1200");
        assertEquals(0, at(start + 10), "no secondary formula");
        assertEquals("\n      ", text(start + 11, 7), "what follows that");
    }

    private String text(int start, int length) {
        return new String(edid, start, length, StandardCharsets.US_ASCII);
    }

    @Test
    void theNameEndsWithALineFeedAndSpaces() {
        assertEquals("Vitrine\n     ", text(descriptor(0xFC) + 5, 13));
    }

    @Test
    void aNameOfThirteenLettersFillsItsDescriptor() {
        byte[] named = Edid.of("ABCDEFGHIJKLM");
        int start = descriptor(0xFC) + 5;
        assertEquals("ABCDEFGHIJKLM", new String(named, start, 13, StandardCharsets.US_ASCII));
    }

    @Test
    void theLastDescriptorIsADummy() {
        int start = descriptor(0x10);
        assertEquals(FIRST_DESCRIPTOR + 3 * DESCRIPTOR_SIZE, start);
        assertArrayEquals(new byte[13], Arrays.copyOfRange(edid, start + 5, start + 18));
    }
}
