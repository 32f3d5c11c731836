package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/**
 * Random bytes in random modes with random tables: nothing may be thrown out of the processor,
 * nothing may run past its budget, and no byte beside the guest's memory may change.
 */
class RandomCodeTest {

    private static final int ROUNDS = 120;
    private static final int SLICES = 12;
    private static final int BUDGET = 400;

    private static final int RAM = 1 << 20;
    private static final int ROM = 0xC0000;
    private static final int ROM_SIZE = 0x10000;
    private static final int DEVICE = 0xD0000;
    private static final int DEVICE_SIZE = 0x10000;

    private static final int GDT = 0x1000;
    private static final int IDT = 0x2000;
    private static final int TASKS = 0x3000;
    private static final int ENTRY = 0x5000;
    private static final int STACK = 0x6000;
    private static final int DIRECTORY = 0x8000;
    private static final int TABLES = 0x9000;

    /** MOV CR4,EAX; MOV CR3,ECX; MOV CR0,EDX; IRET. */
    private static final int[] ENTERING = {
        0x0F, 0x22, 0xE0, 0x0F, 0x22, 0xD9, 0x0F, 0x22, 0xC2, 0xCF
    };

    private static final int CR0_MODES =
            Registers.CR0_WP | Registers.CR0_AM | Registers.CR0_NE | Registers.CR0_TS;
    private static final int CR4_MODES =
            Registers.CR4_VME | Registers.CR4_PVI | Registers.CR4_DE | Registers.CR4_PSE;

    private final long seed = System.nanoTime();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final PortSpace ports = new PortSpace();
    private final RamBlock before = RamBlock.allocate("640k", RAM);
    private final RamBlock ram = RamBlock.allocate("640k", RAM);
    private final RamBlock after = RamBlock.allocate("640k", RAM);
    private final RamBlock rom = RamBlock.allocate("bios", ROM_SIZE);
    private Random random = new Random(seed);

    RandomCodeTest() {
        memory.mapRam(0, ram, 0, RAM, PhysicalMemory.Access.READ_WRITE);
        memory.mapRam(ROM, rom, 0, ROM_SIZE, PhysicalMemory.Access.READ_ONLY);
        memory.mapDevice(
                DEVICE,
                DEVICE_SIZE,
                "noise",
                new MmioDevice() {
                    @Override
                    public long readMemory(long address, int size) {
                        return random.nextLong() & -1L >>> 64 - 8 * size;
                    }

                    @Override
                    public void writeMemory(long address, int size, long value) {}
                });
    }

    @Test
    void nothingIsThrownAndNothingElseIsTouched() {
        System.out.println("RandomCodeTest seed " + seed);
        byte[] noise = new byte[RAM];
        random.nextBytes(noise);
        for (RamBlock block : List.of(before, after)) {
            block.memory().copyFrom(MemorySegment.ofArray(noise));
        }
        byte[] inRom = new byte[ROM_SIZE];
        random.nextBytes(inRom);
        rom.memory().copyFrom(MemorySegment.ofArray(inRom));
        for (CpuModel model : CpuModel.ALL) {
            Cpu cpu =
                    new Cpu(model, memory, ports, () -> random.nextInt(0x100), () -> 0, high -> {});
            for (int round = 0; round < ROUNDS; round++) {
                String where = "seed " + seed + ", " + model + ", round " + round;
                random = new Random(seed + round);
                try {
                    play(cpu, where);
                } catch (RuntimeException e) {
                    throw new AssertionError(where, e);
                }
            }
        }
        for (RamBlock block : List.of(before, after)) {
            assertEquals(-1, block.memory().mismatch(MemorySegment.ofArray(noise)));
        }
        assertEquals(-1, rom.memory().mismatch(MemorySegment.ofArray(inRom)));
    }

    private void play(Cpu cpu, String where) {
        fill();
        cpu.reset();
        cpu.intr().set(false);
        Registers r = cpu.registers();
        for (int n = 0; n < 8; n++) {
            r.gpr[n] = number() & 0xFFFF_FFFFL;
        }
        if (random.nextInt(4) == 0) {
            enterRealMode(r);
        } else {
            enterProtectedMode(cpu, r);
        }
        for (int slice = 0; slice < SLICES; slice++) {
            switch (random.nextInt(8)) {
                case 0 -> cpu.nmi();
                case 1, 2 -> cpu.intr().set(random.nextBoolean());
                case 3 -> cpu.setA20(random.nextBoolean());
                case 4 -> cpu.requestExit();
                default -> {}
            }
            long counted = cpu.instructions();
            long run = cpu.run(BUDGET);
            assertTrue(run >= 0 && run <= BUDGET, where + " ran " + run);
            assertEquals(cpu.instructions() - counted, run, where);
            check(r, where);
        }
    }

    private static void check(Registers r, String where) {
        assertEquals(0, r.gpr[16], where);
        for (int n = 0; n < 8; n++) {
            assertEquals(0, r.gpr[n] >>> 32, where + ": a register of 32 bits has more");
        }
        for (int n = 0; n < Registers.SEGMENTS; n++) {
            assertEquals(0, r.selector[n] >>> 16, where + ": a selector of 16 bits has more");
        }
        assertTrue(r.cpl >= 0 && r.cpl <= 3, where);
        assertTrue((r.cr0 & Registers.CR0_PE) != 0 || (r.cr0 & Registers.CR0_PG) == 0, where);
        assertEquals(0, r.ip >>> 32, where + ": EIP has more than 32 bits");
    }

    /** A number that is small, or anything. */
    private int number() {
        return random.nextInt() >>> random.nextInt(32);
    }

    /** Memory full of code that is noise, or noise behind opcodes that there are. */
    private void fill() {
        byte[] code = new byte[ROM];
        random.nextBytes(code);
        if (random.nextBoolean()) {
            for (int at = 0; at < code.length; at += 1 + random.nextInt(6)) {
                switch (random.nextInt(5)) {
                    case 0 -> code[at] = 0x0F;
                    case 1 -> code[at] = (byte) (0x66 + random.nextInt(2));
                    case 2 -> code[at] = (byte) (random.nextInt(0x40) & ~6 | 1);
                    default -> {}
                }
            }
        }
        memory.write(0, code, 0, code.length);
        descriptors();
        pages();
        for (int n = 0; n < ENTERING.length; n++) {
            memory.write(ENTRY + n, 1, ENTERING[n]);
        }
    }

    private void descriptors() {
        for (int n = 0; n < 0x200; n++) {
            long base = number() & (random.nextInt(3) == 0 ? 0xFFFF_FFFFL : 0xF_FFFFL);
            long limit = random.nextInt(3) == 0 ? number() & 0xF_FFFF : 0xF_FFFF;
            long access = random.nextInt(0x100) | (random.nextInt(4) == 0 ? 0 : 0x80);
            long flags = random.nextInt(0x10) & 0xD;
            memory.write(
                    GDT + 8 * n,
                    8,
                    limit & 0xFFFF
                            | (base & 0xFF_FFFF) << 16
                            | access << 40
                            | limit >> 16 << 48
                            | flags << 52
                            | base >> 24 << 56);
        }
        for (int n = 0; n < 0x100; n++) {
            long type = random.nextInt(4) == 0 ? random.nextInt(0x20) : 0xE | random.nextInt(2);
            long level = random.nextInt(4);
            long selector = random.nextInt(3) == 0 ? random.nextInt(0x10000) : 0x08;
            long offset = random.nextInt(RAM);
            memory.write(
                    IDT + 8 * n,
                    8,
                    offset & 0xFFFF
                            | selector << 16
                            | (type | level << 5 | 0x80) << 40
                            | offset >> 16 << 48);
        }
        // Flat ones to begin with, a task, and a program's.
        memory.write(GDT + 0x08, 8, 0x00CF_9B00_0000_FFFFL);
        memory.write(GDT + 0x10, 8, 0x00CF_9300_0000_FFFFL);
        memory.write(GDT + 0x18, 8, 0x0000_8B00_0000_0067L | (long) TASKS << 16);
        memory.write(GDT + 0x20, 8, 0x00CF_FB00_0000_FFFFL);
        memory.write(GDT + 0x28, 8, 0x00CF_F300_0000_FFFFL);
        memory.write(GDT + 0x30, 8, 0x000F_FB00_0000_FFFFL);
        memory.write(TASKS + 4, 4, STACK + 0x1000);
        memory.write(TASKS + 8, 4, 0x10);
        memory.write(TASKS + 0x66, 2, random.nextInt(0x70));
    }

    /** Tables for both kinds of paging: what is entered by comes first, then anything. */
    private void pages() {
        for (int n = 0; n < 0x400; n++) {
            memory.write(DIRECTORY + 4 * n, 4, TABLES | random.nextInt(0x200) & ~0x80 | 1);
            int page = random.nextInt(4) == 0 ? number() : random.nextInt(RAM);
            int rights = random.nextInt(8) == 0 ? random.nextInt(0x1000) : random.nextInt(0x80) | 7;
            int identity = n * 0x1000 | 7;
            memory.write(TABLES + 4 * n, 4, n < 0x10 ? identity : page & 0xFFFF_F000 | rights);
        }
    }

    private void enterRealMode(Registers r) {
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            r.setRealSegment(segment, random.nextInt(0x10000));
        }
        r.setFlags(random.nextInt());
        r.ip = random.nextInt(0x10000);
    }

    private void enterProtectedMode(Cpu cpu, Registers r) {
        r.gdtBase = GDT;
        r.gdtLimit = random.nextInt(4) == 0 ? random.nextInt(0x10000) : 0xFFF;
        r.idtBase = IDT;
        r.idtLimit = random.nextInt(4) == 0 ? random.nextInt(0x1000) : 0x7FF;
        r.taskSelector = 0x18;
        r.taskBase = TASKS;
        r.taskLimit = 0x67;
        r.taskAccess = 0x8B;
        r.cr0 |= Registers.CR0_PE;
        r.setSegment(Registers.CS, 0x08, 0, 0xFFFF_FFFFL, 0xC09B);
        for (int segment : new int[] {Registers.SS, Registers.DS, Registers.ES}) {
            r.setSegment(segment, 0x10, 0, 0xFFFF_FFFFL, 0xC093);
        }
        boolean paging = random.nextBoolean();
        r.gpr[Registers.EAX] = random.nextInt() & CR4_MODES;
        r.gpr[Registers.ECX] = DIRECTORY;
        r.gpr[Registers.EDX] =
                (random.nextInt() & CR0_MODES | Registers.CR0_PE | (paging ? Registers.CR0_PG : 0))
                        & 0xFFFF_FFFFL;
        if (random.nextInt(3) == 0) {
            r.dr[7] = random.nextInt() & ~0xDC00 | 0x400;
            for (int n = 0; n < 4; n++) {
                r.dr[n] = random.nextInt(RAM);
            }
        }
        int kind = random.nextInt(4);
        boolean virtual = kind == 0;
        boolean program = kind == 1 || kind == 2;
        int flags = random.nextInt() & ~(Registers.NT | Registers.VM);
        int code = program ? (kind == 1 ? 0x20 : 0x30) | 3 : 0x08;
        int[] frame = {
            random.nextInt(virtual ? 0x10000 : ROM),
            virtual ? random.nextInt(0x10000) : code,
            virtual ? flags | Registers.VM : flags,
            random.nextInt(ROM),
            virtual ? random.nextInt(0x10000) : 0x2B,
            random.nextInt(0x10000),
            random.nextInt(0x10000),
            random.nextInt(0x10000),
            random.nextInt(0x10000)
        };
        for (int n = 0; n < frame.length; n++) {
            memory.write(STACK + 4 * n, 4, frame[n]);
        }
        r.gpr[Registers.ESP] = STACK;
        r.ip = ENTRY;
        cpu.run(4);
    }

    @Test
    void aRepeatedInstructionGivesWay() {
        Cpu cpu = new Cpu(CpuModel.MAX, memory, ports, () -> 0, () -> 0, high -> {});
        Registers r = cpu.registers();
        // REP LODSB with 32-bit addresses in a segment without an end, over and over.
        memory.write(0x1000, 4, 0xFFAC_67F3);
        r.setSegment(Registers.DS, 0, 0, 0xFFFF_FFFFL, 0x93);
        r.setRealSegment(Registers.CS, 0);
        r.ip = 0x1000;
        r.gpr[Registers.ECX] = 0xFFFF_FFFFL;
        assertEquals(3, cpu.run(3));
        assertEquals(0x1000, r.eip());
        assertTrue(r.ecx() != -1, "nothing was moved");
        cpu.requestExit();
        assertEquals(0, cpu.run(1000));
    }

    @Test
    void aHandlerThatFaultsForEverIsStoppedByTheBudget() {
        Cpu cpu = new Cpu(CpuModel.MAX, memory, ports, () -> 0, () -> 0, high -> {});
        Registers r = cpu.registers();
        // The handler of an invalid opcode is one itself, and the stack goes round.
        memory.write(6 * 4, 4, 0x1000);
        memory.write(0x1000, 2, 0x0B0F);
        r.setRealSegment(Registers.CS, 0);
        r.setRealSegment(Registers.SS, 0x2000);
        r.ip = 0x1000;
        assertEquals(100_000, cpu.run(100_000));
        assertEquals(0x1000, r.eip());
    }
}
