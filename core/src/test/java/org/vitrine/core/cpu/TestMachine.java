package org.vitrine.core.cpu;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/** A processor with two megabytes of RAM and nothing else, in real mode. */
final class TestMachine {

    static final int RAM = 2 << 20;

    final PhysicalMemory memory = new PhysicalMemory();
    final PortSpace ports = new PortSpace();
    final List<Integer> acknowledged = new ArrayList<>();
    int vector = 0x20;
    boolean ferr;
    long nanos;
    long apicBase = 0xFEE0_0900L;
    final Cpu cpu;
    final Registers r;

    TestMachine() {
        this(CpuModel.PENTIUM_3);
    }

    TestMachine(CpuModel model) {
        memory.mapRam(0, RamBlock.allocate("640k", RAM), 0, RAM, PhysicalMemory.Access.READ_WRITE);
        cpu = new Cpu(model, memory, ports, new Apic(), () -> nanos, level -> ferr = level);
        r = cpu.registers();
    }

    /** What gives vectors, with a base register of which bits 0 to 7 are reserved. */
    private final class Apic implements InterruptAcknowledge {
        @Override
        public int acknowledge() {
            acknowledged.add(vector);
            cpu.intr().set(false);
            return vector;
        }

        @Override
        public long apicBase() {
            return apicBase;
        }

        @Override
        public boolean setApicBase(long value) {
            if ((value & 0xFF) != 0) {
                return false;
            }
            apicBase = value;
            return true;
        }
    }

    /**
     * Puts code somewhere, in hexadecimal, and the processor at its first byte with all segments at
     * zero.
     */
    TestMachine code(int address, String hex) {
        write(address, hex);
        cpu.reset();
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            r.setRealSegment(segment, 0);
        }
        r.ip = address;
        r.gpr[Registers.EDX] = 0;
        r.gpr[Registers.ESP] = 0x8000;
        return this;
    }

    void write(int address, String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        memory.write(address, bytes, 0, bytes.length);
    }

    /** Makes the handlers of the first 32 interrupts HLT, each at 0x700 + vector. */
    TestMachine handlers() {
        for (int n = 0; n < 0x100; n++) {
            memory.write(4L * n, 4, 0x600 + n);
            memory.write(0x600 + n, 1, 0xF4);
        }
        return this;
    }

    /** Runs until HLT. */
    TestMachine run() {
        cpu.run(1_000_000);
        if (!cpu.halted()) {
            throw new AssertionError("not halted, but at " + Integer.toHexString(r.eip()));
        }
        return this;
    }

    /** Runs this many instructions, one at a time. */
    TestMachine step(int count) {
        for (int n = 0; n < count; n++) {
            cpu.run(1);
        }
        return this;
    }

    int read16(int address) {
        return (int) memory.read(address, 2);
    }

    int read32(int address) {
        return (int) memory.read(address, 4);
    }
}
