package org.vitrine.spi.display;

import java.util.Objects;

/**
 * Where in a named memory map a frame's picture can be taken from without conversion. It may be
 * torn there, and may be another one by now.
 *
 * @param map the map's name, as {@code "vga"}
 * @param offset bytes from the start of the map to the first pixel
 * @param stride bytes from one line to the next
 * @param format the pixels' format there
 * @since 1.0
 */
public record Scanout(String map, long offset, int stride, Format format) {

    public Scanout {
        Objects.requireNonNull(map, "map");
        Objects.requireNonNull(format, "format");
    }

    /**
     * Pixel formats, little-endian. The order is that of the display map's codes, from 1.
     *
     * @since 1.0
     */
    public enum Format {
        XRGB8888,
        RGB888,
        RGB565,
        XRGB1555
    }
}
