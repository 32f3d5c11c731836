package org.vitrine.core.device.video;

import java.util.Arrays;
import org.vitrine.core.display.Picture;
import org.vitrine.core.display.PixelFormat;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Scanout;

/**
 * The registers of the Bochs VBE extension ("DISPI"), through which a video BIOS or a driver sets
 * linear modes: an index at port 1CE, 16 bits of data at 1CF.
 */
final class VbeDispi {

    static final int ID = 0;
    static final int X_RESOLUTION = 1;
    static final int Y_RESOLUTION = 2;
    static final int BITS_PER_PIXEL = 3;
    static final int ENABLE = 4;
    static final int BANK = 5;
    static final int VIRTUAL_WIDTH = 6;
    static final int VIRTUAL_HEIGHT = 7;
    static final int X_OFFSET = 8;
    static final int Y_OFFSET = 9;
    static final int MEMORY_64K = 10;
    private static final int COUNT = 11;

    static final int ENABLED = 0x01;
    static final int GET_CAPABILITIES = 0x02;
    static final int DAC_8_BITS = 0x20;
    static final int NO_CLEAR = 0x80;

    private static final int BANK_NUMBER = 0x3FFF;

    private static final int OLDEST_ID = 0xB0C0;
    private static final int NEWEST_ID = 0xB0C5;
    private static final int MAX_BITS_PER_PIXEL = 32;

    private final int[] registers = new int[COUNT];
    private final int memorySize;

    VbeDispi(int memorySize) {
        this.memorySize = memorySize;
        reset();
    }

    void reset() {
        Arrays.fill(registers, 0);
        registers[ID] = NEWEST_ID;
        registers[BITS_PER_PIXEL] = 8;
    }

    boolean enabled() {
        return (registers[ENABLE] & ENABLED) != 0;
    }

    boolean eightBitDac() {
        return (registers[ENABLE] & DAC_8_BITS) != 0;
    }

    /** The offset of the block that is seen at A0000, or -1 when the VGA's planes are. */
    int bankStart() {
        return linear() ? registers[BANK] << 16 & memorySize - 1 : -1;
    }

    /**
     * Whether the mode is linear; the extension's only other one has four planes, as a VGA's modes
     * have.
     */
    private boolean linear() {
        return enabled() && registers[BITS_PER_PIXEL] >= 8;
    }

    /** Whether pixels are numbers of the DAC's colours. */
    boolean indexed() {
        return linear() && registers[BITS_PER_PIXEL] == 8;
    }

    /** Lines of the mode that is on, or 0. */
    int lines() {
        return enabled() ? registers[Y_RESOLUTION] : 0;
    }

    /** How many bytes are shown, at most: what enabling a mode clears. */
    int shownBytes() {
        return Math.min(pitch() * registers[Y_RESOLUTION], memorySize);
    }

    int read(int index) {
        if ((registers[ENABLE] & GET_CAPABILITIES) != 0) {
            switch (index) {
                case X_RESOLUTION:
                    return DisplayLayout.MAX_WIDTH;
                case Y_RESOLUTION:
                    return DisplayLayout.MAX_HEIGHT;
                case BITS_PER_PIXEL:
                    return MAX_BITS_PER_PIXEL;
                default:
                    break;
            }
        }
        return switch (index) {
            case VIRTUAL_HEIGHT ->
                    enabled() && pitch() > 0 ? Math.min(memorySize / pitch(), 0xFFFF) : 0;
            case MEMORY_64K -> memorySize >>> 16;
            default -> index >= 0 && index < COUNT ? registers[index] : 0;
        };
    }

    /**
     * Writes a register.
     *
     * @return whether this switched a mode on whose memory is to be cleared
     */
    boolean write(int index, int value) {
        switch (index) {
            case ID -> {
                if (value >= OLDEST_ID && value <= NEWEST_ID) {
                    registers[ID] = value;
                }
            }
            case X_RESOLUTION, Y_RESOLUTION, BITS_PER_PIXEL -> {
                // A mode that is on does not change under the guest's feet.
                if (!enabled()) {
                    registers[index] = index == BITS_PER_PIXEL && value == 0 ? 8 : value;
                }
            }
            case ENABLE -> {
                return enable(value);
            }
            case BANK -> {
                // Later versions have bits 14 and 15 for banks of reading and writing alone.
                if ((value & BANK_NUMBER) < memorySize >>> 16) {
                    registers[BANK] = value & BANK_NUMBER;
                }
            }
            case VIRTUAL_WIDTH -> {
                if (value >= registers[X_RESOLUTION] && value * bytesPerPixel() <= memorySize) {
                    registers[VIRTUAL_WIDTH] = value;
                }
            }
            case X_OFFSET, Y_OFFSET -> registers[index] = value;
            default -> {
                // Virtual height and memory size can't be set; other registers don't exist.
            }
        }
        return false;
    }

    private boolean enable(int value) {
        boolean was = enabled();
        registers[ENABLE] = value;
        if (!enabled() || was) {
            return false;
        }
        registers[VIRTUAL_WIDTH] = registers[X_RESOLUTION];
        registers[X_OFFSET] = 0;
        registers[Y_OFFSET] = 0;
        registers[BANK] = 0;
        if (!possible()) {
            registers[ENABLE] = value & ~ENABLED;
            return false;
        }
        return (value & NO_CLEAR) == 0;
    }

    private boolean possible() {
        int width = registers[X_RESOLUTION];
        int height = registers[Y_RESOLUTION];
        return width >= 1
                && width <= DisplayLayout.MAX_WIDTH
                && height >= 1
                && height <= DisplayLayout.MAX_HEIGHT
                && switch (registers[BITS_PER_PIXEL]) {
                    case 4 -> width % 8 == 0;
                    case 8, 15, 16, 24, 32 -> true;
                    default -> false;
                }
                && pitch() * height <= memorySize;
    }

    private int bytesPerPixel() {
        return (registers[BITS_PER_PIXEL] + 7) / 8;
    }

    /** Bytes of the block from one line to the next. */
    private int pitch() {
        int width = registers[VIRTUAL_WIDTH];
        return registers[BITS_PER_PIXEL] == 4 ? width / 8 * 4 : width * bytesPerPixel();
    }

    /** The picture of the mode that is on. */
    Picture.Graphics picture(String map) {
        int width = registers[X_RESOLUTION];
        int height = registers[Y_RESOLUTION];
        int bits = registers[BITS_PER_PIXEL];
        int mask = memorySize - 1;
        int x = registers[X_OFFSET];
        int start =
                registers[Y_OFFSET] * pitch() + (bits == 4 ? x / 8 * 4 : x * bytesPerPixel())
                        & mask;
        int[] lines = new int[height];
        for (int y = 0; y < height; y++) {
            lines[y] = start + y * pitch() & mask;
        }
        DisplayMode.Kind kind =
                switch (bits) {
                    case 4 -> DisplayMode.Kind.PLANAR;
                    case 8 -> DisplayMode.Kind.PACKED;
                    default -> DisplayMode.Kind.LINEAR;
                };
        int lineBytes = bits == 4 ? width / 8 * 4 : width * bytesPerPixel();
        Scanout.Format scanoutFormat =
                switch (bits) {
                    case 15 -> Scanout.Format.XRGB1555;
                    case 16 -> Scanout.Format.RGB565;
                    case 24 -> Scanout.Format.RGB888;
                    case 32 -> Scanout.Format.XRGB8888;
                    default -> null;
                };
        // A picture that goes on at the start of memory can't be described as one piece of it.
        boolean inOnePiece = (long) start + (long) (height - 1) * pitch() + lineBytes <= memorySize;
        Scanout scanout =
                scanoutFormat != null && inOnePiece
                        ? new Scanout(map, start, pitch(), scanoutFormat)
                        : null;
        int panning = bits == 4 ? x & 7 : 0;
        return new Picture.Graphics(
                kind,
                format(bits),
                width,
                height,
                0,
                lines,
                lineBytes,
                panning,
                height,
                mask,
                scanout);
    }

    private static PixelFormat format(int bits) {
        return switch (bits) {
            case 4 -> PixelFormat.PLANES_4;
            case 8 -> PixelFormat.INDEXED_8;
            case 15 -> PixelFormat.RGB_555;
            case 16 -> PixelFormat.RGB_565;
            case 24 -> PixelFormat.RGB_888;
            default -> PixelFormat.XRGB_8888;
        };
    }
}
