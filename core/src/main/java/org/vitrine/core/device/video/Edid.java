package org.vitrine.core.device.video;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a monitor says of itself (VESA Enhanced EDID Standard, release A revision 1): 1024x768 at 60
 * Hz is what it likes best.
 */
final class Edid {

    private static final int SIZE = 128;
    private static final long HEADER = 0x00FF_FFFF_FFFF_FF00L;
    private static final int DIGITAL = 0x80;
    private static final int GAMMA_2_2 = 120;

    /** RGB colour, and the first timing is the preferred one. */
    private static final int FEATURES = 0x0A;

    private static final int NAME = 0xFC;
    private static final int LIMITS = 0xFD;
    private static final int UNUSED = 0x10;

    private Edid() {}

    /** The 128 bytes of a monitor with this name of at most 13 characters. */
    static byte[] of(String name) {
        ByteBuffer edid = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        edid.putLong(HEADER);
        edid.order(ByteOrder.BIG_ENDIAN).putShort((short) manufacturer("VTR"));
        edid.order(ByteOrder.LITTLE_ENDIAN).putShort((short) 1).putInt(1);
        // Made in the first week of 2026, EDID 1.3.
        edid.put((byte) 1).put((byte) (2026 - 1990)).put((byte) 1).put((byte) 3);
        edid.put((byte) DIGITAL).put((byte) 34).put((byte) 26);
        edid.put((byte) GAMMA_2_2).put((byte) FEATURES);
        // The primaries of sRGB and its white.
        edid.put(
                new byte[] {
                    (byte) 0xEE,
                    (byte) 0x91,
                    (byte) 0xA3,
                    0x54,
                    0x4C,
                    (byte) 0x99,
                    0x26,
                    0x0F,
                    0x50,
                    0x54
                });
        // 640x480, 800x600 and 1024x768 at 60 Hz.
        edid.put((byte) 0x21).put((byte) 0x08).put((byte) 0);
        standard(edid, 1280, 0x80);
        standard(edid, 1600, 0x40);
        standard(edid, 1920, 0xC0);
        for (int i = 3; i < 8; i++) {
            edid.putShort((short) 0x0101);
        }
        preferred(edid);
        descriptor(edid, LIMITS);
        // 50 to 75 Hz, 30 to 80 kHz, 170 MHz, no formula.
        edid.put(new byte[] {50, 75, 30, 80, 17, 0, 0x0A});
        edid.put("      ".getBytes(StandardCharsets.US_ASCII));
        descriptor(edid, NAME);
        String padded = (name + "\n" + " ".repeat(13)).substring(0, 13);
        edid.put(padded.getBytes(StandardCharsets.US_ASCII));
        descriptor(edid, UNUSED);
        edid.position(SIZE - 1);
        int sum = 0;
        for (byte b : edid.array()) {
            sum += b;
        }
        edid.put((byte) -sum);
        return edid.array();
    }

    private static int manufacturer(String letters) {
        int value = 0;
        for (char letter : letters.toCharArray()) {
            value = value << 5 | letter - 'A' + 1;
        }
        return value;
    }

    private static void standard(ByteBuffer edid, int width, int aspect) {
        edid.put((byte) (width / 8 - 31)).put((byte) aspect);
    }

    /** 1024x768 as VESA's monitor timings have it. */
    private static void preferred(ByteBuffer edid) {
        int width = 1024;
        int height = 768;
        int across = 320;
        int down = 38;
        edid.putShort((short) 6500);
        edid.put((byte) width).put((byte) across).put((byte) (width >>> 8 << 4 | across >>> 8));
        edid.put((byte) height).put((byte) down).put((byte) (height >>> 8 << 4 | down >>> 8));
        edid.put((byte) 24).put((byte) 136).put((byte) (3 << 4 | 6)).put((byte) 0);
        edid.put((byte) (340 & 0xFF)).put((byte) 255).put((byte) (340 >>> 8 << 4));
        edid.put((byte) 0).put((byte) 0).put((byte) 0x18);
    }

    private static void descriptor(ByteBuffer edid, int tag) {
        edid.putShort((short) 0).put((byte) 0).put((byte) tag).put((byte) 0);
    }
}
