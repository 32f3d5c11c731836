package org.vitrine.core.device.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/** The host bridge's memory registers through configuration mechanism #1. */
final class I440fxTest {

    private static final int PAM0 = 0x59;
    private static final int SMRAM = 0x72;
    private static final int BIOS_SIZE = 0x4_0000;
    private static final int VIDEO = 0x77;

    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final PciBus bus =
            new PciBus(
                    ports,
                    memory,
                    0x8000_0000L,
                    0xFEC0_0000L,
                    List.of(
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected()));

    /** Each page of the BIOS has its number from the end in its first byte, option ROMs have 55. */
    I440fxTest() {
        RamBlock bios = RamBlock.allocate("bios", BIOS_SIZE);
        for (int page = 1; page <= BIOS_SIZE >>> 12; page++) {
            bios.memory().set(ValueLayout.JAVA_BYTE, BIOS_SIZE - (page << 12), (byte) page);
        }
        RamBlock options = RamBlock.allocate("options", 0x2_0000);
        options.memory().fill((byte) 0x55);
        MmioDevice video =
                new MmioDevice() {
                    @Override
                    public long readMemory(long address, int size) {
                        return VIDEO;
                    }

                    @Override
                    public void writeMemory(long address, int size, long value) {}
                };
        memory.mapDevice(0xA0000, 0x20000, "video", video);
        I440fx.Ram ram =
                new I440fx.Ram(
                        RamBlock.allocate("low", 0x2_0000),
                        RamBlock.allocate("high", 0x2_0000),
                        RamBlock.allocate("smram", 0x2_0000));
        bus.attach(0, 0, new I440fx(memory, ram, new I440fx.Roms(options, bios), video));
    }

    private void write(int register, int value) {
        ports.write(0xCF8, 4, 0x8000_0000 | register & 0xFC);
        ports.write(0xCFC + (register & 3), 1, value);
    }

    private int read(int register) {
        ports.write(0xCF8, 4, 0x8000_0000 | register & 0xFC);
        return ports.read(0xCFC + (register & 3), 1);
    }

    private long at(long address) {
        return memory.read(address, 1);
    }

    @Test
    void romsAreSeenAfterReset() {
        assertEquals(0x01, at(0xFF000));
        assertEquals(0x20, at(0xE0000));
        assertEquals(0x55, at(0xC0000));
        memory.write(0xFF000, 1, 0xEE);
        assertEquals(0x01, at(0xFF000));
    }

    @Test
    void theBridgeIsThatOfSuchAMachine() {
        ports.write(0xCF8, 4, 0x8000_0000);
        assertEquals(0x1237_8086, ports.read(0xCFC, 4));
        ports.write(0xCF8, 4, 0x8000_002C);
        assertEquals(0x1100_1AF4, ports.read(0xCFC, 4));
    }

    @Test
    void aRomIsCopiedIntoTheRamBehindIt() {
        write(PAM0, 0x20);
        memory.write(0xFF000, 1, 0xAB);
        assertEquals(0x01, at(0xFF000), "reads still come from the ROM");
        write(PAM0, 0x10);
        assertEquals(0xAB, at(0xFF000));
        memory.write(0xFF000, 1, 0xCD);
        assertEquals(0xAB, at(0xFF000), "writes go to the bus");
        write(PAM0, 0x30);
        memory.write(0xFF000, 1, 0xCD);
        assertEquals(0xCD, at(0xFF000));
        write(PAM0, 0x00);
        assertEquals(0x01, at(0xFF000));
    }

    @Test
    void eachNibbleGovernsItsOwnPiece() {
        for (int piece = 0; piece < 12; piece++) {
            int register = PAM0 + 1 + piece / 2;
            write(register, piece % 2 == 0 ? 0x03 : 0x30);
            for (int other = 0; other < 12; other++) {
                long address = 0xC0000 + other * 0x4000L;
                long rom = at(address);
                memory.write(address, 1, 0xA5);
                assertEquals(other == piece ? 0xA5 : rom, at(address), piece + " and " + other);
                memory.write(address, 1, 0);
            }
            write(register, 0);
        }
    }

    @Test
    void reservedBitsOfPamReadAsZero() {
        write(PAM0, 0xFF);
        write(PAM0 + 3, 0xFF);
        assertEquals(0x30, read(PAM0));
        assertEquals(0x33, read(PAM0 + 3));
    }

    @Test
    void smramHidesTheVideoMemoryWhileOpen() {
        assertEquals(0x02, read(SMRAM));
        assertEquals(VIDEO, at(0xA0000));
        write(SMRAM, 0x4A);
        memory.write(0xA0000, 1, 0x99);
        assertEquals(0x99, at(0xA0000));
        write(SMRAM, 0x0A);
        assertEquals(VIDEO, at(0xA0000));
    }

    @Test
    void aLockedSmramStaysClosedUntilReset() {
        write(SMRAM, 0x5A);
        assertEquals(0x1A, read(SMRAM));
        assertEquals(VIDEO, at(0xA0000));
        write(SMRAM, 0x4A);
        assertEquals(0x1A, read(SMRAM));
        bus.reset();
        write(SMRAM, 0x4A);
        assertEquals(0, at(0xA0000));
    }

    @Test
    void resetShowsTheRomsAgain() {
        write(PAM0, 0x30);
        memory.write(0xFF000, 1, 0xCD);
        bus.reset();
        assertEquals(0x01, at(0xFF000));
        assertEquals(0, read(PAM0));
    }
}
