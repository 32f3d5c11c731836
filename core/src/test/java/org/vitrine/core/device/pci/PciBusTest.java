package org.vitrine.core.device.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PciBar;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;

/** Configuration spaces through CF8 and CFC, and the ranges that they move. */
final class PciBusTest {

    private static final int SLOT = 3;
    private static final int COMMAND = 0x04;
    private static final int BAR0 = 0x10;
    private static final int BAR1 = 0x14;
    private static final int BAR2 = 0x18;
    private static final int ROM = 0x30;

    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final List<String> pirqs = new ArrayList<>();
    private final List<Long> placed = new ArrayList<>();
    private final PciBus bus =
            new PciBus(
                    ports,
                    memory,
                    0x8000_0000L,
                    0xFEC0_0000L,
                    List.of(pirq("A"), pirq("B"), pirq("C"), pirq("D")));
    private final PciFunction function =
            new PciFunction(
                    "card",
                    new PciFunction.Identity(0x1234, 0x5678, 9, 0x030000, 0x1AF4, 0x1100),
                    List.of(
                            new PciBar.Ports(0, 16, "card ports", new LowByte()),
                            new PciBar.Registers(1, 0x1000, "card registers", new LowWord()),
                            new PciBar.Memory(2, 0x100_0000, "card memory", placed::add),
                            new PciBar.Registers(PciBar.ROM, 0x1_0000, "card rom", new LowWord())));

    PciBusTest() {
        bus.attach(SLOT, 0, function);
    }

    private InterruptLine pirq(String name) {
        return level -> pirqs.add(name + (level ? "+" : "-"));
    }

    private static final class LowByte implements PortDevice {
        @Override
        public int readPort(int port) {
            return port & 15;
        }

        @Override
        public void writePort(int port, int value) {}
    }

    private static final class LowWord implements MmioDevice {
        @Override
        public long readMemory(long address, int size) {
            return address & 0xFFF;
        }

        @Override
        public void writeMemory(long address, int size, long value) {}
    }

    private void select(int register) {
        ports.write(0xCF8, 4, 0x8000_0000 | SLOT << 11 | register);
    }

    private int read(int register) {
        select(register);
        return ports.read(0xCFC, 4);
    }

    private void write(int register, int value) {
        select(register);
        ports.write(0xCFC, 4, value);
    }

    private long memory(long address) {
        return memory.read(address, 2);
    }

    @Test
    void identityIsReadByDwordWordAndByte() {
        assertEquals(0x5678_1234, read(0));
        assertEquals(0x1234, ports.read(0xCFC, 2));
        assertEquals(0x5678, ports.read(0xCFE, 2));
        assertEquals(0x56, ports.read(0xCFF, 1));
        assertEquals(0x0300_0009, read(8));
        assertEquals(0x1100_1AF4, read(0x2C));
        write(0, -1);
        assertEquals(0x5678_1234, read(0));
    }

    @Test
    void anAbsentFunctionReadsAsOnes() {
        ports.write(0xCF8, 4, 0x8000_0000 | 9 << 11);
        assertEquals(-1, ports.read(0xCFC, 4));
        assertEquals(0xFFFF, ports.read(0xCFC, 2));
        ports.write(0xCF8, 4, SLOT << 11);
        assertEquals(-1, ports.read(0xCFC, 4), "the enable bit is clear");
        ports.write(0xCF8, 4, 0x8001_0000 | SLOT << 11);
        assertEquals(-1, ports.read(0xCFC, 4), "there is no bus 1");
    }

    @Test
    void onlyDwordsReachTheAddressRegister() {
        select(0x40);
        ports.write(0xCF8, 1, 0x77);
        assertEquals(0x8000_0000 | SLOT << 11 | 0x40, ports.read(0xCF8, 4));
    }

    @Test
    void baseAddressRegistersTellTheirSizeAndKind() {
        for (int register : new int[] {BAR0, BAR1, BAR2, ROM}) {
            write(register, -1);
        }
        assertEquals(0xFFFF_FFF1, read(BAR0));
        assertEquals(0xFFFF_F000, read(BAR1));
        assertEquals(0xFF00_0008, read(BAR2));
        assertEquals(0xFFFF_0001, read(ROM));
        write(0x1C, -1);
        assertEquals(0, read(0x1C), "there is no such register");
    }

    @Test
    void theCommandRegisterGatesPortsAndMemory() {
        write(BAR0, 0xC000);
        write(BAR1, 0xFEBF_0000);
        write(BAR2, 0xFD00_0000);
        assertEquals(0xFF, ports.read(0xC005, 1));
        write(COMMAND, 1);
        assertEquals(5, ports.read(0xC005, 1));
        assertEquals(0xFFFF, memory(0xFEBF_0020L));
        write(COMMAND, 2);
        assertEquals(0xFF, ports.read(0xC005, 1));
        assertEquals(0x20, memory(0xFEBF_0020L));
        write(COMMAND, 0);
        assertEquals(0xFFFF, memory(0xFEBF_0020L));
        assertEquals(List.of(0xFD00_0000L, -1L), placed);
    }

    @Test
    void theRomHasAnEnableBitOfItsOwn() {
        write(COMMAND, 2);
        write(ROM, 0xFEBE_0000);
        assertEquals(0xFFFF, memory(0xFEBE_0010L));
        write(ROM, 0xFEBE_0001);
        assertEquals(0x10, memory(0xFEBE_0010L));
    }

    @Test
    void rangesMoveWithTheirRegisters() {
        write(COMMAND, 3);
        write(BAR0, 0xC000);
        write(BAR0, 0xC100);
        assertEquals(0xFF, ports.read(0xC005, 1));
        assertEquals(5, ports.read(0xC105, 1));
        write(BAR1, 0x9000_0000);
        write(BAR1, 0x9000_1000);
        assertEquals(0xFFFF, memory(0x9000_0004L));
        assertEquals(4, memory(0x9000_1004L));
    }

    @Test
    void aRangeOutsideTheHoleIsNotDecoded() {
        write(COMMAND, 2);
        write(BAR1, 0x1000_0000);
        assertEquals(0xFFFF, memory(0x1000_0004L));
        write(BAR1, -1);
        assertEquals(0xFFFF, memory(0xFFFF_F004L));
        write(BAR2, -1);
        assertEquals(List.of(), placed);
    }

    @Test
    void aRangeWaitsUntilItsPlaceIsFree() {
        write(COMMAND, 3);
        write(BAR2, 0xF000_0000);
        write(BAR1, 0xF000_3000);
        assertEquals(0xFFFF, memory(0xF000_3008L));
        write(BAR2, 0xF100_0000);
        assertEquals(8, memory(0xF000_3008L));
        ports.claim(0x3F0, 8, "floppy", new LowByte());
        write(BAR0, 0x3F0);
        assertEquals(0xFF, ports.read(0x3FA, 1));
    }

    @Test
    void resetTakesAllRangesAway() {
        write(COMMAND, 7);
        write(BAR0, 0xC000);
        write(0x3C, 11);
        assertTrue(function.busMaster());
        bus.reset();
        assertEquals(0xFF, ports.read(0xC005, 1));
        assertEquals(1, read(BAR0));
        assertEquals(0, read(0x3C));
        assertFalse(function.busMaster());
    }

    @Test
    void pinsOfSlotsAreSwizzledToPirqsThatTheyShare() {
        InterruptLine first = bus.interrupt(1, 1);
        InterruptLine fifth = bus.interrupt(5, 1);
        InterruptLine second = bus.interrupt(2, 4);
        first.set(true);
        fifth.set(true);
        first.set(false);
        second.set(true);
        second.set(false);
        fifth.set(false);
        bus.interrupt(3, 1).set(true);
        assertEquals(List.of("A+", "A+", "A+", "A+", "A+", "A-", "C+"), pirqs);
    }

    @Test
    void aSlotTakesAFunctionOnce() {
        assertThrows(IllegalStateException.class, () -> bus.attach(SLOT, 0, function));
    }
}
