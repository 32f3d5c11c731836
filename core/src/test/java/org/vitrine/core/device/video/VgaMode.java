package org.vitrine.core.device.video;

import java.util.HexFormat;

/**
 * The register values of standard modes, from the mode tables of the IBM VGA Technical Reference.
 */
public enum VgaMode {
    TEXT_80_COLUMNS(
            "67",
            "03 00 03 00 02",
            "5F 4F 50 82 55 81 BF 1F 00 4F 0D 0E 00 00 00 00 9C 8E 8F 28 1F 96 B9 A3 FF",
            "00 00 00 00 00 10 0E 00 FF",
            "00 01 02 03 04 05 14 07 38 39 3A 3B 3C 3D 3E 3F 0C 00 0F 08 00"),
    TEXT_40_COLUMNS(
            "67",
            "03 08 03 00 02",
            "2D 27 28 90 2B A0 BF 1F 00 4F 0D 0E 00 00 00 00 9C 8E 8F 14 1F 96 B9 A3 FF",
            "00 00 00 00 00 10 0E 00 FF",
            "00 01 02 03 04 05 14 07 38 39 3A 3B 3C 3D 3E 3F 0C 00 0F 08 00"),
    TEXT_MONOCHROME(
            "66",
            "03 00 03 00 02",
            "5F 4F 50 82 55 81 BF 1F 00 4F 0D 0E 00 00 00 00 9C 8E 8F 28 0D 96 B9 A3 FF",
            "00 00 00 00 00 10 0A 00 FF",
            "00 08 08 08 08 08 08 08 10 18 18 18 18 18 18 18 0E 00 0F 08 00"),
    CGA_4_COLOURS(
            "63",
            "03 09 03 00 02",
            "2D 27 28 90 2B 80 BF 1F 00 C1 00 00 00 00 00 00 9C 8E 8F 14 00 96 B9 A2 FF",
            "00 00 00 00 00 30 0F 00 FF",
            "00 13 15 17 02 04 06 07 10 11 12 13 14 15 16 17 01 00 03 00 00"),
    CGA_2_COLOURS(
            "63",
            "03 01 01 00 06",
            "5F 4F 50 82 54 80 BF 1F 00 C1 00 00 00 00 00 00 9C 8E 8F 28 00 96 B9 C2 FF",
            "00 00 00 00 00 00 0D 00 FF",
            "00 17 17 17 17 17 17 17 17 17 17 17 17 17 17 17 01 00 01 00 00"),
    PLANAR_320X200(
            "63",
            "03 09 0F 00 06",
            "2D 27 28 90 2B 80 BF 1F 00 C0 00 00 00 00 00 00 9C 8E 8F 14 00 96 B9 E3 FF",
            "00 00 00 00 00 00 05 0F FF",
            "00 01 02 03 04 05 06 07 10 11 12 13 14 15 16 17 01 00 0F 00 00"),
    PLANAR_640X480(
            "E3",
            "03 01 0F 00 06",
            "5F 4F 50 82 54 80 0B 3E 00 40 00 00 00 00 00 00 EA 8C DF 28 00 E7 04 E3 FF",
            "00 00 00 00 00 00 05 0F FF",
            "00 01 02 03 04 05 14 07 38 39 3A 3B 3C 3D 3E 3F 01 00 0F 00 00"),
    PACKED_320X200(
            "63",
            "03 01 0F 00 0E",
            "5F 4F 50 82 54 80 BF 1F 00 41 00 00 00 00 00 00 9C 8E 8F 28 40 96 B9 A3 FF",
            "00 00 00 00 00 40 05 0F FF",
            "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 41 00 0F 00 00"),
    /** Not IBM's: 256 colours in 320x240 with planes that are not chained, as many games use it. */
    MODE_X(
            "E3",
            "03 01 0F 00 06",
            "5F 4F 50 82 54 80 0D 3E 00 41 00 00 00 00 00 00 EA AC DF 28 00 E7 06 E3 FF",
            "00 00 00 00 00 40 05 0F FF",
            "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 41 00 0F 00 00");

    final int miscOutput;
    final byte[] sr;
    final byte[] cr;
    final byte[] gr;
    final byte[] ar;

    VgaMode(String miscOutput, String sr, String cr, String gr, String ar) {
        this.miscOutput = HexFormat.fromHexDigits(miscOutput);
        HexFormat hex = HexFormat.ofDelimiter(" ");
        this.sr = hex.parseHex(sr);
        this.cr = hex.parseHex(cr);
        this.gr = hex.parseHex(gr);
        this.ar = hex.parseHex(ar);
    }
}
