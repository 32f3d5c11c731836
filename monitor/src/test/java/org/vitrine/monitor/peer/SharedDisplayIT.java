package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.monitor.peer.ReaderPrograms.Outcome;

/** The readers of docs/display-map.md look at what a running emulator's guest shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedDisplayIT {

    private static final Path PROGRAMS =
            Path.of(System.getProperty("vitrine.root", ".."), "core/src/test/resources/video");

    /** Where a program of core's src/test/asm/video is told how fast to flip: 0 or 1. */
    private static final int CHOICE = 5;

    /** The byte beside it that makes the sum of all zero. */
    private static final int BALANCE = 6;

    private Path folder;
    private ReaderPrograms readers;
    private Path prefix;
    private int machines;

    @BeforeAll
    void compile(@TempDir Path temporary) throws Exception {
        folder = temporary;
        readers = new ReaderPrograms(temporary);
    }

    @BeforeEach
    void name() {
        prefix = folder.resolve("guest" + machines++);
    }

    private Path display() {
        return Path.of(prefix + ".display");
    }

    private VitrineProcess start(String... more) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("-monitor", "none", "-display", "none"));
        options.addAll(List.of("-sharedmaps", prefix + ":display,vga"));
        return new VitrineProcess(options.toArray(String[]::new));
    }

    /** Starts a machine with a program, and waits until that shows what it is there for. */
    private VitrineProcess start(String program, int choice)
            throws IOException, InterruptedException {
        Path image = Path.of(prefix + ".image");
        Files.write(image, optionRom(program, choice));
        Path console = Path.of(prefix + ".console");
        VitrineProcess vitrine =
                start(
                        "-m",
                        "2",
                        "-option-rom",
                        image.toString(),
                        "-debugcon",
                        "file:" + console,
                        "-vga",
                        choice == 0 ? "std" : "std,refresh=immediate");
        awaitReady(console);
        // What was published before the program was ready is replaced when the guest stops.
        vitrine.execute("stop");
        vitrine.execute("cont");
        return vitrine;
    }

    /** The program as an option ROM, whose bytes sum to zero. */
    private static byte[] optionRom(String program, int choice) throws IOException {
        byte[] image = Files.readAllBytes(PROGRAMS.resolve(program + ".bin"));
        image[BALANCE] -= (byte) (choice - image[CHOICE]);
        image[CHOICE] = (byte) choice;
        return image;
    }

    @ParameterizedTest
    @CsvSource({
        "flip-text, 0, 1", "flip-13h, 0, 1", "flip-12h, 0, 1", "flip-32, 0, 1", "flip-all, 0, 4",
        "flip-text, 1, 1", "flip-13h, 1, 1", "flip-12h, 1, 1", "flip-32, 1, 1", "flip-all, 1, 4"
    })
    void noFrameOfAGuestIsTorn(String program, int choice, int sizes) throws Exception {
        try (VitrineProcess vitrine = start(program, choice)) {
            readers.readBoth(
                    program + (choice == 0 ? " at each retrace" : " as fast as it goes"),
                    display(),
                    sizes);
            assertEquals(0, vitrine.quit());
        }
    }

    private static void awaitReady(Path console) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (!Files.exists(console) || !Files.readString(console).contains("ready")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the guest's program did not become ready");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void textInTheMapIsWhatTheMonitorTells() throws Exception {
        try (VitrineProcess vitrine = start()) {
            List<String> screen = vitrine.awaitPrompt();
            assertEquals(screen, snapshot(readers.python("snapshot.py", display()).finish()));
            assertEquals(screen, snapshot(readers.c("snapshot", display()).finish()));
            assertEquals(0, vitrine.quit());
        }
    }

    @Test
    void screenWithoutANamedFileIsReadWhereTheMonitorSays() throws Exception {
        try (VitrineProcess vitrine = new VitrineProcess("-monitor", "none", "-display", "none")) {
            List<String> screen = vitrine.awaitPrompt();
            String path = null;
            for (JsonElement map : vitrine.execute("query-maps").getAsJsonArray()) {
                if (map.getAsJsonObject().get("name").getAsString().equals("display")) {
                    path = map.getAsJsonObject().get("path").getAsString();
                }
            }
            assertEquals(screen, snapshot(readers.c("snapshot", path).finish()));
            assertEquals(screen, snapshot(readers.python("snapshot.py", path).finish()));
            assertEquals(0, vitrine.quit());
        }
    }

    @Test
    void directScanOutOfAGuestThatStandsStillIsThePicture() throws Exception {
        try (VitrineProcess vitrine = start("flip-32", 0)) {
            // Both pages have been drawn by then.
            readers.readBoth("flip-32 before its scan-out", display(), 1);
            vitrine.execute("stop");
            Outcome outcome = readers.python("scanout.py", display(), prefix).finish();
            System.out.print("direct scan-out: " + outcome.text());
            assertEquals(0, outcome.status(), outcome.text());
            assertEquals(0, vitrine.quit());
        }
    }

    @Test
    void lastPictureOutlivesAKilledEmulatorAndReadersKnow() throws Exception {
        List<String> screen;
        try (VitrineProcess vitrine = start()) {
            screen = vitrine.awaitPrompt();
            assertEquals("True", signOfLife());
        }
        assertTrue(Files.exists(display()), "a killed emulator leaves its map");
        assertEquals("False", signOfLife());
        assertEquals(screen, snapshot(readers.python("snapshot.py", display()).finish()));
        assertEquals(screen, snapshot(readers.c("snapshot", display()).finish()));
    }

    private String signOfLife() throws IOException, InterruptedException {
        Path program = folder.resolve("alive.py");
        Files.writeString(
                program,
                "import sys, vitrine_display\nprint(vitrine_display.Display(sys.argv[1]).alive())\n");
        return readers.python("alive.py", display()).finish().text().strip();
    }

    private static List<String> snapshot(Outcome outcome) {
        assertEquals(0, outcome.status(), outcome.text());
        return outcome.text().lines().toList();
    }
}
