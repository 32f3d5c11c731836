package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.device.irq.CoprocessorErrorLatch;
import org.vitrine.core.device.irq.InterruptController;
import org.vitrine.core.device.irq.LocalApic;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/**
 * Runs the programs of {@code src/test/asm}, each a ROM that reports by port E9, and compares their
 * reports with what the manual demands. {@code compare.sh} there runs the same images in QEMU and
 * Bochs.
 */
class GuestProgramTest {

    private static final int ROM_SIZE = 0x10000;
    private static final int RAM_SIZE = 0xA0000;
    private static final int HIGH_RAM_SIZE = 0x300000;
    private static final long ENOUGH = 50_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"matrix", "limits", "protected", "paging", "v86", "fpu", "debug"})
    void reportsWhatTheManualDemands(String name) throws IOException {
        run(name, CpuModel.PENTIUM_3);
    }

    @ParameterizedTest
    @MethodSource("programsOfFeatures")
    void reportsWhatTheManualDemandsOnEveryModelThatHasWhatItIsAbout(String name, CpuModel model)
            throws IOException {
        run(name, model);
    }

    private static Stream<Arguments> programsOfFeatures() {
        return Stream.concat(
                on("pae", EnumSet.of(Feature.PAE, Feature.PGE, Feature.NX)),
                on("nmi", EnumSet.of(Feature.APIC)));
    }

    private static Stream<Arguments> on(String name, Set<Feature> needed) {
        return CpuModel.ALL.stream()
                .filter(model -> model.features().containsAll(needed))
                .map(model -> Arguments.of(name, model));
    }

    private static void run(String name, CpuModel model) throws IOException {
        PhysicalMemory memory = new PhysicalMemory();
        memory.mapRam(0, RamBlock.allocate("640k", RAM_SIZE), 0, RAM_SIZE, Access.READ_WRITE);
        memory.mapRam(
                0x100000,
                RamBlock.allocate("below_4g", HIGH_RAM_SIZE),
                0,
                HIGH_RAM_SIZE,
                Access.READ_WRITE);
        RamBlock rom = RamBlock.allocate("bios", ROM_SIZE);
        MemorySegment.copy(
                MemorySegment.ofArray(resource(name + ".bin")), 0, rom.memory(), 0, ROM_SIZE);
        memory.mapRam(0xF0000, rom, 0, ROM_SIZE, Access.READ_ONLY);
        memory.mapRam(0xFFFF_0000L, rom, 0, ROM_SIZE, Access.READ_ONLY);
        StringBuilder report = new StringBuilder();
        PortSpace ports = new PortSpace();
        ports.claim(
                0xE9,
                1,
                "report",
                new PortDevice() {
                    @Override
                    public int readPort(int port) {
                        return 0xE9;
                    }

                    @Override
                    public void writePort(int port, int value) {
                        report.append((char) value);
                    }
                });
        Board board = new Board(model, memory, ports);
        Cpu cpu = board.cpu;
        cpu.run(ENOUGH);
        assertEquals(
                new String(resource(name + ".txt"), StandardCharsets.US_ASCII), report.toString());
        assertTrue(report.toString().endsWith("\nend\n"), "the program came to its end");
        assertTrue(cpu.halted());
    }

    /** A processor with its local APIC, and what brings it floating-point errors. */
    private static final class Board {

        final Cpu cpu;
        private final LocalApic apic;
        private final InterruptController pic;
        private final CoprocessorErrorLatch errors;

        Board(CpuModel model, PhysicalMemory memory, PortSpace ports) {
            Scheduler scheduler = new Scheduler(new ManualClock());
            apic =
                    new LocalApic(
                            scheduler, memory, this::acknowledgePic, this::interrupt, this::nmi);
            pic = new InterruptController(apic.lint0());
            errors = new CoprocessorErrorLatch(pic.line(13), this::ignoreErrors);
            cpu = new Cpu(model, memory, ports, apic, System::nanoTime, errors::ferr);
            pic.claimPorts(ports);
            errors.claimPorts(ports);
        }

        private int acknowledgePic() {
            return pic.acknowledge();
        }

        private void interrupt(boolean high) {
            cpu.intr().set(high);
        }

        private void nmi() {
            cpu.nmi();
        }

        private void ignoreErrors(boolean active) {
            cpu.setIgnne(active);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GuestProgramTest.class.getResourceAsStream("/cpu/" + name)) {
            return in.readAllBytes();
        }
    }
}
