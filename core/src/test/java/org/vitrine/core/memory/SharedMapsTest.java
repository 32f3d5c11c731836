package org.vitrine.core.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayLayout.WriterState;
import org.vitrine.spi.display.FrameSignal;

class SharedMapsTest {

    private static final String[] SIZES = {"vga=65536", "bios=4096"};

    @TempDir private Path folder;

    private SharedMaps.Request request(String... sizes) {
        return OtherProcess.request(prefix().toString(), List.of(sizes));
    }

    private Path prefix() {
        return folder.resolve("vm");
    }

    private Path file(String name) {
        return folder.resolve("vm." + name);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private String refusal(SharedMaps.Request request) throws IOException {
        List<String> before = files();
        String message =
                assertThrows(IOException.class, () -> SharedMaps.create(request)).getMessage();
        assertEquals(before, files(), "nothing may be left behind, nothing may be gone");
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void whatIsInMemoryIsInTheFile() throws IOException {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            assertEquals(List.of("vm.bios", "vm.lock", "vm.vga"), files());
            MemorySegment memory = maps.allocate("vga", 65536);
            memory.set(ValueLayout.JAVA_BYTE, 65535, (byte) 0x5A);
            assertEquals(file("vga"), maps.file("vga"));
            byte[] content = Files.readAllBytes(maps.file("vga"));
            assertEquals(65536, content.length);
            assertEquals(0x5A, content[65535]);
        }
        assertEquals(List.of(), files());
    }

    @Test
    void otherMemoryHasNoFile() throws IOException {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            assertNull(maps.file("640k"));
            assertEquals(8192, maps.allocate("640k", 8192).byteSize());
            assertEquals(List.of("vm.bios", "vm.lock", "vm.vga"), files());
        }
    }

    @Test
    void onlyTheOwnerMayUseTheFiles() throws IOException {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            for (String file : files()) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve(file))),
                        file);
            }
            assertEquals(prefix(), maps.prefix());
        }
    }

    @Test
    void largeFilesTakeNoRoomBeforeTheyAreWritten() throws IOException {
        long size = 1L << 30;
        try (SharedMaps maps = SharedMaps.create(request("below_4g=" + size))) {
            maps.allocate("below_4g", size);
            assertEquals(size, Files.size(file("below_4g")));
            // Files.getAttribute knows no blocks; what is free of the file system tells nothing
            // exact, so ask a tool that is everywhere.
            Process du =
                    new ProcessBuilder("du", "-k", file("below_4g").toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String output = new String(du.getInputStream().readAllBytes());
            assertTrue(Long.parseLong(output.split("\\s")[0]) < 1024, output);
        }
    }

    @Test
    void aMapIsGivenOutOnceInItsSize() throws IOException {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            assertThrows(IllegalStateException.class, () -> maps.allocate("vga", 4096));
            maps.allocate("vga", 65536);
            assertThrows(IllegalStateException.class, () -> maps.allocate("vga", 65536));
        }
    }

    @Test
    void theLockFileSaysWhoseTheFilesAre() throws Exception {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            // Read by another process: any descriptor closed here would end the lock.
            Process cat = new ProcessBuilder("cat", file("lock").toString()).start();
            MapRecord record = MapRecord.parse(new String(cat.getInputStream().readAllBytes()));
            assertEquals(ProcessIdentity.current(), record.owner());
            assertEquals(Map.of("vga", 65536L, "bios", 4096L), record.sizes());
            assertEquals(
                    Files.getAttribute(maps.file("bios"), "unix:ino"), record.inodes().get("bios"));
            assertFalse(record.closed());
        }
    }

    @Test
    void aPrefixInUseByThisProcessIsRefusedAndStaysLocked() throws Exception {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            assertEquals(
                    file("lock") + " is in use by this process", refusal(request("640k=4096")));
            assertEquals(file("lock") + " is in use by this process", refusal(request(SIZES)));
            // The attempts have not cost the lock.
            try (OtherProcess other = new OtherProcess(arguments("hold", SIZES))) {
                assertNull(other.line());
                assertEquals(1, other.await());
            }
            assertEquals(prefix(), maps.prefix());
        }
    }

    private String[] arguments(String action, String... rest) {
        List<String> arguments = new ArrayList<>(List.of(action, prefix().toString()));
        arguments.addAll(List.of(rest));
        return arguments.toArray(String[]::new);
    }

    @Test
    void aPrefixInUseByAnotherProcessIsRefusedUntilThatIsKilled() throws Exception {
        try (OtherProcess other = new OtherProcess(arguments("hold", SIZES))) {
            assertEquals(prefix().toString(), other.line());
            assertEquals(
                    file("lock") + " is in use by process " + other.pid(),
                    refusal(request("vga=4096")));
        }
        assertEquals(List.of("vm.bios", "vm.lock", "vm.vga"), files());
        try (SharedMaps maps = SharedMaps.create(request("vga=4096"))) {
            assertEquals(List.of("vm.lock", "vm.vga"), files());
            assertEquals(4096, Files.size(maps.file("vga")));
        }
        assertEquals(List.of(), files());
    }

    /** Which steps a start halted at until it got through. */
    private List<String> haltAtEachStep(Runnable before) throws Exception {
        List<String> halted = new ArrayList<>();
        while (halted.isEmpty() || !halted.getLast().equals("complete")) {
            before.run();
            String[] arguments =
                    Stream.concat(
                                    Stream.of(Integer.toString(halted.size() + 1)),
                                    Stream.of("display=4096", "bios=4096"))
                            .toArray(String[]::new);
            try (OtherProcess other = new OtherProcess(arguments("start", arguments))) {
                halted.add(other.line());
                assertEquals(9, other.await(), "at " + halted);
            }
            try (SharedMaps maps = SharedMaps.create(request("bios=8192"))) {
                assertEquals(List.of("vm.bios", "vm.lock"), files(), "after " + halted);
                assertEquals(8192, Files.size(maps.file("bios")));
            }
            assertEquals(List.of(), files(), "after " + halted);
        }
        return halted;
    }

    @Test
    void aStartKilledAtAnyMomentLeavesNothingThatTheNextCannotRemove() throws Exception {
        List<String> halted = haltAtEachStep(() -> {});
        assertEquals(13, halted.size(), "steps of a start with two maps: " + halted);
    }

    @Test
    void aTakeoverKilledAtAnyMomentLeavesNothingThatTheNextCannotRemove() throws Exception {
        List<String> halted =
                haltAtEachStep(() -> {
                    try (OtherProcess first =
                            new OtherProcess(
                                    arguments("start", "99", "display=4096", "vga=4096"))) {
                        assertEquals("complete", first.line());
                        first.await();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        assertTrue(
                halted.containsAll(List.of("superseded display", "removed vga")),
                "steps of a takeover: " + halted);
    }

    @Test
    void readersOfADisplayThatIsTakenOverAreTold() throws Exception {
        String size = "display=" + DisplayLayout.SIZE;
        SharedMaps first = SharedMaps.create(kept(size));
        MemorySegment display = first.allocate("display", DisplayLayout.SIZE);
        new SurfaceWriter(display, new FrameSignal.Local()).setState(WriterState.RUNNING);
        first.started();
        first.close();
        try (SharedMaps second = SharedMaps.create(request(size))) {
            assertEquals(
                    WriterState.SUPERSEDED.ordinal(),
                    (int) DisplayLayout.INT.getAcquire(display, DisplayLayout.HEADER_STATE));
            assertEquals(
                    0L,
                    second.allocate("display", DisplayLayout.SIZE)
                            .get(DisplayLayout.U64, DisplayLayout.HEADER_MAGIC));
        }
    }

    private SharedMaps.Request kept(String... sizes) {
        SharedMaps.Request request = request(sizes);
        return new SharedMaps.Request(request.prefix(), request.sizes(), true, false);
    }

    @Test
    void keptFilesStayUntilTheNextStartWithThePrefix() throws IOException {
        SharedMaps first = SharedMaps.create(kept(SIZES));
        first.allocate("bios", 4096).set(ValueLayout.JAVA_BYTE, 7, (byte) 42);
        first.started();
        first.close();
        assertEquals(List.of("vm.bios", "vm.lock", "vm.vga"), files());
        assertEquals(42, Files.readAllBytes(file("bios"))[7]);
        try (SharedMaps second = SharedMaps.create(request("bios=4096"))) {
            assertEquals(List.of("vm.bios", "vm.lock"), files());
            assertEquals(0, Files.readAllBytes(second.file("bios"))[7]);
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aMachineThatDidNotStartLeavesNothingAlsoWithKeep() throws IOException {
        SharedMaps.create(kept(SIZES)).close();
        assertEquals(List.of(), files());
    }

    @Test
    void aFileThatNobodyNotedIsRefused() throws IOException {
        byte[] content = {1, 2, 3};
        Files.write(file("bios"), content);
        String message = refusal(request(SIZES));
        assertTrue(message.startsWith(file("bios") + " is there already"), message);
        assertArrayEquals(content, Files.readAllBytes(file("bios")));
    }

    @Test
    void aFileThatTookThePlaceOfAStaleOneIsRefused() throws Exception {
        try (OtherProcess other = new OtherProcess(arguments("hold", SIZES))) {
            other.line();
        }
        Files.move(file("vga"), folder.resolve("elsewhere"));
        Files.write(file("vga"), new byte[65536]);
        String message = refusal(request("vga=4096"));
        assertTrue(message.startsWith(file("vga") + " is there already"), message);
        // It is left alone also when it is in nobody's way.
        SharedMaps.create(request("bios=4096")).close();
        assertEquals(List.of("elsewhere", "vm.vga"), files());
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path target = Files.write(folder.resolve("precious"), new byte[] {1});
        Files.createSymbolicLink(file("vga"), target);
        assertEquals(
                file("vga") + " is a link, and links are not followed", refusal(request(SIZES)));
        assertEquals(1, Files.size(target));
    }

    @Test
    void aLinkInThePlaceOfTheLockFileIsNotFollowed() throws IOException {
        Path target = Files.write(folder.resolve("precious"), new byte[] {1});
        Files.createSymbolicLink(file("lock"), target);
        assertEquals(
                file("lock") + " is a link, and links are not followed", refusal(request(SIZES)));
        assertEquals(1, Files.size(target));
    }

    @Test
    void aFolderIsRefused() throws IOException {
        Files.createDirectory(file("vga"));
        assertEquals(file("vga") + " is a folder", refusal(request(SIZES)));
        Files.createDirectory(file("lock"));
        assertEquals(file("lock") + " is a folder", refusal(request("bios=4096")));
    }

    @Test
    void aLockFileOfSomebodyElseIsRefused() throws IOException {
        Files.writeString(file("lock"), "pid 1\n");
        assertEquals(
                file("lock")
                        + " can't be taken over: it is not a lock file of Vitrine's; remove it to"
                        + " go on",
                refusal(request(SIZES)));
        assertEquals("pid 1\n", Files.readString(file("lock")));
    }

    @Test
    void aLockFileOfAnotherUserIsRefused() throws IOException {
        Files.createFile(file("lock"));
        try {
            Files.setAttribute(file("lock"), "unix:uid", 4321);
        } catch (FileSystemException e) {
            assumeTrue(false, "only root can give files away");
        }
        assertEquals(file("lock") + " belongs to another user", refusal(request(SIZES)));
    }

    @Test
    void whatAnEmulatorLeftStaysWhenThereIsNoRoomForTheNext() throws IOException {
        SharedMaps first = SharedMaps.create(kept(SIZES));
        first.started();
        first.close();
        refusal(request("below_4g=" + (folder.toFile().getUsableSpace() + (1L << 40))));
        assertEquals(List.of("vm.bios", "vm.lock", "vm.vga"), files());
    }

    @Test
    void aMissingFolderIsRefused() throws IOException {
        Path missing = folder.resolve("no/vm");
        assertEquals(
                missing.getParent() + ": no such folder",
                refusal(OtherProcess.request(missing.toString(), List.of(SIZES))));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(
                file + " is no folder",
                refusal(OtherProcess.request(file + "/vm", List.of(SIZES))));
    }

    @Test
    void aFolderInWhichNothingMayBeMadeIsRefused() throws IOException {
        // Nobody may make files in sysfs, not even root, whom permissions do not stop.
        String message = refusal(OtherProcess.request("/sys/vm", List.of(SIZES)));
        assertTrue(message.startsWith("/sys"), message);
        assertTrue(message.contains("permission") || message.contains("not permitted"), message);
    }

    @Test
    void mapsForWhichThereIsNoRoomAreRefused() throws IOException {
        long usable = folder.toFile().getUsableSpace();
        String message = refusal(request("below_4g=" + (usable + (1L << 40)), "bios=4096"));
        assertTrue(message.startsWith("the maps need " + (usable + (1L << 40) + 4096)), message);
        assertTrue(message.contains("has room for "), message);
    }

    @Test
    void aPrefixThatLeavesNoRoomForASocketsNameIsRefused() throws IOException {
        int room = 107 - folder.toString().length() - "/.sock".length();
        String longest = folder.resolve("x".repeat(room)).toString();
        SharedMaps.create(OtherProcess.request(longest, List.of(SIZES))).close();
        String message = refusal(OtherProcess.request(longest + "x", List.of(SIZES)));
        assertTrue(message.startsWith("the prefix is too long: "), message);
    }

    @Test
    void readersAreTheOtherProcessesThatMapAFile() throws Exception {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            Map<String, MemorySegment> memory =
                    Map.of("vga", maps.allocate("vga", 65536), "bios", maps.allocate("bios", 4096));
            assertEquals(Map.of("vga", List.of(), "bios", List.of()), MapReaders.of(memory));
            try (OtherProcess reader = new OtherProcess("read", maps.file("vga").toString())) {
                assertEquals("byte 0", reader.line());
                assertEquals(
                        Map.of("vga", List.of(reader.pid()), "bios", List.of()),
                        MapReaders.of(memory));
            }
            assertEquals(Map.of("vga", List.of(), "bios", List.of()), MapReaders.of(memory));
        }
    }

    @Test
    void aFileCutShortByOthersIsNamed() throws IOException {
        try (SharedMaps maps = SharedMaps.create(request(SIZES))) {
            assertNull(maps.failure());
            try (FileChannel channel = FileChannel.open(file("vga"), StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }
            assertEquals(file("vga") + " was cut short by somebody", maps.failure());
        }
    }

    @Test
    void filesThatAreGoneAreNoTroubleAtTheEnd() throws IOException {
        SharedMaps maps = SharedMaps.create(request(SIZES));
        Files.delete(file("vga"));
        Files.writeString(file("vga"), "somebody else's");
        try {
            maps.close();
        } catch (UncheckedIOException e) {
            throw new AssertionError(e);
        }
        assertEquals(List.of("vm.vga"), files());
    }
}
