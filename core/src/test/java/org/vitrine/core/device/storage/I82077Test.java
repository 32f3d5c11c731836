package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

class I82077Test {

    private static final int DOR = 0x3F2;
    private static final int MSR = 0x3F4;
    private static final int DSR = 0x3F4;
    private static final int FIFO = 0x3F5;
    private static final int DIR = 0x3F7;
    private static final int CCR = 0x3F7;

    private static final int SIZE_1440K = 1_474_560;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq = new RecordedLine();
    private final OpenDma dma = new OpenDma();
    private final MemoryDisk disk = new MemoryDisk(SIZE_1440K, false);
    private final Drive drive = new Drive("floppy0", Drive.Kind.FLOPPY, disk);
    private final List<String> failures = new ArrayList<>();
    private final Queue<Runnable> io = new ArrayDeque<>();
    private final I82077 fdc =
            new I82077(
                    scheduler,
                    Map.of(0, drive),
                    dma,
                    irq,
                    new DriveIo(io::add, Runnable::run, new Failures()));

    I82077Test() {
        fdc.claimPorts(ports);
        fdc.reset();
        for (int i = 0; i < SIZE_1440K / 512; i++) {
            Arrays.fill(disk.bytes(), 512 * i, 512 * i + 512, (byte) (i * 7));
        }
        start();
        send(0x03, 0xAF, 0x02);
        ports.write(CCR, 1, 0);
    }

    private final class Failures implements DriveListener {
        @Override
        public void trayMoved(Drive which, boolean open) {
            throw new AssertionError("a floppy drive has no tray");
        }

        @Override
        public void ioFailed(
                Drive which, boolean write, ErrorPolicy.Choice action, IOException reason) {
            failures.add(which.name() + ": " + reason.getMessage());
        }
    }

    /** A channel whose memory is an array, and whose count is given. */
    private static final class OpenDma implements DmaChannel {
        private byte[] memory = new byte[0];
        private int position;
        private boolean masked;
        private boolean requested;
        private Runnable granted = () -> {};

        void program(int count) {
            memory = new byte[count];
            position = 0;
        }

        void unmask() {
            masked = false;
            if (requested) {
                granted.run();
            }
        }

        @Override
        public void attach(Runnable whenGranted) {
            granted = whenGranted;
        }

        @Override
        public void setRequest(boolean high) {
            requested = high;
        }

        private int room(int length) {
            return masked ? 0 : Math.min(length, memory.length - position);
        }

        @Override
        public int fromMemory(byte[] into, int offset, int length) {
            int moved = room(length);
            System.arraycopy(memory, position, into, offset, moved);
            position += moved;
            return moved;
        }

        @Override
        public int toMemory(byte[] from, int offset, int length) {
            int moved = room(length);
            System.arraycopy(from, offset, memory, position, moved);
            position += moved;
            return moved;
        }

        @Override
        public boolean terminalCount() {
            return position == memory.length;
        }
    }

    private void start() {
        ports.write(DOR, 1, 0x00);
        ports.write(DOR, 1, 0x1C);
        pass();
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(new int[] {0xC0 | i, 0}, call(0x08));
        }
    }

    /** Lets the drives move, and what waits for the host's files be done. */
    private void pass() {
        clock.pass(scheduler, 1_000_000);
        for (Runnable task = io.poll(); task != null; task = io.poll()) {
            task.run();
        }
    }

    private int status() {
        return ports.read(MSR, 1);
    }

    private void send(int... bytes) {
        for (int each : bytes) {
            assertEquals(0x80, status() & 0xC0, "ready for a command's byte");
            ports.write(FIFO, 1, each);
        }
    }

    private int[] results() {
        assertEquals(0xD0, status() & 0xF0, "ready with results");
        int[] results = new int[16];
        int count = 0;
        while ((status() & 0xD0) == 0xD0) {
            results[count++] = ports.read(FIFO, 1);
        }
        assertFalse(irq.isHigh(), "reading the results ends the interrupt");
        return Arrays.copyOf(results, count);
    }

    private int[] call(int... bytes) {
        send(bytes);
        return results();
    }

    /** Gives a command that reads or writes, and waits for its interrupt. */
    private int[] run(int... bytes) {
        send(bytes);
        pass();
        assertTrue(irq.isHigh());
        return results();
    }

    private void seek(int track) {
        send(0x0F, 0x00, track);
        pass();
        assertTrue(irq.isHigh());
        assertArrayEquals(new int[] {0x20, track}, call(0x08));
    }

    private static byte[] sectors(int first, int count) {
        byte[] bytes = new byte[512 * count];
        for (int i = 0; i < count; i++) {
            Arrays.fill(bytes, 512 * i, 512 * i + 512, (byte) ((first + i) * 7));
        }
        return bytes;
    }

    private static int[] values(int... values) {
        return values;
    }

    @Test
    void aResetLooksLikeFourDrivesThatBecameReady() {
        ports.write(DSR, 1, 0x80);
        assertFalse(irq.isHigh());
        pass();
        assertTrue(irq.isHigh());
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(values(0xC0 | i, 0), call(0x08));
        }
        assertArrayEquals(values(0x80), call(0x08), "there is nothing more to tell");
    }

    @Test
    void withoutPollingAResetTellsNothing() {
        send(0x13, 0x00, 0x10, 0x00);
        assertArrayEquals(values(0x10), call(0x94), "locked");
        ports.write(DSR, 1, 0x80);
        pass();
        assertFalse(irq.isHigh());
        assertArrayEquals(values(0x00), call(0x14), "unlocked");
        ports.write(DSR, 1, 0x80);
        pass();
        assertTrue(irq.isHigh());
    }

    @Test
    void itIsAn82077() {
        assertArrayEquals(values(0x90), call(0x10));
        assertArrayEquals(values(0x80), call(0x18), "PART ID is an 82078's");
        send(0x13, 0x00, 0x57, 0x00);
        assertArrayEquals(values(0, 0, 0, 0, 0xAF, 0x02, 0, 0x00, 0x57, 0x00), call(0x0E));
    }

    @Test
    void recalibratingFindsTrack0() {
        seek(10);
        send(0x07, 0x00);
        assertEquals(0x01, status() & 0x0F, "the drive is seeking");
        pass();
        assertArrayEquals(values(0x20, 0), call(0x08));
        assertArrayEquals(values(0x38), call(0x04, 0x00));
        send(0x07, 0x01);
        pass();
        assertArrayEquals(values(0x71, 0), call(0x08), "there is no drive B");
    }

    @Test
    void sectorsAreReadUntilTheCountRunsOut() {
        dma.program(2 * 512);
        assertArrayEquals(values(0, 0, 0, 0, 0, 5, 2), run(0xE6, 0x00, 0, 0, 3, 2, 18, 0x1B, 0xFF));
        assertArrayEquals(sectors(2, 2), dma.memory);
    }

    @Test
    void multiTrackGoesOnOnTheOtherSide() {
        seek(3);
        dma.program(3 * 512);
        assertArrayEquals(
                values(0x04, 0, 0, 3, 1, 2, 2), run(0xE6, 0x00, 3, 0, 17, 2, 18, 0x1B, 0xFF));
        assertArrayEquals(sectors(3 * 36 + 16, 3), dma.memory);
    }

    @Test
    void theEndOfTheTrackEndsWhatTheCountDoesNot() {
        dma.program(2 * 512);
        assertArrayEquals(
                values(0x40, 0x80, 0, 1, 0, 1, 2), run(0x46, 0x00, 0, 0, 18, 2, 18, 0x1B, 0xFF));
        assertEquals(512, dma.position);
        dma.program(512);
        assertArrayEquals(
                values(0x00, 0x00, 0, 1, 0, 1, 2), run(0x46, 0x00, 0, 0, 18, 2, 18, 0x1B, 0xFF));
    }

    @Test
    void aMaskedChannelHoldsTheTransfer() {
        dma.program(512);
        dma.masked = true;
        send(0x46, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF);
        pass();
        assertFalse(irq.isHigh());
        assertEquals(0x10, status());
        dma.unmask();
        assertTrue(irq.isHigh());
        assertArrayEquals(sectors(0, 1), dma.memory);
    }

    @Test
    void sectorsAreWritten() {
        dma.program(512 + 100);
        Arrays.fill(dma.memory, (byte) 0x5A);
        seek(79);
        assertArrayEquals(
                values(0x04, 0, 0, 79, 1, 4, 2), run(0x45, 0x04, 79, 1, 2, 2, 18, 0x1B, 0xFF));
        byte[] wanted = new byte[1024];
        Arrays.fill(wanted, 0, 612, (byte) 0x5A);
        int offset = (79 * 36 + 18 + 1) * 512;
        assertArrayEquals(wanted, Arrays.copyOfRange(disk.bytes(), offset, offset + 1024));
    }

    @Test
    void theGuestMayMoveTheBytesByItself() {
        send(0x03, 0xAF, 0x03);
        send(0x46, 0x00, 0, 0, 18, 2, 18, 0x1B, 0xFF);
        pass();
        assertTrue(irq.isHigh());
        byte[] bytes = new byte[512];
        for (int i = 0; i < 512; i++) {
            assertEquals(0xF0, status());
            bytes[i] = (byte) ports.read(FIFO, 1);
        }
        assertArrayEquals(sectors(17, 1), bytes);
        assertArrayEquals(values(0x40, 0x80, 0, 1, 0, 1, 2), results());
        send(0x45, 0x00, 0, 0, 18, 2, 18, 0x1B, 0xFF);
        pass();
        for (int i = 0; i < 512; i++) {
            assertEquals(0xB0, status());
            ports.write(FIFO, 1, i);
        }
        pass();
        assertArrayEquals(values(0x40, 0x80, 0, 1, 0, 1, 2), results());
        assertEquals(0x7F, disk.bytes()[17 * 512 + 0x7F]);
    }

    @Test
    void formattingFillsTheSectorsThatItNames() {
        dma.program(4 * 18);
        for (int i = 0; i < 18; i++) {
            byte[] id = {0, 1, (byte) (18 - i), 2};
            System.arraycopy(id, 0, dma.memory, 4 * i, 4);
        }
        assertEquals(0x04, run(0x4D, 0x04, 2, 18, 0x54, 0xF6)[0]);
        byte[] track = new byte[18 * 512];
        Arrays.fill(track, (byte) 0xF6);
        assertArrayEquals(track, Arrays.copyOfRange(disk.bytes(), 18 * 512, 36 * 512));
        assertEquals(0, disk.bytes()[0]);
        assertEquals((byte) (36 * 7), disk.bytes()[36 * 512]);
    }

    @ParameterizedTest
    @CsvSource({
        "0x46, 0, 1, 2, 0, 0x40, 0x04, 0x10, 'another cylinder than the heads are at'",
        "0x46, 0, 0, 2, 19, 0x40, 0x04, 0x00, 'a sector that the track has not'",
        "0x46, 0, 0, 1, 1, 0x40, 0x04, 0x00, 'a size that the sectors have not'",
        "0x46, 0, 0, 2, 0, 0x40, 0x04, 0x00, 'sector 0'",
        "0x46, 1, 0, 2, 1, 0x41, 0x01, 0x00, 'no drive'",
        "0x4C, 0, 0, 2, 1, 0x00, 0x00, 0x40, 'no deleted data'",
    })
    void whatCantBeReadIsSaid(
            int code, int unit, int track, int size, int sector, int st0, int st1, int st2) {
        dma.program(1024);
        int[] results = run(code, unit, track, 0, sector, size, 18, 0x1B, 0xFF);
        assertArrayEquals(values(st0, st1, st2), Arrays.copyOf(results, 3));
    }

    @Test
    void aBadSectorIsADataError() {
        disk.spoil();
        dma.program(512);
        assertArrayEquals(
                values(0x40, 0x20, 0x20, 0, 0, 1, 2), run(0x46, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF));
        assertEquals(List.of("floppy0: memory is bad at 0"), failures);
    }

    @Test
    void aProtectedDisketteIsNotWritten() {
        drive.exchange(new MemoryDisk(SIZE_1440K, true));
        dma.program(512);
        assertArrayEquals(
                values(0x40, 0x02, 0, 0, 0, 1, 2), run(0x45, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF));
        assertEquals(0x40, run(0x4D, 0x00, 2, 18, 0x54, 0xF6)[0]);
        assertEquals(0x78, call(0x04, 0x00)[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "163840, 40, 1, 8, 1",
        "184320, 40, 1, 9, 2",
        "327680, 40, 2, 8, 1",
        "368640, 40, 2, 9, 1",
        "737280, 80, 2, 9, 2",
        "1228800, 80, 2, 15, 0",
        "1474560, 80, 2, 18, 0",
        "2949120, 80, 2, 36, 3",
    })
    void eachDisketteHasItsGeometryAndItsRate(
            int size, int tracks, int heads, int sectors, int rate) {
        MemoryDisk other = new MemoryDisk(size, false);
        drive.exchange(other);
        other.bytes()[size - 1] = 'e';
        seek(tracks - 1);
        ports.write(CCR, 1, rate == 3 ? 0 : 3);
        assertEquals(0x40, run(0x4A, 0x00)[0], "at another rate no mark is found");
        ports.write(CCR, 1, rate);
        assertArrayEquals(values(0, 0, 0, tracks - 1, 0, 1, 2), run(0x4A, 0x00));
        dma.program(512);
        int head = heads - 1;
        run(0x46, head << 2, tracks - 1, head, sectors, 2, sectors, 0x1B, 0xFF);
        assertEquals('e', dma.memory[511]);
        if (heads == 1) {
            assertEquals(0x44, run(0x4A, 0x04)[0], "there is no other side");
        }
    }

    @Test
    void theChangeLineTellsOfAnotherDisketteUntilTheHeadsStep() {
        assertEquals(0x80, ports.read(DIR, 1), "nobody has stepped yet");
        seek(1);
        assertEquals(0x00, ports.read(DIR, 1));
        drive.exchange(new MemoryDisk(737_280, false));
        assertEquals(0x80, ports.read(DIR, 1));
        seek(1);
        assertEquals(0x80, ports.read(DIR, 1), "where the heads are already they don't step");
        seek(0);
        assertEquals(0x00, ports.read(DIR, 1));
        drive.exchange(null);
        seek(1);
        assertEquals(0x80, ports.read(DIR, 1), "an empty drive has no diskette to be sure of");
        ports.write(DOR, 1, 0x0C);
        assertEquals(0x00, ports.read(DIR, 1), "the motor is off");
    }

    @Test
    void anEmptyDriveHasNoMarks() {
        drive.exchange(null);
        assertArrayEquals(values(0x40, 0x01, 0), Arrays.copyOf(run(0x4A, 0x00), 3));
    }

    @Test
    void theGateKeepsInterruptAndDmaBack() {
        dma.program(512);
        ports.write(DOR, 1, 0x14);
        send(0x46, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF);
        pass();
        assertEquals(0, dma.position);
        ports.write(DOR, 1, 0x1C);
        assertTrue(irq.isHigh());
        assertArrayEquals(sectors(0, 1), dma.memory);
    }

    @Test
    void aResetGivesUpWhatIsBeingRead() {
        dma.program(512);
        send(0x46, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF);
        clock.pass(scheduler, 1_000_000);
        assertEquals(1, io.size(), "the host's file is being read");
        start();
        assertEquals(0, dma.position);
        assertFalse(irq.isHigh());
        assertEquals(0x80, status());
    }

    @Test
    void readingTheWholeTrackBeginsAtItsIndex() {
        dma.program(512);
        run(0x42, 0x00, 0, 0, 9, 2, 18, 0x1B, 0xFF);
        assertArrayEquals(sectors(0, 1), dma.memory);
    }

    @Test
    void verifyingMovesNothing() {
        dma.program(512);
        assertArrayEquals(values(0, 0, 0, 1, 0, 1, 2), run(0x56, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF));
        assertEquals(0, dma.position);
    }

    @Test
    void anImpliedSeekFindsItsCylinder() {
        send(0x13, 0x00, 0x60, 0x00);
        dma.program(512);
        assertEquals(0, run(0x46, 0x00, 7, 0, 1, 2, 18, 0x1B, 0xFF)[0]);
        assertArrayEquals(sectors(7 * 36, 1), dma.memory);
    }
}
