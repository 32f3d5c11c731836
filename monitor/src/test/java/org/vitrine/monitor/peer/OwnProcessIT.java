package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/**
 * Frontends in processes of their own, as users run them: what happens to the guest, to the
 * frontend and to the emulator when one of the processes dies or stands still.
 */
@Timeout(1200)
class OwnProcessIT {

    private static final int KILLS = Integer.getInteger("vitrine.kills", 5);
    private static final long LONG_RUN_NANOS = 2_000_000_000L;

    /** Enough for one to be quick on a host with more to do than processors. */
    private static final int TRIES = 3;

    private static final Duration QUICK = Duration.ofSeconds(2);
    private static final int SHIFT_KEYSYM = 0xFFE1;
    private static final long BIOS_SHIFT_FLAGS = 0x417;
    private static final int LEFT_SHIFT_HELD = 2;
    private static final long BIOS_TICKS = 0x46C;
    private static final long COUNTER = 0x1000;

    /** xor ax,ax; mov ds,ax; again: inc dword [0x1000]; jmp again. */
    private static final byte[] COUNTING = {
        0x31,
        (byte) 0xC0,
        (byte) 0x8E,
        (byte) 0xD8,
        0x66,
        (byte) 0xFF,
        0x06,
        0x00,
        0x10,
        (byte) 0xEB,
        (byte) 0xF9
    };

    /** How the names of threads begin that the JDK makes and ends as it likes. */
    private static final List<String> OF_THE_JDK =
            List.of("ForkJoinPool", "C1 Comp", "C2 Comp", "process reaper", "GC Thread", "G1 ");

    /** jmp F000:0000, where the processor starts. */
    private static final byte[] START = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};

    @TempDir private Path folder;

    private static String own(String driver, String more) {
        return """
        {"driver":"%s","placement":"own-process","options":{"port":0}%s}\
        """
                .formatted(driver, more);
    }

    private static int pid(VitrineProcess emulator, String id) throws IOException {
        return emulator.frontend(id).get("pid").getAsInt();
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor(),
                "kill -" + name + " " + pid);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "in vain waited for: " + what);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Whether it runs; one that has ended and that nobody has waited for yet does not. */
    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static int word(VitrineProcess emulator, long address) throws IOException {
        return ByteBuffer.wrap(emulator.memory(address, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static boolean shiftIsDown(VitrineProcess emulator) throws IOException {
        return (emulator.memory(BIOS_SHIFT_FLAGS, 1)[0] & LEFT_SHIFT_HELD) != 0;
    }

    private static boolean hasColour(byte[] pixels) {
        for (byte value : pixels) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    private static VitrineProcess emulator(String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of("-monitor", "none", "-display", "none"));
        options.addAll(List.of(more));
        return new VitrineProcess(options.toArray(String[]::new));
    }

    /** A frontend that somebody starts by hand. */
    private static Process byHand(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("frontend"));
        all.addAll(List.of(words));
        return VitrineProcess.command(all.toArray(String[]::new)).redirectErrorStream(true).start();
    }

    @Test
    void viewerSeesTheScreenOfAnUnchangedPluginInAnotherProcess() throws Exception {
        try (VitrineProcess emulator = emulator()) {
            emulator.awaitPrompt();
            JsonObject attached =
                    emulator.execute("frontend-attach", own("vnc", "")).getAsJsonObject();
            assertEquals("own-process", attached.get("placement").getAsString());
            assertNotEquals(emulator.handle().pid(), attached.get("pid").getAsLong());
            try (RfbProbe viewer = new RfbProbe(emulator.port("vnc0"))) {
                assertTrue(hasColour(viewer.screen()), "the picture is black");
                viewer.key('q', true);
                viewer.key('q', false);
                emulator.awaitScreen(lines -> lines.contains("vitrine> q"));
                emulator.awaitFrontend(
                        "vnc0", frontend -> frontend.getAsJsonArray("clients").size() == 1);
                emulator.awaitEvent("FRONTEND_CLIENT_CONNECTED");
            }
            emulator.awaitEvent("FRONTEND_CLIENT_DISCONNECTED");
            emulator.execute("frontend-detach", "{\"id\":\"vnc0\"}");
            assertFalse(isRunning(attached.get("pid").getAsLong()), "the process is still there");
            emulator.awaitEvent("FRONTEND_DETACHED");
            assertEquals(0, emulator.quit());
        }
    }

    /** A minute for each kill, of as many as nightly runs have. */
    @Test
    @Timeout(6000)
    void killedProcessIsStartedAgainAndTheGuestGoesOn() throws Exception {
        try (VitrineProcess emulator = emulator()) {
            emulator.awaitPrompt();
            emulator.execute("frontend-attach", own("vnc", ""));
            emulator.awaitEvent("FRONTEND_ATTACHED");
            long began = System.nanoTime();
            for (int kill = 1; kill <= KILLS; kill++) {
                RfbProbe viewer = new RfbProbe(emulator.port("vnc0"));
                try (viewer) {
                    viewer.key(SHIFT_KEYSYM, true);
                    await("Shift to be held", () -> shiftIsDown(emulator));
                    CompletableFuture<Integer> load = new CompletableFuture<>();
                    Thread.ofVirtual().start(() -> look(viewer, load));
                    // A process that is killed sooner is not started again so soon.
                    long attached = began;
                    await("a long run", () -> System.nanoTime() - attached > LONG_RUN_NANOS);
                    int ticks = word(emulator, BIOS_TICKS);
                    signal("KILL", pid(emulator, "vnc0"));
                    JsonObject crash =
                            emulator.awaitEvent("FRONTEND_CRASHED").getAsJsonObject("data");
                    assertEquals(
                            "its process was ended by signal 9 (SIGKILL)",
                            crash.get("message").getAsString());
                    assertTrue(crash.has("restarts-in"), "no word of a restart: " + crash);
                    await("Shift to be released", () -> !shiftIsDown(emulator));
                    await("the guest's clock to tick", () -> word(emulator, BIOS_TICKS) != ticks);
                    load.get(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                }
                emulator.awaitEvent("FRONTEND_ATTACHED");
                began = System.nanoTime();
                assertEquals(kill, emulator.frontend("vnc0").get("restarts").getAsInt());
            }
            try (RfbProbe viewer = new RfbProbe(emulator.port("vnc0"))) {
                assertTrue(hasColour(viewer.screen()), "the picture is black");
            }
            assertEquals(0, emulator.quit());
        }
    }

    /** Asks for the whole screen again and again, until the server is gone. */
    private static void look(RfbProbe viewer, CompletableFuture<Integer> seen) {
        int count = 0;
        try {
            while (viewer.screen().length > 0) {
                count++;
            }
            seen.complete(count);
        } catch (IOException e) {
            seen.complete(count);
        }
    }

    @Test
    void neverRestartedMeansGone() throws Exception {
        try (VitrineProcess emulator = emulator()) {
            emulator.execute("frontend-attach", own("vnc", ",\"restart\":\"never\""));
            signal("KILL", pid(emulator, "vnc0"));
            JsonObject crash = emulator.awaitEvent("FRONTEND_CRASHED").getAsJsonObject("data");
            assertFalse(crash.has("restarts-in"), "a restart is announced: " + crash);
            assertTrue(emulator.execute("query-frontends").getAsJsonArray().isEmpty());
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void portInUseFailsTheAttachWithTheChildsOwnWords() throws Exception {
        try (VitrineProcess emulator = emulator();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            JsonObject reply =
                    emulator.request(
                            "frontend-attach",
                            "{\"driver\":\"vnc\",\"placement\":\"own-process\",\"options\":{\"port\":%d}}"
                                    .formatted(port));
            assertEquals(
                    "vnc: port " + port + " of 127.0.0.1 is in use",
                    reply.getAsJsonObject("error").get("desc").getAsString());
            assertTrue(emulator.execute("query-frontends").getAsJsonArray().isEmpty());
            assertEquals(0, emulator.handle().children().count());
            assertEquals(0, emulator.quit());
        }
    }

    private static boolean isFrontend(ProcessHandle process) {
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch("frontend"::equals);
    }

    @Test
    void processThatIsKilledWhileItStartsFailsTheAttach() throws Exception {
        try (VitrineProcess emulator = emulator()) {
            CompletableFuture<Void> killed =
                    CompletableFuture.runAsync(() -> {
                        // Before it is the frontend's, the process is one of the JDK's own.
                        while (emulator.handle().children().noneMatch(OwnProcessIT::isFrontend)) {
                            Thread.onSpinWait();
                        }
                        emulator.handle().children().forEach(ProcessHandle::destroyForcibly);
                    });
            JsonObject reply = emulator.request("frontend-attach", own("vnc", ""));
            killed.join();
            assertEquals(
                    "its process was ended by signal 9 (SIGKILL)",
                    reply.getAsJsonObject("error").get("desc").getAsString());
            assertTrue(emulator.execute("query-frontends").getAsJsonArray().isEmpty());
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void nothingIsLeftWhenManyHaveComeAndGone() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "counting needs /proc");
        try (VitrineProcess emulator = emulator()) {
            Path descriptors = Path.of("/proc", Long.toString(emulator.handle().pid()), "fd");
            Path tasks = Path.of("/proc", Long.toString(emulator.handle().pid()), "task");
            // The first round starts what the JDK starts once.
            comeAndGo(emulator);
            long open = count(descriptors);
            Set<String> threads = threads(tasks);
            for (int round = 0; round < 3; round++) {
                comeAndGo(emulator);
            }
            await("descriptors to be closed, of " + open, () -> count(descriptors) <= open);
            await("threads to end: " + threads, () -> threads.containsAll(threads(tasks)));
            assertEquals(0, emulator.handle().children().count(), "a process is left");
            assertEquals(0, emulator.quit());
        }
    }

    private static void comeAndGo(VitrineProcess emulator) throws IOException {
        emulator.execute("frontend-attach", own("mjpeg", ",\"id\":\"guest\""));
        emulator.execute("frontend-detach", "{\"id\":\"guest\"}");
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    /** Names of an emulator's threads, without those that the JDK makes and ends as it likes. */
    private static Set<String> threads(Path tasks) throws IOException {
        Set<String> names = new TreeSet<>();
        try (var found = Files.list(tasks)) {
            for (Path task : found.toList()) {
                String name = Files.readString(task.resolve("comm")).strip();
                if (OF_THE_JDK.stream().noneMatch(name::startsWith)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            // Ended since the folder was listed: the next look tells.
            names.add("ended meanwhile");
        }
        return names;
    }

    @Test
    void killedEmulatorTakesItsFrontendsWithItWithinTwoSeconds() throws Exception {
        List<Duration> all = new ArrayList<>();
        while (all.isEmpty() || all.getLast().compareTo(QUICK) > 0) {
            assertTrue(all.size() < TRIES, "its frontends took " + all);
            all.add(untilFrontendsOfAKilledEmulatorEnd(folder.resolve("killed" + all.size())));
        }
    }

    private static Duration untilFrontendsOfAKilledEmulatorEnd(Path prefix) throws Exception {
        try (VitrineProcess emulator = emulator("-sharedmaps", prefix + ":vga")) {
            emulator.execute("frontend-attach", own("vnc", ""));
            long supervised = pid(emulator, "vnc0");
            Process alone = byHand("mjpeg", "--attach", prefix.toString(), "-o", "port=0");
            BufferedReader lines = alone.inputReader(StandardCharsets.UTF_8);
            assertTrue(VitrineProcess.nextSaid(lines).startsWith("mjpeg0: http://127.0.0.1:"));
            signal("KILL", emulator.handle().pid());
            long killed = System.nanoTime();
            await("the supervised one to end", () -> !isRunning(supervised));
            await("the one started by hand to end", () -> !alone.isAlive());
            Duration taken = Duration.ofNanos(System.nanoTime() - killed);
            assertEquals("vitrine: the emulator has gone", VitrineProcess.nextSaid(lines));
            assertEquals(1, alone.exitValue());
            return taken;
        }
    }

    @Test
    void frontendThatStartsWhileItsEmulatorIsKilledEnds() throws Exception {
        try (VitrineProcess emulator = emulator()) {
            CompletableFuture<ProcessHandle> child =
                    CompletableFuture.supplyAsync(() -> {
                        while (true) {
                            var found = emulator.handle().children().findAny();
                            if (found.isPresent()) {
                                emulator.handle().destroyForcibly();
                                return found.get();
                            }
                            Thread.onSpinWait();
                        }
                    });
            try {
                emulator.request("frontend-attach", own("vnc", ""));
            } catch (IOException e) {
                // The emulator was killed before it could answer, as it was to be.
            }
            ProcessHandle started = child.join();
            await("the child to end", () -> !isRunning(started.pid()));
        }
    }

    @Test
    void frontendThatStandsStillHoldsUpNeitherGuestNorMonitor() throws Exception {
        byte[] bios = new byte[0x1_0000];
        System.arraycopy(COUNTING, 0, bios, 0, COUNTING.length);
        System.arraycopy(START, 0, bios, 0xFFF0, START.length);
        Path image = Files.write(folder.resolve("counting.bin"), bios);
        try (VitrineProcess emulator = emulator("-bios", image.toString())) {
            emulator.execute("frontend-attach", own("vnc", ""));
            long child = pid(emulator, "vnc0");
            signal("STOP", child);
            for (int i = 0; i < 100; i++) {
                // Each of these is told to the frontend, which reads nothing.
                emulator.execute("stop");
                emulator.execute("cont");
                int count = word(emulator, COUNTER);
                await("the guest to count on", () -> word(emulator, COUNTER) != count);
            }
            // Asked and told to end in vain, it is killed.
            emulator.execute("frontend-detach", "{\"id\":\"vnc0\"}");
            assertFalse(isRunning(child), "the process is still there");
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void patientFrontendServesTheNextEmulatorOfItsPrefix() throws Exception {
        Path prefix = folder.resolve("patient");
        Process patient =
                byHand("vnc", "--attach", prefix.toString(), "-o", "port=0", "--id", "v", "--wait");
        try (BufferedReader lines = patient.inputReader(StandardCharsets.UTF_8)) {
            assertEquals(
                    "vitrine: there is no emulator at %s: %s.sock does not exist; waiting for one"
                            .formatted(prefix, prefix),
                    VitrineProcess.nextSaid(lines));
            try (VitrineProcess first = emulator("-sharedmaps", prefix + ":vga")) {
                assertTrue(VitrineProcess.nextSaid(lines).startsWith("v: rfb://"));
                assertFalse(first.frontend("v").get("supervised").getAsBoolean());
                signal("KILL", first.handle().pid());
                assertEquals(
                        "vitrine: the emulator has gone; waiting for another",
                        VitrineProcess.nextSaid(lines));
            }
            try (VitrineProcess second = emulator("-sharedmaps", prefix + ":vga")) {
                assertTrue(VitrineProcess.nextSaid(lines).startsWith("v: rfb://"));
                second.awaitPrompt();
                try (RfbProbe viewer = new RfbProbe(second.port("v"))) {
                    assertTrue(hasColour(viewer.screen()), "the picture is black");
                }
                second.execute("frontend-detach", "{\"id\":\"v\"}");
                assertTrue(
                        patient.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS),
                        "it was detached and goes on");
                assertEquals(0, patient.exitValue());
                assertEquals(0, second.quit());
            }
        } finally {
            patient.destroyForcibly();
        }
    }

    @Test
    void frontendEndsWellWithItsEmulatorAndWhenItIsTold() throws Exception {
        Path prefix = folder.resolve("well");
        try (VitrineProcess emulator = emulator("-sharedmaps", prefix + ":vga")) {
            Process told = byHand("mjpeg", "--attach", prefix.toString(), "-o", "port=0");
            Process stays = byHand("vnc", "--attach", prefix.toString(), "-o", "port=0");
            try (BufferedReader lines = stays.inputReader(StandardCharsets.UTF_8)) {
                assertTrue(VitrineProcess.nextSaid(lines).startsWith("vnc0: rfb://"));
                assertTrue(
                        VitrineProcess.nextSaid(told.inputReader()).startsWith("mjpeg0: http://"));
                signal("TERM", told.pid());
                assertTrue(
                        told.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS),
                        "SIGTERM did not end it");
                assertEquals(
                        "mjpeg0",
                        emulator.awaitEvent("FRONTEND_DETACHED")
                                .getAsJsonObject("data")
                                .get("id")
                                .getAsString());
                assertEquals(0, emulator.quit());
                assertEquals("vitrine: the emulator has ended", VitrineProcess.nextSaid(lines));
                assertTrue(
                        stays.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS),
                        "it goes on");
                assertEquals(0, stays.exitValue());
            }
        }
    }

    @Test
    void noEmulatorIsOneLineAndStatusOne() throws Exception {
        Process process = byHand("vnc", "--attach", folder.resolve("none").toString());
        String output;
        try (InputStream in = process.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path socket = folder.resolve("none.sock");
        assertEquals(
                List.of(
                        "vitrine: there is no emulator at %s: %s does not exist"
                                .formatted(folder.resolve("none"), socket)),
                VitrineProcess.said(output));
        assertEquals(1, process.waitFor());
    }

    @Test
    void wrongOptionIsOneLineAndStatusTwo() throws Exception {
        Process process =
                byHand("vnc", "--attach", folder.resolve("none").toString(), "-o", "port=x");
        String output;
        try (InputStream in = process.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertEquals(
                List.of(
                        "vitrine: frontend vnc: option 'port' takes a number from 0 to 65535, not 'x'"),
                VitrineProcess.said(output));
        assertEquals(2, process.waitFor());
    }

    @Test
    void anotherUserIsRefusedEvenWhenTheFilesLetHimIn() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
        Needs.programs("/usr/bin/setpriv", "/usr/bin/python3");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path prefix = folder.resolve("mine");
        Path socket = folder.resolve("mine.sock");
        try (VitrineProcess emulator = emulator("-sharedmaps", prefix + ":vga")) {
            await("the socket", () -> Files.exists(socket));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            String program =
                    "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
                            + " sys.exit(0 if s.recv(1) else 7)";
            List<String> greeted = List.of("/usr/bin/python3", "-c", program, socket.toString());
            List<String> asNobody = new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=65534"));
            asNobody.addAll(List.of("--regid=65534", "--clear-groups"));
            asNobody.addAll(greeted);
            assertEquals(0, new ProcessBuilder(greeted).start().waitFor());
            assertEquals(1, new ProcessBuilder(asNobody).start().waitFor(), "the mode lets him in");
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            assertEquals(7, new ProcessBuilder(asNobody).start().waitFor(), "he is greeted");
            assertEquals(0, emulator.quit());
        }
    }
}
