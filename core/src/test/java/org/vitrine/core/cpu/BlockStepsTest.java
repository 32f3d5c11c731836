package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.state.Registers;

/**
 * Blocks that run as wholes, where flags that nobody sees are not computed and pairs of
 * instructions are one step, do what the same instructions do one at a time.
 */
class BlockStepsTest {

    private static final int PROGRAM = 0x1000;
    private static final int DATA = 0x4000;
    private static final int PROGRAMS = 400;
    private static final int INSTRUCTIONS = 60;
    private static final int BUDGET = 3_000;

    @Test
    void wholeBlocksDoWhatSingleInstructionsDo() {
        long seed = System.nanoTime();
        System.out.println("BlockStepsTest seed " + seed);
        Random random = new Random(seed);
        int looped = 0;
        for (int n = 0; n < PROGRAMS; n++) {
            byte[] program = program(random);
            long values = random.nextLong();
            TestMachine blocks = machine(program, values);
            TestMachine singles = machine(program, values);
            long run = blocks.cpu.run(BUDGET);
            for (long each = 0; each < run; each++) {
                singles.cpu.run(1);
            }
            String where = "seed " + seed + ", program " + n;
            assertEquals(singles.r.eip(), blocks.r.eip(), where);
            assertArrayEquals(singles.r.gpr, blocks.r.gpr, where);
            assertEquals(singles.r.eflags(), blocks.r.eflags(), where);
            FpuRegisters expected = singles.cpu.floatingPoint();
            FpuRegisters actual = blocks.cpu.floatingPoint();
            assertEquals(expected.statusWord(), actual.statusWord(), where);
            assertEquals(expected.tagWord(), actual.tagWord(), where);
            assertArrayEquals(expected.significand, actual.significand, where);
            assertEquals(expected.instructionOffset, actual.instructionOffset, where);
            for (int at = 0; at < 0x100; at += 4) {
                assertEquals(singles.read32(DATA + at), blocks.read32(DATA + at), where);
            }
            looped += run > INSTRUCTIONS ? 1 : 0;
        }
        assertTrue(looped > PROGRAMS / 20, "only " + looped + " programs had loops");
    }

    private static TestMachine machine(byte[] program, long values) {
        TestMachine machine = new TestMachine().handlers();
        machine.code(PROGRAM, "");
        machine.memory.write(PROGRAM, program, 0, program.length);
        Random random = new Random(values);
        if (random.nextBoolean()) {
            // Floating-point exceptions are masked.
            machine.cpu.floatingPoint().initialize();
        }
        for (int register = 0; register < 8; register++) {
            if (register != Registers.ESP) {
                // Counters that come to an end, and anything.
                machine.r.gpr[register] =
                        random.nextBoolean() ? random.nextInt(20) : random.nextInt() & 0xFFFF_FFFFL;
            }
        }
        for (int at = 0; at < 0x100; at += 4) {
            machine.memory.write(DATA + at, 4, random.nextInt());
        }
        return machine;
    }

    /** Arithmetic, moves and jumps, some forward and some back, with HLT at the end. */
    private static byte[] program(Random random) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        int[] starts = new int[INSTRUCTIONS];
        int[] jumps = new int[INSTRUCTIONS];
        for (int n = 0; n < INSTRUCTIONS; n++) {
            starts[n] = code.size();
            if (random.nextInt(3) != 0) {
                code.write(0x66);
            }
            if (random.nextInt(6) == 0) {
                code.write(random.nextInt(3) == 0 ? 0xE2 : 0x70 | random.nextInt(16));
                jumps[n] = code.size();
                code.write(0);
            } else {
                instruction(code, random);
            }
        }
        code.write(0xF4);
        byte[] program = code.toByteArray();
        for (int n = 0; n < INSTRUCTIONS; n++) {
            if (jumps[n] != 0) {
                int target = Math.clamp(n - 4 + random.nextInt(8), 0, INSTRUCTIONS - 1);
                program[jumps[n]] = (byte) (starts[target] - jumps[n] - 1);
            }
        }
        return program;
    }

    private static void instruction(ByteArrayOutputStream code, Random random) {
        int operands = random.nextInt(4) == 0 ? memory(random) : 0xC0 | random.nextInt(64);
        switch (random.nextInt(11)) {
            case 0, 1, 2 ->
                    withOperands(code, random.nextInt(8) << 3 | random.nextInt(4), operands);
            case 3 -> code.write(0x40 | notStack(random) | random.nextInt(2) << 3);
            case 4 -> withOperands(code, 0x88 | random.nextInt(4), operands);
            case 5 -> {
                withOperands(code, 0xC0 | random.nextInt(2), operands);
                code.write(random.nextInt(0x40));
            }
            case 6 -> {
                withOperands(code, 0x83, operands);
                code.write(random.nextInt());
            }
            case 7 -> withOperands(code, 0x84 | random.nextInt(2), operands);
            case 8 -> {
                // NOT and NEG
                int operation = 0x10 | random.nextInt(2) << 3;
                withOperands(code, 0xF6 | random.nextInt(2), operands & 0xC7 | operation);
            }
            case 9 -> {
                code.write(0x0F);
                withOperands(code, 0xB6 | random.nextInt(2), operands);
            }
            default -> withOperands(code, 0xD8 | random.nextInt(8), operands);
        }
    }

    private static int notStack(Random random) {
        int register = random.nextInt(7);
        return register == Registers.ESP ? 7 : register;
    }

    /** ModRM of a 16-bit displacement alone, with any register. */
    private static int memory(Random random) {
        return 0x06 | random.nextInt(8) << 3;
    }

    private static void withOperands(ByteArrayOutputStream code, int opcode, int modRm) {
        code.write(opcode);
        code.write(modRm);
        if (modRm < 0xC0) {
            int address = DATA + (modRm & 0x38);
            code.write(address);
            code.write(address >> 8);
        }
    }
}
