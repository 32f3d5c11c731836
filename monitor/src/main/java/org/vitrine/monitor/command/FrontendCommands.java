package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.monitor.plugin.FrontendEvent;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.FrontendHost.Attached;
import org.vitrine.monitor.plugin.FrontendHost.ProviderInfo;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.monitor.plugin.PluginHost;
import org.vitrine.monitor.plugin.UnknownFrontendException;
import org.vitrine.monitor.plugin.UnknownPluginException;
import org.vitrine.monitor.plugin.Worded;
import org.vitrine.spi.Capability;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.Option;

/**
 * The display frontends: which there are, and attaching and detaching them while the guest runs.
 */
final class FrontendCommands {

    static final EnumType PLACEMENT =
            new EnumType("FrontendPlacement", Worded.words(Placing.Placement.values()));

    static final EnumType RESTART =
            new EnumType("FrontendRestart", Worded.words(Placing.Restart.values()));

    static final EnumType STATE =
            new EnumType("FrontendState", Worded.words(FrontendHost.State.values()));

    static final EnumType OPTION_TYPE =
            new EnumType(
                    "FrontendOptionType",
                    List.of("string", "integer", "boolean", "choice", "path"));

    private static final EnumType CAPABILITY =
            new EnumType("FrontendCapability", List.of("input", "resize", "secrets"));

    private static final ObjectType OPTION_INFO =
            ObjectType.of(
                    "FrontendOptionInfo",
                    Member.required("name", Builtin.STR, "the option's name"),
                    Member.required("type", OPTION_TYPE, "what its value is"),
                    Member.required("description", Builtin.STR, "what it is for"),
                    Member.required("required", Builtin.BOOL, "whether it must be given"),
                    Member.required("secret", Builtin.BOOL, "whether its value is never shown"),
                    Member.optional("default", Builtin.ANY, "the value when it is not given"),
                    Member.optional("minimum", Builtin.INT, "the smallest value of an integer"),
                    Member.optional("maximum", Builtin.INT, "the largest value of an integer"),
                    Member.optional("choices", Builtin.STR.list(), "the values of a choice"));

    static final ObjectType PROVIDER_INFO =
            ObjectType.of(
                    "FrontendProviderInfo",
                    Member.required(
                            "name", Builtin.STR, "the driver's name; the plugin's when it failed"),
                    Member.required("jar", Builtin.STR, "where it comes from"),
                    Member.required(
                            "state", PluginCommands.STATE, "whether its plugin can be used"),
                    Member.optional("description", Builtin.STR, "one line"),
                    Member.optional("version", Builtin.STR, "the plugin's version"),
                    Member.optional("spi-version", Builtin.STR, "the SPI it was built against"),
                    Member.optional("options", OPTION_INFO.list(), "what it can be told"),
                    Member.optional(
                            "capabilities",
                            CAPABILITY.list(),
                            "what it can do beside showing the screen"),
                    Member.optional("placements", PLACEMENT.list(), "where it can run"),
                    Member.optional("error", Builtin.STR, "why it can't be used"));

    static final ObjectType ENDPOINT_INFO =
            ObjectType.of(
                    "FrontendEndpointInfo",
                    Member.required(
                            "protocol", Builtin.STR, "what is spoken there, as rfb or http"),
                    Member.required("host", Builtin.STR, "the address it listens on"),
                    Member.required("port", Builtin.INT, "TCP port"),
                    Member.required("url", Builtin.STR, "what a person types"));

    static final ObjectType CLIENT_INFO =
            ObjectType.of(
                    "FrontendClientInfo",
                    Member.required("address", Builtin.STR, "the client's end"),
                    Member.required(
                            "description", Builtin.STR, "what helps to tell clients apart"));

    static final ObjectType FRONTEND_INFO =
            ObjectType.of(
                    "FrontendInfo",
                    Member.required("id", Builtin.STR, "its id"),
                    Member.required("driver", Builtin.STR, "its driver"),
                    Member.required("placement", PLACEMENT, "where it runs"),
                    Member.required(
                            "state",
                            STATE,
                            "restarting while a process that has crashed is started again,"
                                    + " unresponsive when it does not tell its status"),
                    Member.required("pid", Builtin.INT, "the process that it runs in"),
                    Member.optional(
                            "supervised",
                            Builtin.BOOL,
                            "whether the emulator started that process; for own-process"),
                    Member.optional(
                            "restarts",
                            Builtin.INT,
                            "how often the emulator has started that process again"),
                    Member.required("endpoints", ENDPOINT_INFO.list(), "where clients connect"),
                    Member.required("clients", CLIENT_INFO.list(), "who is connected"),
                    Member.required("counters", Builtin.ANY, "an object: what it counts, by name"),
                    Member.required(
                            "options",
                            Builtin.ANY,
                            "an object: its options by name, without the secret ones"));

    static final Command QUERY_FRONTEND_PROVIDERS =
            Command.own(
                            "query-frontend-providers",
                            "list the frontend drivers, and the plugins that failed")
                    .returns(PROVIDER_INFO.list())
                    .says(
                            HumanForm.telling(
                                    "info frontend-providers",
                                    "query-frontend-providers",
                                    "list the frontend drivers and their options",
                                    FrontendWords::providers))
                    .build();

    static final Command QUERY_FRONTENDS =
            Command.own("query-frontends", "list the attached frontends")
                    .returns(FRONTEND_INFO.list())
                    .says(
                            HumanForm.telling(
                                    "info frontends",
                                    "query-frontends",
                                    "list the attached frontends",
                                    FrontendWords::frontends))
                    .says(
                            HumanForm.telling(
                                    "frontend list",
                                    "query-frontends",
                                    "the same as info frontends",
                                    FrontendWords::frontends))
                    .build();

    static final Command FRONTEND_ATTACH =
            Command.own("frontend-attach", "attach a frontend")
                    .takes("driver", Builtin.STR, "a driver of query-frontend-providers")
                    .mayTake(
                            "id",
                            Builtin.STR,
                            "its id; the driver's name and a number when it is not given")
                    .mayTake(
                            "placement",
                            PLACEMENT,
                            "where it runs; in-process when it is not given")
                    .mayTake(
                            "restart",
                            RESTART,
                            "what follows when its own process crashes; on-crash when it is not given")
                    .mayTake("options", Builtin.ANY, "an object: the driver's options by name")
                    .returns(FRONTEND_INFO)
                    .says(FrontendWords.ATTACH)
                    .build();

    static final Command FRONTEND_DETACH =
            Command.own("frontend-detach", "detach a frontend")
                    .takes("id", Builtin.STR, "the frontend's id")
                    .says(FrontendWords.DETACH)
                    .build();

    static final Command FRONTEND_SET =
            Command.own("frontend-set", "change options of an attached frontend")
                    .takes("id", Builtin.STR, "the frontend's id")
                    .takes("options", Builtin.ANY, "an object: the options to change by name")
                    .returns(FRONTEND_INFO)
                    .says(FrontendWords.SET)
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_FRONTEND_PROVIDERS,
                    QUERY_FRONTENDS,
                    FRONTEND_ATTACH,
                    FRONTEND_DETACH,
                    FRONTEND_SET);

    private static final Member ID = Member.required("id", Builtin.STR, "the frontend's id");
    private static final Member DRIVER = Member.required("driver", Builtin.STR, "its driver");
    private static final Member CLIENT = Member.required("client", CLIENT_INFO, "the client");

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "FRONTEND_ATTACHED",
                            ObjectType.of("FrontendAttachedInfo", ID, DRIVER),
                            "a frontend is attached, or attached again after a crash",
                            "0.1"),
                    new EventKind(
                            "FRONTEND_DETACHED",
                            ObjectType.of("FrontendDetachedInfo", ID, DRIVER),
                            "a frontend is detached",
                            "0.1"),
                    new EventKind(
                            "FRONTEND_CRASHED",
                            ObjectType.of(
                                    "FrontendCrashedInfo",
                                    ID,
                                    DRIVER,
                                    Member.required("message", Builtin.STR, "the fault"),
                                    Member.optional(
                                            "restarts-in",
                                            Builtin.INT,
                                            "milliseconds until its process is started again")),
                            "a frontend has ended by a fault of its own",
                            "0.1"),
                    new EventKind(
                            "FRONTEND_MISBEHAVED",
                            ObjectType.of(
                                    "FrontendMisbehavedInfo",
                                    ID,
                                    DRIVER,
                                    Member.required("message", Builtin.STR, "what it did")),
                            "a frontend does more than it may, or does not end when it should;"
                                    + " the guest and other frontends go on",
                            "0.1"),
                    new EventKind(
                            "FRONTEND_CLIENT_CONNECTED",
                            ObjectType.of("FrontendClientConnectedInfo", ID, CLIENT),
                            "a client has connected to a frontend",
                            "0.1"),
                    new EventKind(
                            "FRONTEND_CLIENT_DISCONNECTED",
                            ObjectType.of(
                                    "FrontendClientDisconnectedInfo",
                                    ID,
                                    CLIENT,
                                    Member.required("reason", Builtin.STR, "why")),
                            "a client of a frontend has gone",
                            "0.1"));

    private final FrontendHost host;

    FrontendCommands(FrontendHost host) {
        this.host = host;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_FRONTEND_PROVIDERS, call -> queryProviders());
        dispatcher.bind(QUERY_FRONTENDS, call -> queryFrontends());
        dispatcher.bind(FRONTEND_ATTACH, this::attach);
        dispatcher.bind(FRONTEND_DETACH, this::detach);
        dispatcher.bind(FRONTEND_SET, this::set);
    }

    private JsonArray queryProviders() {
        JsonArray providers = new JsonArray();
        for (ProviderInfo info : host.providers()) {
            JsonObject provider = new JsonObject();
            provider.addProperty("name", info.name());
            provider.addProperty("jar", info.jar());
            provider.addProperty(
                    "state",
                    (info.error() == null ? PluginHost.State.LOADED : PluginHost.State.FAILED)
                            .word());
            addIfKnown(provider, "description", info.description());
            addIfKnown(provider, "version", info.version());
            addIfKnown(provider, "spi-version", info.spiVersion());
            if (info.options() != null) {
                JsonArray options = new JsonArray();
                info.options().options().forEach(option -> options.add(describe(option)));
                provider.add("options", options);
                provider.add("capabilities", capabilities(info));
                JsonArray placements = new JsonArray();
                host.placements().forEach(placement -> placements.add(placement.word()));
                provider.add("placements", placements);
            }
            addIfKnown(provider, "error", info.error());
            providers.add(provider);
        }
        return providers;
    }

    private static JsonArray capabilities(ProviderInfo info) {
        JsonArray words = new JsonArray();
        // In the order in which the SPI has them.
        for (Capability capability : Capability.values()) {
            if (info.capabilities().contains(capability)) {
                words.add(capability.name().toLowerCase(Locale.ROOT));
            }
        }
        if (info.options().options().stream().anyMatch(Option::secret)) {
            words.add("secrets");
        }
        return words;
    }

    private static void addIfKnown(JsonObject object, String name, String value) {
        if (value != null) {
            object.addProperty(name, value);
        }
    }

    private static JsonObject describe(Option option) {
        JsonObject info = new JsonObject();
        info.addProperty("name", option.name());
        info.addProperty("type", option.type().name().toLowerCase(Locale.ROOT));
        info.addProperty("description", option.description());
        info.addProperty("required", option.required());
        info.addProperty("secret", option.secret());
        if (option.defaultValue() != null && !option.secret()) {
            info.add("default", FrontendReports.json(option.defaultValue()));
        }
        if (option.type() == Option.Type.INTEGER) {
            info.addProperty("minimum", option.minimum());
            info.addProperty("maximum", option.maximum());
        }
        if (option.type() == Option.Type.CHOICE) {
            JsonArray choices = new JsonArray();
            option.choices().forEach(choices::add);
            info.add("choices", choices);
        }
        return info;
    }

    private JsonArray queryFrontends() {
        JsonArray frontends = new JsonArray();
        host.frontends().forEach(frontend -> frontends.add(describe(frontend)));
        return frontends;
    }

    private static JsonObject describe(Attached frontend) {
        JsonObject info = new JsonObject();
        info.addProperty("id", frontend.id());
        info.addProperty("driver", frontend.driver());
        info.addProperty("placement", frontend.placement().word());
        info.addProperty("state", frontend.state().word());
        info.addProperty("pid", frontend.pid());
        if (frontend.placement() == Placing.Placement.OWN_PROCESS) {
            info.addProperty("supervised", frontend.restarts() != null);
        }
        if (frontend.restarts() != null) {
            info.addProperty("restarts", frontend.restarts());
        }
        FrontendReports.write(frontend.status(), frontend.options(), info);
        return info;
    }

    private JsonElement attach(Invocation call) throws CommandException {
        Map<String, Object> options = FrontendReports.readOptions(call.object("options"));
        return call(() -> {
            Placing placing =
                    Placing.of(call.string("placement", null), call.string("restart", null));
            return describe(
                    host.attach(call.string("driver"), call.string("id", null), placing, options));
        });
    }

    private JsonElement detach(Invocation call) throws CommandException {
        return call(() -> {
            host.detach(call.string("id"));
            return null;
        });
    }

    private JsonElement set(Invocation call) throws CommandException {
        Map<String, Object> options = FrontendReports.readOptions(call.object("options"));
        return call(() -> describe(host.reconfigure(call.string("id"), options)));
    }

    interface HostCall {
        JsonElement run() throws FrontendException;
    }

    static JsonElement call(HostCall code) throws CommandException {
        try {
            return code.run();
        } catch (UnknownFrontendException | UnknownPluginException e) {
            throw new CommandException(ErrorClass.DEVICE_NOT_FOUND, e.getMessage());
        } catch (FrontendException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    static MonitorEvent event(FrontendEvent event) {
        JsonObject data = new JsonObject();
        data.addProperty("id", event.id());
        return switch (event) {
            case FrontendEvent.Attached attached -> {
                data.addProperty("driver", attached.driver());
                yield MonitorEvent.now("FRONTEND_ATTACHED", data);
            }
            case FrontendEvent.Detached detached -> {
                data.addProperty("driver", detached.driver());
                yield MonitorEvent.now("FRONTEND_DETACHED", data);
            }
            case FrontendEvent.Crashed crashed -> {
                data.addProperty("driver", crashed.driver());
                data.addProperty("message", crashed.message());
                if (crashed.restartsIn() != null) {
                    data.addProperty("restarts-in", crashed.restartsIn().toMillis());
                }
                yield MonitorEvent.now("FRONTEND_CRASHED", data);
            }
            case FrontendEvent.Misbehaved misbehaved -> {
                data.addProperty("driver", misbehaved.driver());
                data.addProperty("message", misbehaved.message());
                yield MonitorEvent.now("FRONTEND_MISBEHAVED", data);
            }
            case FrontendEvent.ClientConnected connected -> {
                data.add("client", FrontendReports.describe(connected.client()));
                yield MonitorEvent.now("FRONTEND_CLIENT_CONNECTED", data);
            }
            case FrontendEvent.ClientDisconnected gone -> {
                data.add("client", FrontendReports.describe(gone.client()));
                data.addProperty("reason", gone.reason());
                yield MonitorEvent.now("FRONTEND_CLIENT_DISCONNECTED", data);
            }
        };
    }
}
