package org.vitrine.monitor.peer;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A picture that a viewer made, to be compared with what the guest shows. */
public final class Picture {

    private final BufferedImage image;

    private Picture(BufferedImage image) {
        this.image = image;
    }

    public static Picture read(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        if (image == null) {
            throw new IOException(file + " is no picture");
        }
        return new Picture(image);
    }

    public static Picture of(BufferedImage image) {
        return new Picture(image);
    }

    public int width() {
        return image.getWidth();
    }

    public int height() {
        return image.getHeight();
    }

    /**
     * The share of this picture's bright pixels, and as many dark ones, that {@code other} shows
     * alike at this offset; colours may differ by what a lossy coding changes.
     */
    public double likeness(Picture other, int left, int top) {
        long lit = 0;
        long litAlike = 0;
        long dark = 0;
        long darkAlike = 0;
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                int mine = brightness(image.getRGB(x, y));
                boolean inside = x + left < other.width() && y + top < other.height();
                boolean alike =
                        inside
                                && Math.abs(
                                                mine
                                                        - brightness(
                                                                other.image.getRGB(
                                                                        x + left, y + top)))
                                        < 80;
                if (mine > 64) {
                    lit++;
                    litAlike += alike ? 1 : 0;
                } else {
                    dark++;
                    darkAlike += alike ? 1 : 0;
                }
            }
        }
        if (lit == 0) {
            throw new AssertionError("the picture to look for is black");
        }
        return Math.min((double) litAlike / lit, dark == 0 ? 1 : (double) darkAlike / dark);
    }

    private static int brightness(int rgb) {
        return ((rgb >> 16 & 0xFF) * 3 + (rgb >> 8 & 0xFF) * 6 + (rgb & 0xFF)) / 10;
    }

    /**
     * The best {@link #likeness} of this picture at any offset in a larger one, as a screen with a
     * window.
     */
    public double likenessSomewhere(Picture screen) {
        double best = 0;
        for (int top = 0; top + height() <= screen.height(); top++) {
            for (int left = 0; left + width() <= screen.width(); left++) {
                if (maybe(screen, left, top)) {
                    best = Math.max(best, likeness(screen, left, top));
                    if (best > 0.999) {
                        return best;
                    }
                }
            }
        }
        return best;
    }

    /**
     * Whether a sample of pixels fits well enough to compare them all: as many dark as bright ones,
     * for a window that has not been drawn yet may be bright all over.
     */
    private boolean maybe(Picture screen, int left, int top) {
        int wrong = 0;
        int lit = 0;
        int dark = 0;
        for (int y = 0; y < height() && lit < 100; y++) {
            for (int x = 0; x < width() && lit < 100; x++) {
                int mine = brightness(image.getRGB(x, y));
                if (mine > 64) {
                    lit++;
                } else if (dark < lit) {
                    dark++;
                } else {
                    continue;
                }
                int other = brightness(screen.image.getRGB(left + x, top + y));
                if (Math.abs(mine - other) >= 80 && ++wrong > 20) {
                    return false;
                }
            }
        }
        return true;
    }
}
