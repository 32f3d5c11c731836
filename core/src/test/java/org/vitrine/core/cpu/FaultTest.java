package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.cpu.state.Registers;

/**
 * Exceptions in real mode: the right one, from the instruction that caused it, with nothing else
 * changed.
 */
class FaultTest {

    private final TestMachine machine = new TestMachine();
    private final Registers r = machine.r;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a word at offset FFFF|8B 06 FF FF|D|",
                "a dword at offset FFFD|66 A1 FD FF|D|",
                "a word at SS:FFFF|36 A1 FF FF|C|",
                "an offset above FFFF with 32-bit addresses|67 66 A3 00 00 01 00|D|",
                "a read-modify-write|66 01 06 FD FF|D|",
                "xchg|87 06 FF FF|D|",
                "cmpxchg|0F B1 06 FF FF|D|",
                "bts beyond|0F AB 06 FF FF|D|",
                "shl of memory|D1 26 FF FF|D|",
                "pop into memory|8F 06 FF FF|D|",
                "push from memory|FF 36 FF FF|D|",
                "call through memory|FF 16 FF FF|D|",
                "jmp far through memory|FF 2E FD FF|D|",
                "lds|C5 06 FD FF|D|",
                "lgdt|0F 01 16 FB FF|D|",
                "sgdt|0F 01 06 FB FF|D|",
                "enter beyond the stack|BC 02 00 66 C8 00 00 00|C|3",
                "push at SP=1|BC 01 00 50|C|3",
                "call at SP=1|BC 01 00 E8 00 00|C|3",
                "pusha at SP=0F|BC 0F 00 60|C|3",
                "popa at SP=FFF1|BC F1 FF 61|C|3",
                "ret at SP=FFFF|BC FF FF C3|C|3",
                "iret at SP=FFFB|BC FB FF CF|C|3",
                "leave with BP=FFFF|BD FF FF C9|C|3",
                "jmp beyond the limit|66 E9 00 00 01 00|D|",
                "call beyond the limit|66 E8 00 00 01 00|D|",
                "ret beyond the limit|66 68 00 00 01 00 66 C3|D|6",
                "divide by zero|31 D2 F7 F2|0|2",
                "a quotient that is too big|BA FF FF B9 01 00 F7 F1|0|6",
                "idiv of the smallest|BA 00 80 B9 FF FF F7 F9|0|6",
                "aam 0|D4 00|0|",
                "bound|C7 06 00 20 05 00 C7 06 02 20 06 00 B8 04 00 62 06 00 20|5|F",
                "ud2|0F 0B|6|",
                "an undefined opcode|0F FF|6|",
                "lock of a register|F0 01 C0|6|",
                "lock of mov|F0 89 07|6|",
                "mov cs|8E C8|6|",
                "mov of segment 6|8C F0|6|",
                "lea of a register|8D C0|6|",
                "les of a register|C4 C0|6|",
                "arpl in real mode|63 C0|6|",
                "sldt in real mode|0F 00 C0|6|",
                "mov cr1|0F 22 C8|6|",
                "cr0 with paging alone|66 B8 00 00 00 80 0F 22 C0|D|6",
                "sixteen bytes|66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90|D|",
                "escape with EM|0F 20 C0 0C 04 0F 22 C0 DB E3|7|8",
                "wait with MP and TS|0F 20 C0 0C 0A 0F 22 C0 9B|7|8",
                "an unknown model-specific register|66 B9 FF FF 00 00 0F 32|D|6",
                "movsw from FFFF|BE FF FF A5|D|3",
                "stosd to FFFE|BF FE FF 66 AB|D|3",
            })
    void faults(String name, String code, String vector, String at) {
        machine.handlers().code(0x1000, code);
        int fault = 0x1000 + (at == null ? 0 : Integer.parseInt(at, 16));
        while (r.eip() != fault) {
            machine.cpu.run(1);
        }
        long stackPointer = r.gpr[Registers.ESP];
        long[] before = r.gpr.clone();
        int flags = r.eflags();
        boolean frameFits = stackPointer % 2 == 0 || stackPointer > 5;
        machine.cpu.run(1);
        if (!frameFits) {
            // The exception can't be delivered either: a double fault, and shutdown.
            assertEquals(true, machine.cpu.shutDown());
            assertArrayEquals(before, r.gpr);
            assertEquals(fault, r.eip());
            return;
        }
        assertFalse(machine.cpu.shutDown());
        assertEquals(0x600 + Integer.parseInt(vector, 16), r.eip(), "handler");
        assertEquals(stackPointer - 6 & 0xFFFF, r.gpr[Registers.ESP]);
        r.gpr[Registers.ESP] = stackPointer;
        assertArrayEquals(before, r.gpr);
        assertEquals(fault, word(stackPointer - 6));
        assertEquals(0, word(stackPointer - 4));
        assertEquals(
                flags & 0xFFFF & ~Registers.ARITHMETIC,
                word(stackPointer - 2) & ~Registers.ARITHMETIC);
    }

    private int word(long offset) {
        return machine.read16((int) offset & 0xFFFF);
    }

    @Test
    void aRepeatedInstructionFaultsWithWhatIsDoneDone() {
        // mov di,0xFFFA; mov cx,5; rep stosd
        machine.handlers().code(0x1000, "BF F6 FF B9 05 00 66 B8 78 56 34 12 66 F3 AB");
        machine.run();
        assertEquals(0x60E, r.eip());
        assertEquals(0x100C, machine.read16(r.esp()));
        assertEquals(3, r.ecx());
        assertEquals(0xFFFE, r.edi());
        assertEquals(0x12345678, machine.read32(0xFFFA));
    }

    @Test
    void theInstructionPointerRunsIntoTheLimit() {
        machine.handlers().code(0xFFFE, "41 41");
        machine.write(0x10000, "41");
        machine.run();
        assertEquals(0x60E, r.eip());
        assertEquals(2, r.ecx());
        assertEquals(0, machine.read16(r.esp()));
    }

    @Test
    void anInstructionThatGoesOverTheLimitFaultsBeforeIt() {
        machine.handlers().code(0xFFFE, "41 B8");
        machine.write(0x10000, "34 12");
        machine.run();
        assertEquals(0x60E, r.eip());
        assertEquals(1, r.ecx());
        assertEquals(0, r.eax());
        assertEquals(0xFFFF, machine.read16(r.esp()));
    }

    @Test
    void noBytesMakeTheProcessorThrowOrHang() {
        long seed = System.nanoTime();
        System.out.println("FaultTest seed " + seed);
        Random random = new Random(seed);
        byte[] code = new byte[0x4000];
        for (int round = 0; round < 300; round++) {
            random.nextBytes(code);
            machine.cpu.reset();
            machine.memory.write(random.nextInt(8) * 0x1000L, code, 0, code.length);
            for (int n = 0; n < 8; n++) {
                r.gpr[n] = random.nextInt() & (random.nextBoolean() ? 0xFFFFL : 0xFFFF_FFFFL);
            }
            for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
                r.setRealSegment(segment, random.nextInt(0x1000));
            }
            r.ip = random.nextInt(0x10000);
            long before = machine.cpu.instructions();
            long run = machine.cpu.run(3000);
            assertEquals(machine.cpu.instructions() - before, run);
            assertEquals(0, r.gpr[16]);
            for (int n = 0; n < 8; n++) {
                assertEquals(0, r.gpr[n] >>> 32, "a register of 32 bits has more");
            }
        }
    }
}
