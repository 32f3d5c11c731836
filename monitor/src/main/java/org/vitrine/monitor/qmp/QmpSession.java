package org.vitrine.monitor.qmp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.vitrine.monitor.command.Caller;
import org.vitrine.monitor.command.Command;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.Dispatcher;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.Role;

/**
 * One QMP connection without its socket: takes the client's bytes, gives the lines that go to it.
 * As QEMU's {@code docs/interop/qmp-spec} has it: greeting, negotiation of capabilities, commands
 * with ids, events, and commands out of band.
 *
 * <p>{@link #receive} is called by one thread. Commands run, and replies are made, on the executor,
 * in the order of the requests; a command out of band runs on the receiving thread at once. Lines
 * may so come from several threads, each line whole.
 */
public final class QmpSession {

    private static final String NEGOTIATE = "qmp_capabilities";

    private final Dispatcher dispatcher;
    private final Caller caller;
    private final Executor inBand;
    private final Consumer<String> output;
    private final WireForm form;
    private final JsonStream input = new JsonStream(new Input());
    private volatile boolean negotiated;
    private volatile boolean outOfBand;

    /** A request that has QMP's form. */
    private record Request(String command, JsonObject arguments, boolean outOfBand) {}

    /** A monitor's session, with messages of one line each; see the other constructor. */
    public QmpSession(Dispatcher dispatcher, Executor inBand, Consumer<String> output) {
        this(dispatcher, Role.MONITOR, WireForm.COMPACT, inBand, output, () -> {});
    }

    /**
     * @param role what the client is
     * @param form how messages to the client are written
     * @param inBand runs commands one after the other in the order in which they are given to it
     * @param output takes the lines, each ended by CR LF; called by several threads, and must not
     *     wait
     * @param disconnect breaks the connection off; called on any thread, and must not wait
     */
    public QmpSession(
            Dispatcher dispatcher,
            Role role,
            WireForm form,
            Executor inBand,
            Consumer<String> output,
            Runnable disconnect) {
        this.dispatcher = dispatcher;
        this.caller = new Caller(role, this::event, disconnect);
        this.form = form;
        this.inBand = inBand;
        this.output = output;
    }

    /** Begins: sends the greeting. */
    public void open() {
        JsonArray capabilities = new JsonArray();
        capabilities.add("oob");
        JsonObject server = new JsonObject();
        server.add("version", Monitor.versionInfo());
        server.add("capabilities", capabilities);
        JsonObject greeting = new JsonObject();
        greeting.add("QMP", server);
        send(greeting);
    }

    /** Takes bytes from the client, cut anywhere. */
    public void receive(byte[] bytes, int offset, int length) {
        input.feed(bytes, offset, length);
    }

    /** Tells the client of an event, when it is one for its role and it has negotiated. */
    public void event(MonitorEvent event) {
        if (negotiated && dispatcher.table().isFor(event, caller.role())) {
            send(describe(event));
        }
    }

    /** Whether the client has negotiated, and so is told of events. */
    boolean isNegotiated() {
        return negotiated;
    }

    /**
     * The client has gone: what it had a part in ends. Called once, by the last who runs commands.
     */
    public void close() {
        caller.gone();
    }

    private static JsonObject describe(MonitorEvent event) {
        Instant time = event.timestamp();
        JsonObject timestamp = new JsonObject();
        timestamp.addProperty("seconds", time.getEpochSecond());
        timestamp.addProperty("microseconds", time.getNano() / 1000);
        JsonObject message = new JsonObject();
        message.add("timestamp", timestamp);
        message.addProperty("event", event.name());
        if (event.data() != null) {
            message.add("data", event.data());
        }
        return message;
    }

    private void send(JsonObject message) {
        output.accept(form.write(message));
    }

    private void fail(JsonElement id, CommandException failure) {
        JsonObject error = new JsonObject();
        error.addProperty("class", failure.errorClass().qmpName());
        error.addProperty("desc", failure.getMessage());
        JsonObject reply = new JsonObject();
        if (id != null) {
            reply.add("id", id);
        }
        reply.add("error", error);
        send(reply);
    }

    private final class Input implements JsonStream.Values {

        @Override
        public void error(String message) {
            inBand.execute(() -> fail(null, new CommandException(message)));
        }

        @Override
        public void value(JsonElement value) {
            JsonElement id = value.isJsonObject() ? value.getAsJsonObject().get("id") : null;
            try {
                Request request = parse(value);
                if (request.outOfBand()) {
                    run(id, request);
                } else {
                    inBand.execute(() -> run(id, request));
                }
            } catch (CommandException e) {
                inBand.execute(() -> fail(id, e));
            }
        }
    }

    private Request parse(JsonElement value) throws CommandException {
        if (!value.isJsonObject()) {
            throw new CommandException("QMP input must be a JSON object");
        }
        String execute = null;
        JsonObject arguments = new JsonObject();
        String command = null;
        for (Map.Entry<String, JsonElement> member : value.getAsJsonObject().entrySet()) {
            String name = member.getKey();
            JsonElement content = member.getValue();
            if (name.equals("execute") || name.equals("exec-oob") && outOfBand) {
                if (!(content instanceof JsonPrimitive text) || !text.isString()) {
                    throw new CommandException("QMP input member '" + name + "' must be a string");
                }
                if (execute != null) {
                    throw new CommandException(
                            "QMP input member '" + name + "' clashes with '" + execute + "'");
                }
                execute = name;
                command = text.getAsString();
            } else if (name.equals("arguments")) {
                if (!content.isJsonObject()) {
                    throw new CommandException("QMP input member 'arguments' must be an object");
                }
                arguments = content.getAsJsonObject();
            } else if (!name.equals("id")) {
                throw new CommandException("QMP input member '" + name + "' is unexpected");
            }
        }
        if (execute == null) {
            throw new CommandException("QMP input lacks member 'execute'");
        }
        return new Request(command, arguments, execute.equals("exec-oob"));
    }

    private void run(JsonElement id, Request request) {
        JsonElement result;
        try {
            result = negotiated ? command(request) : negotiation(request);
        } catch (CommandException e) {
            fail(id, e);
            return;
        }
        JsonObject reply = new JsonObject();
        reply.add("return", result);
        if (id != null) {
            reply.add("id", id);
        }
        send(reply);
    }

    private JsonElement negotiation(Request request) throws CommandException {
        if (!request.command().equals(NEGOTIATE)) {
            throw new CommandException(
                    ErrorClass.COMMAND_NOT_FOUND,
                    "Expecting capabilities negotiation with 'qmp_capabilities'");
        }
        JsonElement result = dispatcher.run(NEGOTIATE, request.arguments(), caller);
        if (request.arguments().has("enable")) {
            outOfBand = !request.arguments().getAsJsonArray("enable").isEmpty();
        }
        negotiated = true;
        return result;
    }

    private JsonElement command(Request request) throws CommandException {
        if (request.command().equals(NEGOTIATE)) {
            throw new CommandException(
                    ErrorClass.COMMAND_NOT_FOUND,
                    "Capabilities negotiation is already complete, command ignored");
        }
        Command command = dispatcher.table().command(request.command(), caller.role());
        if (request.outOfBand() && command != null && !command.allowOob()) {
            throw new CommandException(
                    "The command " + request.command() + " does not support OOB");
        }
        return dispatcher.run(request.command(), request.arguments(), caller);
    }
}
