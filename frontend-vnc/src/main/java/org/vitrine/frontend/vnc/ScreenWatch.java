package org.vitrine.frontend.vnc;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.KeyboardLeds;

/**
 * Watches the screen for all clients: one thread waits for frames, so that a client's may wait for
 * the client.
 */
final class ScreenWatch {

    /**
     * Lamps and cursor make no frame, so they are looked at so often; this costs nothing while
     * nobody is there.
     */
    private static final Duration LOOK = Duration.ofMillis(40);

    private static final Duration LOOK_UNWATCHED = Duration.ofSeconds(1);

    private final Display display;
    private final BooleanSupplier watched;
    private final Runnable changed;

    /**
     * @param watched says whether there are clients
     * @param changed is called after each change
     */
    ScreenWatch(Display display, BooleanSupplier watched, Runnable changed) {
        this.display = display;
        this.watched = watched;
        this.changed = changed;
    }

    /** Watches until the thread is interrupted. */
    void run() {
        long generation = 0;
        KeyboardLeds leds = null;
        Cursor cursor = Cursor.NONE;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean newer =
                        display.awaitNewer(
                                generation, watched.getAsBoolean() ? LOOK : LOOK_UNWATCHED);
                if (newer) {
                    generation = display.generation();
                }
                KeyboardLeds ledsNow = display.leds();
                Cursor cursorNow = display.cursor();
                if (newer
                        || !ledsNow.equals(leds)
                        || cursorNow.serial() != cursor.serial()
                        || cursorNow.visible() != cursor.visible()) {
                    leds = ledsNow;
                    cursor = cursorNow;
                    changed.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
