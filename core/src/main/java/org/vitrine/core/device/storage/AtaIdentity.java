package org.vitrine.core.device.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 words that a device says of itself (ATA/ATAPI-6, sections 8.15 and 8.16), in the making.
 */
final class AtaIdentity {

    static final int BYTES = 512;

    private static final int SERIAL = 10;
    private static final int FIRMWARE = 23;
    private static final int MODEL = 27;

    private final byte[] bytes;

    /** Begins with words of zeros in the first bytes of this array. */
    AtaIdentity(byte[] bytes) {
        this.bytes = bytes;
        Arrays.fill(bytes, 0, BYTES, (byte) 0);
    }

    AtaIdentity word(int index, int value) {
        bytes[2 * index] = (byte) value;
        bytes[2 * index + 1] = (byte) (value >>> 8);
        return this;
    }

    AtaIdentity dword(int index, long value) {
        return word(index, (int) value).word(index + 1, (int) (value >>> 16));
    }

    AtaIdentity names(String serial, String model) {
        return text(SERIAL, 20, serial).text(FIRMWARE, 8, "1.0").text(MODEL, 40, model);
    }

    /** Of each word's two characters the first one comes second. */
    private AtaIdentity text(int index, int length, String text) {
        byte[] characters =
                String.format("%-" + length + "s", text).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            bytes[2 * index + (i ^ 1)] = characters[i];
        }
        return this;
    }
}
