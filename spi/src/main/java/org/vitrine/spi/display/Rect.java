package org.vitrine.spi.display;

/**
 * A rectangle of pixels: left, top, width and height.
 *
 * @since 1.0
 */
public record Rect(int x, int y, int width, int height) {}
