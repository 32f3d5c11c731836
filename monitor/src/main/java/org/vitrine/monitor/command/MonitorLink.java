package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.Consumer;

/**
 * A way to a machine's monitor: the table itself in the emulator's own process, or a connection to another.
 * May be used by several threads.
 */
public interface MonitorLink {

    /**
     * Runs a command and waits for its result.
     *
     * @param arguments the arguments by name, empty for none
     * @throws CommandException when it fails, or when the connection is lost
     */
    JsonElement execute(String command, JsonObject arguments) throws CommandException;

    /** Runs a command without arguments. */
    default JsonElement execute(String command) throws CommandException {
        return execute(command, new JsonObject());
    }

    /** Tells this listener of all events from now on: on any thread, and it must return at once. */
    void addListener(Consumer<MonitorEvent> listener);

    void removeListener(Consumer<MonitorEvent> listener);
}
