package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.monitor.qmp.Testbed;

class MemoryCommandsTest {

    private static final int PRESENT = 1;

    private final Testbed testbed = new Testbed(null);

    @TempDir private Path folder;

    @AfterEach
    void close() {
        testbed.close();
    }

    private Path file() {
        return folder.resolve("memory");
    }

    private static JsonObject arguments(long address, long size, Path file) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("val", address);
        arguments.addProperty("size", size);
        arguments.addProperty("filename", file.toString());
        return arguments;
    }

    private byte[] save(String command, long address, long size) throws Exception {
        testbed.monitor().execute(command, arguments(address, size, file()));
        return Files.readAllBytes(file());
    }

    private String failure(String command, JsonObject arguments) {
        return assertThrows(
                        CommandException.class, () -> testbed.monitor().execute(command, arguments))
                .getMessage();
    }

    /** Fills guest memory from this address on with bytes from a printed seed, and returns them. */
    private byte[] fill(long address, int size) {
        long seed = System.nanoTime();
        System.out.println("guest memory from seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        testbed.machine()
                .call(() -> {
                    testbed.machine().pc().memory().write(address, bytes, 0, size);
                    return null;
                });
        return bytes;
    }

    private void write32(long address, int value) {
        testbed.machine()
                .call(() -> {
                    testbed.machine().pc().memory().write(address, 4, value);
                    return null;
                });
    }

    @Test
    void physicalMemoryIsSavedAcrossBlocks() throws Exception {
        // More than is read at a time, from RAM below 640 KiB is not: this begins at 1 MiB.
        byte[] bytes = fill(0x10_0000, 0x18_0001);
        assertArrayEquals(bytes, save("pmemsave", 0x10_0000, bytes.length));
        byte[] bios = FirmwareImages.systemBios();
        byte[] top = save("pmemsave", 0xFFFF_FFF0L, 0x10);
        assertArrayEquals(Arrays.copyOfRange(bios, bios.length - 0x10, bios.length), top);
    }

    @Test
    void whatNobodyAnswersForReadsAsOnes() throws Exception {
        byte[] bytes = save("pmemsave", 0x8000_0000L, 3);
        assertArrayEquals(new byte[] {-1, -1, -1}, bytes);
    }

    @Test
    void nothingIsAFileOfNothing() throws Exception {
        assertEquals(0, save("pmemsave", 0, 0).length);
        assertEquals(0, save("memsave", 0, 0).length);
    }

    @Test
    void aFileIsWrittenAnew() throws Exception {
        Files.write(file(), new byte[100]);
        assertEquals(5, save("pmemsave", 0, 5).length);
    }

    @Test
    void virtualMemoryWithoutPagingIsPhysical() throws Exception {
        byte[] bytes = fill(0x2345, 10_000);
        assertArrayEquals(bytes, save("memsave", 0x2345, bytes.length));
    }

    @Test
    void virtualMemoryIsReadThroughThePageTables() throws Exception {
        byte[] bytes = fill(0x3000, 0x2000);
        mapTwoPages();
        byte[] swapped = save("memsave", 0x40_0000, 0x2000);
        assertArrayEquals(
                Arrays.copyOfRange(bytes, 0x1000, 0x2000), Arrays.copyOf(swapped, 0x1000));
        assertArrayEquals(
                Arrays.copyOf(bytes, 0x1000), Arrays.copyOfRange(swapped, 0x1000, 0x2000));
    }

    /** Linear 400000h is physical 4000h, 401000h is 3000h, and 402000h is nothing. */
    private void mapTwoPages() {
        write32(0x1000 + 4, 0x2000 | PRESENT);
        write32(0x2000, 0x4000 | PRESENT);
        write32(0x2004, 0x3000 | PRESENT);
        testbed.machine()
                .call(() -> {
                    Registers registers = testbed.machine().pc().cpu().registers();
                    registers.cr3 = 0x1000;
                    registers.cr0 |= Registers.CR0_PG;
                    return null;
                });
    }

    @Test
    void anAddressThatIsNotMappedIsNamedWithTheWholeSize() throws Exception {
        mapTwoPages();
        assertEquals(
                "Invalid addr 0x0000000000400ff0/size 12288 specified",
                failure("memsave", arguments(0x40_0FF0, 0x3000, file())));
        assertEquals(
                "Invalid addr 0x0000000100000000/size 1 specified",
                failure("memsave", arguments(1L << 32, 1, file())));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamedWithTheReason() {
        Path missing = folder.resolve("no/such");
        assertEquals(
                "Could not open '" + missing + "': No such file or directory",
                failure("pmemsave", arguments(0, 1, missing)));
        assertEquals(
                "Could not open '" + folder + "': Is a directory",
                failure("memsave", arguments(0, 1, folder)));
        assertFalse(Files.exists(missing));
    }

    @Test
    void aFileThatCannotBeWrittenIsAnError() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        assertEquals("An IO error has occurred", failure("pmemsave", arguments(0, 4096, full)));
    }

    @Test
    void thereIsOneCpu() {
        JsonObject arguments = arguments(0, 1, file());
        arguments.addProperty("cpu-index", 1);
        assertEquals("Parameter 'cpu-index' expects a CPU number", failure("memsave", arguments));
        assertFalse(Files.exists(file()));
    }
}
