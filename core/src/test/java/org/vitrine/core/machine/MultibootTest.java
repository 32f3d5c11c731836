package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrine.core.device.firmware.MultibootKernel;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.testkit.Needs;

/**
 * Multiboot kernels start under each BIOS. Those of {@code src/test/asm/multiboot} say what they
 * were given.
 */
final class MultibootTest {

    private static final int RED = 0xFF0000;

    /** Firmware that a kernel is started through. */
    enum Bios {
        OWN {
            @Override
            Firmware firmware() {
                return Firmware.standard();
            }
        },
        SEABIOS {
            @Override
            Firmware firmware() throws IOException {
                Path folder = Path.of("/usr/share/seabios");
                Path image = folder.resolve("bios-256k.bin");
                Needs.that(Files.exists(image), "SeaBIOS's " + image + " is not installed");
                return new Firmware(
                        Files.readAllBytes(image),
                        Files.readAllBytes(folder.resolve("vgabios-stdvga.bin")));
            }
        };

        abstract Firmware firmware() throws IOException;
    }

    private static Guest guest(Bios bios, String kernel, MultibootKernel.Module... modules)
            throws IOException {
        byte[] image;
        try (InputStream in =
                MultibootTest.class.getResourceAsStream("/multiboot/" + kernel + ".bin")) {
            image = in.readAllBytes();
        }
        return Guest.with(
                MachineConfig.standard()
                        .withMemorySize(64 * MachineConfig.MIB)
                        .withFirmware(bios.firmware())
                        .withBoot(
                                Boot.STANDARD.withKernel(
                                        new Boot.Multiboot(
                                                new MultibootKernel(image),
                                                List.of(modules),
                                                kernel + " a b=c"))));
    }

    private static MultibootKernel.Module module(String line, String content) {
        return new MultibootKernel.Module(line, content.getBytes(StandardCharsets.US_ASCII));
    }

    /** What the kernel said, from this start of it. */
    private static List<String> report(Guest guest, int start) throws InterruptedException {
        String all = guest.awaitConsole("\nend\n", start);
        return Arrays.asList(all.substring(all.lastIndexOf("magic ")).split("\n"));
    }

    private static void assertState(List<String> report) {
        assertEquals(
                List.of(
                        "magic 2BADB002",
                        "interrupts and virtual mode 00000000",
                        "paging and protection 00000001",
                        "line 20 12345678",
                        "bss 00000000"),
                report.subList(0, 5));
    }

    @ParameterizedTest
    @EnumSource
    void anElfKernelIsToldWhatThereIs(Bios bios) throws Exception {
        try (Guest guest = guest(bios, "elf", module("m1 x y", "one"), module("m2", "two!"))) {
            guest.machine().cont();
            List<String> report = report(guest, 1);
            assertState(report);
            assertTrue(report.contains("flags 0000024D"), report::toString);
            assertTrue(report.contains("command line: elf a b=c"), report::toString);
            assertTrue(report.contains("loader: Vitrine"), report::toString);
            assertTrue(
                    report.contains("module 00101000 bytes 00000003: m1 x y = one"),
                    report::toString);
            assertTrue(
                    report.contains("module 00102000 bytes 00000004: m2 = two!"), report::toString);
            assertMemory(report);
            assertTrue(report.stream().noneMatch(line -> line.startsWith("picture")));
        }
    }

    /** What is said of memory holds together, and is what the machine has. */
    private static void assertMemory(List<String> report) {
        long lower = number(report, "lower ");
        long upper = number(report, "upper ");
        assertTrue(lower >= 600 && lower <= 640, report::toString);
        assertTrue(upper > 62 * 1024 && upper <= 63 * 1024, report::toString);
        String extended = String.format("map 0000000000100000 00000000%08X 00000001", upper << 10);
        assertTrue(report.contains(extended), report::toString);
        assertTrue(
                report.stream()
                        .anyMatch(line -> line.matches("map 0{16} 0{11}[9A][0-9A-F]{4} 00000001")),
                report::toString);
    }

    private static long number(List<String> report, String label) {
        String line =
                report.stream().filter(one -> one.startsWith(label)).findFirst().orElseThrow();
        return Long.parseLong(line.substring(label.length()), 16);
    }

    @ParameterizedTest
    @EnumSource
    void aKernelWithAddressesGetsThePictureItAsksFor(Bios bios) throws Exception {
        try (Guest guest = guest(bios, "flat")) {
            guest.machine().cont();
            List<String> report = report(guest, 1);
            assertState(report);
            assertTrue(report.contains("flags 00001A45"), report::toString);
            String picture =
                    report.stream()
                            .filter(line -> line.startsWith("picture "))
                            .findFirst()
                            .orElseThrow();
            assertEquals(
                    "picture FD000000 pitch 00000A00 size 00000280 000001E0 depth and kind"
                            + " 08100120 masks 08000808",
                    picture);
            Frame frame = guest.picture();
            assertEquals(640, frame.mode().width());
            assertEquals(480, frame.mode().height());
            assertEquals(RED, frame.pixels()[0] & 0xFFFFFF);
            assertEquals(RED, frame.pixels()[639] & 0xFFFFFF);
            assertEquals(0, frame.pixels()[640] & 0xFFFFFF);
        }
    }

    @ParameterizedTest
    @EnumSource
    void startsAgainAsAtFirst(Bios bios) throws Exception {
        try (Guest guest = guest(bios, "elf")) {
            guest.machine().cont();
            List<String> first = report(guest, 1);
            guest.machine().reset();
            assertEquals(first, report(guest, 2));
            assertFalse(first.stream().anyMatch(line -> line.startsWith("module")));
        }
    }
}
