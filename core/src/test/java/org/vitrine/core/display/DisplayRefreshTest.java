package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private final DisplayRefresh refresh =
            new DisplayRefresh(
                    new ScreenRenderer(board.vga, () -> board.nanos, writer),
                    writer,
                    () -> hostNanos);

    @Test
    void firstFrameIsThereAtOnce() {
        assertEquals(1, reader.generation());
    }

    @Test
    void framesComeNoOftenerThanSixtyTimesASecond() {
        board.setMode(VgaMode.PACKED_320X200);
        board.setColour(1, 63, 63, 63);
        long before = reader.generation();
        for (int i = 0; i < 1000; i++) {
            hostNanos += 1_000_000;
            board.memory.write(0xA0000 + i, 1, 1);
            refresh.poll();
        }
        long frames = reader.generation() - before;
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
}
