package org.vitrine.firmware;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FirmwareImagesTest {

    @Test
    void systemBiosFillsItsSegmentAndSumsToZero() {
        byte[] bios = FirmwareImages.systemBios();
        assertEquals(0x10000, bios.length);
        assertEquals(0, sum(bios));
    }

    @Test
    void resetVectorJumpsToPostAtItsCustomaryAddress() {
        byte[] bios = FirmwareImages.systemBios();
        assertEquals(0xEA, bios[0xFFF0] & 0xFF, "JMP far");
        assertEquals(0xE05B, word(bios, 0xFFF1));
        assertEquals(0xF000, word(bios, 0xFFF3));
        assertEquals(0xE9, bios[0xE05B] & 0xFF, "JMP near");
        int post = 0xE05E + (short) word(bios, 0xE05C) & 0xFFFF;
        assertEquals(0xFA, bios[post] & 0xFF, "CLI is the first instruction of POST");
    }

    @Test
    void dateAndModelStandAtTheEnd() {
        byte[] bios = FirmwareImages.systemBios();
        assertTrue(text(bios, 0xFFF5, 8).matches("\\d\\d/\\d\\d/\\d\\d"), text(bios, 0xFFF5, 8));
        assertEquals(0xFC, bios[0xFFFE] & 0xFF, "PC AT");
        assertEquals(0xCF, bios[0xFF53] & 0xFF, "IRET");
    }

    @Test
    void vgaBiosIsAnOptionRomOfItsStatedLength() {
        byte[] rom = FirmwareImages.vgaBios();
        assertEquals(0xAA55, word(rom, 0));
        assertEquals(rom.length, (rom[2] & 0xFF) * 512);
        assertEquals(0, sum(rom));
        assertEquals(0xE9, rom[3] & 0xFF, "JMP near");
        assertEquals("IBM", text(rom, 0x1E, 3));
        assertEquals("PCIR", text(rom, word(rom, 0x18), 4));
    }

    @Test
    void lowGlyphsOfBothImagesAreTheSame() {
        String lowGlyphs = new String(FirmwareImages.systemBios(), 0xFA6E, 1024, ISO_8859_1);
        String rom = new String(FirmwareImages.vgaBios(), ISO_8859_1);
        assertTrue(lowGlyphs.chars().anyMatch(row -> row != 0), "glyphs at F000:FA6E");
        assertTrue(rom.contains(lowGlyphs));
    }

    private static int word(byte[] image, int offset) {
        return image[offset] & 0xFF | (image[offset + 1] & 0xFF) << 8;
    }

    private static String text(byte[] image, int offset, int length) {
        return new String(image, offset, length, US_ASCII);
    }

    private static int sum(byte[] image) {
        int sum = 0;
        for (byte b : image) {
            sum += b;
        }
        return sum & 0xFF;
    }
}
