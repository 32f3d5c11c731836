package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.FrontendException;

/**
 * A plugin is replaced by a newer build of itself while the machine runs. Both builds are compiled
 * with the SPI alone on the class path, and the newer one is written over the older one's JAR.
 */
class PluginReplacementTest {

    private static final int ROUNDS = 20;
    private static final Duration LONGEST = Duration.ofMillis(5);

    @TempDir private Path folder;
    private Path jar;
    private CountingGuest guest;
    private FrontendHost host;

    @BeforeEach
    void start() throws IOException {
        jar = folder.resolve("changing.jar");
        guest = new CountingGuest();
        host = new FrontendHost(new PluginLoader(List.of()), GuestLink.of(guest.machine()));
    }

    @AfterEach
    void end() {
        host.close();
        guest.close();
    }

    /** A build whose status tells its number, by a class that is needed then and not before. */
    private Path build(int number) throws IOException {
        String source =
                PluginJar.provider(
                                "Changing",
                                "changing",
                                "SpiVersion.CURRENT",
                                """
                                context.threads().newThread(() -> {
                                    try {
                                        var frame = new org.vitrine.spi.display.Frame();
                                        while (true) {
                                            context.display().awaitNewer(
                                                    frame.generation(), java.time.Duration.ofDays(1));
                                            context.display().read(frame);
                                        }
                                    } catch (InterruptedException e) {
                                        // Detached.
                                    }
                                }).start();
                                return new Frontend() {
                                    public FrontendStatus status() {
                                        return new FrontendStatus(
                                                List.of(),
                                                List.of(),
                                                Map.of("build", Late.BUILD, "number", options.integer("number")));
                                    }
                                    public void close() {}
                                };
                                """)
                        .replace(
                                "static class Quiet",
                                "static class Late { static final Long BUILD = Long.valueOf(%d); }\n"
                                                .formatted(number)
                                        + "static class Quiet");
        Path builds = Files.createDirectories(folder.resolve("builds"));
        return PluginJar.write(builds, "build" + number, "Changing", source);
    }

    private void install(Path build) throws IOException {
        // Into the same file, as a compiler's packager writes it.
        Files.write(jar, Files.readAllBytes(build));
    }

    private Map<String, Long> counters() {
        assertEquals(1, host.frontends().size());
        return host.frontends().getFirst().status().counters();
    }

    @Test
    void newerBuildTakesThePlaceOfTheOlderOneWithItsFrontends() throws Exception {
        install(build(1));
        host.plugins().load(jar);
        host.attach("changing", "screen", Map.of("number", 7L));
        install(build(2));
        assertEquals(Map.of("build", 1L, "number", 7L), counters(), "the older build runs on");
        PluginHost.Reloaded reloaded = host.plugins().reload("changing");
        assertEquals(Map.of(), reloaded.lost());
        assertEquals(List.of("screen"), reloaded.plugin().attached());
        assertEquals("screen", host.frontends().getFirst().id());
        assertEquals(Map.of("build", 2L, "number", 7L), counters());
    }

    @Test
    void newerBuildThatCannotBeUsedChangesNothing() throws Exception {
        install(build(1));
        host.plugins().load(jar);
        host.attach("changing", "screen", Map.of());
        Files.writeString(jar, "half a JAR");
        String message =
                assertThrows(FrontendException.class, () -> host.plugins().reload("changing"))
                        .getMessage();
        assertTrue(message.startsWith("plugin 'changing': can't be read: "), message);
        assertEquals(PluginHost.State.LOADED, host.plugins().list().getFirst().state());
        assertEquals(1L, counters().get("build"));
    }

    @Test
    void failedPluginIsLoadedOnceItIsRepaired() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Path broken = Files.writeString(plugins.resolve("changing.jar"), "half a JAR");
        try (FrontendHost own =
                new FrontendHost(
                        new PluginLoader(List.of(plugins)), GuestLink.of(guest.machine()))) {
            assertEquals(PluginHost.State.FAILED, own.plugins().list().getFirst().state());
            Files.copy(build(1), broken, StandardCopyOption.REPLACE_EXISTING);
            own.plugins().reload("changing");
            assertEquals("changing0", own.attach("changing", null, Map.of()).id());
        }
    }

    @Test
    void frontendThatCannotBeAttachedAgainIsNamed() throws Exception {
        install(build(1));
        host.plugins().load(jar);
        host.attach("changing", "screen", Map.of("number", 9L));
        String stricter =
                PluginJar.provider(
                                "Changing", "changing", "SpiVersion.CURRENT", "return new Quiet();")
                        .replace("1, 0, 9", "1, 0, 5");
        PluginJar.write(folder, "changing", "Changing", stricter);
        PluginHost.Reloaded reloaded = host.plugins().reload("changing");
        assertEquals(
                Map.of("screen", "changing: option 'number' takes a number from 0 to 5, not 9"),
                reloaded.lost());
        assertEquals(List.of(), host.frontends());
        assertEquals("changing0", host.attach("changing", null, Map.of()).id());
    }

    /**
     * A host with more to do than processors holds the guest up at times, whatever the emulator
     * does. So the best round is looked at, for a replacement that holds the guest up does so in
     * each; and its pause is too long only when it is longer than all those without a replacement
     * in between.
     *
     * @param replacing the longest pause of each round with a replacement, in order of length
     * @param idle the same of as many and as long rounds without one
     */
    static void assertNotHeldUp(List<Duration> replacing, List<Duration> idle) {
        Duration least = replacing.getFirst();
        Duration longest = idle.getLast().compareTo(LONGEST) > 0 ? idle.getLast() : LONGEST;
        assertTrue(
                least.compareTo(longest) <= 0,
                "a replacement holds the guest up for " + least + ", and nothing for " + longest);
    }

    @Test
    void guestIsNotHeldUpByAReplacement() throws Exception {
        Path[] builds = {build(1), build(2)};
        install(builds[0]);
        host.plugins().load(jar);
        host.attach("changing", "screen", Map.of());
        List<Duration> replacing = new ArrayList<>();
        List<Duration> idle = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            install(builds[round % 2]);
            long began = System.nanoTime();
            guest.measureAnew();
            host.plugins().reload("changing");
            replacing.add(guest.longestPause());
            long took = System.nanoTime() - began;
            assertEquals(1L + round % 2, counters().get("build"));
            long count = guest.count();
            guest.measureAnew();
            Thread.sleep(Duration.ofNanos(took));
            idle.add(guest.longestPause());
            assertTrue(guest.count() != count, "the guest stands still");
        }
        replacing.sort(null);
        idle.sort(null);
        System.out.printf(
                "the guest's longest pause, median and worst of %d: %s and %s ms while a plugin is"
                        + " replaced, %s and %s ms while nothing is done%n",
                ROUNDS,
                millis(replacing.get(ROUNDS / 2)),
                millis(replacing.getLast()),
                millis(idle.get(ROUNDS / 2)),
                millis(idle.getLast()));
        assertNotHeldUp(replacing, idle);
    }

    private static String millis(Duration duration) {
        return "%.2f".formatted(duration.toNanos() / 1e6);
    }
}
