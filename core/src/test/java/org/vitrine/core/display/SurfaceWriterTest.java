package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.Scanout;
import org.vitrine.spi.display.SurfaceReader;

class SurfaceWriterTest {

    private final MemorySegment map = HostMemory.allocate(DisplayLayout.SIZE);
    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final SurfaceWriter writer = new SurfaceWriter(map, signal);
    private final SurfaceReader reader = new SurfaceReader(map, signal);

    private boolean begin(int width, int height) {
        return writer.begin(width, height, DisplayMode.Kind.LINEAR, null, null);
    }

    private void fill(int x, int y, int width, int height, int colour) {
        Arrays.fill(writer.line(), x, x + width, colour);
        for (int line = y; line < y + height; line++) {
            writer.draw(x, line, width);
        }
    }

    @Test
    void headerTellsTheWriterFromOthers() throws IOException {
        assertEquals(
                ProcessHandle.current().pid(),
                map.get(DisplayLayout.U64, DisplayLayout.HEADER_WRITER_PID));
        // The name in stat is "(java)", which holds no blank here, so that fields can simply be
        // counted.
        String[] stat = Files.readString(Path.of("/proc/self/stat")).split(" ");
        assertEquals(
                Long.parseLong(stat[21]),
                map.get(DisplayLayout.U64, DisplayLayout.HEADER_WRITER_START_TIME));
        assertEquals(4, map.get(DisplayLayout.U32, DisplayLayout.HEADER_SECTION_COUNT));
        long session = map.get(DisplayLayout.U64, DisplayLayout.HEADER_SESSION);
        MemorySegment other = HostMemory.allocate(DisplayLayout.SIZE);
        new SurfaceWriter(other, signal);
        assertFalse(
                session == other.get(DisplayLayout.U64, DisplayLayout.HEADER_SESSION),
                "sessions differ");
    }

    @Test
    void smallMapsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new SurfaceWriter(HostMemory.allocate(0x10000), signal));
    }

    @Test
    void heartbeatStateAndLampsAreSeenByReaders() {
        assertEquals(DisplayLayout.WriterState.STARTING, reader.state());
        writer.setState(DisplayLayout.WriterState.PAUSED);
        assertEquals(DisplayLayout.WriterState.PAUSED, reader.state());
        writer.setLeds(new KeyboardLeds(true, false, true));
        assertEquals(new KeyboardLeds(true, false, true), reader.leds());
        long before = map.get(DisplayLayout.U64, DisplayLayout.HEADER_HEARTBEAT);
        long now = System.nanoTime();
        writer.heartbeat();
        long after = map.get(DisplayLayout.U64, DisplayLayout.HEADER_HEARTBEAT);
        assertTrue(before < after && after >= now, before + " " + now + " " + after);
    }

    @Test
    void cursorIsSeenByReaders() {
        assertEquals(0, reader.cursor().serial());
        int[] shape = {1, 2, 3, 4, 5, 6};
        writer.setCursor(new Cursor(7, true, -3, 9, 1, 1, 3, 2, shape));
        Cursor cursor = reader.cursor();
        assertEquals(-3, cursor.x());
        assertEquals(7, cursor.serial());
        assertArrayEquals(shape, cursor.argb());
    }

    @Test
    void nothingIsReadBeforeTheFirstFrame() {
        Frame frame = new Frame();
        assertFalse(reader.read(frame));
        assertNull(frame.mode());
    }

    @Test
    void whatANewModeDoesNotDrawIsBlack() {
        begin(640, 480);
        fill(0, 0, 640, 480, 0x123456);
        assertTrue(writer.publish());
        assertTrue(begin(200, 100));
        fill(10, 20, 5, 5, 0xABCDEF);
        assertTrue(writer.publish());
        Frame frame = new Frame();
        assertTrue(reader.read(frame));
        assertEquals(2, frame.mode().serial());
        for (int y = 0; y < 100; y++) {
            for (int x = 0; x < 200; x++) {
                boolean inside = x >= 10 && x < 15 && y >= 20 && y < 25;
                assertEquals(inside ? 0xABCDEF : 0, frame.pixels()[y * 200 + x], x + "," + y);
            }
        }
    }

    @Test
    void onlyTilesThatDifferAreDamaged() {
        begin(640, 480);
        fill(0, 0, 640, 480, 0x123456);
        writer.publish();
        Frame frame = new Frame();
        reader.read(frame);
        begin(640, 480);
        fill(0, 0, 640, 480, 0x123456);
        fill(130, 40, 1, 1, 0);
        assertTrue(writer.publish());
        reader.read(frame);
        assertEquals(List.of(new Rect(128, 32, 64, 16)), frame.damage());
        assertEquals(0, frame.pixels()[40 * 640 + 130]);
    }

    @Test
    void drawingTheSameAgainPublishesNothing() {
        begin(640, 480);
        fill(0, 0, 640, 480, 0x123456);
        writer.publish();
        long generation = reader.generation();
        begin(640, 480);
        fill(100, 100, 300, 200, 0x123456);
        assertFalse(writer.publish());
        assertEquals(generation, reader.generation());
    }

    @Test
    void charactersAloneMakeAFrame() {
        var grid = new DisplayMode.TextGeometry(2, 1, 8, 16);
        writer.begin(16, 16, DisplayMode.Kind.TEXT, grid, null);
        writer.text(new short[] {0x0741, 0x0742}, 1, 0);
        writer.publish();
        writer.begin(16, 16, DisplayMode.Kind.TEXT, grid, null);
        writer.text(new short[] {0x0741, 0x0743}, 0, 0);
        assertTrue(writer.publish());
        Frame frame = new Frame();
        reader.read(frame);
        assertEquals("AC\n", frame.text().toString());
        assertEquals(0, frame.text().cursorColumn());
        writer.begin(16, 16, DisplayMode.Kind.TEXT, grid, null);
        writer.text(new short[] {0x0741, 0x0743}, 0, 0);
        assertFalse(writer.publish());
    }

    @Test
    void scanoutIsPassedOn() {
        var scanout = new Scanout("vga", 4096, 2560, Scanout.Format.XRGB8888);
        writer.begin(640, 480, DisplayMode.Kind.LINEAR, null, scanout);
        writer.publish();
        Frame frame = new Frame();
        reader.read(frame);
        assertEquals(scanout, frame.scanout());
    }

    @Test
    void aMovedScanoutIsAnotherFrameOfTheSameMode() {
        var first = new Scanout("vga", 0, 2560, Scanout.Format.XRGB8888);
        var second = new Scanout("vga", 4096, 2560, Scanout.Format.XRGB8888);
        writer.begin(640, 480, DisplayMode.Kind.LINEAR, null, first);
        writer.publish();
        Frame frame = new Frame();
        reader.read(frame);
        assertFalse(writer.begin(640, 480, DisplayMode.Kind.LINEAR, null, second));
        assertTrue(writer.publish());
        assertTrue(reader.read(frame));
        assertEquals(second, frame.scanout());
        assertFalse(frame.modeChanged());
        assertFalse(frame.damaged());
        writer.begin(640, 480, DisplayMode.Kind.LINEAR, null, second);
        assertFalse(writer.publish());
    }

    @Test
    void frameGivenUpHalfDrawnLeavesNoTrace() {
        begin(128, 32);
        fill(0, 0, 128, 32, 1);
        writer.publish();
        for (int i = 0; i < 3; i++) {
            begin(128, 32);
            fill(0, 0, 128, 32, 99);
            begin(128, 32);
            fill(i, 0, 1, 1, 2);
            writer.publish();
        }
        Frame frame = new Frame();
        reader.read(frame);
        int[] expected = new int[128 * 32];
        Arrays.fill(expected, 1);
        Arrays.fill(expected, 0, 3, 2);
        assertArrayEquals(expected, Arrays.copyOf(frame.pixels(), 128 * 32));
    }

    @Test
    void framesAllocateNothingOnceTheModeIsSet() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 100; i++) {
            publishFilled(i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            publishFilled(i);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 16_000, "bytes for 1000 frames: " + allocated);
    }

    private void publishFilled(int colour) {
        begin(320, 200);
        fill(10, 10, 100, 100, colour);
        writer.publish();
    }

    /**
     * Readers that look now and then must find the writer's picture, however much they have missed.
     */
    @Test
    void anyReaderFindsThePictureThatWasDrawn() {
        long seed = System.nanoTime();
        System.out.println("SurfaceWriterTest seed " + seed);
        RandomGenerator random = new Random(seed);
        int width = 0;
        int height = 0;
        int[] picture = new int[0];
        Frame[] frames = {new Frame(), new Frame(), new Frame()};
        int published = 0;
        for (int round = 0; round < 3000; round++) {
            boolean changeMode = width == 0 || random.nextInt(100) == 0;
            if (changeMode) {
                width = 1 + random.nextInt(300);
                height = 1 + random.nextInt(100);
            }
            if (begin(width, height)) {
                picture = new int[width * height];
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                int x = random.nextInt(width);
                int y = random.nextInt(height);
                int rectWidth = random.nextInt(Math.min(width - x, 80)) + 1;
                int rectHeight = random.nextInt(height - y) + 1;
                int colour = random.nextInt(4);
                fill(x, y, rectWidth, rectHeight, colour);
                for (int line = y; line < y + rectHeight; line++) {
                    Arrays.fill(picture, line * width + x, line * width + x + rectWidth, colour);
                }
            }
            published += writer.publish() ? 1 : 0;
            for (int i = 0; i < frames.length; i++) {
                if (random.nextInt(1 << 2 * i) == 0) {
                    reader.read(frames[i]);
                    assertArrayEquals(
                            picture,
                            Arrays.copyOf(frames[i].pixels(), width * height),
                            "seed " + seed + ", round " + round);
                }
            }
        }
        assertTrue(published > 1000, "frames published: " + published);
    }
}
