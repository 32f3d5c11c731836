package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.memory.OtherProcess;
import org.vitrine.core.memory.SharedMaps;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.spi.display.DisplayLayout.WriterState;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.Scanout;

/** A machine whose memory is files, and processes that read and write them beside it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SharedMapsMachineTest {

    private static final long MEMORY = 4 * MachineConfig.MIB;

    /** Where the test programs find the byte that somebody else writes. */
    private static final int MAILBOX = 0x7000;

    /**
     * Sends each byte that appears at 0000:7000 to port E9h. XOR AX,AX; MOV DS,AX; MOV AL,[7000h];
     * OR AL,AL; JZ back; OUT E9h,AL; MOV BYTE [7000h],0; JMP back.
     */
    private static final String ECHO = "31C0 8ED8 A00070 08C0 74F9 E6E9 C606007000 EBF0";

    /** Jumps to 0000:7000. */
    private static final String TO_RAM = "EA 00700000";

    /** MOV AL,'a'; OUT E9h,AL; JMP back. */
    private static final String SAY_A = "B061 E6E9 EBFA";

    @TempDir private Path folder;

    private SharedMaps maps(String... names) throws IOException {
        return maps(folder.resolve("vm"), MEMORY, 0x10000, names);
    }

    private static SharedMaps maps(Path prefix, long memory, long biosSize, String... names)
            throws IOException {
        MemoryPlan plan = MemoryPlan.of(memory, biosSize);
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String name : names) {
            sizes.put(name, plan.block(name).size());
        }
        return SharedMaps.create(new SharedMaps.Request(prefix, sizes, false, false));
    }

    private static void writeFromOutside(Path file, long offset, String hex) throws Exception {
        try (OtherProcess writer =
                new OtherProcess("write", file.toString(), Long.toString(offset), hex)) {
            assertEquals(0, writer.await());
        }
    }

    private static String[] allNames() {
        return MemoryPlan.of(MEMORY, FirmwareImages.systemBios().length).blocks().stream()
                .map(MemoryPlan.Block::name)
                .toArray(String[]::new);
    }

    private static SharedMaps firmwareMaps(Path prefix, String... names) throws IOException {
        return maps(prefix, MEMORY, FirmwareImages.systemBios().length, names);
    }

    @Test
    void aMachineBootsWithAllItsMemoryInFiles() throws Exception {
        try (SharedMaps maps = firmwareMaps(folder.resolve("vm"), allNames());
                Guest guest = Guest.with(FirmwareImages.systemBios(), MEMORY, maps)) {
            guest.boot();
            List<GuestMap> list = guest.machine().maps();
            assertEquals(
                    List.of("640k", "option_rom", "below_4g", "vga", "bios", "display"),
                    list.stream().map(GuestMap::name).toList());
            for (GuestMap map : list) {
                assertEquals(folder.resolve("vm." + map.name()), map.path());
                assertEquals(map.size(), Files.size(map.path()));
            }
            guest.machine().stop();
            byte[] low = Files.readAllBytes(maps.file("640k"));
            for (int address = 0x400; address < 0x500; address++) {
                if (address < 0x46C || address > 0x470) {
                    assertEquals(
                            guest.memory(address, 1), low[address] & 0xFF, "address " + address);
                }
            }
            assertArrayEquals(FirmwareImages.systemBios(), Files.readAllBytes(maps.file("bios")));
            byte[] optionRom = Files.readAllBytes(maps.file("option_rom"));
            byte[] vgaBios = FirmwareImages.vgaBios();
            assertArrayEquals(vgaBios, Arrays.copyOf(optionRom, vgaBios.length));
        }
    }

    @Test
    void theGuestSeesAByteThatAnotherProcessWrites() throws Exception {
        try (SharedMaps maps = maps("640k");
                Guest guest = Guest.with(Guest.bios(ECHO), MEMORY, maps)) {
            guest.machine().cont();
            writeFromOutside(maps.file("640k"), MAILBOX, "51");
            guest.awaitConsole("Q", 1);
            writeFromOutside(maps.file("640k"), MAILBOX, "52");
            assertEquals("QR", guest.awaitConsole("R", 1));
        }
    }

    @Test
    void anotherProcessSeesAtOnceWhatTheGuestWrites() throws Exception {
        try (SharedMaps maps = maps("640k");
                Guest guest = Guest.with(Guest.bios(ECHO), MEMORY, maps)) {
            guest.machine().cont();
            Path low = maps.file("640k");
            writeFromOutside(low, MAILBOX, "51");
            guest.awaitConsole("Q", 1);
            // The guest clears the byte right after it has sent it.
            Guest.await("the guest's zero", () -> byteOf(low, MAILBOX) == 0);
        }
    }

    private static int byteOf(Path file, int offset) {
        try {
            return Files.readAllBytes(file)[offset];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void codeThatAnotherProcessWritesRunsAfterRefreshMaps() throws Exception {
        try (SharedMaps maps = maps("640k");
                Guest guest = Guest.with(Guest.bios(TO_RAM), MEMORY, maps)) {
            writeFromOutside(maps.file("640k"), MAILBOX, SAY_A.replace(" ", ""));
            guest.machine().cont();
            guest.awaitConsole("a", 10);
            writeFromOutside(maps.file("640k"), MAILBOX + 1, "62");
            guest.machine().refreshMaps();
            String console = guest.awaitConsole("b", 10);
            assertTrue(console.matches("a+b+"), "what was decoded before is gone");
        }
    }

    @Test
    void theTextScreenFollowsAnotherProcess() throws Exception {
        try (SharedMaps maps = firmwareMaps(folder.resolve("vm"), "vga");
                Guest guest = Guest.with(FirmwareImages.systemBios(), MEMORY, maps)) {
            guest.boot();
            // Row 20, column 3: a cell has four bytes, of which two are the character's.
            long start = System.nanoTime();
            writeFromOutside(maps.file("vga"), 4 * (20 * 80 + 3), "511F");
            guest.awaitScreen(lines -> lines.size() > 20 && lines.get(20).equals("   Q"));
            System.out.printf(
                    "text written by another process is shown after %d ms, its start included%n",
                    (System.nanoTime() - start) / 1_000_000);
        }
    }

    @Test
    void refreshMapsShowsAtOnceWhatAnotherProcessWrote() throws Exception {
        try (SharedMaps maps = firmwareMaps(folder.resolve("vm"), "vga");
                Guest guest = Guest.with(FirmwareImages.systemBios(), MEMORY, maps)) {
            guest.boot();
            guest.machine().stop();
            writeFromOutside(maps.file("vga"), 4 * (20 * 80 + 3), "511F");
            guest.machine().refreshMaps();
            Frame frame = new Frame();
            assertTrue(guest.machine().display().read(frame));
            assertEquals("   Q", frame.text().lines().get(20));
            // A second look at the same memory finds nothing, and shows nothing.
            long generation = guest.machine().display().generation();
            guest.machine().refreshMaps();
            assertEquals(generation, guest.machine().display().generation());
        }
    }

    @Test
    void theScreenInMode13hFollowsAnotherProcess() throws Exception {
        try (SharedMaps maps = firmwareMaps(folder.resolve("vm"), "vga");
                Guest guest = Guest.with(FirmwareImages.systemBios(), MEMORY, maps)) {
            guest.boot();
            guest.type("mode13\n");
            guest.awaitConsole("mode 13h", 1);
            guest.machine().stop();
            Frame frame = guest.picture();
            assertEquals(DisplayMode.Kind.PACKED, frame.mode().kind());
            int width = frame.mode().width();
            // Colour 0Fh of the default palette is white; a pixel is two by two.
            int before = frame.pixels()[2 * 199 * width + 2 * 319];
            assertFalse(before == 0xFFFFFF, "the corner is not white already");
            Frame seen = new Frame();
            guest.machine().display().read(seen);
            writeFromOutside(maps.file("vga"), 199 * 320 + 319, "0F");
            // Nobody is told, the guest is stopped, and it shows all the same.
            long deadline = System.nanoTime() + Guest.DEADLINE.toNanos();
            do {
                assertTrue(deadline - System.nanoTime() > 0, "the pixel is not shown");
                guest.machine().display().awaitNewer(seen.generation(), Duration.ofSeconds(1));
                guest.machine().display().read(seen);
            } while (seen.pixels()[2 * 199 * width + 2 * 319] != 0xFFFFFF);
            assertEquals(1, seen.damage().size(), "one tile has changed");
        }
    }

    @Test
    void aDirectScanoutIsOfferedWhereVideoMemoryCanBeMapped() throws Exception {
        try (SharedMaps maps = firmwareMaps(folder.resolve("vm"), "vga");
                Guest shared = Guest.with(FirmwareImages.systemBios(), MEMORY, maps);
                Guest alone = Guest.withFirmware(MEMORY)) {
            for (Guest guest : List.of(shared, alone)) {
                setLinearMode(guest, 32);
                assertEquals(DisplayMode.Kind.LINEAR, guest.picture().mode().kind());
            }
            assertEquals(
                    new Scanout("vga", 0, 640 * 4, Scanout.Format.XRGB8888),
                    shared.picture().scanout());
            assertNull(alone.picture().scanout());
            writeFromOutside(maps.file("vga"), 4 * (100 * 640 + 50), "332211");
            shared.machine().refreshMaps();
            assertEquals(0x112233, shared.picture().pixels()[100 * 640 + 50]);
            setLinearMode(shared, 8);
            assertEquals(DisplayMode.Kind.PACKED, shared.picture().mode().kind());
            assertNull(shared.picture().scanout(), "a palette is not in the memory");
        }
    }

    /** 640x480 through the ports of the Bochs extension. */
    private static void setLinearMode(Guest guest, int bits) {
        int[][] registers = {{4, 0}, {1, 640}, {2, 480}, {3, bits}, {4, 0x41}};
        guest.machine()
                .call(() -> {
                    guest.machine().pc().ports().write(0x3DA, 1, 0);
                    guest.machine().pc().ports().read(0x3DA, 1);
                    guest.machine().pc().ports().write(0x3C0, 1, 0x20);
                    for (int[] register : registers) {
                        guest.machine().pc().ports().write(0x1CE, 2, register[0]);
                        guest.machine().pc().ports().write(0x1CF, 2, register[1]);
                    }
                    return null;
                });
    }

    @Test
    void readersAreCounted() throws Exception {
        try (SharedMaps maps = maps("640k");
                Guest guest = Guest.with(Guest.bios(ECHO), MEMORY, maps)) {
            List<GuestMap> list = guest.machine().maps();
            String display = list.getLast().path().toString();
            try (OtherProcess one = new OtherProcess("read", display);
                    OtherProcess two = new OtherProcess("read", display)) {
                assertNotNull(one.line());
                assertNotNull(two.line());
                List<Long> pids = new ArrayList<>(List.of(one.pid(), two.pid()));
                pids.sort(null);
                assertEquals(
                        Map.of("640k", List.of(), "display", pids), guest.machine().readers(list));
            }
            assertEquals(List.of(), guest.machine().readers(list).get("display"));
        }
    }

    /** XOR AX,AX; CLD; then a million stores to one place, so that the JVM compiles them. */
    private static final String WARM_UP =
            "31C0 FC BB0010 8EDB 8EC3 BA1000 31C9 A20000 E2FB 4A 75F6";

    /** ADD BX,100h; CMP BX,A000h; JB back so far; MOV AL,'!'; OUT E9h,AL; JMP $. */
    private static String nextPage(String back) {
        return "81C30001 81FB00A0 72" + back + "B021 E6E9 EBFE";
    }

    /** Into each page of memory from 64 KiB on, in each of the ways that programs have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // MOV DS,BX; MOV BYTE [0],1
                "8EDB C606000001 / EF",
                // MOV ES,BX; XOR DI,DI; MOV CX,1000h; REP STOSB
                "8EC3 31FF B90010 F3AA / ED",
                // MOV ES,BX; XOR DI,DI; XOR SI,SI; MOV CX,400h; REP MOVSD
                "8EC3 31FF 31F6 B90004 F366A5 / EA"
            })
    void aStoreForWhichTheFileSystemHasNoRoomStopsTheMachineAlone(String store) throws Exception {
        String[] parts = store.split(" / ");
        String program = WARM_UP + parts[0] + nextPage(parts[1]);
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "1m");
                SharedMaps maps = maps(small.folder().resolve("vm"), MEMORY, 0x10000, "640k");
                Guest guest = Guest.with(Guest.bios(program), MEMORY, maps)) {
            writeFromOutside(maps.file("640k"), 0x10000, "00"); // The warm-up's page has room.
            small.fill(0);
            guest.machine().cont();
            Guest.await(
                    "the machine to stop",
                    () -> guest.machine().state() == RunState.INTERNAL_ERROR);
            assertEquals(
                    "the file system of "
                            + small.folder()
                            + " is full, where memory is kept as files: 640k",
                    maps.failure());
            // The rest of the machine answers, its screen says that it is paused, and a reset
            // after something was removed lets it run to its end.
            assertEquals(WriterState.PAUSED, guest.machine().display().state());
            small.empty();
            guest.machine().reset();
            guest.machine().cont();
            guest.awaitConsole("!", 1);
        }
    }

    @Test
    void aFrameForWhichTheFileSystemHasNoRoomStopsTheMachineAlone() throws Exception {
        try (SmallFileSystem small = SmallFileSystem.mount(folder, "64m");
                SharedMaps maps = firmwareMaps(small.folder().resolve("vm"), "display");
                Guest guest = Guest.with(FirmwareImages.systemBios(), MEMORY, maps)) {
            small.fill(0);
            guest.machine().cont();
            Guest.await(
                    "the machine to stop",
                    () -> guest.machine().state() == RunState.INTERNAL_ERROR);
            assertEquals(
                    "the file system of "
                            + small.folder()
                            + " is full, where memory is kept as files: display",
                    maps.failure());
            assertEquals(WriterState.PAUSED, guest.machine().display().state());
            small.empty();
            guest.machine().reset();
            guest.boot();
        }
    }
}
