package org.vitrine.frontend.vnc.keyboard;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrine.frontend.vnc.keyboard.Stroke.Level;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;

/**
 * One client's keyboard: turns keysyms, which are letters, into keys, which are places.
 *
 * <p>A client says {@code '!'}, and a guest must see Shift with 1, whether the client has told of a
 * Shift key or not. So where Shift is not as the keysym needs it, it is pressed or released for the
 * moment of the key's press, all in one group of events, and put back at once. While Ctrl, Alt or
 * Super is held letters are left alone: Ctrl+A with Caps Lock on is not Ctrl+Shift+A. For one
 * thread.
 */
public final class Keyboard {

    private static final Set<KeyCode> SHIFTS = Set.of(KeyCode.SHIFT, KeyCode.SHIFT_R);
    private static final Set<KeyCode> COMMANDS =
            Set.of(
                    KeyCode.CTRL,
                    KeyCode.CTRL_R,
                    KeyCode.ALT,
                    KeyCode.ALT_R,
                    KeyCode.META_L,
                    KeyCode.META_R);

    /** QEMU's number of the Print key, with which clients mean it with and without Alt. */
    private static final int PRINT_NUMBER = 0x54;

    private final Map<Integer, KeyCode> keysymsDown = new HashMap<>();
    private final Set<KeyCode> keysDown = EnumSet.noneOf(KeyCode.class);

    /**
     * The events that a client's key event makes.
     *
     * @param capsLock whether the guest's Caps Lock is on
     * @return one group of events, empty when the release is of a key that is not down; null when a
     *     US keyboard has no such keysym
     */
    public List<InputEvent> key(int keysym, boolean down, boolean capsLock) {
        Stroke stroke = UsKeymap.stroke(keysym);
        if (!down) {
            // Between press and release Shift may have moved, so that 'a' was pressed and 'A' is
            // released.
            KeyCode pressed = keysymsDown.get(keysym);
            KeyCode key = pressed != null || stroke == null ? pressed : stroke.key();
            return key == null && stroke == null ? null : release(key);
        }
        if (stroke == null) {
            return null;
        }
        return press(keysym, stroke.key(), wantedShift(stroke, capsLock));
    }

    /**
     * The events for a key that the client names by its place.
     *
     * @param number QEMU's key number
     * @return one group of events; null when there is no such key, and the keysym must be used
     */
    public List<InputEvent> extendedKey(int keysym, int number, boolean down) {
        KeyCode key = KeyCode.ofNumber(number);
        if (number == PRINT_NUMBER && !keysDown.contains(KeyCode.SYSRQ)) {
            boolean alt = keysDown.contains(KeyCode.ALT) || keysDown.contains(KeyCode.ALT_R);
            key = alt && down ? KeyCode.SYSRQ : KeyCode.PRINT;
        }
        if (key == null) {
            return null;
        }
        return down ? press(keysym, key, shiftDown()) : release(key);
    }

    /** Whether Shift must be down in the guest while the key is pressed. */
    private boolean wantedShift(Stroke stroke, boolean capsLock) {
        boolean letter = stroke.level() == Level.SMALL || stroke.level() == Level.CAPITAL;
        if (letter && keysDown.stream().anyMatch(COMMANDS::contains)) {
            return shiftDown();
        }
        return switch (stroke.level()) {
            case ANY -> shiftDown();
            case PLAIN -> false;
            case SHIFTED -> true;
            case SMALL -> capsLock;
            case CAPITAL -> !capsLock;
        };
    }

    private boolean shiftDown() {
        return keysDown.contains(KeyCode.SHIFT) || keysDown.contains(KeyCode.SHIFT_R);
    }

    private List<InputEvent> press(int keysym, KeyCode key, boolean shift) {
        List<InputEvent> events = new ArrayList<>(5);
        if (shift == shiftDown()) {
            events.add(new InputEvent.Key(key, true));
        } else if (shift) {
            events.add(new InputEvent.Key(KeyCode.SHIFT, true));
            events.add(new InputEvent.Key(key, true));
            events.add(new InputEvent.Key(KeyCode.SHIFT, false));
        } else {
            List<KeyCode> held = keysDown.stream().filter(SHIFTS::contains).toList();
            held.forEach(each -> events.add(new InputEvent.Key(each, false)));
            events.add(new InputEvent.Key(key, true));
            held.forEach(each -> events.add(new InputEvent.Key(each, true)));
        }
        keysymsDown.put(keysym, key);
        keysDown.add(key);
        return events;
    }

    private List<InputEvent> release(KeyCode key) {
        if (!keysDown.remove(key)) {
            return List.of();
        }
        keysymsDown.values().removeIf(key::equals);
        return List.of(new InputEvent.Key(key, false));
    }
}
