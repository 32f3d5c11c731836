package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.device.storage.IdeBoard.CONTROL;
import static org.vitrine.core.device.storage.IdeBoard.COUNT;
import static org.vitrine.core.device.storage.IdeBoard.DEVICE;
import static org.vitrine.core.device.storage.IdeBoard.ERROR;
import static org.vitrine.core.device.storage.IdeBoard.HIGH;
import static org.vitrine.core.device.storage.IdeBoard.LOW;
import static org.vitrine.core.device.storage.IdeBoard.MID;
import static org.vitrine.core.device.storage.IdeBoard.STATUS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.storage.Drive;

/** Which device answers on the cable. */
class AtaChannelTest {

    @TempDir private Path folder;

    private final IdeBoard board = new IdeBoard();

    private AtaDisk disk(int number) throws IOException {
        byte[] content = new byte[512 * 2000];
        content[0] = (byte) number;
        return board.disk(
                IdeBoard.drive(Drive.Kind.HARD_DISK, folder.resolve("disk" + number), content));
    }

    private AtapiCdrom cdrom() {
        return board.cdrom(new Drive("cd", Drive.Kind.CDROM, null));
    }

    private List<Integer> signature() {
        return List.of(
                board.in(COUNT), board.in(LOW), board.in(MID), board.in(HIGH), board.in(ERROR));
    }

    private void softReset() {
        board.out(CONTROL, 4);
        assertEquals(0x80, board.in(STATUS));
        board.out(CONTROL, 0);
    }

    @Test
    void anEmptyCableFloats() {
        board.plug(null, null);

        assertEquals(0x7F, board.in(STATUS));
        board.out(COUNT, 0x55);
        assertEquals(0x7F, board.in(COUNT));
        board.out(STATUS, 0xEC);
        assertFalse(board.irq.isHigh());
    }

    @Test
    void deviceZeroAnswersForAMissingDeviceOne() throws IOException {
        board.plug(disk(0), null);
        board.out(DEVICE, 0xB0);

        assertEquals(0, board.in(STATUS));
        assertEquals(0, board.in(CONTROL));
        board.out(COUNT, 0x55);
        board.out(LOW, 0xAA);
        assertEquals(0x55, board.in(COUNT));
        assertEquals(0xAA, board.in(LOW));
        board.out(STATUS, 0xEC);
        board.finishIo();
        assertFalse(board.irq.isHigh());
        assertEquals(0, board.in(STATUS));
        board.out(DEVICE, 0xA0);
        assertEquals(0x50, board.in(STATUS));
    }

    @Test
    void bothDevicesHearTheRegisters() throws IOException {
        board.plug(disk(0), disk(1));
        board.out(DEVICE, 0xE0);
        board.out(COUNT, 1);
        board.out(LOW, 0);
        board.out(MID, 0);
        board.out(HIGH, 0);
        board.out(DEVICE, 0xF0);
        board.out(STATUS, 0x20);
        board.finishIo();

        assertEquals(1, board.readData(512)[0]);
        board.out(DEVICE, 0xE0);
        assertEquals(0x50, board.in(STATUS), "device 0 did nothing");
    }

    @Test
    void onlyTheSelectedDeviceInterrupts() throws IOException {
        board.plug(disk(0), disk(1));
        board.begin(1, 1, 0, 0x20);
        board.out(DEVICE, 0xE0);
        board.finishIo();
        assertFalse(board.irq.isHigh());
        board.out(DEVICE, 0xF0);
        assertTrue(board.irq.isHigh());
        assertEquals(0x58, board.in(CONTROL), "the alternate status leaves the interrupt");
        assertTrue(board.irq.isHigh());
        assertEquals(0x58, board.in(STATUS));
        assertFalse(board.irq.isHigh());
    }

    @Test
    void resetsLeaveEachDevicesSignature() throws IOException {
        board.plug(disk(0), cdrom());
        board.begin(0, 77, 12345, 0x40);
        softReset();

        assertEquals(List.of(1, 1, 0, 0, 1), signature());
        assertEquals(0x50, board.in(STATUS));
        board.out(DEVICE, 0xB0);
        assertEquals(List.of(1, 1, 0x14, 0xEB, 1), signature());
        assertEquals(0x00, board.in(STATUS));
        assertFalse(board.irq.isHigh());
    }

    @Test
    void aDiagnosisIsAnsweredByDeviceZero() throws IOException {
        board.plug(disk(0), cdrom());
        board.out(DEVICE, 0xB0);
        board.out(STATUS, 0x90);

        assertTrue(board.irq.isHigh());
        assertEquals(0xA0, board.in(DEVICE));
        assertEquals(List.of(1, 1, 0, 0, 1), signature());
        assertEquals(0x50, board.in(STATUS));
        assertFalse(board.irq.isHigh());
    }

    @Test
    void aDeviceResetIsForPacketDevices() throws IOException {
        board.plug(cdrom(), null);
        board.out(COUNT, 9);
        board.out(STATUS, 0x08);
        assertEquals(List.of(1, 1, 0x14, 0xEB, 1), signature());
        assertFalse(board.irq.isHigh());
    }

    @Test
    void aBusyDeviceTakesNoCommandAndNoRegister() throws IOException {
        board.plug(disk(0), null);
        board.begin(0, 1, 3, 0x20);
        board.out(COUNT, 99);
        board.out(STATUS, 0xEC);
        board.finishIo();
        assertEquals(0x58, board.in(STATUS));
        board.readData(512);
        assertEquals(0x50, board.in(STATUS));
        assertEquals(0, board.in(COUNT));
    }
}
