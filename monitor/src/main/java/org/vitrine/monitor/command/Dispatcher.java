package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException.ErrorClass;

/**
 * Finds the code for a command, checks the arguments, and runs it. Safe for use by several threads
 * once bound.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final CommandTable table;
    private final Map<String, Handler> handlers = new HashMap<>();

    /** The code of a command. */
    @FunctionalInterface
    interface Handler {

        /** Returns the result, or null for an empty object. */
        JsonElement run(Invocation call) throws CommandException;
    }

    Dispatcher(CommandTable table) {
        this.table = table;
    }

    void bind(Command command, Handler handler) {
        if (table.command(command.name()) != command) {
            throw new IllegalArgumentException("'" + command.name() + "' is not of this table");
        }
        handlers.put(command.name(), handler);
    }

    /** What there is. */
    public CommandTable table() {
        return table;
    }

    /** Runs a command for somebody in the emulator's own process. */
    public JsonElement run(String name, JsonObject arguments) throws CommandException {
        return run(name, arguments, Caller.LOCAL);
    }

    /**
     * Runs a command for this client.
     *
     * @throws CommandException when there is no such command for a client of its role, the
     *     arguments are wrong, or it fails
     */
    public JsonElement run(String name, JsonObject arguments, Caller caller)
            throws CommandException {
        Command command = table.command(name, caller.role());
        if (command == null) {
            throw notFound(name);
        }
        ArgumentCheck.check(command.arguments(caller.role()), arguments);
        Handler handler = handlers.get(name);
        if (handler == null) {
            throw notFound(name);
        }
        try {
            JsonElement result = handler.run(new Invocation(arguments, caller));
            return result == null ? new JsonObject() : result;
        } catch (RuntimeException e) {
            LOG.error("command {} failed", name, e);
            throw new CommandException("the emulator failed at '" + name + "': " + e, e);
        }
    }

    /** QEMU's error for a command that is not in the table. */
    public static CommandException notFound(String name) {
        return new CommandException(
                ErrorClass.COMMAND_NOT_FOUND, "The command " + name + " has not been found");
    }
}
