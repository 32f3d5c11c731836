package org.vitrine.core.device.video;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.display.Picture;
import org.vitrine.core.display.PixelFormat;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;

/**
 * Works out from the VGA's registers what its CRT controller reads from memory, line by line. Split
 * screens, smooth scrolling, doubled lines and the CGA's banks all end as addresses of lines or
 * rows, so that renderers know nothing about them.
 */
final class PictureDecoder {

    /** The planes have 64 KiB each, and the CRT controller counts to no more. */
    private static final int ADDRESS_MASK = 0xFFFF;

    private static final int BYTES_PER_ADDRESS = 4;
    private static final int MASK = BYTES_PER_ADDRESS * (ADDRESS_MASK + 1) - 1;
    private static final Picture.Blank BLANK = new Picture.Blank();

    private final VgaRegisters registers;

    PictureDecoder(VgaRegisters registers) {
        this.registers = registers;
    }

    /**
     * The picture that the registers make.
     *
     * @param attributesShown whether bit 5 of the attribute controller's index lets pixels through
     */
    Picture decode(boolean attributesShown) {
        if (!attributesShown || !registers.screenOn()) {
            return BLANK;
        }
        return registers.graphicsMode() ? graphics() : text();
    }

    private Picture.Text text() {
        int dots = registers.dotsPerCharacter();
        int dotShift = registers.dotClockHalved() ? 1 : 0;
        int lineShift = registers.doubleScan() ? 1 : 0;
        int columns =
                Math.min(
                        Math.min(registers.displayedCharacters(), DisplayLayout.MAX_TEXT_COLUMNS),
                        DisplayLayout.MAX_WIDTH / (dots << dotShift));
        int height = Math.min(registers.displayedLines(), DisplayLayout.MAX_HEIGHT);
        List<Picture.Row> rows = textRows(height, lineShift);
        int cellHeight = registers.linesPerRow() << lineShift;
        var grid = new DisplayMode.TextGeometry(columns, rows.size(), dots << dotShift, cellHeight);
        int cursorFirst = registers.cr[0x0A] & 0x1F;
        int cursorLast = registers.cr[0x0B] & 0x1F;
        boolean cursor = (registers.cr[0x0A] & 0x20) == 0 && cursorFirst <= cursorLast;
        int fonts = registers.sr[3];
        return new Picture.Text(
                columns * dots << dotShift,
                height,
                grid,
                rows.toArray(new Picture.Row[0]),
                dots,
                dotShift,
                lineShift,
                registers.panning(),
                font(fonts >> 2 & 3 | fonts >> 3 & 4),
                font(fonts & 3 | fonts >> 2 & 4),
                (registers.ar[0x10] & 4) != 0,
                (registers.ar[0x10] & 8) != 0,
                registers.cr[0x14] & 0x1F,
                cursor ? registers.cursorAddress() * BYTES_PER_ADDRESS & MASK : -1,
                cursorFirst,
                cursorLast,
                MASK);
    }

    /** SR3 numbers the fonts 0, 16K, 32K, 48K, and with its third bit those 8K further on. */
    private static int font(int number) {
        return ((number & 3) * 0x4000 + (number >> 2) * 0x2000) * BYTES_PER_ADDRESS;
    }

    private List<Picture.Row> textRows(int height, int lineShift) {
        List<Picture.Row> rows = new ArrayList<>();
        int rowHeight = registers.linesPerRow() << lineShift;
        int split = registers.lineCompare() + 1;
        int address = registers.startAddress();
        int cut =
                registers.presetRowScan() < registers.linesPerRow()
                        ? registers.presetRowScan() << lineShift
                        : 0;
        boolean panning = true;
        int y = 0;
        while (y < height && rows.size() < DisplayLayout.MAX_TEXT_ROWS) {
            int end = Math.min(y + rowHeight - cut, height);
            if (y < split && split < end) {
                end = split;
            }
            rows.add(new Picture.Row(y, end - y, cut, address * BYTES_PER_ADDRESS & MASK, panning));
            y = end;
            cut = 0;
            address += registers.rowPitch();
            if (y == split) {
                address = registers.addressAfterSplit();
                panning = !registers.panningEndsAtSplit();
            }
        }
        return rows;
    }

    private Picture.Graphics graphics() {
        PixelFormat format =
                registers.packedPixels()
                        ? PixelFormat.INDEXED_8
                        : registers.interleavedPixels()
                                ? PixelFormat.INTERLEAVED_4
                                : PixelFormat.PLANES_4;
        // A pixel of eight bits takes two dot clocks to put together.
        int pixelsPerAddress = format == PixelFormat.INDEXED_8 ? 4 : 8;
        int dotShift =
                (format == PixelFormat.INDEXED_8 ? 1 : 0) + (registers.dotClockHalved() ? 1 : 0);
        int dotsPerAddress = pixelsPerAddress << dotShift;
        int characters =
                Math.min(registers.displayedCharacters(), DisplayLayout.MAX_WIDTH / dotsPerAddress);
        int height = Math.min(registers.displayedLines(), DisplayLayout.MAX_HEIGHT);
        boolean planar = format == PixelFormat.PLANES_4 && !banks();
        return new Picture.Graphics(
                planar ? DisplayMode.Kind.PLANAR : DisplayMode.Kind.PACKED,
                format,
                characters * dotsPerAddress,
                height,
                dotShift,
                lines(height),
                characters * BYTES_PER_ADDRESS,
                registers.panning(),
                registers.panningEndsAtSplit()
                        ? Math.min(registers.lineCompare() + 1, height)
                        : height,
                MASK,
                null);
    }

    /**
     * Whether lines of a row of characters are taken from different banks, as a CGA's and a
     * Hercules' are.
     */
    private boolean banks() {
        return (registers.cr[0x17] & 3) != 3;
    }

    /** Where the CRT controller starts each of its scan lines. */
    private int[] lines(int scanLines) {
        int[] lines = new int[scanLines];
        int linesPerRow = registers.linesPerRow();
        int address = registers.startAddress();
        int rowLine = registers.presetRowScan() < linesPerRow ? registers.presetRowScan() : 0;
        boolean second = false;
        for (int line = 0; line < scanLines; line++) {
            lines[line] = bank(address, rowLine) * BYTES_PER_ADDRESS;
            if (line == registers.lineCompare()) {
                address = registers.addressAfterSplit();
                rowLine = 0;
                second = false;
            } else if (registers.doubleScan() && !second) {
                second = true;
            } else {
                second = false;
                rowLine++;
                if (rowLine == linesPerRow) {
                    rowLine = 0;
                    address += registers.rowPitch();
                }
            }
        }
        return lines;
    }

    /**
     * CR17 lets bits 0 and 1 of the line within the row stand for address bits 13 and 14. In word
     * mode those are one lower here, where chained planes are stored without gaps.
     */
    private int bank(int address, int rowLine) {
        int word = (registers.cr[0x17] & 0x40) == 0 ? 1 : 0;
        int result = address;
        if ((registers.cr[0x17] & 1) == 0) {
            result = result & ~(1 << 13 - word) | (rowLine & 1) << 13 - word;
        }
        if ((registers.cr[0x17] & 2) == 0) {
            result = result & ~(1 << 14 - word) | (rowLine >> 1 & 1) << 14 - word;
        }
        return result & ADDRESS_MASK;
    }
}
