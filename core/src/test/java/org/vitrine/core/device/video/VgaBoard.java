package org.vitrine.core.device.video;

import java.util.Arrays;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.display.ScreenRenderer;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/** A VGA with a monitor, and nothing else of a machine; a test is its CPU. */
public final class VgaBoard {

    public final PortSpace ports = new PortSpace();
    public final PhysicalMemory memory = new PhysicalMemory();
    public final RamBlock block = RamBlock.allocate(RamBlock.VGA, 16 << 20);
    public final Vga vga;
    public final SurfaceWriter writer;
    public final ScreenRenderer renderer;
    private final SurfaceReader reader;

    /** Guest time, in nanoseconds. */
    public long nanos;

    public VgaBoard() {
        var map = HostMemory.allocate(DisplayLayout.SIZE);
        var signal = new FrameSignal.Local();
        vga = new Vga(ports, memory, block, () -> nanos);
        writer = new SurfaceWriter(map, signal);
        renderer = new ScreenRenderer(vga, () -> nanos, writer);
        reader = new SurfaceReader(map, signal);
    }

    public void out(int port, int value) {
        ports.write(port, 1, value);
    }

    public int in(int port) {
        return ports.read(port, 1);
    }

    /** Writes a register that is reached by an index: 3C4, 3CE, 3B4 or 3D4. */
    public void out(int port, int index, int value) {
        ports.write(port, 2, value << 8 | index);
    }

    /**
     * Writes a register of the attribute controller, with the display off meanwhile as it has to
     * be.
     */
    public void outAttribute(int index, int value) {
        in(statusPort());
        out(0x3C0, index);
        out(0x3C0, value);
        out(0x3C0, 0x20);
    }

    /** Lets the attribute controller pass pixels on, or not. */
    public void showAttributes(boolean shown) {
        in(statusPort());
        out(0x3C0, shown ? 0x20 : 0);
    }

    public int crtcPort() {
        return (in(0x3CC) & 1) != 0 ? 0x3D4 : 0x3B4;
    }

    public int statusPort() {
        return crtcPort() + 6;
    }

    public void setMode(VgaMode mode) {
        out(0x3C2, mode.miscOutput);
        for (int i = 0; i < mode.sr.length; i++) {
            out(0x3C4, i, mode.sr[i] & 0xFF);
        }
        out(crtcPort(), 0x11, 0);
        for (int i = 0; i < mode.cr.length; i++) {
            out(crtcPort(), i, mode.cr[i] & 0xFF);
        }
        for (int i = 0; i < mode.gr.length; i++) {
            out(0x3CE, i, mode.gr[i] & 0xFF);
        }
        for (int i = 0; i < mode.ar.length; i++) {
            outAttribute(i, mode.ar[i] & 0xFF);
        }
    }

    /** Sets a colour of the DAC; components have six bits. */
    public void setColour(int index, int red, int green, int blue) {
        out(0x3C8, index);
        out(0x3C9, red);
        out(0x3C9, green);
        out(0x3C9, blue);
    }

    /**
     * The 64 colours of an EGA: bits 2 to 0 give two thirds of red, green and blue, bits 5 to 3 one
     * third.
     */
    public void setEgaColours() {
        for (int i = 0; i < 64; i++) {
            setColour(i, component(i, 2), component(i, 1), component(i, 0));
        }
    }

    private static int component(int colour, int bit) {
        return (colour >> bit & 1) * 42 + (colour >> bit + 3 & 1) * 21;
    }

    /** Loads glyphs of 16 lines into plane 2, in the way that a video BIOS does. */
    public void loadFont(int fontOffset, byte[] glyphs) {
        out(0x3C4, 2, 4);
        out(0x3C4, 4, 7);
        out(0x3CE, 5, 0);
        out(0x3CE, 6, 4);
        for (int i = 0; i < glyphs.length; i++) {
            memory.write(0xA0000 + fontOffset + i / 16 * 32 + i % 16, 1, glyphs[i]);
        }
        out(0x3C4, 2, 3);
        out(0x3C4, 4, 2);
        out(0x3CE, 5, 0x10);
        out(0x3CE, 6, 0x0E);
    }

    public void setCell(int address, int code, int attribute) {
        memory.write(address, 2, code | attribute << 8);
    }

    /** Writes a VBE register. */
    public void vbe(int index, int value) {
        ports.write(0x1CE, 2, index);
        ports.write(0x1CF, 2, value);
    }

    public int vbe(int index) {
        ports.write(0x1CE, 2, index);
        return ports.read(0x1CF, 2);
    }

    /** Switches a mode of the VBE extension on, with memory cleared. */
    public void setVbeMode(int width, int height, int bits) {
        vbe(VbeDispi.ENABLE, 0);
        vbe(VbeDispi.X_RESOLUTION, width);
        vbe(VbeDispi.Y_RESOLUTION, height);
        vbe(VbeDispi.BITS_PER_PIXEL, bits);
        vbe(VbeDispi.ENABLE, VbeDispi.ENABLED);
    }

    /** Refreshes the screen, and returns all of it. */
    public Frame look() {
        renderer.refresh();
        Frame frame = new Frame();
        reader.read(frame);
        return frame;
    }

    /** Refreshes the screen, and brings a frame up to date. */
    public boolean look(Frame frame) {
        renderer.refresh();
        return reader.read(frame);
    }

    public static int[] pixels(Frame frame) {
        return Arrays.copyOf(frame.pixels(), frame.mode().width() * frame.mode().height());
    }
}
