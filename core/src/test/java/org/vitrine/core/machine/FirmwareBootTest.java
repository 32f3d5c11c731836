package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.display.Goldens;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;

/**
 * The bundled firmware on the whole machine: from the reset vector to pixels and from keys to text.
 */
class FirmwareBootTest {

    private static final long MIB = MachineConfig.MIB;
    private static final long BIOS_SHIFT_FLAGS = 0x417;
    private static final int LEFT_SHIFT_HELD = 2;

    @Test
    void commandTypedAtThePromptIsAnswered() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            guest.type("ver\n");
            List<String> lines =
                    guest.awaitScreen(now ->
                            now.stream().filter("vitrine>"::equals).count() == 1
                                    && now.contains("vitrine> ver"));
            String answer = lines.get(lines.indexOf("vitrine> ver") + 1);
            assertTrue(answer.startsWith("Vitrine BIOS version "), answer);
        }
    }

    @Test
    void debugConsoleGetsWhatTheGuestWritesToPortE9() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            guest.machine().cont();
            String text = guest.awaitConsole("prompt", 1);
            List<String> steps =
                    List.of("post", "banner", "keyboard", "memory", "post complete", "prompt");
            assertEquals(
                    steps,
                    text.lines()
                            .map(line -> line.replace("vitrine-bios: ", ""))
                            .filter(steps::contains)
                            .toList(),
                    text);
        }
    }

    @Test
    void pictureInMode13hIsTheGoldenOne() throws IOException, InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            guest.type("mode13\n");
            guest.awaitConsole("picture", 1);
            Frame frame = guest.picture();
            assertEquals(DisplayMode.Kind.PACKED, frame.mode().kind());
            assertEquals("640x400", frame.mode().width() + "x" + frame.mode().height());
            Goldens.assertMatches(FirmwareBootTest.class, frame, "mode13");

            guest.type("x");
            guest.awaitPrompt();
        }
    }

    @Test
    void rebootCommandResetsTheMachineAndComesBackToThePrompt() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            guest.type("reboot\n");
            assertEquals(
                    ShutdownCause.GUEST_RESET, guest.awaitEvent(MachineEvent.Reset.class).cause());
            guest.awaitConsole("prompt", 2);
            guest.awaitScreen(
                    lines -> lines.contains("vitrine>") && !lines.contains("vitrine> reboot"));
            assertEquals(RunState.RUNNING, guest.machine().state());
        }
    }

    @Test
    void keysThatAClosedPortHeldAreReleasedInTheGuest() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            InputPort port = guest.machine().openInput("client");
            port.key(KeyCode.SHIFT, true);
            Guest.await(
                    "Shift down", () -> (guest.memory(BIOS_SHIFT_FLAGS, 1) & LEFT_SHIFT_HELD) != 0);
            port.close();
            Guest.await(
                    "Shift up", () -> (guest.memory(BIOS_SHIFT_FLAGS, 1) & LEFT_SHIFT_HELD) == 0);
            guest.type("a");
            guest.awaitScreen(lines -> lines.contains("vitrine> a"));
        }
    }

    @Test
    void keysTypedWhileTheMachineIsPausedArriveAfterwards() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            guest.machine().stop();
            guest.type("hello");
            guest.machine().cont();
            guest.awaitScreen(lines -> lines.contains("vitrine> hello"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 0",
        "2, 1024, 0, 0",
        "128, 130048, 1792, 0",
        "5120, 3144704, 48896, 32768"
    })
    void memoryOfEachSizeIsFoundByTheFirmware(long mib, long extendedKb, int above16M, int above4G)
            throws InterruptedException {
        // ACPI's tables are in the last 128 KiB, where there is room for them.
        long usableKb = extendedKb == 0 ? 0 : extendedKb - 128;
        try (Guest guest = Guest.withFirmware(mib * MIB).boot()) {
            assertEquals(640, guest.cmos(0x15) | guest.cmos(0x16) << 8);
            assertEquals(Math.min(extendedKb, 0xFFFF), guest.cmos(0x30) | guest.cmos(0x31) << 8);
            assertEquals(above16M, guest.cmos(0x34) | guest.cmos(0x35) << 8);
            assertEquals(
                    above4G, guest.cmos(0x5B) | guest.cmos(0x5C) << 8 | guest.cmos(0x5D) << 16);
            guest.type("mem\n");
            // Whole lines: the screen is read while the guest prints.
            guest.awaitScreen(lines ->
                    lines.contains("640 KB conventional, " + usableKb + " KB extended memory"));
            if (above4G != 0) {
                String above = "  0000000100000000  %016X  usable".formatted((long) above4G << 16);
                guest.awaitScreen(lines -> lines.contains(above));
            }
        }
    }
}
