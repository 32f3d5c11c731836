package org.vitrine.core.display;

import java.util.Arrays;
import org.vitrine.core.memory.DirtyLog;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;
import org.vitrine.spi.display.DisplayMode;

/**
 * Makes frames out of what a video adapter shows. Work is proportional to what has changed: cells
 * in text modes, lines whose pages of video memory were written in others. Used by the vCPU thread
 * alone.
 */
public final class ScreenRenderer {

    /** The size of the black frame before the guest has set a mode. */
    private static final int FIRST_WIDTH = 640;

    private static final int FIRST_HEIGHT = 400;

    /**
     * The cursor changes between on and off after this many frames, characters after twice as many
     * (IBM VGA Technical Reference, attribute mode control register).
     */
    private static final int CURSOR_FRAMES = 8;

    private final VideoSource source;
    private final Clock clock;
    private final SurfaceWriter writer;
    private final boolean memoryShared;
    private final TextRenderer textRenderer;
    private final LineConverter lineConverter = new LineConverter();

    private Picture shown;
    private int shownColours;
    private long conversions;
    private long linesConverted;
    private long cellsConverted;

    /** A renderer of this adapter's screen; characters blink in the clock's time. */
    public ScreenRenderer(VideoSource source, Clock clock, SurfaceWriter writer) {
        this(source, clock, writer, true);
    }

    /**
     * A renderer of this adapter's screen; characters blink in the clock's time.
     *
     * @param memoryShared whether others can map video memory, so that they are told where in it
     *     the picture lies
     */
    public ScreenRenderer(
            VideoSource source, Clock clock, SurfaceWriter writer, boolean memoryShared) {
        this.memoryShared = memoryShared;
        this.source = source;
        this.clock = clock;
        this.writer = writer;
        this.textRenderer = new TextRenderer(source.memory(), writer);
    }

    /**
     * Lets the next {@link #refresh} take nothing for unchanged, as when somebody else may have
     * written to video memory. It compares, and publishes only what differs.
     */
    public void doubt() {
        source.writes().markAll();
    }

    /**
     * Brings the published screen up to date.
     *
     * @return whether anything had to be converted
     */
    public boolean refresh() {
        Picture picture = source.picture();
        DirtyLog writes = source.writes();
        boolean newPicture = picture != shown;
        boolean newColours = source.coloursVersion() != shownColours;
        boolean converted =
                switch (picture) {
                    case Picture.Blank blank -> newPicture && blank();
                    case Picture.Text text -> text(text, newPicture, newColours, writes);
                    case Picture.Graphics graphics -> {
                        boolean all = newPicture || newColours && graphics.format().indexed();
                        yield (all || writes.any()) && graphics(graphics, all, writes);
                    }
                };
        shown = picture;
        shownColours = source.coloursVersion();
        if (writes.any()) {
            writes.clean(0, (int) (source.memory().byteSize() >>> PhysicalMemory.PAGE_SHIFT));
        }
        if (converted) {
            conversions++;
        }
        return converted;
    }

    /**
     * Whether the guest has written to video memory or changed the picture or its colours since the
     * last {@link #refresh}. What blinks is not looked at.
     */
    public boolean stale() {
        return source.picture() != shown
                || source.coloursVersion() != shownColours
                || source.writes().any();
    }

    private boolean blank() {
        DisplayMode mode = writer.mode();
        if (mode == null) {
            writer.begin(FIRST_WIDTH, FIRST_HEIGHT, DisplayMode.Kind.PACKED, null, null);
        } else {
            writer.begin(mode.width(), mode.height(), mode.kind(), mode.text(), null);
        }
        mode = writer.mode();
        Arrays.fill(writer.line(), 0, mode.width(), 0);
        for (int y = 0; y < mode.height(); y++) {
            writer.draw(0, y, mode.width());
        }
        if (mode.text() != null) {
            writer.text(new short[mode.text().columns() * mode.text().rows()], -1, -1);
        }
        writer.publish();
        return true;
    }

    private boolean text(
            Picture.Text text, boolean newPicture, boolean newColours, DirtyLog writes) {
        long phase = clock.nanos() / (CURSOR_FRAMES * source.frameNanos());
        boolean blinked = textRenderer.setBlink((phase & 2) == 0, (phase & 1) == 0);
        if (!newPicture && !newColours && !blinked && !writes.any()) {
            return false;
        }
        int cells = textRenderer.render(text, shown, source.colours(), newColours, writes);
        cellsConverted += Math.max(cells, 0);
        return cells >= 0;
    }

    private boolean graphics(Picture.Graphics picture, boolean all, DirtyLog writes) {
        boolean begun = false;
        for (int y = 0; y < picture.height(); y++) {
            if (!all && !written(picture, y, writes)) {
                continue;
            }
            if (!begun) {
                begun = true;
                if (begin(picture) && !all) {
                    throw new IllegalStateException(
                            "the mode has changed, and the picture has not");
                }
            }
            lineConverter.convert(picture, y, source.memory(), source.colours(), writer.line());
            writer.draw(0, y, picture.width());
            linesConverted++;
        }
        if (begun) {
            writer.publish();
        }
        return begun;
    }

    private boolean begin(Picture.Graphics picture) {
        return writer.begin(
                picture.width(),
                picture.height(),
                picture.kind(),
                null,
                memoryShared ? picture.scanout() : null);
    }

    private static boolean written(Picture.Graphics picture, int y, DirtyLog writes) {
        int first = picture.lines()[y] & picture.mask();
        // Panning shows up to eight pixels, in four or eight bytes, of what follows the line.
        int last = first + picture.lineBytes() + (picture.panning() != 0 ? 8 : 0) - 1;
        return written(first, Math.min(last, picture.mask()), writes)
                || last > picture.mask() && written(0, last & picture.mask(), writes);
    }

    private static boolean written(int first, int last, DirtyLog writes) {
        int page = writes.next(first >> PhysicalMemory.PAGE_SHIFT);
        return page >= 0 && page <= last >> PhysicalMemory.PAGE_SHIFT;
    }

    /** How often {@link #refresh} had something to convert. */
    public long conversions() {
        return conversions;
    }

    /** How many lines of graphics were converted in all. */
    public long linesConverted() {
        return linesConverted;
    }

    /** How many character cells were drawn in all. */
    public long cellsConverted() {
        return cellsConverted;
    }
}
