package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ErrorPolicy.Choice;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.spi.testkit.Needs;

/** A guest writes to its disk, and the host's file system is full. */
class FullDiskTest {

    private static final int DISK_MIB = 4;
    private static final int SECTOR = 512;
    private static final int SECTORS = 128;
    private static final int COMMAND_BYTES = SECTORS * SECTOR;
    private static final int COMMANDS = (DISK_MIB << 20) / COMMAND_BYTES;

    private static final int BSY = 0x80;
    private static final int ERR = 0x01;

    /** A guest that waits for nothing. */
    private static final String IDLE = "F4 EBFD";

    @TempDir private Path folder;

    private Guest guest;
    private Drive drive;

    private static Path image(Path folder, ImageFormat format) throws Exception {
        Path file = folder.resolve("disk");
        if (format == ImageFormat.RAW) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.setLength(DISK_MIB << 20);
            }
        } else {
            Needs.programs("qemu-img");
            Process made =
                    new ProcessBuilder(
                                    "qemu-img",
                                    "create",
                                    "-q",
                                    "-f",
                                    "qcow2",
                                    file.toString(),
                                    DISK_MIB + "M")
                            .start();
            assertEquals(0, made.waitFor());
        }
        return file;
    }

    private Guest guest(Path file, ImageFormat format, ErrorPolicy policy) throws IOException {
        drive =
                new Drive(
                        "ide0-hd0",
                        Drive.Kind.HARD_DISK,
                        new ImageRequest(file, format, false, false).open(),
                        policy);
        guest =
                Guest.with(
                        MachineConfig.standard()
                                .withMemorySize(2 * MachineConfig.MIB)
                                .withFirmware(Firmware.standard().withBios(Guest.bios(IDLE)))
                                .withDrives(Drives.NONE.withIde(0, drive)));
        decodePorts();
        guest.machine().cont();
        return guest;
    }

    /** Does what firmware does, after a reset too: lets the IDE function have its ports. */
    private void decodePorts() {
        guest.machine()
                .call(() -> {
                    PortSpace ports = guest.machine().pc().ports();
                    ports.write(0xCF8, 4, 0x8000_0904);
                    ports.write(0xCFC, 4, 0x0000_0005);
                    ports.write(0xCF8, 4, 0x8000_0940);
                    ports.write(0xCFC, 4, 0x8000_8000);
                    return null;
                });
    }

    private int status() {
        return guest.machine().call(() -> guest.machine().pc().ports().read(0x1F7, 1));
    }

    private int awaitStatus() {
        Guest.await("the disk", () -> (status() & BSY) == 0);
        return status();
    }

    /** Gives the command to write some sectors by the data port, and the data. */
    private void write(int command, byte[] content) {
        int lba = command * SECTORS;
        guest.machine()
                .call(() -> {
                    out(0x1F6, 0xE0, 0x1F2, SECTORS, 0x1F3, lba, 0x1F4, lba >>> 8, 0x1F5, 0);
                    out(0x1F7, 0x30);
                    for (int i = command * COMMAND_BYTES;
                            i < (command + 1) * COMMAND_BYTES;
                            i += 2) {
                        int word = content[i] & 0xFF | (content[i + 1] & 0xFF) << 8;
                        guest.machine().pc().ports().write(0x1F0, 2, word);
                    }
                    return null;
                });
    }

    private void out(int... portsAndValues) {
        for (int i = 0; i < portsAndValues.length; i += 2) {
            int value = portsAndValues[i + 1] & 0xFF;
            guest.machine().pc().ports().write(portsAndValues[i], 1, value);
        }
    }

    private static byte[] content() {
        byte[] content = new byte[DISK_MIB << 20];
        new Random(7).nextBytes(content);
        return content;
    }

    /** The image's bytes, read by nobody's leave but its own. */
    private static byte[] bytes(Path file, ImageFormat format) throws IOException {
        try (DiskImage image = new ImageRequest(file, format, true, false).open()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) image.size());
            image.read(0, bytes);
            return bytes.array();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMachineStopsAndGoesOnWhenThereIsRoom(ImageFormat format) throws Exception {
        byte[] content = content();
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "8m")) {
            Path file = image(small.folder(), format);
            small.fill(1 << 20);
            int stops = 0;
            try (Guest open = guest(file, format, ErrorPolicy.STANDARD)) {
                for (int i = 0; i < COMMANDS; i++) {
                    write(i, content);
                    Guest.await(
                            "the disk, or the end of the host's",
                            () -> (status() & BSY) == 0 || drive.stopped() != null);
                    if (drive.stopped() != null) {
                        assertStopped(open);
                        if (++stops == 1) {
                            // Nothing has changed: it stops again.
                            open.machine().cont();
                            assertStopped(open);
                        }
                        small.empty();
                        open.machine().cont();
                    }
                    assertEquals(0, awaitStatus() & ERR);
                    assertNull(drive.stopped());
                }
                assertEquals(1, stops);
                open.machine()
                        .call(() -> {
                            out(0x1F7, 0xE7);
                            return null;
                        });
                assertEquals(0, awaitStatus() & ERR);
            }
            assertArrayEquals(content, bytes(file, format));
            if (format == ImageFormat.QCOW2) {
                Process check =
                        new ProcessBuilder("qemu-img", "check", file.toString())
                                .redirectErrorStream(true)
                                .start();
                String said = new String(check.getInputStream().readAllBytes());
                assertEquals(0, check.waitFor(), said);
            }
        }
    }

    private void assertStopped(Guest open) throws InterruptedException {
        MachineEvent.DriveFailed failed = open.awaitEvent(MachineEvent.DriveFailed.class);
        assertEquals(Choice.STOP, failed.action());
        assertTrue(failed.write());
        assertTrue(ErrorPolicy.isNoSpace(failed.reason()), failed.reason()::toString);
        assertEquals(new MachineEvent.Stopped(), open.nextRunEvent());
        assertEquals(RunState.IO_ERROR, open.machine().state());
        assertNotNull(drive.stopped());
        assertEquals(BSY, status());
    }

    @Test
    void aResetForgetsWhatCouldNotBeWritten() throws Exception {
        byte[] content = content();
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "8m")) {
            Path file = image(small.folder(), ImageFormat.RAW);
            small.fill(0);
            try (Guest open = guest(file, ImageFormat.RAW, ErrorPolicy.STANDARD)) {
                write(0, content);
                assertStopped(open);
                open.machine().reset();
                decodePorts();
                small.empty();
                open.machine().cont();
                assertEquals(0, awaitStatus() & ERR);
                assertNull(drive.stopped());
                assertEquals(RunState.RUNNING, open.machine().state());
            }
            assertArrayEquals(new byte[DISK_MIB << 20], bytes(file, ImageFormat.RAW));
        }
    }

    @Test
    void theGuestIsToldWhereThatIsWished() throws Exception {
        byte[] content = content();
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "8m")) {
            Path file = image(small.folder(), ImageFormat.RAW);
            small.fill(0);
            ErrorPolicy policy = new ErrorPolicy(Choice.REPORT, Choice.REPORT);
            try (Guest open = guest(file, ImageFormat.RAW, policy)) {
                write(0, content);
                assertEquals(ERR, awaitStatus() & ERR);
                assertEquals(
                        Choice.REPORT, open.awaitEvent(MachineEvent.DriveFailed.class).action());
                assertEquals(RunState.RUNNING, open.machine().state());
            }
        }
    }

    @Test
    void theGuestIsToldNothingWhereThatIsWished() throws Exception {
        byte[] content = content();
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "8m")) {
            Path file = image(small.folder(), ImageFormat.RAW);
            small.fill(0);
            ErrorPolicy policy = new ErrorPolicy(Choice.REPORT, Choice.IGNORE);
            try (Guest open = guest(file, ImageFormat.RAW, policy)) {
                write(0, content);
                assertEquals(0, awaitStatus() & ERR);
                assertEquals(
                        Choice.IGNORE, open.awaitEvent(MachineEvent.DriveFailed.class).action());
            }
        }
    }
}
