package org.vitrine.frontend.vnc;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.frontend.vnc.rfb.ClientMessage.PointerEvent;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.PointerButton;

/** One client's pointer: turns its states into what changed. For one thread. */
final class Pointer {

    /** The buttons in the order of the message's bits (RFC 6143, section 7.5.5). */
    private static final PointerButton[] BUTTONS = {
        PointerButton.LEFT,
        PointerButton.MIDDLE,
        PointerButton.RIGHT,
        PointerButton.WHEEL_UP,
        PointerButton.WHEEL_DOWN,
        PointerButton.WHEEL_LEFT,
        PointerButton.WHEEL_RIGHT
    };

    private InputEvent.AbsoluteMove at;
    private int buttons;

    /** The events of one group, move first; none when nothing changed. */
    List<InputEvent> events(PointerEvent event, DisplayMode mode) {
        List<InputEvent> events = new ArrayList<>(2);
        InputEvent.AbsoluteMove to =
                InputEvent.AbsoluteMove.ofPixel(event.x(), event.y(), mode.width(), mode.height());
        if (!to.equals(at)) {
            events.add(to);
            at = to;
        }
        int changed = buttons ^ event.buttons();
        for (int bit = 0; bit < BUTTONS.length; bit++) {
            if ((changed >> bit & 1) != 0) {
                events.add(new InputEvent.Button(BUTTONS[bit], (event.buttons() >> bit & 1) != 0));
            }
        }
        buttons = event.buttons();
        return events;
    }
}
