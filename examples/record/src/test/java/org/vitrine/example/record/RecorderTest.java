package org.vitrine.example.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.spi.testkit.TestHost.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.testkit.FakeClock;
import org.vitrine.spi.testkit.Needs;
import org.vitrine.spi.testkit.RecordingContext;
import org.vitrine.spi.testkit.TestHost;

@Timeout(240)
class RecorderTest {

    private final FakeClock clock = new FakeClock();
    private final ScriptedDisplay display = new ScriptedDisplay(clock::nanoTime);
    private final RecordingContext context = new RecordingContext(display);
    private final FrontendProvider provider = new RecordProvider(clock, clock::nanoTime);
    @TempDir Path folder;
    private Frontend frontend;
    private long frames;

    private void record(Path file) throws Exception {
        frontend =
                provider.attach(
                        context,
                        provider.options().parse(Map.of("file", file.toString(), "fps", "60")));
    }

    /** Waits until what was drawn is in the file, and lets some time pass. */
    private void show(Duration time) throws InterruptedException {
        frames++;
        await(() -> frontend.status().counters().get("frames") == frames);
        clock.advance(time);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        frontend.close();
        context.awaitNoThreads();
        assertEquals(List.of(), context.crashes());
    }

    private static PngReader read(Path file) throws IOException {
        return new PngReader(Files.readAllBytes(file));
    }

    private int[] screen() {
        Frame frame = new Frame();
        display.read(frame);
        return frame.pixels();
    }

    /** Three pictures of 200x100: black for 40 ms, a red square for 70 seconds, a blue one. */
    private Path threeFrames() throws Exception {
        Path file = folder.resolve("session.png");
        record(file);
        display.setMode(200, 100);
        show(Duration.ofMillis(40));
        display.fill(70, 20, 10, 10, 0xFF0000);
        display.publish();
        show(Duration.ofSeconds(70));
        display.fill(0, 0, 5, 5, 0x0000FF);
        display.publish();
        show(Duration.ofMillis(250));
        frontend.close();
        return file;
    }

    @Test
    void eachFrameIsThereForItsTime() throws Exception {
        PngReader read = read(threeFrames());
        assertEquals(
                List.of(0.04, 70.0, 0.25),
                read.frames.stream().map(PngReader.Picture::seconds).toList());
        assertArrayEquals(new int[200 * 100], read.frames.getFirst().pixels());
        assertEquals(0xFF0000, read.frames.get(1).pixels()[25 * 200 + 75]);
        assertArrayEquals(screen(), read.frames.getLast().pixels());
        assertEquals("2026-01-01T00:00:00Z", read.texts.get("Creation Time"));
        assertEquals("Vitrine", read.texts.get("Title"));
    }

    @Test
    void onlyTheTilesThatChangedAreKept() throws Exception {
        assertEquals(
                List.of(new Rect(0, 0, 200, 100), new Rect(64, 16, 64, 16), new Rect(0, 0, 64, 16)),
                read(threeFrames()).frames.stream().map(PngReader.Picture::area).toList());
    }

    @Test
    void aFileThatIsStillBeingWrittenCanBeRead() throws Exception {
        Path file = folder.resolve("session.png");
        record(file);
        display.setMode(64, 64);
        show(Duration.ofSeconds(1));
        assertEquals(1, read(file).frames.size());
        display.fill(3, 3, 3, 3, 0x123456);
        display.publish();
        show(Duration.ofSeconds(1));
        assertArrayEquals(screen(), read(file).frames.getLast().pixels());
    }

    @Test
    void anotherSizeHasAFileOfItsOwn() throws Exception {
        Path file = folder.resolve("session.png");
        Files.createFile(folder.resolve("session-2.png"));
        record(file);
        display.setMode(64, 64);
        show(Duration.ofSeconds(2));
        display.setMode(100, 50);
        show(Duration.ofSeconds(1));
        frontend.close();
        assertEquals(2.0, read(file).frames.getLast().seconds());
        assertEquals(100, read(folder.resolve("session-3.png")).width);
        assertEquals(2, frontend.status().counters().get("files"));
        assertEquals(
                Files.size(file) + Files.size(folder.resolve("session-3.png")),
                frontend.status().counters().get("bytes"));
    }

    @Test
    void withoutAPictureThereIsNoFile() throws Exception {
        Path file = folder.resolve("session.png");
        record(file);
        assertTrue(Files.exists(file));
        frontend.close();
        assertFalse(Files.exists(file));
    }

    @Test
    void aFileThatExistsIsNotTouched() throws Exception {
        Path file = threeFrames();
        byte[] before = Files.readAllBytes(file);
        FrontendException refusal = assertThrows(FrontendException.class, () -> record(file));
        assertEquals("there is a file " + file + " already", refusal.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        refusal =
                assertThrows(
                        FrontendException.class, () -> record(folder.resolve("no/session.png")));
        assertEquals("there is no folder " + folder.resolve("no"), refusal.getMessage());
    }

    @Test
    void otherProgramsCanPlayIt() throws Exception {
        Needs.programs("ffprobe");
        String told = run("ffprobe", threeFrames());
        assertTrue(told.contains("codec_name=apng"), told);
        assertTrue(told.contains("width=200"), told);
        // Presentation times of the frames, seconds.
        assertTrue(told.matches("(?s).*=0\\.0+\n.*=0\\.040*\n.*=70\\.040*\n.*"), told);
    }

    private static String run(String program, Path file) throws Exception {
        Process process =
                new ProcessBuilder(
                                program,
                                "-v",
                                "error",
                                "-show_entries",
                                "stream=codec_name,width,height:frame=pts_time",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(TestHost.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), told);
        return told;
    }
}
