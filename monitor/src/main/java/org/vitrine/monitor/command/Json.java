package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** Results in few words: objects and arrays written as they will read. */
final class Json {

    private Json() {}

    /**
     * An object of these members, in this order.
     *
     * @param namesAndValues name, value, name, value...; values as {@link #value} takes them
     */
    static JsonObject object(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.add((String) namesAndValues[i], value(namesAndValues[i + 1]));
        }
        return object;
    }

    /** An array of these values, as {@link #value} takes them. */
    static JsonArray array(Object... values) {
        JsonArray array = new JsonArray();
        for (Object value : values) {
            array.add(value(value));
        }
        return array;
    }

    /** The JSON value of a string, number, boolean, null, or of what is one already. */
    static JsonElement value(Object value) {
        return switch (value) {
            case null -> JsonNull.INSTANCE;
            case JsonElement element -> element;
            case String text -> new JsonPrimitive(text);
            case Number number -> new JsonPrimitive(number);
            case Boolean bool -> new JsonPrimitive(bool);
            default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
        };
    }
}
