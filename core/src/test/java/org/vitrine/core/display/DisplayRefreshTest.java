package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.vitrine.core.device.video.VgaBoard;
import org.vitrine.core.device.video.VgaMode;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayLayout.WriterState;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

class DisplayRefreshTest {

    private final VgaBoard board = new VgaBoard();
    private final MemorySegment map = HostMemory.allocate(DisplayLayout.SIZE);
    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final SurfaceWriter writer = new SurfaceWriter(map, signal);
    private final SurfaceReader reader = new SurfaceReader(map, signal);
    private long hostNanos = -1_000_000;

    /** How long it takes to publish a frame, in nanoseconds. */
    private long publishingNanos;

    private long timedGeneration;
    private int stores;

    private final DisplayRefresh refresh = refreshAt(RefreshRate.DEFAULT);

    private DisplayRefresh refreshAt(RefreshRate rate) {
        return new DisplayRefresh(
                new ScreenRenderer(board.vga, () -> board.nanos, writer),
                writer,
                this::hostNanos,
                rate,
                false);
    }

    /** A clock by which publishing takes time, and nothing else does. */
    private long hostNanos() {
        if (writer.generation() != timedGeneration) {
            timedGeneration = writer.generation();
            hostNanos += publishingNanos;
        }
        return hostNanos;
    }

    /** Polls for a second of host time, with a store before each poll; how many frames came. */
    private long framesInASecond(DisplayRefresh polled, long stepNanos) {
        long before = reader.generation();
        long end = hostNanos + 1_000_000_000;
        while (hostNanos < end) {
            hostNanos += stepNanos;
            board.memory.write(0xA0000 + stores % 0x8000, 1, stores / 0x8000 + 1);
            stores++;
            polled.poll();
        }
        return reader.generation() - before;
    }

    private void showColours() {
        board.setMode(VgaMode.PACKED_320X200);
        for (int i = 1; i < 8; i++) {
            board.setColour(i, 8 * i, 63, 63);
        }
    }

    @Test
    void firstFrameIsThereAtOnce() {
        assertEquals(1, reader.generation());
    }

    @Test
    void framesComeNoOftenerThanSixtyTimesASecond() {
        showColours();
        long frames = framesInASecond(refresh, 1_000_000);
        assertTrue(frames >= 58 && frames <= 61, "frames in a second: " + frames);
    }

    @Test
    void idleMachineConvertsNothingAndStillShowsThatItLives() {
        long before = refresh.conversions();
        long heartbeats = 0;
        long last = 0;
        for (int i = 0; i < 1000; i++) {
            hostNanos += 1_000_000;
            refresh.poll();
            long heartbeat = map.get(DisplayLayout.U64, DisplayLayout.HEADER_HEARTBEAT);
            heartbeats += heartbeat != last ? 1 : 0;
            last = heartbeat;
        }
        assertEquals(before, refresh.conversions());
        assertEquals(5, heartbeats, "the one at the start, and four in a second");
    }

    @Test
    void pollSaysWhenItIsDueAgain() {
        long wait = refresh.poll();
        assertTrue(wait > 0 && wait <= DisplayRefresh.FRAME_NANOS, "nanoseconds: " + wait);
        hostNanos += wait;
        board.setMode(VgaMode.PLANAR_640X480);
        refresh.poll();
        assertEquals(2, reader.generation());
    }

    @Test
    void pausingShowsTheLastOfWhatTheGuestDid() {
        board.setMode(VgaMode.PLANAR_640X480);
        refresh.setState(WriterState.PAUSED);
        assertEquals(WriterState.PAUSED, reader.state());
        assertEquals(2, reader.generation());
    }

    @Test
    void sharedVideoMemoryIsLookedAtWithinASecond() {
        DisplayRefresh shared =
                new DisplayRefresh(
                        new ScreenRenderer(board.vga, () -> board.nanos, writer),
                        writer,
                        () -> hostNanos,
                        RefreshRate.DEFAULT,
                        true);
        board.setMode(VgaMode.PACKED_320X200);
        board.setColour(1, 63, 63, 63);
        shared.refresh();
        long before = reader.generation();
        board.block.memory().set(ValueLayout.JAVA_BYTE, 320 * 100 + 160, (byte) 1);
        long start = hostNanos;
        while (reader.generation() == before && hostNanos - start < 2_000_000_000L) {
            hostNanos += 1_000_000;
            shared.poll();
        }
        assertEquals(before + 1, reader.generation());
        long millis = (hostNanos - start) / 1_000_000;
        assertTrue(millis > 500 && millis < 1000, "milliseconds until it was seen: " + millis);
        for (int i = 0; i < 5000; i++) {
            hostNanos += 1_000_000;
            shared.poll();
        }
        assertEquals(before + 1, reader.generation(), "what is unchanged is not published again");
    }

    @Test
    void otherRatesAreKeptToo() {
        showColours();
        long slow = framesInASecond(refreshAt(new RefreshRate.Fixed(5)), 1_000_000);
        assertTrue(slow >= 4 && slow <= 7, "frames in a second at 5 Hz: " + slow);
        long fast = framesInASecond(refreshAt(new RefreshRate.Fixed(240)), 100_000);
        assertTrue(fast >= 235 && fast <= 242, "frames in a second at 240 Hz: " + fast);
    }

    @Test
    void ratesThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RefreshRate.Fixed(0));
        assertThrows(IllegalArgumentException.class, () -> new RefreshRate.Fixed(241));
    }

    @Test
    void immediateFramesComeWithTheNextPoll() {
        showColours();
        DisplayRefresh immediate = refreshAt(new RefreshRate.Immediate());
        for (int i = 0; i < 10; i++) {
            hostNanos += DisplayRefresh.IMMEDIATE_NANOS;
            long before = reader.generation();
            immediate.poll();
            assertEquals(before, reader.generation(), "nothing written, nothing published");
            board.memory.write(0xA0000 + i, 1, 1);
            immediate.poll();
            assertEquals(before + 1, reader.generation());
        }
    }

    @Test
    void immediateFramesComeNoOftenerThanOnceAMillisecond() {
        showColours();
        DisplayRefresh immediate = refreshAt(new RefreshRate.Immediate());
        long frames = framesInASecond(immediate, 50_000);
        assertTrue(frames >= 950 && frames <= 1001, "frames in a second: " + frames);
    }

    @Test
    void immediateFramesLeaveTheGuestThreeQuartersOfTheTime() {
        showColours();
        DisplayRefresh immediate = refreshAt(new RefreshRate.Immediate());
        publishingNanos = 5_000_000;
        long frames = framesInASecond(immediate, 50_000);
        assertTrue(frames >= 47 && frames <= 51, "frames of 5 ms in a second: " + frames);
    }

    @Test
    void immediateRefreshWaitsLongOnlyWhileNothingIsWritten() {
        showColours();
        DisplayRefresh immediate = refreshAt(new RefreshRate.Immediate());
        long conversions = immediate.conversions();
        long idle = immediate.poll();
        assertTrue(idle > DisplayRefresh.FRAME_NANOS / 2, "nanoseconds: " + idle);
        board.memory.write(0xA0000, 1, 1);
        long waiting = immediate.poll();
        assertTrue(waiting <= DisplayRefresh.IMMEDIATE_NANOS, "nanoseconds: " + waiting);
        assertEquals(conversions, immediate.conversions());
    }

    @Test
    void immediateRefreshLooksForWhatBlinks() {
        board.setMode(VgaMode.TEXT_80_COLUMNS);
        board.loadFont(0, new byte[256 * 16]);
        board.setCell(0xB8000, 0, 0x87);
        DisplayRefresh immediate = refreshAt(new RefreshRate.Immediate());
        long before = immediate.cellsConverted();
        for (int i = 0; i < 120; i++) {
            hostNanos += DisplayRefresh.FRAME_NANOS;
            board.nanos += DisplayRefresh.FRAME_NANOS;
            immediate.poll();
        }
        long cells = immediate.cellsConverted() - before;
        assertTrue(cells >= 7 && cells <= 30, "cells drawn in two seconds: " + cells);
    }
}
