package org.vitrine.core.cpu;

import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;

/**
 * A processor at level 3 as Linux leaves it, with flat segments; every exception ends in HLT. The
 * program's memory are the lowest 64 KiB.
 */
final class UserMachine {

    static final int USER_CODE = 0x23;
    static final int USER_DATA = 0x2B;

    private static final int GDT = 0x20000;
    private static final int IDT = 0x21000;
    private static final int HANDLERS = 0x22000;
    private static final int TSS = 0x23000;
    private static final int STACK = 0x25000;
    private static final int FRAME = 0x25100;
    private static final int IRET = 0x25200;
    private static final int TASK = 0x40;
    private static final int VECTORS = 0x100;

    /** Vectors with an error code. */
    private static final long CODED = 1 << 8 | 0x1F << 10 | 1 << 17;

    final TestMachine machine;
    final Cpu cpu;
    final Registers r;

    UserMachine(CpuModel model) {
        machine = new TestMachine(model);
        cpu = machine.cpu;
        r = machine.r;
        // Three of the kernel's, then ours, at the places where Linux has them.
        descriptor(0x08, 0x9B);
        descriptor(0x10, 0x9B);
        descriptor(0x18, 0x93);
        descriptor(USER_CODE & ~3, 0xFB);
        descriptor(USER_DATA & ~3, 0xF3);
        write(GDT + TASK, 0x0067 | TSS << 16);
        write(GDT + TASK + 4, TSS >> 16 | 0x8B00);
        write(TSS + 4, STACK);
        write(TSS + 8, 0x18);
        machine.memory.write(IRET, 1, 0xCF);
        // No permission bitmap.
        write(TSS + 0x64, 0xFFFF_0000);
        for (int vector = 0; vector < VECTORS; vector++) {
            int level = vector == 3 || vector == 4 ? 3 : 0;
            write(IDT + 8 * vector, 0x08 << 16 | HANDLERS + vector & 0xFFFF);
            write(IDT + 8 * vector + 4, HANDLERS + vector & 0xFFFF_0000 | 0x8E00 | level << 13);
            machine.memory.write(HANDLERS + vector, 1, 0xF4);
        }
    }

    private void descriptor(int selector, int access) {
        write(GDT + selector, 0xFFFF);
        write(GDT + selector + 4, 0xCF_0000 | access << 8);
    }

    private void write(int address, int value) {
        machine.memory.write(address, 4, value);
    }

    private int pushed(int offset) {
        return machine.read32(r.esp() + offset);
    }

    /** At level 3, with all general registers zero but ESP. */
    void enter(int ip, int esp, int flags) {
        cpu.reset();
        r.gdtBase = GDT;
        r.gdtLimit = 0x7F;
        r.idtBase = IDT;
        r.idtLimit = 8 * VECTORS - 1;
        r.taskSelector = TASK;
        r.taskBase = TSS;
        r.taskLimit = 0x67;
        r.taskAccess = 0x8B;
        r.cr0 |= Registers.CR0_PE | Registers.CR0_AM | Registers.CR0_NE;
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            r.setSegment(segment, USER_DATA, 0, 0xFFFF_FFFFL, 0xC0F3);
        }
        r.setSegment(Registers.CS, 0x08, 0, 0xFFFF_FFFFL, 0xC09B);
        r.setSegment(Registers.SS, 0x18, 0, 0xFFFF_FFFFL, 0xC093);
        r.gpr[Registers.EDX] = 0;
        r.gpr[Registers.ESP] = FRAME;
        int[] frame = {ip, USER_CODE, flags, esp, USER_DATA};
        for (int n = 0; n < frame.length; n++) {
            write(FRAME + 4 * n, frame[n]);
        }
        r.ip = IRET;
        cpu.run(1);
    }

    /** Runs until an exception; returns whether one came. */
    boolean run() {
        cpu.run(1_000);
        return cpu.halted();
    }

    int vector() {
        return r.eip() - 1 - HANDLERS;
    }

    private int words() {
        return (CODED >>> vector() & 1) != 0 && vector() < 64 ? 4 : 0;
    }

    int errorCode() {
        return words() == 0 ? 0 : pushed(0);
    }

    int ip() {
        return pushed(words());
    }

    int flags() {
        return pushed(words() + 8);
    }

    int esp() {
        return pushed(words() + 12);
    }
}
