package org.vitrine.core.device.video;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.vitrine.core.memory.DirtyLog;
import org.vitrine.core.memory.MmioDevice;

/**
 * Video memory as the CPU sees it at A0000 to BFFFF: the graphics controller's way from one byte of
 * the CPU to four planes and back.
 *
 * <p>The byte at {@code offset} in plane {@code p} lies at {@code 4 * offset + p} of the block, so
 * that the four bytes of an offset, which a VGA reads and writes at once, are one word. Chained
 * modes lie in it without gaps: with chain 4 the CPU's byte {@code n} is byte {@code n} of the
 * block; with odd and even planes chained, bytes {@code 2n} and {@code 2n + 1} are in planes 0 and
 * 1 (or 2 and 3) at offset {@code n}. A real VGA leaves gaps (n &amp; ~3, n &amp; ~1) and lets the
 * CRT controller count over them in doubleword and word mode; since both sides leave them out here,
 * no picture differs.
 */
final class VgaMemory implements MmioDevice {

    private static final long BASE = 0xA0000;
    private static final int PLANE_MASK = 0xFFFF;
    private static final int EVERY_BYTE = 0x01010101;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Four bits as four bytes of ones or zeros. */
    private static final int[] PLANES = new int[16];

    static {
        for (int bits = 0; bits < 16; bits++) {
            for (int plane = 0; plane < 4; plane++) {
                PLANES[bits] |= (bits >> plane & 1) * 0xFF << 8 * plane;
            }
        }
    }

    /** The windows that GR6 chooses from: first offset from A0000, and size. */
    private static final int[] WINDOW_START = {0x00000, 0x00000, 0x10000, 0x18000};

    private static final int[] WINDOW_SIZE = {0x20000, 0x10000, 0x8000, 0x8000};

    private final VgaRegisters registers;
    private final MemorySegment memory;
    private final DirtyLog writes;

    // What the registers say, worked out when one changes. A plane's byte in an int is the one it
    // has in memory.
    private boolean enabled;
    private int windowStart;
    private int windowSize;
    private boolean chain4;
    private boolean oddEvenWrite;
    private boolean oddEvenRead;
    private boolean oddEvenAddress;
    private int planeMask;
    private int writeMode;
    private int readMode;
    private int readPlane;
    private int setReset;
    private int setResetEnable;
    private int rotate;
    private int function;
    private int bitMask;
    private int colourCompare;
    private int colourCare;

    /** Whether what the CPU writes goes to the planes as it is. */
    private boolean plain;

    /** Whether characters and attributes go to planes 0 and 1 as they are. */
    private boolean plainText;

    /** Set by the VBE extension: a linear window of 64 KiB at this offset of the block, or -1. */
    private int bankStart = -1;

    private int latch;

    VgaMemory(VgaRegisters registers, MemorySegment memory, DirtyLog writes) {
        this.registers = registers;
        this.memory = memory;
        this.writes = writes;
        registersChanged();
    }

    /** Takes over changed registers. */
    void registersChanged() {
        int[] gr = registers.gr;
        int[] sr = registers.sr;
        enabled = registers.memoryEnabled();
        windowStart = WINDOW_START[gr[6] >> 2 & 3];
        windowSize = WINDOW_SIZE[gr[6] >> 2 & 3];
        chain4 = (sr[4] & 8) != 0;
        oddEvenWrite = (sr[4] & 4) == 0;
        oddEvenRead = (gr[5] & 0x10) != 0;
        oddEvenAddress = (gr[6] & 2) != 0;
        planeMask = PLANES[sr[2] & 15];
        writeMode = gr[5] & 3;
        readMode = gr[5] >> 3 & 1;
        readPlane = gr[4] & 3;
        setReset = PLANES[gr[0] & 15];
        setResetEnable = PLANES[gr[1] & 15];
        rotate = gr[3] & 7;
        function = gr[3] >> 3 & 3;
        bitMask = gr[8];
        colourCompare = PLANES[gr[2] & 15];
        colourCare = PLANES[gr[7] & 15];
        plain =
                writeMode == 0
                        && setResetEnable == 0
                        && rotate == 0
                        && function == 0
                        && bitMask == 0xFF;
        plainText = plain && !chain4 && oddEvenWrite && oddEvenAddress && (sr[2] & 3) == 3;
    }

    /**
     * Maps 64 KiB of the block at A0000 for the VBE extension, or with -1 the VGA's planes again.
     */
    void setBank(int start) {
        bankStart = start;
    }

    @Override
    public long readMemory(long address, int size) {
        int offset = (int) (address - BASE) - windowStart;
        if (bankStart >= 0) {
            return readBank((int) (address - BASE), size);
        }
        if (!enabled || offset < 0 || offset + size > windowSize) {
            return size == 8 ? -1 : (1L << 8 * size) - 1;
        }
        if (size == 1) {
            return readByte(offset);
        }
        if (readMode == 0 && chain4) {
            latch = memory.get(INT, offset + size - 1 & ~3);
            return readWord(offset, size);
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (long) readByte(offset + i) << 8 * i;
        }
        return value;
    }

    private long readWord(int at, int size) {
        return switch (size) {
            case 2 -> memory.get(SHORT, at) & 0xFFFFL;
            case 4 -> memory.get(INT, at) & 0xFFFF_FFFFL;
            default -> memory.get(LONG, at);
        };
    }

    private void writeWord(int at, int size, long value) {
        writes.mark(at);
        switch (size) {
            case 1 -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case 2 -> memory.set(SHORT, at, (short) value);
            case 4 -> memory.set(INT, at, (int) value);
            default -> memory.set(LONG, at, value);
        }
    }

    private int readByte(int offset) {
        int planeOffset = offset;
        int plane = readPlane;
        if (chain4) {
            planeOffset = offset >> 2;
            plane = offset & 3;
        } else {
            if (oddEvenAddress) {
                planeOffset = offset >> 1;
            }
            if (oddEvenRead) {
                plane = readPlane & 2 | offset & 1;
            }
        }
        latch = memory.get(INT, (planeOffset & PLANE_MASK) * 4L);
        if (readMode == 0) {
            return latch >>> 8 * plane & 0xFF;
        }
        int differs = (latch ^ colourCompare) & colourCare;
        differs |= differs >>> 16;
        differs |= differs >>> 8;
        return ~differs & 0xFF;
    }

    @Override
    public void writeMemory(long address, int size, long value) {
        int offset = (int) (address - BASE) - windowStart;
        if (bankStart >= 0) {
            writeBank((int) (address - BASE), size, value);
            return;
        }
        if (!enabled || offset < 0 || offset + size > windowSize) {
            return;
        }
        if (plain && chain4 && planeMask == -1) {
            writeWord(offset, size, value);
            return;
        }
        if (plainText && (offset & 1) == 0 && size > 1) {
            for (int i = 0; i < size; i += 2) {
                writeText(offset + i, (int) (value >>> 8 * i));
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            writeByte(offset + i, (int) (value >>> 8 * i) & 0xFF);
        }
    }

    /** A character and its attribute; planes 2 and 3 get the same when they may be written. */
    private void writeText(int offset, int value) {
        int at = (offset >> 1 & PLANE_MASK) * 4;
        if (planeMask == 0xFFFF) {
            writeWord(at, 2, value);
        } else {
            int pair = value & 0xFFFF;
            merge(at, pair | pair << 16, planeMask);
        }
    }

    private void writeByte(int offset, int value) {
        int planeOffset = offset;
        int planes = planeMask;
        if (chain4) {
            planeOffset = offset >> 2;
            planes &= 0xFF << 8 * (offset & 3);
        } else {
            if (oddEvenAddress) {
                planeOffset = offset >> 1;
            }
            if (oddEvenWrite) {
                planes &= (offset & 1) != 0 ? 0xFF00FF00 : 0x00FF00FF;
            }
        }
        int at = (planeOffset & PLANE_MASK) * 4;
        merge(at, plain ? value * EVERY_BYTE : combine(value), planes);
    }

    private void merge(int at, int value, int planes) {
        if (planes == 0) {
            return;
        }
        writes.mark(at);
        memory.set(INT, at, memory.get(INT, at) & ~planes | value & planes);
    }

    /** What a byte of the CPU becomes on its way to the four planes. */
    private int combine(int value) {
        int rotated = (value >> rotate | value << 8 - rotate) & 0xFF;
        int mask = bitMask;
        int data;
        switch (writeMode) {
            case 0 -> data = rotated * EVERY_BYTE & ~setResetEnable | setReset & setResetEnable;
            case 1 -> {
                return latch;
            }
            case 2 -> data = PLANES[value & 15];
            default -> {
                data = setReset;
                mask &= rotated;
            }
        }
        int result =
                switch (function) {
                    case 0 -> data;
                    case 1 -> data & latch;
                    case 2 -> data | latch;
                    default -> data ^ latch;
                };
        int masks = mask * EVERY_BYTE;
        return result & masks | latch & ~masks;
    }

    private long readBank(int offset, int size) {
        if (offset + size > 0x10000) {
            return size == 8 ? -1 : (1L << 8 * size) - 1;
        }
        return size == 1
                ? memory.get(ValueLayout.JAVA_BYTE, bankStart + offset) & 0xFF
                : readWord(bankStart + offset, size);
    }

    private void writeBank(int offset, int size, long value) {
        if (offset + size <= 0x10000) {
            writeWord(bankStart + offset, size, value);
        }
    }
}
