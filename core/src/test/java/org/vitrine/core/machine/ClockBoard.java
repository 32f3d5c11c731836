package org.vitrine.core.machine;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.device.pci.PciBus;
import org.vitrine.core.device.pci.Piix4Pm;
import org.vitrine.core.device.timer.Hpet;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.device.timer.Mc146818;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/**
 * A processor with all the clocks and interrupt controllers of a machine, 64 KiB of RAM and a BIOS,
 * in time of the test's own: it passes only while the guest is halted, from deadline to deadline.
 */
final class ClockBoard {

    private static final long SLICE = 1000;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final Cpu cpu;
    private int written;
    private int wakeUps;

    ClockBoard(byte[] bios) {
        InterruptChips chips =
                new InterruptChips(true, scheduler, memory, ports, this::interrupt, () -> {});
        InterruptLine none = InterruptLine.unconnected();
        cpu =
                new Cpu(
                        CpuModel.PENTIUM_3,
                        memory,
                        ports,
                        chips.acknowledge(),
                        clock,
                        InterruptLine.unconnected());
        Hpet hpet = new Hpet(scheduler, memory, chips.tickLine(0), chips.tickLine(8), List.of());
        new I8254(scheduler, hpet.pitLine()).claimPorts(ports);
        var wall = java.time.Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        new Mc146818(scheduler, wall, hpet.rtcLine()).claimPorts(ports);
        Piix4Pm pm = new Piix4Pm(ports, scheduler, none, () -> {});
        new PciBus(ports, memory, 0x8000_0000L, 0xFEC0_0000L, List.of(none, none, none, none))
                .attach(1, 3, pm);
        RamBlock ram = RamBlock.allocate("ram", 0x1_0000, MemorySource.anonymous());
        memory.mapRam(0, ram, 0, ram.size(), Access.READ_WRITE);
        RamBlock rom = RamBlock.allocate("rom", bios.length, MemorySource.anonymous());
        rom.memory().copyFrom(MemorySegment.ofArray(bios));
        memory.mapRam(0xF_0000, rom, 0, rom.size(), Access.READ_ONLY);
        memory.mapRam(0xFFFF_0000L, rom, 0, rom.size(), Access.READ_ONLY);
        ports.claim(0xE9, 1, "debug", new DebugPort());
    }

    private void interrupt(boolean high) {
        cpu.intr().set(high);
    }

    /** Runs the guest for a slice, or passes the time that it waits. */
    void turn() {
        scheduler.runDue();
        cpu.run(SLICE);
        if (cpu.idle()) {
            clock.skip(scheduler.nextDeadline() - clock.nanos());
            wakeUps++;
        }
    }

    /** Guest time in nanoseconds. */
    long nanos() {
        return clock.nanos();
    }

    PhysicalMemory memory() {
        return memory;
    }

    /** How many bytes the guest has written to port E9. */
    int written() {
        return written;
    }

    /** How often the guest had to be woken while it was halted. */
    int wakeUps() {
        return wakeUps;
    }

    /** Instructions that the guest has run. */
    long instructions() {
        return cpu.instructions();
    }

    private final class DebugPort implements PortDevice {

        @Override
        public int readPort(int port) {
            return 0xE9;
        }

        @Override
        public void writePort(int port, int value) {
            written++;
        }
    }
}
