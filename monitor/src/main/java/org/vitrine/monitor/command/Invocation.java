package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** One call of a command: its arguments, which have been checked, and whose call it is. */
final class Invocation {

    private final JsonObject arguments;
    private final Caller caller;

    Invocation(JsonObject arguments, Caller caller) {
        this.arguments = arguments;
        this.caller = caller;
    }

    /** Whose call it is. */
    Caller caller() {
        return caller;
    }

    boolean has(String name) {
        return arguments.has(name);
    }

    String string(String name) {
        return arguments.get(name).getAsString();
    }

    String string(String name, String absent) {
        return has(name) ? string(name) : absent;
    }

    long integer(String name) {
        return arguments.get(name).getAsLong();
    }

    long integer(String name, long absent) {
        return has(name) ? integer(name) : absent;
    }

    double number(String name, double absent) {
        return has(name) ? arguments.get(name).getAsDouble() : absent;
    }

    /** A number as the client wrote it. */
    String shown(String name, String absent) {
        return has(name) ? arguments.get(name).getAsString() : absent;
    }

    boolean bool(String name, boolean absent) {
        return has(name) ? arguments.get(name).getAsBoolean() : absent;
    }

    JsonArray list(String name) {
        return arguments.getAsJsonArray(name);
    }

    /** An argument whose type is an object. */
    JsonObject member(String name) {
        return arguments.getAsJsonObject(name);
    }

    /** An argument of type {@code any} that must be an object; empty when it is not given. */
    JsonObject object(String name) throws CommandException {
        if (!has(name)) {
            return new JsonObject();
        }
        if (!arguments.get(name).isJsonObject()) {
            throw new CommandException(
                    "Invalid parameter type for '" + name + "', expected: object");
        }
        return arguments.getAsJsonObject(name);
    }
}
