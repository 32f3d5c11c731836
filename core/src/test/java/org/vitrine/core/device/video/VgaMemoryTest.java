package org.vitrine.core.device.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class VgaMemoryTest {

    /**
     * The CPU's way to the planes a bit at a time, as the IBM VGA Technical Reference describes the
     * graphics controller. Chained addresses leave no gaps, as VgaMemory documents.
     */
    private static final class PlainModel {
        final int[] sr = new int[5];
        final int[] gr = new int[9];
        int misc;
        final int[][] planes = new int[4][0x10000];
        final int[] latches = new int[4];

        boolean decodes(int address) {
            int window = gr[6] >> 2 & 3;
            int first = new int[] {0xA0000, 0xA0000, 0xB0000, 0xB8000}[window];
            int last = new int[] {0xBFFFF, 0xAFFFF, 0xB7FFF, 0xBFFFF}[window];
            return (misc & 2) != 0 && address >= first && address <= last;
        }

        int offset(int address) {
            int first = new int[] {0xA0000, 0xA0000, 0xB0000, 0xB8000}[gr[6] >> 2 & 3];
            int offset = address - first;
            if ((sr[4] & 8) != 0) {
                offset /= 4;
            } else if ((gr[6] & 2) != 0) {
                offset /= 2;
            }
            return offset % 0x10000;
        }

        int read(int address) {
            if (!decodes(address)) {
                return 0xFF;
            }
            for (int plane = 0; plane < 4; plane++) {
                latches[plane] = planes[plane][offset(address)];
            }
            if ((gr[5] & 8) != 0) {
                int result = 0;
                for (int bit = 0; bit < 8; bit++) {
                    boolean equal = true;
                    for (int plane = 0; plane < 4; plane++) {
                        boolean care = (gr[7] >> plane & 1) != 0;
                        equal &= !care || (latches[plane] >> bit & 1) == (gr[2] >> plane & 1);
                    }
                    result |= equal ? 1 << bit : 0;
                }
                return result;
            }
            int plane = gr[4] & 3;
            if ((sr[4] & 8) != 0) {
                plane = address % 4;
            } else if ((gr[5] & 0x10) != 0) {
                plane = plane / 2 * 2 + address % 2;
            }
            return latches[plane];
        }

        void write(int address, int value) {
            if (!decodes(address)) {
                return;
            }
            for (int plane = 0; plane < 4; plane++) {
                boolean selected = (sr[2] >> plane & 1) != 0;
                if ((sr[4] & 8) != 0) {
                    selected &= plane == address % 4;
                } else if ((sr[4] & 4) == 0) {
                    selected &= plane % 2 == address % 2;
                }
                if (selected) {
                    int result = 0;
                    for (int bit = 0; bit < 8; bit++) {
                        result |= bit(plane, bit, value) << bit;
                    }
                    planes[plane][offset(address)] = result;
                }
            }
        }

        private int bit(int plane, int bit, int value) {
            int latch = latches[plane] >> bit & 1;
            int rotated = value >> (bit + (gr[3] & 7)) % 8 & 1;
            int setReset = gr[0] >> plane & 1;
            int data;
            boolean masked = (gr[8] >> bit & 1) == 0;
            switch (gr[5] & 3) {
                case 0 -> data = (gr[1] >> plane & 1) != 0 ? setReset : rotated;
                case 1 -> {
                    return latch;
                }
                case 2 -> data = value >> plane & 1;
                default -> {
                    data = setReset;
                    masked |= rotated == 0;
                }
            }
            if (masked) {
                return latch;
            }
            return switch (gr[3] >> 3 & 3) {
                case 0 -> data;
                case 1 -> data & latch;
                case 2 -> data | latch;
                default -> data ^ latch;
            };
        }
    }

    @Test
    void accessesOfAllSizesDoWhatTheManualSaysInRandomModes() {
        long seed = System.nanoTime();
        System.out.println("VgaMemoryTest seed " + seed);
        RandomGenerator random = new Random(seed);
        VgaBoard board = new VgaBoard();
        PlainModel model = new PlainModel();
        for (int round = 0; round < 2000; round++) {
            setRandomRegisters(random, board, model);
            int near = 0xA0000 + random.nextInt(0x20000);
            for (int i = 0; i < 30; i++) {
                int size = 1 << random.nextInt(4);
                int address = 0xA0000 + (near + random.nextInt(64) & 0x1FFFF);
                if ((address & 0xFFF) + size > 0x1000) {
                    continue;
                }
                if (random.nextBoolean()) {
                    long expected = 0;
                    if (wholeIn(model, address, size)) {
                        for (int k = 0; k < size; k++) {
                            expected |= (long) model.read(address + k) << 8 * k;
                        }
                    } else {
                        expected = size == 8 ? -1 : (1L << 8 * size) - 1;
                    }
                    assertEquals(
                            expected,
                            board.memory.read(address, size),
                            "seed " + seed + ", round " + round);
                } else {
                    long value = random.nextLong();
                    if (wholeIn(model, address, size)) {
                        for (int k = 0; k < size; k++) {
                            model.write(address + k, (int) (value >> 8 * k) & 0xFF);
                        }
                    }
                    board.memory.write(address, size, value);
                }
            }
        }
        int written = 0;
        for (int offset = 0; offset < 0x10000; offset++) {
            for (int plane = 0; plane < 4; plane++) {
                int actual = board.block.memory().get(ValueLayout.JAVA_BYTE, offset * 4L + plane);
                assertEquals(
                        model.planes[plane][offset],
                        actual & 0xFF,
                        "seed " + seed + ", offset " + offset);
                written += actual != 0 ? 1 : 0;
            }
        }
        assertTrue(written > 1000, "the accesses wrote to memory: " + written);
    }

    private static boolean wholeIn(PlainModel model, int address, int size) {
        return model.decodes(address) && model.decodes(address + size - 1);
    }

    private static void setRandomRegisters(
            RandomGenerator random, VgaBoard board, PlainModel model) {
        model.misc = random.nextInt(16) == 0 ? 0x61 : 0x63;
        board.out(0x3C2, model.misc);
        model.sr[2] = random.nextInt(4) == 0 ? 15 : random.nextInt(16);
        model.sr[4] = new int[] {0x02, 0x06, 0x0E, 0x0A}[random.nextInt(4)];
        board.out(0x3C4, 2, model.sr[2]);
        board.out(0x3C4, 4, model.sr[4]);
        boolean plain = random.nextInt(3) == 0;
        for (int i = 0; i < 9; i++) {
            model.gr[i] = plain && i != 4 && i != 6 ? i == 8 ? 0xFF : 0 : random.nextInt(256);
        }
        int[] bits = {0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF};
        for (int i = 0; i < 9; i++) {
            model.gr[i] &= bits[i];
            board.out(0x3CE, i, model.gr[i]);
        }
    }

    @Test
    void writesMarkTheirPagesAndNoOthers() {
        VgaBoard board = new VgaBoard();
        board.setMode(VgaMode.PACKED_320X200);
        board.vga.writes().clean(0, 4096);
        board.memory.write(0xA3000, 4, 0x01020304);
        assertEquals(3, board.vga.writes().next(0));
        assertEquals(-1, board.vga.writes().next(4));
    }

    @Test
    void readsMarkNoPage() {
        VgaBoard board = new VgaBoard();
        board.setMode(VgaMode.PLANAR_640X480);
        board.vga.writes().clean(0, 4096);
        board.memory.read(0xA3000, 4);
        assertEquals(-1, board.vga.writes().next(0));
    }
}
