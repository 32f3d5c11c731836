package org.vitrine.frontend.vnc.rfb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClientPixelsTest {

    private static byte[] pixel(PixelFormat format, int rgb) {
        RfbOutput out = new RfbOutput();
        new ClientPixels(format).putRow(new int[] {rgb}, 0, 1, out);
        return out.toByteArray();
    }

    private static byte[] compact(PixelFormat format, int rgb) {
        RfbOutput out = new RfbOutput();
        ClientPixels pixels = new ClientPixels(format);
        pixels.putCompact(pixels.value(rgb), out);
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void nativePixelsAreBlueGreenRedAndAnEmptyByte() {
        assertArrayEquals(bytes(0x33, 0x22, 0x11, 0), pixel(PixelFormat.NATIVE, 0x112233));
        assertArrayEquals(bytes(0x33, 0x22, 0x11), compact(PixelFormat.NATIVE, 0x112233));
    }

    @Test
    void bitsAboveTheColourAreNotSent() {
        assertArrayEquals(bytes(0x33, 0x22, 0x11, 0), pixel(PixelFormat.NATIVE, 0xFF112233));
    }

    @Test
    void bigEndianPixelsHaveTheirHighByteFirst() {
        PixelFormat format = new PixelFormat(32, 24, true, true, 255, 255, 255, 16, 8, 0);
        assertArrayEquals(bytes(0, 0x11, 0x22, 0x33), pixel(format, 0x112233));
        assertArrayEquals(bytes(0x11, 0x22, 0x33), compact(format, 0x112233));
    }

    @Test
    void aCompactPixelLeavesOutTheLowByteWhenThatIsTheEmptyOne() {
        PixelFormat little = new PixelFormat(32, 24, false, true, 255, 255, 255, 24, 16, 8);
        assertArrayEquals(bytes(0, 0x33, 0x22, 0x11), pixel(little, 0x112233));
        assertArrayEquals(bytes(0x33, 0x22, 0x11), compact(little, 0x112233));
        PixelFormat big = new PixelFormat(32, 24, true, true, 255, 255, 255, 24, 16, 8);
        assertArrayEquals(bytes(0x11, 0x22, 0x33), compact(big, 0x112233));
    }

    @Test
    void aCompactPixelIsAWholeOneWhenNoByteIsEmptyOrTheDepthIsOver24() {
        assertEquals(
                4,
                compact(new PixelFormat(32, 30, false, true, 1023, 1023, 1023, 20, 10, 0), 0)
                        .length);
        assertEquals(
                4,
                compact(new PixelFormat(32, 32, false, true, 255, 255, 255, 16, 8, 0), 0).length);
        assertEquals(
                4,
                compact(new PixelFormat(32, 24, false, true, 255, 255, 255, 24, 8, 0), 0).length);
        assertEquals(
                2, compact(new PixelFormat(16, 16, false, true, 31, 63, 31, 11, 5, 0), 0).length);
    }

    @Test
    void sixteenBitsTakeTheNearestShade() {
        PixelFormat format = new PixelFormat(16, 16, false, true, 31, 63, 31, 11, 5, 0);
        assertArrayEquals(bytes(0xFF, 0xFF), pixel(format, 0xFFFFFF));
        // 0x80 is 15.56 of 31 and 31.6 of 63.
        assertArrayEquals(bytes(0x10, 0x84), pixel(format, 0x808080));
        PixelFormat big = new PixelFormat(16, 15, true, true, 31, 31, 31, 0, 5, 10);
        assertArrayEquals(bytes(0x00, 0x1F), pixel(big, 0xFF0000));
        assertArrayEquals(bytes(0x7C, 0x00), pixel(big, 0x0000FF));
    }

    @Test
    void eightBitsMayHaveAnyLayout() {
        assertArrayEquals(
                bytes(0xC0), pixel(new PixelFormat(8, 8, false, true, 7, 7, 3, 0, 3, 6), 0x0000FF));
        assertArrayEquals(
                bytes(0x30), pixel(new PixelFormat(8, 6, false, true, 3, 3, 3, 4, 2, 0), 0xFF0000));
    }

    @Test
    void componentsOfMoreThanEightBitsReachTheirMaximum() {
        PixelFormat format = new PixelFormat(32, 30, true, true, 1023, 1023, 1023, 20, 10, 0);
        assertArrayEquals(bytes(0x3F, 0xFF, 0xFF, 0xFF), pixel(format, 0xFFFFFF));
    }

    @Test
    void withoutTrueColourPixelsAreIndicesIntoTheCube() {
        PixelFormat format = new PixelFormat(8, 8, false, false, 0, 0, 0, 0, 0, 0);
        assertArrayEquals(bytes(0xE0), pixel(format, 0xFF0000));
        assertArrayEquals(bytes(0x1C), pixel(format, 0x00FF00));
        assertArrayEquals(bytes(0x03), pixel(format, 0x0000FF));
        RfbOutput out = new RfbOutput();
        ServerMessages.setColourMapEntries(out);
        byte[] map = out.toByteArray();
        assertEquals(6 + 256 * 6, map.length);
        assertArrayEquals(bytes(1, 0, 0, 0, 1, 0), java.util.Arrays.copyOf(map, 6));
        int red = 6 + 0xE0 * 6;
        assertArrayEquals(
                bytes(0xFF, 0xFF, 0, 0, 0, 0), java.util.Arrays.copyOfRange(map, red, red + 6));
    }

    @Test
    void aFormatComesBackFromItsBytes() throws RfbException {
        PixelFormat format = new PixelFormat(16, 15, true, true, 31, 63, 15, 11, 5, 1);
        RfbOutput out = new RfbOutput();
        format.write(out);
        assertEquals(PixelFormat.LENGTH, out.size());
        assertEquals(format, PixelFormat.parse(out.toByteArray(), 0));
    }

    @Test
    void formatsThatNoPixelCanHaveAreRefused() {
        refused(new PixelFormat(24, 24, false, true, 255, 255, 255, 16, 8, 0));
        refused(new PixelFormat(0, 0, false, true, 0, 0, 0, 0, 0, 0));
        refused(new PixelFormat(16, 16, false, true, 255, 255, 255, 16, 8, 0));
        refused(new PixelFormat(32, 24, false, true, 255, 255, 255, 25, 8, 0));
        refused(new PixelFormat(32, 24, false, true, 255, 0, 255, 16, 8, 0));
        refused(new PixelFormat(32, 24, false, true, 1, 255, 255, 200, 8, 0));
    }

    private static void refused(PixelFormat format) {
        RfbOutput out = new RfbOutput();
        format.write(out);
        assertThrows(
                RfbException.class,
                () -> PixelFormat.parse(out.toByteArray(), 0),
                format.toString());
    }
}
