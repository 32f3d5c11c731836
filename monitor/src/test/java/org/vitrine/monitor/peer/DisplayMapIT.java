package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.monitor.peer.ReaderPrograms.Outcome;
import org.vitrine.monitor.peer.UniformFrames.Shape;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.ScreenText;

/** The readers that stand on the page docs/display-map.md, against the writer that there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisplayMapIT {

    private static final List<Shape> GUEST_MODES =
            List.of(Shape.TEXT, Shape.MODE_13H, Shape.MODE_12H, Shape.LINEAR_32);

    /** How often a reader's copy is held until the writer has come round. */
    private static final int INTERRUPTIONS = 12;

    private static final int INTERRUPTED_FRAMES = 20;

    private Path folder;
    private ReaderPrograms readers;
    private Path map;
    private int maps;

    @BeforeAll
    void compile(@TempDir Path temporary) throws Exception {
        folder = temporary;
        readers = new ReaderPrograms(folder);
    }

    @BeforeEach
    void name() {
        map = folder.resolve("screen" + maps++ + ".display");
    }

    @ParameterizedTest
    @CsvSource({
        "60, TEXT", "60, MODE_13H", "60, MODE_12H", "60, LINEAR_32", "60, ALL",
        "0, TEXT", "0, MODE_13H", "0, MODE_12H", "0, LINEAR_32", "0, ALL"
    })
    void noFrameIsTorn(int rate, String shape) throws Exception {
        List<Shape> shapes = shape.equals("ALL") ? GUEST_MODES : List.of(Shape.valueOf(shape));
        try (UniformFrames frames = new UniformFrames(map).start(shapes, rate)) {
            readers.readBoth(
                    shape + (rate > 0 ? " at " + rate + " Hz" : " at full tilt"),
                    map,
                    shapes.size());
            assertTrue(frames.generation() >= ReaderPrograms.FRAMES);
        }
    }

    @Test
    void copyThatTheWriterOvertookIsMadeAgain() throws Exception {
        try (UniformFrames frames = new UniformFrames(map).start(List.of(Shape.LINEAR_32), 0)) {
            for (Outcome outcome :
                    List.of(
                            readers.c("torn", map, INTERRUPTED_FRAMES, 1, INTERRUPTIONS).finish(),
                            readers.python("torn.py", map, INTERRUPTED_FRAMES, 1, INTERRUPTIONS)
                                    .finish())) {
                System.out.print("overtaken: " + outcome.text());
                assertEquals(0, outcome.status(), outcome.text());
                assertFalse(outcome.text().contains(" 0 retries"), outcome.text());
            }
            assertTrue(frames.generation() > INTERRUPTIONS);
        }
    }

    @Test
    void readersWithoutTheSecondLookAtTheSequenceTakeTornFrames() throws Exception {
        try (UniformFrames frames = new UniformFrames(map).start(List.of(Shape.LINEAR_32), 0)) {
            assertTorn(
                    readers.c("unchecked/torn", map, INTERRUPTED_FRAMES, 1, INTERRUPTIONS)
                            .finish());
            assertTorn(
                    readers.python(
                                    "torn.py",
                                    map,
                                    INTERRUPTED_FRAMES,
                                    1,
                                    INTERRUPTIONS,
                                    "unchecked")
                            .finish());
            // How often it happens of itself depends on the machine, and so is only told.
            System.out.print(
                    "unchecked, not held up: "
                            + readers.c("unchecked/torn", map, ReaderPrograms.FRAMES, 1)
                                    .finish()
                                    .text()
                            + "unchecked, not held up: "
                            + readers.python(
                                            "torn.py",
                                            map,
                                            ReaderPrograms.FRAMES,
                                            1,
                                            0,
                                            "unchecked")
                                    .finish()
                                    .text());
            assertTrue(frames.generation() > INTERRUPTIONS);
        }
    }

    private static void assertTorn(Outcome outcome) {
        System.out.print("unchecked: " + outcome.text());
        assertEquals(1, outcome.status(), outcome.text());
        assertFalse(outcome.text().contains(" 0 torn"), outcome.text());
    }

    @Test
    void bothSnapshotsAreThePicture() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DisplayMapIT seed " + seed);
        Random random = new Random(seed);
        int width = 1 + random.nextInt(200);
        int height = 1 + random.nextInt(100);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(
                ("P6\n" + width + " " + height + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        try (UniformFrames frames = new UniformFrames(map)) {
            frames.writer().begin(width, height, DisplayMode.Kind.LINEAR, null, null);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int colour = random.nextInt();
                    frames.writer().line()[x] = colour;
                    expected.write(colour >> 16);
                    expected.write(colour >> 8);
                    expected.write(colour);
                }
                frames.writer().draw(0, y, width);
            }
            frames.writer().publish();
            assertArrayEquals(
                    expected.toByteArray(), succeed(readers.c("snapshot", map).finish()).output());
            assertArrayEquals(
                    expected.toByteArray(),
                    succeed(readers.python("snapshot.py", map).finish()).output());
        }
    }

    @Test
    void bothSnapshotsHaveAllCharacters() throws Exception {
        short[] cells = new short[80 * 25];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (short) i;
        }
        Arrays.fill(cells, 80 * 10 + 40, 80 * 11, (short) 0x0700);
        try (UniformFrames frames = new UniformFrames(map)) {
            Shape shape = Shape.TEXT;
            frames.writer().begin(shape.width, shape.height, shape.kind, shape.text, null);
            frames.writer().text(cells, 3, 4);
            frames.writer().publish();
            String lines = new ScreenText(80, 25, 3, 4, cells).toString();
            assertEquals(lines, succeed(readers.c("snapshot", map).finish()).text());
            assertEquals(lines, succeed(readers.python("snapshot.py", map).finish()).text());
        }
    }

    @Test
    void mapOfALaterMinorVersionIsRead() throws Exception {
        try (UniformFrames frames = new UniformFrames(map)) {
            frames.publish(Shape.TEXT, 1);
            MemorySegment header = frames.map();
            header.set(DisplayLayout.U16, DisplayLayout.HEADER_VERSION_MINOR, (short) 9);
            header.set(DisplayLayout.U32, DisplayLayout.HEADER_OPTIONAL_FEATURES, 8);
            header.set(
                    DisplayLayout.U64, DisplayLayout.HEADER_FILE_SIZE, DisplayLayout.SIZE + 4096);
            succeed(readers.c("snapshot", map).finish());
            succeed(readers.python("snapshot.py", map).finish());
        }
    }

    private static Outcome succeed(Outcome outcome) {
        assertEquals(0, outcome.status(), outcome.text());
        return outcome;
    }

    @Test
    void readersSayWhatIsWrongWithAMap() throws Exception {
        assertRefused(
                header -> header.set(DisplayLayout.U64, DisplayLayout.HEADER_MAGIC, 0),
                "it is no display map, or not finished yet",
                "it is no display map, or not finished yet");
        assertRefused(
                header ->
                        header.set(
                                DisplayLayout.U16, DisplayLayout.HEADER_VERSION_MAJOR, (short) 2),
                "it has another major version",
                "it has version 2,");
        assertRefused(
                header ->
                        header.set(DisplayLayout.U32, DisplayLayout.HEADER_REQUIRED_FEATURES, 0x40),
                "it needs features that this reader does not have",
                "features 0x40");
        assertRefused(
                header -> header.set(DisplayLayout.U64, DisplayLayout.HEADER_FILE_SIZE, 4096),
                "its size is not that of this version",
                "size 4096");
        // Before the first frame it is asked whether the process still is the one that made the
        // map.
        assertRefused(header -> {}, "there is no frame yet", "there is no frame yet");
        assertRefused(
                header ->
                        header.set(
                                DisplayLayout.U64,
                                DisplayLayout.HEADER_WRITER_START_TIME,
                                1
                                        + header.get(
                                                DisplayLayout.U64,
                                                DisplayLayout.HEADER_WRITER_START_TIME)),
                "its emulator is gone",
                "its emulator is gone");
        Files.write(map, new byte[8192]);
        assertBothSay("it is too short, or can't be mapped", "it is too short");
    }

    private void assertRefused(Consumer<MemorySegment> change, String c, String python)
            throws IOException, InterruptedException {
        name();
        try (UniformFrames frames = new UniformFrames(map)) {
            change.accept(frames.map());
            assertBothSay(c, python);
        }
        name();
    }

    private void assertBothSay(String c, String python) throws IOException, InterruptedException {
        Outcome first = readers.c("snapshot", map).finish();
        assertEquals(map + ": " + c + "\n", first.text());
        assertEquals(1, first.status());
        Outcome second = readers.python("snapshot.py", map).finish();
        assertTrue(second.text().contains(python), second.text());
        assertEquals(1, second.status());
    }

    @ParameterizedTest
    @CsvSource({"MODE_12H", "FULL_HD"})
    void ratesAreTold(Shape shape) throws Exception {
        try (UniformFrames frames = new UniformFrames(map)) {
            frames.publish(shape, 1);
            System.out.print(
                    "C reader, still screen "
                            + succeed(readers.c("rate", map, 1000).finish()).text());
            frames.start(List.of(shape), 0);
            System.out.print(
                    "C reader, writer at full tilt "
                            + succeed(readers.c("rate", map, 1000).finish()).text());
            System.out.println("the writer published " + frames.generation() + " frames meanwhile");
        }
    }
}
