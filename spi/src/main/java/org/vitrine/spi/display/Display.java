package org.vitrine.spi.display;

import java.time.Duration;

/**
 * The guest's screen as any number of readers see it.
 *
 * <p>Frames have generations, numbers that go up by one or more. The usual loop of a frontend is
 *
 * <pre>{@code
 * Frame frame = new Frame();
 * while (open) {
 *     if (display.awaitNewer(frame.generation(), Duration.ofSeconds(1))) {
 *         display.read(frame);
 *         for (Rect changed : frame.damage()) { ... }
 *     }
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. Reading never makes the guest wait.
 *
 * @since 1.0
 */
public interface Display {

    /** The generation of the newest published frame; 0 before the first. */
    long generation();

    /**
     * Waits until there is a frame newer than {@code generation}.
     *
     * @return whether there is one; false when the time was up first
     * @throws InterruptedException when the thread is interrupted, as at detaching
     */
    boolean awaitNewer(long generation, Duration timeout) throws InterruptedException;

    /**
     * Brings {@code frame} up to the newest frame, whole and untorn: copies what may have changed
     * since {@link Frame#generation()}, and notes it as the frame's damage. Before the machine's
     * first frame nothing is read, and {@link Frame#mode()} stays null.
     *
     * @return whether the frame was brought forward
     */
    boolean read(Frame frame);

    /**
     * The pointer's shape and place, for guests that draw it in hardware; {@link Cursor#NONE} for
     * others.
     */
    Cursor cursor();

    /** The keyboard's lamps as the guest set them last. */
    KeyboardLeds leds();

    /** What the emulator is doing, and whether it is alive. */
    DisplayLayout.WriterState state();
}
