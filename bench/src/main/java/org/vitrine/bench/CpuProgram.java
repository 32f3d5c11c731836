package org.vitrine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The guests that the CPU is measured by; their source is {@code src/main/asm/cpu.asm}. Each does
 * its work for ever, turn by turn, and writes a byte to the debug port before each. The order is
 * the source's.
 */
enum CpuProgram {
    LOOP_16("16-bit loop", 0x10000 * 4L + 2),
    INTERRUPT_16("INT, IRET in real mode", 20_000 * 4L + 1),
    CARRY("ALU with ADC and ROL", 40_000 * 8L + 1),
    PLAIN("plain ALU", 40_000 * 10L + 1),
    MEMORY("load/store", 8_000 * 12L + 3),
    MULTIPLY("multiply, divide", 20_000 * 11L + 1),
    SIEVE("sieve", 299_955),
    COPY_STRING("copy, REP MOVSD", 0),
    COPY_LOOP("copy, a loop", 0x4000 * 6L + 3),
    RECURSION("recursive calls", 129_594),
    CRC("CRC-32 by a table", 32_768 * 7L + 4),
    FLOATS("x87", 10_000 * 15L + 3),
    INTERRUPT_32("INT, IRET by a gate", 20_000 * 4L + 1),
    PORT("port input", 20_000 * 3L + 1),
    MODIFY("self-modifying code", 5_000 * 6L + 1),
    PAGED("paged, 1,024 pages", 32 * (1024 * 6L + 4) + 1);

    /** What the copying programs copy in each turn. */
    static final long COPIED = 64 * 0x10000;

    /** MOV, OUT, CALL, RET and JMP around each turn. */
    private static final int AROUND = 5;

    private static final int ROM_SIZE = 0x20000;
    private static final int START = 0x10000;
    private static final int TASK = 4;
    private static final int RESET_VECTOR = 0x1FFF0;
    private static final byte[] JUMP_TO_START = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};

    final String label;
    private final long instructions;

    CpuProgram(String label, long instructions) {
        this.label = label;
        this.instructions = instructions;
    }

    /** Instructions in a turn; 0 where what is measured is bytes copied. */
    long instructions() {
        return copies() ? 0 : instructions + AROUND;
    }

    boolean copies() {
        return this == COPY_STRING;
    }

    String unit() {
        return copies() ? "MiB/s" : "MIPS";
    }

    /** What so many turns in a second are in {@link #unit}. */
    double speed(double turnsPerSecond) {
        return copies()
                ? turnsPerSecond * COPIED / (1 << 20)
                : turnsPerSecond * instructions() / 1e6;
    }

    /** A system ROM of 128 KiB that has this program instead of firmware. */
    byte[] rom() throws IOException {
        byte[] rom = new byte[ROM_SIZE];
        try (InputStream program = CpuProgram.class.getResourceAsStream("cpu.bin")) {
            if (program == null) {
                throw new IOException("the benchmark's guest program cpu.bin is missing");
            }
            program.readNBytes(rom, START, RESET_VECTOR - START);
        }
        System.arraycopy(JUMP_TO_START, 0, rom, RESET_VECTOR, JUMP_TO_START.length);
        ByteBuffer.wrap(rom).order(ByteOrder.LITTLE_ENDIAN).putInt(START + TASK, ordinal());
        return rom;
    }
}
