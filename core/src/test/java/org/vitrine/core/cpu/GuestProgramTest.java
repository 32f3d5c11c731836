package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.device.irq.CoprocessorErrorLatch;
import org.vitrine.core.device.irq.InterruptController;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;

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

    /** Every model that has what the program is about. */
    @ParameterizedTest
    @MethodSource("modelsWithNx")
    void reportsWhatTheManualDemandsOfExtendedPaging(CpuModel model) throws IOException {
        run("pae", model);
    }

    private static Stream<CpuModel> modelsWithNx() {
        return CpuModel.ALL.stream().filter(m -> m.has(Feature.PAE) && m.has(Feature.NX));
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

    /** A processor with what brings it floating-point errors. */
    private static final class Board {

        final Cpu cpu;
        private final InterruptController pic = new InterruptController(this::interrupt);
        private final CoprocessorErrorLatch errors =
                new CoprocessorErrorLatch(pic.line(13), this::ignoreErrors);

        Board(CpuModel model, PhysicalMemory memory, PortSpace ports) {
            cpu = new Cpu(model, memory, ports, pic::acknowledge, System::nanoTime, errors::ferr);
            pic.claimPorts(ports);
            errors.claimPorts(ports);
        }

        private void interrupt(boolean high) {
            cpu.intr().set(high);
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
