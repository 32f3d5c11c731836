package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.device.irq.LocalApic;
import org.vitrine.core.device.pci.PciBus;
import org.vitrine.core.device.pci.Piix4Pm;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.device.timer.Mc146818;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/** All clocks of a machine count the same time, each at its own rate. */
class ClocksTest {

    private static final long PIT_HZ = 1_193_182;
    private static final long PM_HZ = 3_579_545;
    private static final long RTC_HZ = 1024;
    private static final int PM_BASE = 0x600;
    private static final long TOP_PAGE = 0xFFFF_F000L;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final RecordedLine irq0 = new RecordedLine();
    private final RecordedLine irq8 = new RecordedLine();
    private final Cpu cpu = new Cpu(CpuModel.PENTIUM_3, memory, ports, () -> 0, clock, ferr -> {});

    ClocksTest() {
        new I8254(scheduler, irq0).claimPorts(ports);
        new Mc146818(scheduler, java.time.Clock.system(ZoneOffset.UTC), irq8).claimPorts(ports);
        new LocalApic(scheduler, memory, () -> 0, InterruptLine.unconnected(), () -> {});
        Piix4Pm pm = new Piix4Pm(ports, scheduler, InterruptLine.unconnected(), () -> {});
        pm.claimPorts();
        InterruptLine none = InterruptLine.unconnected();
        new PciBus(ports, memory, 0x8000_0000L, 0xFEC0_0000L, List.of(none, none, none, none))
                .attach(1, 3, pm);
        // The PIT's counter 0 as a rate generator of 1,000 clocks.
        ports.write(0x43, 1, 0x34);
        ports.write(0x40, 1, 1000 & 0xFF);
        ports.write(0x40, 1, 1000 >> 8);
        // The clock's periodic interrupt 1,024 times a second.
        ports.write(0x70, 1, 0x0A);
        ports.write(0x71, 1, 0x26);
        ports.write(0x70, 1, 0x0B);
        ports.write(0x71, 1, 0x42);
        // ACPI's registers at their place.
        ports.write(0xCF8, 4, 0x8000_0B40);
        ports.write(0xCFC, 4, PM_BASE | 1);
        ports.write(0xCF8, 4, 0x8000_0B80);
        ports.write(0xCFC, 1, 1);
        // The local APIC's timer from its largest count, undivided.
        memory.write(LocalApic.USUAL_BASE + 0x3E0, 4, 0x0B);
        memory.write(LocalApic.USUAL_BASE + 0x380, 4, 0xFFFF_FFFFL);
        // RDTSC at the reset vector.
        RamBlock rom = RamBlock.allocate("rom", 0x1000, MemorySource.anonymous());
        memory.mapRam(TOP_PAGE, rom, 0, 0x1000, Access.READ_WRITE);
        memory.write(TOP_PAGE + 0xFF0, 2, 0x310F);
    }

    private long timeStamp() {
        cpu.reset();
        cpu.run(1);
        return cpu.registers().edx() * (1L << 32) + (cpu.registers().eax() & 0xFFFF_FFFFL);
    }

    private void pass(long nanos) {
        long end = clock.nanos() + nanos;
        while (scheduler.nextDeadline() <= end) {
            clock.skip(Math.max(scheduler.nextDeadline() - clock.nanos(), 0));
            scheduler.runDue();
            // The guest reads register C, so that the clock's next interrupt can rise.
            ports.write(0x70, 1, 0x0C);
            ports.read(0x71, 1);
        }
        clock.skip(end - clock.nanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 54_925_400, Clock.SECOND, 4 * Clock.SECOND})
    void theyAgree(long nanos) {
        long stamp = timeStamp();
        long pm = ports.read(PM_BASE + 8, 4);
        pass(nanos);
        assertEquals(nanos, timeStamp() - stamp, "the time-stamp counter");
        assertEquals(
                nanos,
                0xFFFF_FFFFL - memory.read(LocalApic.USUAL_BASE + 0x390, 4),
                "the local APIC's timer");
        assertEquals(
                nanos * PM_HZ / Clock.SECOND,
                ports.read(PM_BASE + 8, 4) - pm & 0xFF_FFFF,
                1,
                "ACPI's timer");
        assertEquals(nanos * PIT_HZ / Clock.SECOND / 1000, irq0.rises(), 1, "the PIT");
        assertEquals(nanos * RTC_HZ / Clock.SECOND, irq8.rises(), 1, "the real-time clock");
    }
}
