package org.vitrine.core.cpu;

import java.util.HexFormat;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;

/**
 * A processor in protected mode at level 0 with flat segments, as an operating system leaves it.
 * The tables are in memory; every interrupt's handler is HLT at {@link #HANDLERS} plus its vector.
 */
final class ProtectedMachine {

    static final int GDT = 0x1000;
    static final int IDT = 0x2000;
    static final int TSS = 0x4000;
    static final int TSS2 = 0x5000;
    static final int HANDLERS = 0x6000;
    static final int CODE = 0x7000;
    static final int STACK0 = 0x9000;
    static final int STACK3 = 0xB000;
    static final int DIRECTORY = 0x10000;
    static final int TABLE = 0x11000;

    static final int CODE0 = 0x08;
    static final int DATA0 = 0x10;
    static final int CODE3 = 0x1B;
    static final int DATA3 = 0x23;
    static final int TASK = 0x28;
    static final int TASK2 = 0x30;
    static final int PROBE = 0x38;
    static final int LAST = 0x48;

    final TestMachine machine;
    final Cpu cpu;
    final Registers r;

    ProtectedMachine() {
        this(CpuModel.PENTIUM_3);
    }

    ProtectedMachine(CpuModel model) {
        machine = new TestMachine(model);
        cpu = machine.cpu;
        r = machine.r;
        cpu.reset();
        descriptor(CODE0, 0, 0xFFFFF, 0x9B, 0xC);
        descriptor(DATA0, 0, 0xFFFFF, 0x93, 0xC);
        descriptor(CODE3, 0, 0xFFFFF, 0xFB, 0xC);
        descriptor(DATA3, 0, 0xFFFFF, 0xF3, 0xC);
        descriptor(TASK, TSS, 0x67, 0x8B, 0);
        descriptor(TASK2, TSS2, 0x67, 0x89, 0);
        for (int vector = 0; vector < 0x30; vector++) {
            gate(IDT + 8 * vector, CODE0, HANDLERS + vector, 0x8E);
            write8(HANDLERS + vector, 0xF4);
        }
        r.gdtBase = GDT;
        r.gdtLimit = LAST + 7;
        r.idtBase = IDT;
        r.idtLimit = 0x30 * 8 - 1;
        r.taskSelector = TASK;
        r.taskBase = TSS;
        r.taskLimit = 0x67;
        r.taskAccess = 0x8B;
        r.cr0 |= Registers.CR0_PE;
        write32(TSS + 4, STACK0);
        write32(TSS + 8, DATA0);
        level0();
        r.gpr[Registers.EDX] = 0;
    }

    void level0() {
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            r.setSegment(segment, DATA0, 0, 0xFFFF_FFFFL, 0xC093);
        }
        r.setSegment(Registers.CS, CODE0, 0, 0xFFFF_FFFFL, 0xC09B);
        r.gpr[Registers.ESP] = STACK0;
    }

    /** Puts 32-bit code at {@link #CODE} and the processor there. */
    ProtectedMachine code(String hex) {
        machine.write(CODE, hex);
        r.ip = CODE;
        return this;
    }

    /** The same in level 3, by IRET, which is the one instruction run. */
    ProtectedMachine codeInLevel3(String hex) {
        code(hex);
        machine.write(CODE - 1, "CF");
        r.ip = CODE - 1;
        long stack = STACK0 - 20;
        r.gpr[Registers.ESP] = stack;
        write32(stack, CODE);
        write32(stack + 4, CODE3);
        write32(stack + 8, 2);
        write32(stack + 12, STACK3);
        write32(stack + 16, DATA3);
        cpu.run(1);
        return this;
    }

    /**
     * Turns paging on; the first 4 MiB are themselves, with these rights: 7 for everyone's, 3 for
     * the supervisor's.
     */
    ProtectedMachine paging(int rights) {
        for (int page = 0; page < 1024; page++) {
            write32(TABLE + 4 * page, page << 12 | rights);
        }
        write32(DIRECTORY, TABLE | 7);
        r.cr3 = DIRECTORY;
        long ip = r.ip;
        long eax = r.gpr[Registers.EAX];
        // mov cr0,eax
        machine.write(CODE - 8, "0F 22 C0");
        r.ip = CODE - 8;
        r.gpr[Registers.EAX] = (r.cr0 | Registers.CR0_PG | Registers.CR0_WP) & 0xFFFF_FFFFL;
        cpu.run(1);
        r.gpr[Registers.EAX] = eax;
        r.ip = ip;
        return this;
    }

    /**
     * Runs until HLT and returns the vector of the handler that it is in, or -1 for HLT elsewhere.
     */
    int run() {
        machine.run();
        int at = r.eip() - 1 - HANDLERS;
        return at >= 0 && at < 0x30 ? at : -1;
    }

    void descriptor(int selector, int base, int limit, int access, int flags) {
        int at = GDT + (selector & ~7);
        write32(at, base << 16 | limit & 0xFFFF);
        write32(
                at + 4,
                base & 0xFF00_0000
                        | flags << 20
                        | limit & 0xF0000
                        | access << 8
                        | base >> 16 & 0xFF);
    }

    void gate(int at, int selector, int offset, int access) {
        write32(at, selector << 16 | offset & 0xFFFF);
        write32(at + 4, offset & 0xFFFF_0000 | access << 8);
    }

    void write8(long address, int value) {
        machine.memory.write(address, 1, value);
    }

    void write32(long address, int value) {
        machine.memory.write(address, 4, value);
    }

    int read32(long address) {
        return (int) machine.memory.read(address, 4);
    }

    /** A little-endian dword in hexadecimal, for code. */
    static String dword(int value) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(value));
    }
}
