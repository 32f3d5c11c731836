package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.monitor.peer.VitrineProcess;

/** Plugins in the emulator as users start it, steered over its JSON monitor. */
@Timeout(600)
class PluginProcessIT {

    private static final int ROUNDS = 10;
    private static final long COUNT = 0x5000;
    private static final long LONGEST_PAUSE = 0x5004;

    /** As the launcher chooses it. */
    private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC", "-Xmn8m");

    /**
     * After so many resets a machine has drawn its first pictures, and compiled what draws them.
     */
    private static final int WARM_UPS = 5;

    @TempDir private Path folder;

    private VitrineProcess start(String... jvmOptions) throws Exception {
        Path rom = Files.write(folder.resolve("rom"), CountingGuest.rom());
        List<String> all = new ArrayList<>(COLLECTOR);
        all.addAll(List.of(jvmOptions));
        return new VitrineProcess(
                all, "-m", "2", "-bios", rom.toString(), "-display", "none", "-monitor", "none");
    }

    private static long word(VitrineProcess emulator, long address) throws IOException {
        return ByteBuffer.wrap(emulator.memory(address, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt()
                & 0xFFFF_FFFFL;
    }

    private static void awaitCount(VitrineProcess emulator) throws IOException {
        long count = word(emulator, COUNT);
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (Math.abs(word(emulator, COUNT) - count) < 1000) {
            assertTrue(System.nanoTime() < deadline, "the guest stands still");
        }
    }

    private static void measureAnew(VitrineProcess emulator) throws IOException {
        emulator.execute("system_reset");
        emulator.awaitEvent("RESET");
        awaitCount(emulator);
    }

    /** The guest's longest pause while nothing is done, in as long a time as this. */
    private static Duration pauseWithin(VitrineProcess emulator, Duration time) throws Exception {
        long began = System.nanoTime();
        measureAnew(emulator);
        Thread.sleep(time.minusNanos(System.nanoTime() - began));
        return Duration.ofNanos(word(emulator, LONGEST_PAUSE));
    }

    /** The guest's longest pause while this is done, by its own clock. */
    private static Duration pause(VitrineProcess emulator, String... commands) throws IOException {
        measureAnew(emulator);
        for (String command : commands) {
            int space = command.indexOf(' ');
            emulator.execute(command.substring(0, space), command.substring(space + 1));
        }
        return Duration.ofNanos(word(emulator, LONGEST_PAUSE));
    }

    private static Path build(Path folder, int number) throws IOException {
        String source =
                PluginJar.provider(
                                "Changing", "changing", "SpiVersion.CURRENT", "return new Quiet();")
                        .replace("\"seen\", 1L", "\"build\", " + number + "L");
        return PluginJar.write(folder, "build" + number, "Changing", source);
    }

    private static String what(List<Duration> pauses) {
        pauses.sort(null);
        return "%.2f ms at least, %.2f at the median, %.2f at most"
                .formatted(
                        pauses.getFirst().toNanos() / 1e6,
                        pauses.get(pauses.size() / 2).toNanos() / 1e6,
                        pauses.getLast().toNanos() / 1e6);
    }

    @Test
    void guestIsNotHeldUpWhenItsPluginIsReplaced() throws Exception {
        Path jar = folder.resolve("changing.jar");
        byte[][] builds = {
            Files.readAllBytes(build(folder, 1)), Files.readAllBytes(build(folder, 2))
        };
        Files.write(jar, builds[0]);
        List<Duration> byReload = new ArrayList<>();
        List<Duration> byHand = new ArrayList<>();
        List<Duration> idle = new ArrayList<>();
        String load = "plugin-load {\"path\":\"" + jar + "\"}";
        String attach = "frontend-attach {\"driver\":\"changing\",\"id\":\"screen\"}";
        String detach = "frontend-detach {\"id\":\"screen\"}";
        String unload = "plugin-unload {\"name\":\"changing\"}";
        String reload = "plugin-reload {\"name\":\"changing\"}";
        String ask = "query-frontends {}";
        try (VitrineProcess emulator = start()) {
            for (int i = 0; i < WARM_UPS; i++) {
                pause(emulator, ask);
            }
            Duration first = pause(emulator, load, attach, ask);
            for (int round = 1; round <= ROUNDS; round++) {
                Files.write(jar, builds[round % 2]);
                byReload.add(pause(emulator, reload, ask));
                assertEquals(1 + round % 2, emulator.counter("screen", "build"));
                Files.write(jar, builds[(round + 1) % 2]);
                long began = System.nanoTime();
                byHand.add(pause(emulator, detach, unload, load, attach, ask));
                idle.add(pauseWithin(emulator, Duration.ofNanos(System.nanoTime() - began)));
            }
            System.out.printf(
                    "the guest's longest pause while a plugin is loaded and attached for the first"
                            + " time: %.2f ms%nwhile it is reloaded, of %d times: %s%nwhile it is"
                            + " detached, unloaded, loaded and attached: %s%nmeanwhile: %s%n",
                    first.toNanos() / 1e6, ROUNDS, what(byReload), what(byHand), what(idle));
            PluginReplacementTest.assertNotHeldUp(byReload, idle);
            PluginReplacementTest.assertNotHeldUp(byHand, idle);
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void pluginThatFillsTheHeapEndsAndTheGuestAndOthersGoOn() throws Exception {
        Hostile.install(folder);
        try (VitrineProcess emulator = start("-Xmx64m")) {
            emulator.execute("plugin-load", "{\"path\":\"" + folder + "/watcher.jar\"}");
            emulator.execute("plugin-load", "{\"path\":\"" + folder + "/hostile.jar\"}");
            emulator.execute("frontend-attach", "{\"driver\":\"watcher\",\"id\":\"other\"}");
            JsonObject reply =
                    emulator.request(
                            "frontend-attach",
                            "{\"driver\":\"hostile\",\"id\":\"bad\",\"options\":{\"worst\":\"hog\"}}");
            if (reply.has("return")) {
                JsonObject crash = emulator.awaitEvent("FRONTEND_CRASHED").getAsJsonObject("data");
                assertEquals("bad", crash.get("id").getAsString());
                assertTrue(
                        crash.get("message").getAsString().startsWith("java.lang.OutOfMemoryError"),
                        crash.toString());
            } else {
                assertTrue(reply.toString().contains("OutOfMemoryError"), reply.toString());
            }
            awaitCount(emulator);
            long frames = emulator.counter("other", "frames");
            long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
            while (emulator.counter("other", "frames") < frames + 3) {
                assertTrue(System.nanoTime() < deadline, "the other frontend sees no frames");
            }
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void loadedPluginRunsInAProcessOfItsOwnAndIsReloadedThere() throws Exception {
        Path jar = folder.resolve("changing.jar");
        Files.copy(build(folder, 1), jar);
        try (VitrineProcess emulator = start()) {
            emulator.execute("plugin-load", "{\"path\":\"" + jar + "\"}");
            emulator.execute(
                    "frontend-attach",
                    "{\"driver\":\"changing\",\"id\":\"screen\",\"placement\":\"own-process\"}");
            long pid = emulator.frontend("screen").get("pid").getAsLong();
            Files.write(jar, Files.readAllBytes(build(folder, 2)));
            emulator.execute("plugin-reload", "{\"name\":\"changing\"}");
            JsonObject screen = emulator.frontend("screen");
            assertEquals("own-process", screen.get("placement").getAsString());
            assertTrue(screen.get("pid").getAsLong() != pid, "the old process runs on");
            assertEquals(2, emulator.counter("screen", "build"));
            assertEquals(0, emulator.quit());
        }
    }
}
