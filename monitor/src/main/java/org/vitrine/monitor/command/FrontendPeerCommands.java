package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.monitor.plugin.FrontendChannel;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.RemoteSession;
import org.vitrine.monitor.plugin.Worded;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.input.InputEvent;

/**
 * What a frontend in a process of its own says over its connection, and what it is asked there.
 *
 * <p>It registers, maps the display, attaches, and says that it is ready; then it answers, and
 * tells of its clients and their input, until it says goodbye or the connection ends.
 */
final class FrontendPeerCommands {

    private static final ObjectType REPORT =
            ObjectType.of(
                    "FrontendReport",
                    Member.required(
                            "endpoints",
                            FrontendCommands.ENDPOINT_INFO.list(),
                            "where clients connect"),
                    Member.required(
                            "clients", FrontendCommands.CLIENT_INFO.list(), "who is connected"),
                    Member.required("counters", Builtin.ANY, "an object: what it counts, by name"),
                    Member.required(
                            "options",
                            Builtin.ANY,
                            "an object: its options by name, without the secret ones"));

    private static final ObjectType REGISTRATION =
            ObjectType.of(
                    "FrontendRegistration",
                    Member.required("id", Builtin.STR, "its id"),
                    Member.required("name", Builtin.STR, "the machine's name, for titles"),
                    Member.required(
                            "display", Builtin.STR, "the file of the display map, to be mapped"),
                    Member.optional(
                            "options",
                            Builtin.ANY,
                            "an object: its options by name, secret ones included, when the"
                                    + " emulator started it"));

    static final EnumType CLOSE_REASON =
            new EnumType("FrontendCloseReason", Worded.words(FrontendChannel.CloseReason.values()));

    static final Command REGISTER =
            Command.own("frontend-register", "register this connection's process as a frontend")
                    .forFrontends()
                    .takes("driver", Builtin.STR, "what it is")
                    .takes("pid", Builtin.INT, "its process")
                    .mayTake(
                            "id",
                            Builtin.STR,
                            "its id; the driver's name and a number when it is not given")
                    .returns(REGISTRATION)
                    .build();

    static final Command READY =
            Command.own("frontend-ready", "say that the frontend is attached")
                    .forFrontends()
                    .takes("report", REPORT, "its account of itself")
                    .build();

    static final Command ANSWER =
            Command.own("frontend-answer", "answer a request")
                    .forFrontends()
                    .takes("request", Builtin.INT, "the request's number")
                    .mayTake("report", REPORT, "its account of itself, when it was asked for")
                    .mayTake("error", Builtin.STR, "why it can't do what it was asked")
                    .build();

    static final Command GOODBYE =
            Command.own("frontend-goodbye", "say that the frontend ends")
                    .forFrontends()
                    .mayTake("error", Builtin.STR, "the fault, when it ends by one")
                    .build();

    static final Command CLIENT_CONNECTED =
            Command.own("frontend-client-connected", "say that a client has connected")
                    .forFrontends()
                    .takes("client", FrontendCommands.CLIENT_INFO, "the client")
                    .build();

    static final Command CLIENT_DISCONNECTED =
            Command.own("frontend-client-disconnected", "say that a client has gone")
                    .forFrontends()
                    .takes("client", FrontendCommands.CLIENT_INFO, "the client")
                    .takes("reason", Builtin.STR, "why")
                    .build();

    static final Command RELEASE_INPUT =
            Command.own("frontend-release-input", "release what a client holds down")
                    .forFrontends()
                    .takes("client", Builtin.STR, "the client, as in input-send-event")
                    .build();

    static final Command CLOSE_INPUT =
            Command.own("frontend-close-input", "release what a client holds down, and forget it")
                    .forFrontends()
                    .takes("client", Builtin.STR, "the client, as in input-send-event")
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    REGISTER,
                    READY,
                    ANSWER,
                    GOODBYE,
                    CLIENT_CONNECTED,
                    CLIENT_DISCONNECTED,
                    RELEASE_INPUT,
                    CLOSE_INPUT);

    private static final Member REQUEST =
            Member.required("request", Builtin.INT, "the number that the answer carries");

    /** The name of {@link #frame}'s event. */
    static final String FRAME = "DISPLAY_FRAME";

    static final List<EventKind> EVENTS =
            List.of(
                    forFrontends(
                            FRAME,
                            "the display map has a newer frame; those that come before this is read make no further event",
                            Member.required("generation", Builtin.INT, "the newest frame's")),
                    forFrontends(
                            "FRONTEND_STATUS_REQUESTED",
                            "the frontend is asked for a report",
                            REQUEST),
                    forFrontends(
                            "FRONTEND_CHANGE_REQUESTED",
                            "the frontend is asked to change options",
                            REQUEST,
                            Member.required(
                                    "options", Builtin.ANY, "an object: the options to change")),
                    forFrontends(
                            "FRONTEND_CLOSE_REQUESTED",
                            "the frontend is asked to close, and to end the connection",
                            Member.required("reason", CLOSE_REASON, "why")));

    private final GuestLink guest;
    private final FrontendHost host;

    FrontendPeerCommands(GuestLink guest, FrontendHost host) {
        this.guest = guest;
        this.host = host;
    }

    private static EventKind forFrontends(String name, String help, Member... members) {
        StringBuilder type = new StringBuilder();
        for (String word : name.split("_")) {
            type.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return new EventKind(
                name, ObjectType.of(type + "Info", members), help, "0.1", Role.FRONTENDS);
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(REGISTER, this::register);
        dispatcher.bind(READY, FrontendPeerCommands::ready);
        dispatcher.bind(ANSWER, FrontendPeerCommands::answer);
        dispatcher.bind(GOODBYE, FrontendPeerCommands::goodbye);
        dispatcher.bind(CLIENT_CONNECTED, FrontendPeerCommands::clientConnected);
        dispatcher.bind(CLIENT_DISCONNECTED, FrontendPeerCommands::clientDisconnected);
        dispatcher.bind(RELEASE_INPUT, FrontendPeerCommands::releaseInput);
        dispatcher.bind(CLOSE_INPUT, FrontendPeerCommands::closeInput);
    }

    /** Tells of a newer frame. */
    static MonitorEvent frame(long generation) {
        JsonObject data = new JsonObject();
        data.addProperty("generation", generation);
        return MonitorEvent.now(FRAME, data);
    }

    private JsonElement register(Invocation call) throws CommandException {
        Caller caller = call.caller();
        if (caller.frontend() != null) {
            throw new CommandException("this connection has registered a frontend already");
        }
        Path display = guest.displayMap();
        if (display == null) {
            throw new CommandException("this system can't let other processes map the screen");
        }
        return FrontendCommands.call(() -> {
            RemoteSession session =
                    host.register(
                            call.string("driver"),
                            call.string("id", null),
                            call.integer("pid"),
                            new CallerChannel(caller));
            if (!caller.speakFor(session)) {
                session.lost();
            }
            JsonObject registration = new JsonObject();
            registration.addProperty("id", session.id());
            registration.addProperty("name", guest.machineName());
            registration.addProperty("display", display.toString());
            Map<String, Object> options = session.options();
            if (options != null) {
                registration.add("options", FrontendReports.options(options));
            }
            return registration;
        });
    }

    private static RemoteSession session(Invocation call) throws CommandException {
        RemoteSession session = call.caller().frontend();
        if (session == null) {
            throw new CommandException("Expecting 'frontend-register' first");
        }
        return session;
    }

    private static JsonElement ready(Invocation call) throws CommandException {
        RemoteSession session = session(call);
        RemoteSession.Report report = FrontendReports.read(call.object("report"));
        return FrontendCommands.call(() -> {
            session.ready(report);
            return null;
        });
    }

    private static JsonElement answer(Invocation call) throws CommandException {
        session(call)
                .answer(
                        call.integer("request"),
                        call.has("report") ? FrontendReports.read(call.object("report")) : null,
                        call.string("error", null));
        return null;
    }

    private static JsonElement goodbye(Invocation call) throws CommandException {
        session(call).goodbye(call.string("error", null));
        return null;
    }

    private static JsonElement clientConnected(Invocation call) throws CommandException {
        session(call).clientConnected(FrontendReports.client(call.object("client")));
        return null;
    }

    private static JsonElement clientDisconnected(Invocation call) throws CommandException {
        session(call)
                .clientDisconnected(
                        FrontendReports.client(call.object("client")), call.string("reason"));
        return null;
    }

    private static JsonElement releaseInput(Invocation call) throws CommandException {
        session(call).releaseInput(call.string("client"));
        return null;
    }

    private static JsonElement closeInput(Invocation call) throws CommandException {
        session(call).closeInput(call.string("client"));
        return null;
    }

    /** What {@code input-send-event} does for a frontend. Its clients send both axes at a time. */
    static JsonElement input(Invocation call) throws CommandException {
        RemoteSession session = session(call);
        InputEvent[] group = new InputGroup().read(call.list("events"));
        try {
            session.input(call.string("client"), group);
            return null;
        } catch (FrontendException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** Asks over the caller's connection. */
    private record CallerChannel(Caller caller) implements FrontendChannel {

        private void ask(String event, JsonObject data) {
            caller.tell(MonitorEvent.now(event, data));
        }

        private static JsonObject numbered(long request) {
            JsonObject data = new JsonObject();
            data.addProperty("request", request);
            return data;
        }

        @Override
        public void askStatus(long request) {
            ask("FRONTEND_STATUS_REQUESTED", numbered(request));
        }

        @Override
        public void askChange(long request, Map<String, ?> changes) {
            JsonObject data = numbered(request);
            data.add("options", FrontendReports.options(changes));
            ask("FRONTEND_CHANGE_REQUESTED", data);
        }

        @Override
        public void askClose(CloseReason reason) {
            JsonObject data = new JsonObject();
            data.addProperty("reason", reason.word());
            ask("FRONTEND_CLOSE_REQUESTED", data);
        }

        @Override
        public void disconnect() {
            caller.disconnect();
        }
    }
}
