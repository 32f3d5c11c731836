package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.monitor.plugin.FrontendEvent;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.FrontendHost.Attached;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;

/**
 * QEMU's commands and events for VNC, over the frontends of the driver vnc: an id of such a
 * frontend is what QEMU calls a display. Of one whose process was started by hand the emulator does
 * not know the password, so it is told to ask for none, and its password can't be set here.
 */
final class VncCommands {

    private static final Logger LOG = LoggerFactory.getLogger(VncCommands.class);

    private static final String DRIVER = "vnc";
    private static final String PASSWORD = "password";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final EnumType FAMILY =
            new EnumType(
                    "NetworkAddressFamily", List.of("ipv4", "ipv6", "unix", "vsock", "unknown"));

    private static final EnumType AUTH = new EnumType("VncPrimaryAuth", List.of("none", "vnc"));
    private static final EnumType PROTOCOL =
            new EnumType("DisplayProtocol", List.of("vnc", "spice"));
    private static final EnumType RELOAD_TYPE = new EnumType("DisplayReloadType", List.of("vnc"));
    private static final EnumType DISPLAY_TYPE = new EnumType("DisplayType", List.of("none"));

    private static final Member HOST = Member.required("host", Builtin.STR, "the address");
    private static final Member SERVICE = Member.required("service", Builtin.STR, "the port");
    private static final Member ADDRESS_FAMILY =
            Member.required("family", FAMILY, "the address's family");
    private static final Member WEBSOCKET = Member.required("websocket", Builtin.BOOL, "false");

    private static final ObjectType CLIENT_INFO =
            ObjectType.of("VncClientInfo", HOST, SERVICE, ADDRESS_FAMILY, WEBSOCKET);

    static final Command QUERY_VNC =
            Command.qemu("query-vnc", "tell of the first VNC frontend and its clients")
                    .returns(
                            ObjectType.of(
                                    "VncInfo",
                                    Member.required(
                                            "enabled", Builtin.BOOL, "whether there is one"),
                                    Member.optional("host", Builtin.STR, "the address"),
                                    Member.optional("family", FAMILY, "the address's family"),
                                    Member.optional("service", Builtin.STR, "the port"),
                                    Member.optional("auth", Builtin.STR, "none or vnc"),
                                    Member.optional(
                                            "clients", CLIENT_INFO.list(), "who is connected")))
                    .build();

    static final Command QUERY_VNC_SERVERS =
            Command.qemu("query-vnc-servers", "list the VNC frontends and their clients")
                    .returns(
                            ObjectType.of(
                                            "VncInfo2",
                                            Member.required("id", Builtin.STR, "the frontend's id"),
                                            Member.required(
                                                    "server",
                                                    ObjectType.of(
                                                                    "VncServerInfo2",
                                                                    HOST,
                                                                    SERVICE,
                                                                    ADDRESS_FAMILY,
                                                                    WEBSOCKET,
                                                                    Member.required(
                                                                            "auth",
                                                                            AUTH,
                                                                            "what is asked for"))
                                                            .list(),
                                                    "where it listens"),
                                            Member.required(
                                                    "clients",
                                                    CLIENT_INFO.list(),
                                                    "who is connected"),
                                            Member.required(
                                                    "auth", AUTH, "what is asked of clients"))
                                    .list())
                    .build();

    private static final String DISPLAY_HELP = "the VNC frontend's id; the first when not given";

    static final Command SET_PASSWORD =
            Command.qemu("set_password", "change the password of a frontend that asks for one")
                    .takes("protocol", PROTOCOL, "vnc: there is no SPICE")
                    .takes(PASSWORD, Builtin.STR, "the password; nobody gets in with an empty one")
                    .mayTake(
                            "connected",
                            new EnumType(
                                    "SetPasswordAction", List.of("keep", "fail", "disconnect")),
                            "what becomes of clients: keep")
                    .variant(
                            "protocol",
                            "vnc",
                            Member.optional("display", Builtin.STR, DISPLAY_HELP))
                    .build();

    static final Command EXPIRE_PASSWORD =
            Command.qemu("expire_password", "say until when the password lets clients in")
                    .takes("protocol", PROTOCOL, "vnc: there is no SPICE")
                    .takes(
                            "time",
                            Builtin.STR,
                            "now, never, +SECONDS from now, or SECONDS since 1970")
                    .variant(
                            "protocol",
                            "vnc",
                            Member.optional("display", Builtin.STR, DISPLAY_HELP))
                    .build();

    static final Command CHANGE_VNC_PASSWORD =
            Command.qemu("change-vnc-password", "change the first VNC frontend's password")
                    .takes(PASSWORD, Builtin.STR, "the password")
                    .build();

    static final Command DISPLAY_RELOAD =
            Command.qemu("display-reload", "read a frontend's certificates again")
                    .takes("type", RELOAD_TYPE, "vnc")
                    .variant(
                            "type",
                            "vnc",
                            Member.optional("tls-certs", Builtin.BOOL, "fails: there is no TLS"))
                    .build();

    static final Command QUERY_DISPLAY_OPTIONS =
            Command.qemu("query-display-options", "tell which window there is: none")
                    .returns(
                            ObjectType.of(
                                    "DisplayOptions",
                                    Member.required("type", DISPLAY_TYPE, "none")))
                    .build();

    static final Command ADD_CLIENT =
            Command.qemu("add_client", "give a frontend a client's descriptor: there is none")
                    .takes("protocol", Builtin.STR, "the frontend's")
                    .takes("fdname", Builtin.STR, "as getfd named it")
                    .mayTake("skipauth", Builtin.BOOL, "let it in without a password")
                    .mayTake("tls", Builtin.BOOL, "use TLS")
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_VNC,
                    QUERY_VNC_SERVERS,
                    SET_PASSWORD,
                    EXPIRE_PASSWORD,
                    CHANGE_VNC_PASSWORD,
                    DISPLAY_RELOAD,
                    QUERY_DISPLAY_OPTIONS,
                    ADD_CLIENT);

    private static final ObjectType CLIENT_EVENT =
            ObjectType.of(
                    "VncClientEventInfo",
                    Member.required(
                            "server",
                            ObjectType.of(
                                    "VncServerInfo",
                                    HOST,
                                    SERVICE,
                                    ADDRESS_FAMILY,
                                    WEBSOCKET,
                                    Member.optional("auth", Builtin.STR, "none or vnc")),
                            "the frontend's end"),
                    Member.required("client", CLIENT_INFO, "the client's end"));

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "VNC_CONNECTED",
                            CLIENT_EVENT,
                            "a VNC client has come; told together with VNC_INITIALIZED",
                            "QEMU"),
                    new EventKind(
                            "VNC_INITIALIZED",
                            CLIENT_EVENT,
                            "a VNC client is through its handshake",
                            "QEMU"),
                    new EventKind(
                            "VNC_DISCONNECTED", CLIENT_EVENT, "a VNC client has gone", "QEMU"));

    private final FrontendHost host;
    private final Delay delay;

    /** The VNC frontends' ends of connections, as far as they are known. */
    private final Map<String, JsonObject> servers = new ConcurrentHashMap<>();

    private final Map<String, Expiry> expiries = new ConcurrentHashMap<>();

    /**
     * When a frontend's password ends.
     *
     * @param withheld the password to come back when the end is moved; null while it is in force
     */
    private record Expiry(Instant end, String withheld) {}

    VncCommands(FrontendHost host, Delay delay) {
        this.host = host;
        this.delay = delay;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_VNC, call -> queryVnc());
        dispatcher.bind(QUERY_VNC_SERVERS, call -> queryServers());
        dispatcher.bind(SET_PASSWORD, this::setPassword);
        dispatcher.bind(EXPIRE_PASSWORD, this::expirePassword);
        dispatcher.bind(CHANGE_VNC_PASSWORD, call -> changePassword(null, call.string(PASSWORD)));
        dispatcher.bind(DISPLAY_RELOAD, this::reload);
        dispatcher.bind(QUERY_DISPLAY_OPTIONS, call -> Json.object("type", "none"));
        dispatcher.bind(
                ADD_CLIENT,
                call -> {
                    throw new CommandException(
                            "File descriptor named '"
                                    + call.string("fdname")
                                    + "' has not been found");
                });
    }

    private List<Attached> displays() {
        return host.frontends().stream()
                .filter(frontend -> frontend.driver().equals(DRIVER))
                .toList();
    }

    /** The VNC frontend with this id, the first for null; null when there is none. */
    private Attached display(String id) {
        return displays().stream()
                .filter(frontend -> id == null || frontend.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Whether it asks for a password; of one that was started by hand nobody knows, so no. */
    private boolean asksForPassword(String id) {
        OptionValues options = host.options(id);
        return options != null && options.has(PASSWORD);
    }

    private String auth(String id) {
        return asksForPassword(id) ? "vnc" : "none";
    }

    private static JsonObject address(String host, String service) {
        return Json.object(
                "host",
                host,
                "family",
                host.contains(":") ? "ipv6" : "ipv4",
                "service",
                service,
                "websocket",
                false);
    }

    private static JsonObject client(FrontendStatus.Client client) {
        String text = client.address();
        int colon = text.lastIndexOf(':');
        return address(
                text.substring(0, Math.max(colon, 0)).replaceAll("^\\[(.*)]$", "$1"),
                text.substring(colon + 1));
    }

    private JsonObject server(String id, FrontendStatus status) {
        List<FrontendStatus.Endpoint> endpoints = status.endpoints();
        JsonObject server =
                endpoints.isEmpty()
                        ? address("", "")
                        : address(
                                endpoints.getFirst().host(),
                                Integer.toString(endpoints.getFirst().port()));
        server.addProperty("auth", auth(id));
        return server;
    }

    private static JsonArray clients(Attached display) {
        JsonArray clients = new JsonArray();
        display.status().clients().forEach(client -> clients.add(client(client)));
        return clients;
    }

    private JsonObject queryVnc() {
        Attached display = display(null);
        if (display == null) {
            return Json.object("enabled", false);
        }
        JsonObject info = server(display.id(), display.status());
        info.remove("websocket");
        info.add("clients", clients(display));
        info.addProperty("enabled", true);
        return info;
    }

    private JsonArray queryServers() {
        JsonArray list = new JsonArray();
        for (Attached display : displays()) {
            JsonArray servers =
                    display.status().endpoints().isEmpty()
                            ? Json.array()
                            : Json.array(server(display.id(), display.status()));
            list.add(
                    Json.object(
                            "auth", auth(display.id()),
                            "clients", clients(display),
                            "server", servers,
                            "id", display.id()));
        }
        return list;
    }

    private static void refuseSpice(Invocation call) throws CommandException {
        if (call.string("protocol").equals("spice")) {
            throw new CommandException(ErrorClass.DEVICE_NOT_ACTIVE, "SPICE is not in use");
        }
    }

    private JsonElement setPassword(Invocation call) throws CommandException {
        refuseSpice(call);
        if (!call.string("connected", "keep").equals("keep")) {
            throw new CommandException("Invalid parameter 'connected'");
        }
        return changePassword(call.string("display", null), call.string(PASSWORD));
    }

    private synchronized JsonElement changePassword(String id, String password)
            throws CommandException {
        Attached display = display(id);
        // As in QEMU: a frontend that lets everybody in does not begin to ask.
        if (display == null || !asksForPassword(display.id())) {
            throw new CommandException("Could not set password");
        }
        Expiry expiry = expiries.get(display.id());
        if (expiry != null && expiry.withheld() != null) {
            expiries.put(display.id(), new Expiry(expiry.end(), password));
        } else {
            put(display.id(), password.isEmpty() ? UnknownPassword.make() : password);
        }
        return null;
    }

    private void put(String id, String password) throws CommandException {
        try {
            host.reconfigure(id, Map.of(PASSWORD, password));
        } catch (FrontendException e) {
            throw new CommandException("Could not set password: " + e.getMessage(), e);
        }
    }

    private synchronized JsonElement expirePassword(Invocation call) throws CommandException {
        refuseSpice(call);
        Attached display = display(call.string("display", null));
        if (display == null || !asksForPassword(display.id())) {
            throw new CommandException("Could not set password expire time");
        }
        Instant end = time(call.string("time"));
        String id = display.id();
        Expiry before = expiries.remove(id);
        if (before != null && before.withheld() != null) {
            put(id, before.withheld().isEmpty() ? UnknownPassword.make() : before.withheld());
        }
        if (end != null) {
            Expiry expiry = new Expiry(end, null);
            expiries.put(id, expiry);
            Duration left = Duration.between(Instant.now(), end);
            if (left.isPositive()) {
                delay.run(left, () -> expireQuietly(id, expiry));
            } else {
                expire(id, expiry);
            }
        }
        return null;
    }

    /** The moment that is meant; null for never. */
    private static Instant time(String text) throws CommandException {
        try {
            return switch (text) {
                case "now" -> Instant.EPOCH;
                case "never" -> null;
                default ->
                        text.startsWith("+")
                                ? Instant.now().plusSeconds(Long.parseLong(text.substring(1)))
                                : Instant.ofEpochSecond(Long.parseLong(text));
            };
        } catch (NumberFormatException | ArithmeticException | java.time.DateTimeException e) {
            throw new CommandException(
                    "Parameter 'time' expects now, never, +SECONDS or SECONDS", e);
        }
    }

    private synchronized void expire(String id, Expiry expiry) throws CommandException {
        OptionValues options = host.options(id);
        if (options == null || expiries.get(id) != expiry) {
            return;
        }
        put(id, UnknownPassword.make());
        expiries.put(id, new Expiry(expiry.end(), options.string(PASSWORD)));
    }

    private void expireQuietly(String id, Expiry expiry) {
        try {
            expire(id, expiry);
        } catch (CommandException e) {
            // Its process may be about to be started again.
            LOG.warn("the password of {} did not expire yet: {}", id, e.getMessage());
            delay.run(RETRY, () -> expireQuietly(id, expiry));
        }
    }

    private JsonElement reload(Invocation call) throws CommandException {
        if (call.bool("tls-certs", false)) {
            throw new CommandException(
                    display(null) == null ? "Can not find vnc display" : "vnc tls is not enabled");
        }
        return null;
    }

    /**
     * QEMU's events for what happens to a VNC frontend; none for others. The frontend is asked for
     * nothing, and no lock is taken: it can't answer before its event has been heard.
     */
    List<MonitorEvent> events(FrontendEvent event) {
        switch (event) {
            case FrontendEvent.Attached attached -> {
                if (attached.driver().equals(DRIVER)) {
                    servers.put(attached.id(), address("", ""));
                }
            }
            case FrontendEvent.Detached detached -> forget(detached.id());
            case FrontendEvent.Crashed crashed -> {
                if (crashed.restartsIn() == null) {
                    forget(crashed.id());
                }
            }
            case FrontendEvent.Misbehaved misbehaved -> {}
            case FrontendEvent.ClientConnected connected -> {
                if (servers.containsKey(connected.id())) {
                    JsonObject data = clientEvent(connected.id(), connected.client());
                    return List.of(
                            MonitorEvent.now("VNC_CONNECTED", data),
                            MonitorEvent.now("VNC_INITIALIZED", data));
                }
            }
            case FrontendEvent.ClientDisconnected gone -> {
                if (servers.containsKey(gone.id())) {
                    return List.of(
                            MonitorEvent.now(
                                    "VNC_DISCONNECTED", clientEvent(gone.id(), gone.client())));
                }
            }
        }
        return List.of();
    }

    private void forget(String id) {
        servers.remove(id);
        expiries.remove(id);
    }

    private JsonObject clientEvent(String id, FrontendStatus.Client client) {
        FrontendStatus status = host.lastStatus(id);
        if (status != null && !status.endpoints().isEmpty()) {
            servers.put(id, server(id, status));
        }
        return Json.object("server", servers.get(id), "client", client(client));
    }
}
