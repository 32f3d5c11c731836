package org.vitrine.core.input;

import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
import org.vitrine.core.device.input.VmMouse;
import org.vitrine.spi.input.InputEvent;

/**
 * Gives events to the PS/2 keyboard and mouse, or to the absolute pointer once the guest has asked
 * for it. A PS/2 mouse knows no places, so a place on the screen becomes the way there in pixels
 * from the place before; the guest's pointer follows exactly only where the guest doesn't
 * accelerate it. Used by the vCPU thread alone.
 */
public final class Ps2Input implements InputQueue.Sink {

    private final Ps2Keyboard keyboard;
    private final Ps2Mouse mouse;
    private final VmMouse pointer;

    private int width = 640;
    private int height = 480;
    private int absoluteX = -1;
    private int absoluteY = -1;

    public Ps2Input(Ps2Keyboard keyboard, Ps2Mouse mouse, VmMouse pointer) {
        this.keyboard = keyboard;
        this.mouse = mouse;
        this.pointer = pointer;
    }

    /** The screen has this many pixels now; until told, 640 by 480. */
    public void screenResized(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
    }

    @Override
    public boolean hasRoom(InputEvent event) {
        return switch (event) {
            case InputEvent.Key key -> keyboard.hasRoom();
            // The mouse sums up what it can't report yet.
            case InputEvent.Button button -> true;
            case InputEvent.RelativeMove move -> true;
            case InputEvent.AbsoluteMove move -> true;
        };
    }

    @Override
    public void accept(InputEvent event) {
        switch (event) {
            case InputEvent.Key key -> keyboard.key(key.key(), key.down());
            case InputEvent.Button button -> press(button);
            case InputEvent.RelativeMove move -> moveBy(move.dx(), move.dy());
            case InputEvent.AbsoluteMove move -> moveTo(move.x(), move.y());
        }
    }

    private void press(InputEvent.Button button) {
        if (pointer.isAbsolute()) {
            pointer.button(button.button(), button.down());
        } else {
            mouse.button(button.button(), button.down());
        }
    }

    private void moveBy(int dx, int dy) {
        if (pointer.isAbsolute()) {
            pointer.move(dx, dy, width, height);
        } else {
            mouse.move(dx, dy);
        }
    }

    private void moveTo(int x, int y) {
        if (pointer.isAbsolute()) {
            pointer.moveTo(x, y);
            absoluteX = x;
            absoluteY = y;
            return;
        }
        // The first place is only where to count from: nobody knows where the guest's pointer is.
        if (absoluteX >= 0) {
            mouse.move(
                    pixel(x, width) - pixel(absoluteX, width),
                    pixel(y, height) - pixel(absoluteY, height));
        }
        absoluteX = x;
        absoluteY = y;
    }

    private static int pixel(int at, int size) {
        return (at * (size - 1) + InputEvent.ABSOLUTE_MAX / 2) / InputEvent.ABSOLUTE_MAX;
    }

    @Override
    public void endOfGroup() {
        mouse.sync();
        pointer.sync();
    }
}
