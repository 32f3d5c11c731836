package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.ScriptedLine;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.spi.testkit.Needs;

/** SeaBIOS reads and writes diskettes of all sizes, and starts what is on them. */
class FloppyBootTest {

    private static final Path FOLDER = Path.of("/usr/share/seabios");

    /** Assembled from {@code src/test/asm/boot/floppy.asm}. */
    private static final String PROGRAM =
            "31c08ed88ec08ed0bc007cb80102bb00808b0efc7d8b16fa7dcd137221be0080ac84c07406baf803eeebf5b80103bb0080b9020031d2cd137204b010e6f4b011e6f4f4ebfd";

    private static final int SECTOR = 512;

    @TempDir private Path folder;

    private static byte[] diskette(int kibibytes, int tracks, int heads, int sectors) {
        byte[] image = new byte[kibibytes * 1024];
        byte[] program = HexFormat.of().parseHex(PROGRAM);
        System.arraycopy(program, 0, image, 0, program.length);
        image[506] = 0;
        image[507] = (byte) (heads - 1);
        image[508] = (byte) sectors;
        image[509] = (byte) (tracks - 1);
        image[510] = 0x55;
        image[511] = (byte) 0xAA;
        byte[] text = ("the end of " + kibibytes + "K").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, image, image.length - SECTOR, text.length);
        return image;
    }

    @ParameterizedTest
    @CsvSource({
        "360, 40, 2, 9",
        "720, 80, 2, 9",
        "1200, 80, 2, 15",
        "1440, 80, 2, 18",
        "2880, 80, 2, 36"
    })
    void aDisketteStarts(int kibibytes, int tracks, int heads, int sectors) throws Exception {
        Path bios = FOLDER.resolve("bios-256k.bin");
        Needs.that(Files.exists(bios), "SeaBIOS's " + bios + " is not installed");
        Path file = folder.resolve("floppy");
        byte[] image = diskette(kibibytes, tracks, heads, sectors);
        Files.write(file, image);
        ImageRequest request = new ImageRequest(file, ImageFormat.RAW, false, false);
        Drive drive = new Drive("floppy0", Drive.Kind.FLOPPY, request.open());
        ScriptedLine line = new ScriptedLine();
        MachineConfig config =
                MachineConfig.standard()
                        .withMemorySize(16 * MachineConfig.MIB)
                        .withFirmware(
                                new Firmware(
                                        Files.readAllBytes(bios),
                                        Files.readAllBytes(FOLDER.resolve("vgabios-stdvga.bin"))))
                        .withBoot(Boot.STANDARD.withOrder("a"))
                        .withDrives(Drives.NONE.withFloppy(0, drive))
                        .withPeripherals(
                                Peripherals.NONE
                                        .withSerial(Map.of(0, line))
                                        .withDebugExit(
                                                Optional.of(Peripherals.DebugExitPort.USUAL)));
        try (Machine machine = new Machine(config)) {
            machine.addListener(event -> {
                if (event instanceof MachineEvent.Shutdown) {
                    Guest.report("a diskette of " + kibibytes + " KiB to its end", machine);
                }
            });
            machine.cont();
            machine.ended().get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertEquals("the end of " + kibibytes + "K", line.sent());
            assertEquals(33, machine.exitStatus());
        }
        byte[] after = Files.readAllBytes(file);
        assertArrayEquals(
                Arrays.copyOfRange(image, image.length - SECTOR, image.length),
                Arrays.copyOfRange(after, SECTOR, 2 * SECTOR));
    }
}
