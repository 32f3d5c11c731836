package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/**
 * Reads the events of {@code input-send-event}: keeps in mind where a pointer was last, since each
 * axis comes alone. Safe for use by several threads.
 */
final class InputGroup {

    private int absoluteX;
    private int absoluteY;

    /** The group's events; neighbours that move the pointer along its axes make one movement. */
    synchronized InputEvent[] read(JsonArray list) throws CommandException {
        List<InputEvent> group = new ArrayList<>();
        for (JsonElement element : list) {
            JsonObject event = element.getAsJsonObject();
            JsonObject data = event.getAsJsonObject("data");
            switch (event.get("type").getAsString()) {
                case "key" ->
                        group.add(
                                new InputEvent.Key(
                                        key(data.getAsJsonObject("key")),
                                        data.get("down").getAsBoolean()));
                case "btn" ->
                        group.add(
                                new InputEvent.Button(
                                        button(data.get("button").getAsString()),
                                        data.get("down").getAsBoolean()));
                case "rel" ->
                        addRelative(
                                group,
                                isX(data),
                                value(data, Integer.MIN_VALUE, Integer.MAX_VALUE));
                default -> addAbsolute(group, isX(data), value(data, 0, InputEvent.ABSOLUTE_MAX));
            }
        }
        return group.toArray(InputEvent[]::new);
    }

    /** The key that a {@code KeyValue} names. */
    static KeyCode key(JsonObject value) throws CommandException {
        JsonElement data = value.get("data");
        if (value.get("type").getAsString().equals("qcode")) {
            return KeyCode.ofName(data.getAsString());
        }
        long number = data.getAsLong();
        KeyCode key = number >= 0 && number <= 0xFF ? KeyCode.ofNumber((int) number) : null;
        if (key == null) {
            throw new CommandException("there is no key with the number " + number);
        }
        return key;
    }

    private static boolean isX(JsonObject move) {
        return move.get("axis").getAsString().equals("x");
    }

    private static int value(JsonObject move, int minimum, int maximum) {
        return Math.clamp(move.get("value").getAsLong(), minimum, maximum);
    }

    private static void addRelative(List<InputEvent> group, boolean x, int value) {
        int dx = x ? value : 0;
        int dy = x ? 0 : value;
        if (!group.isEmpty() && group.getLast() instanceof InputEvent.RelativeMove move) {
            group.removeLast();
            dx += move.dx();
            dy += move.dy();
        }
        group.add(new InputEvent.RelativeMove(dx, dy));
    }

    private void addAbsolute(List<InputEvent> group, boolean x, int value) {
        absoluteX = x ? value : absoluteX;
        absoluteY = x ? absoluteY : value;
        if (!group.isEmpty() && group.getLast() instanceof InputEvent.AbsoluteMove) {
            group.removeLast();
        }
        group.add(new InputEvent.AbsoluteMove(absoluteX, absoluteY));
    }

    private static PointerButton button(String name) {
        for (PointerButton button : PointerButton.values()) {
            if (button.qmpName().equals(name)) {
                return button;
            }
        }
        throw new IllegalArgumentException("no button '" + name + "'");
    }
}
