package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.cpu.ProtectedMachine.CODE;
import static org.vitrine.core.cpu.ProtectedMachine.CODE0;
import static org.vitrine.core.cpu.ProtectedMachine.CODE3;
import static org.vitrine.core.cpu.ProtectedMachine.DATA0;
import static org.vitrine.core.cpu.ProtectedMachine.DATA3;
import static org.vitrine.core.cpu.ProtectedMachine.HANDLERS;
import static org.vitrine.core.cpu.ProtectedMachine.IDT;
import static org.vitrine.core.cpu.ProtectedMachine.PROBE;
import static org.vitrine.core.cpu.ProtectedMachine.STACK0;
import static org.vitrine.core.cpu.ProtectedMachine.STACK3;
import static org.vitrine.core.cpu.ProtectedMachine.TASK;
import static org.vitrine.core.cpu.ProtectedMachine.TASK2;
import static org.vitrine.core.cpu.ProtectedMachine.TSS;
import static org.vitrine.core.cpu.ProtectedMachine.TSS2;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.cpu.state.Registers;

/**
 * What the guest programs can't test on themselves: faults without a stack, exactness of state,
 * random code.
 */
class ProtectedModeTest {

    private static final int STACK_OF_TASK2 = 0xD000;

    private final ProtectedMachine p = new ProtectedMachine();
    private final Registers r = p.r;

    /** Makes an exception's handler a task of its own, which halts. */
    private void taskGate(int vector) {
        p.gate(IDT + 8 * vector, TASK2, 0, 0x85);
        p.write32(TSS2 + 0x20, HANDLERS + vector);
        p.write32(TSS2 + 0x24, 2);
        p.write32(TSS2 + 0x38, STACK_OF_TASK2);
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            p.write32(TSS2 + 0x48 + 4 * segment, segment == Registers.CS ? CODE0 : DATA0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no stack|0|0|10|1",
                "a stack of level 3|23|0|10|21",
                "a stack beyond the table|7F8|0|10|7F9",
                "code for a stack|8|0|10|9",
                "a stack that is not present|38|13|12|39",
                "a stack without room|38|93|12|39",
            })
    void aHandlerWithoutAGoodStackIsItselfAFault(
            String name, String stack, String access, int vector, String error) {
        // Level 3 divides by zero; its handler is of level 0. What goes wrong on the way has a task
        // of its own.
        p.descriptor(PROBE, 0, 7, Integer.parseInt(access, 16), 4);
        p.write32(TSS + 8, Integer.parseInt(stack, 16));
        p.gate(IDT + 8 * 6, CODE0, HANDLERS + 6, 0x8E);
        taskGate(vector);
        p.write32(TSS + 4, 0x10);
        p.codeInLevel3("0F 0B");
        if (access.equals("93")) {
            // Ten bytes where twenty are needed.
            p.write32(TSS + 4, 8);
        }
        assertEquals(vector, p.run());
        assertEquals(Integer.parseInt(error, 16), p.read32(STACK_OF_TASK2 - 4));
        assertEquals(STACK_OF_TASK2 - 4, r.esp());
        // The old task is where it was.
        assertEquals(CODE, p.read32(TSS + 0x20));
        assertEquals(STACK3, p.read32(TSS + 0x38));
        assertEquals(CODE3, p.read32(TSS + 0x4C) & 0xFFFF);
        assertEquals(TASK, p.read32(TSS2) & 0xFFFF);
        assertEquals(Registers.NT, r.eflags() & Registers.NT);
    }

    @Test
    void aTaskWithTheTrapBitStartsWithADebugException() {
        taskGate(3);
        p.write32(TSS2 + 0x64, 1);
        // INT3, whose gate leads to the task.
        p.code("CC");
        assertEquals(1, p.run());
        assertEquals(1 << 15, r.dr[6] & 0xF00F);
        assertEquals(HANDLERS + 3, p.read32(r.esp()), "nothing of the task has run");
        assertEquals(TASK2, r.taskSelector);
    }

    @Test
    void aSecondContributoryFaultIsADoubleFault() {
        // #DE without a stack is #TS, which has none either.
        p.write32(TSS + 8, 0);
        taskGate(8);
        p.codeInLevel3("F7 F1");
        assertEquals(8, p.run());
        assertEquals(0, p.read32(STACK_OF_TASK2 - 4));
        assertEquals(CODE, p.read32(TSS + 0x20));
    }

    @ParameterizedTest(name = "{0} while {1} is delivered: {2}")
    @CsvSource({
        "gp,de,8",
        "pf,de,14",
        "gp,pf,8",
        "pf,pf,8",
        "gp,ud,13",
        "pf,ud,14",
        "gp,gp,8",
        "pf,gp,14",
    })
    void pairsOfFaults(String second, String first, int delivered) {
        String code;
        int vector;
        switch (first) {
            case "de" -> {
                code = "F7 F1";
                vector = 0;
            }
            case "ud" -> {
                code = "0F 0B";
                vector = 6;
            }
            case "gp" -> {
                code = "0F 22 E0";
                r.gpr[Registers.EAX] = 0xFFFF_FFFFL;
                vector = 13;
            }
            default -> {
                code = "A1 00 00 00 40";
                vector = 14;
            }
        }
        p.code(code).paging(3);
        // The first handler's code segment is none, or in a table that is not there; GDT entries
        // past 0x40 are.
        if (second.equals("gp")) {
            p.write32(IDT + 8 * vector, DATA0 << 16 | HANDLERS);
        } else {
            r.ldtBase = 0x5000_0000L;
            r.ldtLimit = 0xFFFF;
            r.ldtAccess = 0x82;
            p.write32(IDT + 8 * vector, 0xC << 16 | HANDLERS);
        }
        assertEquals(delivered, p.run());
        assertEquals(CODE, p.read32(r.esp() + 4));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "jmp to data|EA 00 00 00 00 10 00|13|10",
                "jmp beyond the table|EA 00 00 00 00 F8 07|13|7F8",
                "jmp to code of level 3|EA 00 00 00 00 1B 00|13|18",
                "jmp to what is not present|EA 00 00 00 00 38 00|11|38",
                "call to what is not present|9A 00 00 00 00 38 00|11|38",
                "call to null|9A 00 00 00 00 00 00|13|0",
                "retf to null|CB|13|0",
                "iret to null|CF|13|0",
                "int to nowhere|CD 40|13|202",
                "mov ds|8E D8|13|7F8",
                "mov ss|8E D0|13|7F8",
                "lss|0F B2 1D 00 80 00 00|13|7F8",
                "les|C4 1D 00 80 00 00|13|7F8",
                "pop gs|0F A9|13|FFFC",
                "lldt|0F 00 D0|13|7F8",
                "ltr|0F 00 D8|13|7F8",
                "a busy task|EA 00 00 00 00 28 00|13|28",
                "wrmsr|0F 30|13|0",
                "write beyond a segment|64 A3 00 00 00 00|13|0",
            })
    void faultsChangeNothing(String name, String code, int vector, String error) {
        p.descriptor(PROBE, 0, 0xFFFFF, 0x1B, 0xC);
        p.machine.write(0x8000, "11 22 33 44 F8 07");
        p.code(code);
        long stack = STACK0 - 0x40;
        for (int register = 0; register < 8; register++) {
            r.gpr[register] = 0x1111_1111L * register;
        }
        r.gpr[Registers.EAX] = 0x7F8;
        r.gpr[Registers.ESP] = stack;
        if (name.startsWith("pop")) {
            p.write32(stack, 0xFFFF);
        }
        r.setSegment(Registers.FS, 0, 0, 0, Registers.UNUSABLE);
        r.setFlags(Registers.CF | Registers.ZF | Registers.DF);
        long[] general = r.gpr.clone();
        int[] selectors = r.selector.clone();
        long[] bases = r.base.clone();
        long[] limits = r.limit.clone();
        assertEquals(vector, p.run());
        assertEquals(Integer.parseInt(error, 16), p.read32(r.esp()));
        assertEquals(CODE, p.read32(r.esp() + 4));
        assertEquals(CODE0, p.read32(r.esp() + 8) & 0xFFFF);
        assertEquals(
                Registers.CF | Registers.ZF | Registers.DF | Registers.RF | 2,
                p.read32(r.esp() + 12),
                "saved flags");
        assertEquals(stack - 16, r.gpr[Registers.ESP]);
        r.gpr[Registers.ESP] = stack;
        assertArrayEquals(general, r.gpr);
        assertArrayEquals(selectors, r.selector);
        assertArrayEquals(bases, r.base);
        assertArrayEquals(limits, r.limit);
    }

    @Test
    void anNmiThatIsBlockedLeavesTheProcessorIdle() {
        p.code("F4");
        p.cpu.nmi();
        // The handler of vector 2 is HLT, and never returns.
        assertEquals(2, p.run());
        assertTrue(p.cpu.idle());
        p.cpu.nmi();
        assertTrue(p.cpu.idle());
    }

    @Test
    void interruptsFromLevel3UseTheStackOfLevel0() {
        p.codeInLevel3("40 EB FD");
        r.setFlags(Registers.IF);
        p.machine.vector = 0x21;
        p.cpu.run(11);
        p.cpu.intr().set(true);
        assertEquals(0x21, p.run());
        assertEquals(0, r.cpl);
        assertEquals(STACK0 - 20, r.esp());
        assertEquals(CODE3, p.read32(r.esp() + 4) & 0xFFFF);
        assertEquals(STACK3, p.read32(r.esp() + 12));
        assertEquals(DATA3, p.read32(r.esp() + 16) & 0xFFFF);
        assertEquals(0, r.eflags() & Registers.IF);
    }

    @Test
    void noBytesMakeAProtectedProcessorThrowOrHang() {
        long seed = System.nanoTime();
        System.out.println("ProtectedModeTest seed " + seed);
        Random random = new Random(seed);
        byte[] code = new byte[0x800];
        for (int round = 0; round < 300; round++) {
            ProtectedMachine q = round % 10 == 0 ? new ProtectedMachine() : p;
            q.cpu.reset();
            q.r.gdtBase = ProtectedMachine.GDT;
            q.r.gdtLimit = 0xFFF;
            q.r.idtBase = IDT;
            q.r.idtLimit = 0x7FF;
            q.r.ldtBase = 0x3000;
            q.r.ldtLimit = 0xFFF;
            q.r.taskSelector = TASK;
            q.r.taskBase = TSS;
            q.r.taskLimit = 0x67;
            q.r.cr0 |= Registers.CR0_PE;
            q.level0();
            if (random.nextBoolean()) {
                q.paging(random.nextInt(8) | 1);
            }
            // Random descriptors and gates, mostly present.
            for (int selector = PROBE; selector < 0x1000; selector += 8) {
                int access = random.nextInt(0x100) | (random.nextInt(4) != 0 ? 0x80 : 0);
                q.descriptor(
                        selector,
                        random.nextInt(0x10000),
                        random.nextInt(0x100000),
                        access,
                        random.nextInt(16));
            }
            random.nextBytes(code);
            q.machine.memory.write(CODE, code, 0, code.length);
            for (int n = 0; n < 8; n++) {
                q.r.gpr[n] = random.nextInt() & (random.nextBoolean() ? 0x7FFFL : 0xFFFF_FFFFL);
            }
            q.r.gpr[Registers.ESP] = STACK0;
            q.r.ip = CODE;
            if (random.nextBoolean()) {
                q.codeInLevel3("");
            }
            q.cpu.run(3000);
            assertEquals(0, q.r.gpr[16]);
            assertEquals(q.r.virtual8086() ? 3 : q.r.cpl, q.r.cpl);
            for (int n = 0; n < 8; n++) {
                assertEquals(0, q.r.gpr[n] >>> 32, "a register of 32 bits has more");
            }
            assertEquals(0, q.r.ip >>> 32);
        }
    }
}
