package org.vitrine.bench;

import java.lang.foreign.MemorySegment;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.video.Vga;
import org.vitrine.core.display.ScreenRenderer;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.FrameSignal;

/**
 * A VGA in a linear mode of 32 bits, its renderer and its published surface, without the rest of a
 * machine. Used by one thread, but for the map and the signal.
 */
final class VideoBoard {

    static final int VIDEO_MEMORY = 16 << 20;

    private static final long FRAMEBUFFER = 0xE000_0000L;
    private static final int VBE_INDEX = 0x1CE;
    private static final int VBE_DATA = 0x1CF;
    private static final int LINEAR_AND_ENABLED = 0x41;
    private static final int ATTRIBUTE_INDEX = 0x3C0;
    private static final int PIXELS_SHOWN = 0x20;

    final int width;
    final int height;
    final MemorySegment map;
    final FrameSignal.Local signal = new FrameSignal.Local();
    final SurfaceWriter writer;
    private final RamBlock block = RamBlock.allocate(RamBlock.VGA, VIDEO_MEMORY);
    private final Vga vga;
    private final ScreenRenderer renderer;

    VideoBoard(int width, int height) {
        this(width, height, HostMemory.allocate(DisplayLayout.SIZE));
    }

    /** A board that publishes in this map, which is empty. */
    VideoBoard(int width, int height, MemorySegment map) {
        this.map = map;
        writer = new SurfaceWriter(map, signal);
        this.width = width;
        this.height = height;
        PortSpace ports = new PortSpace();
        vga = new Vga(ports, new PhysicalMemory(), block, System::nanoTime);
        vga.mapFramebuffer(FRAMEBUFFER);
        vbe(ports, 1, width);
        vbe(ports, 2, height);
        vbe(ports, 3, 8 * DisplayLayout.BYTES_PER_PIXEL);
        vbe(ports, 4, LINEAR_AND_ENABLED);
        ports.write(ATTRIBUTE_INDEX, 1, PIXELS_SHOWN);
        renderer = new ScreenRenderer(vga, System::nanoTime, writer);
        renderer.refresh();
    }

    private static void vbe(PortSpace ports, int register, int value) {
        ports.write(VBE_INDEX, 2, register);
        ports.write(VBE_DATA, 2, value);
    }

    int bytes() {
        return width * height * DisplayLayout.BYTES_PER_PIXEL;
    }

    /** Fills part of the picture with a grey, as a guest would: its pages become dirty. */
    void fill(int x, int y, int columns, int lines, int grey) {
        for (int line = y; line < y + lines; line++) {
            long from = ((long) line * width + x) * DisplayLayout.BYTES_PER_PIXEL;
            long length = (long) columns * DisplayLayout.BYTES_PER_PIXEL;
            block.memory().asSlice(from, length).fill((byte) grey);
            for (long at = from & -PhysicalMemory.PAGE_SIZE;
                    at < from + length;
                    at += PhysicalMemory.PAGE_SIZE) {
                vga.writes().mark(at);
            }
        }
    }

    /** Brings the published screen up to date; how long that took, in nanoseconds. */
    long publish() {
        long begin = System.nanoTime();
        renderer.refresh();
        return System.nanoTime() - begin;
    }
}
