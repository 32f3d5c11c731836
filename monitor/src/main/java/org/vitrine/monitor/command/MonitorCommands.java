package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** The monitor's commands about itself. */
final class MonitorCommands {

    /**
     * The QEMU version whose monitor this one is like. Clients choose their words by it; what
     * Vitrine's own version is stands in {@code package}.
     */
    static final int[] COMPATIBLE_WITH = {7, 2, 0};

    static final EnumType CAPABILITY = new EnumType("QMPCapability", List.of("oob"));

    static final ObjectType VERSION_TRIPLE =
            ObjectType.of(
                    "VersionTriple",
                    Member.required("major", Builtin.INT, "QEMU's major version"),
                    Member.required("minor", Builtin.INT, "QEMU's minor version"),
                    Member.required("micro", Builtin.INT, "0"));

    static final ObjectType VERSION_INFO =
            ObjectType.of(
                    "VersionInfo",
                    Member.required(
                            "qemu",
                            VERSION_TRIPLE,
                            "the QEMU version whose monitor this one is like"),
                    Member.required("package", Builtin.STR, "Vitrine's own version"));

    /**
     * The session does this one; it stands here for {@code query-commands} and the documentation.
     */
    static final Command QMP_CAPABILITIES =
            Command.qemu("qmp_capabilities", "leave the negotiation of a QMP connection")
                    .mayTake(
                            "enable",
                            CAPABILITY.list(),
                            "capabilities to turn on: oob lets exec-oob overtake")
                    .forEveryone()
                    .build();

    static final Command QUERY_VERSION =
            Command.qemu("query-version", "tell the version")
                    .returns(VERSION_INFO)
                    .says(
                            HumanForm.telling(
                                    "info version",
                                    "query-version",
                                    "show the version",
                                    MonitorCommands::version))
                    .outOfBand()
                    .forEveryone()
                    .build();

    static final Command QUERY_COMMANDS =
            Command.qemu("query-commands", "list the QMP commands")
                    .returns(
                            ObjectType.of(
                                            "CommandInfo",
                                            Member.required("name", Builtin.STR, "its name"))
                                    .list())
                    .forEveryone()
                    .build();

    private static final EnumType META_TYPE =
            new EnumType(
                    "SchemaMetaType",
                    List.of("builtin", "enum", "array", "object", "alternate", "command", "event"));

    private static final ObjectType ENUM_MEMBER =
            ObjectType.of(
                    "SchemaInfoEnumMember", Member.required("name", Builtin.STR, "the value"));

    private static final ObjectType OBJECT_MEMBER =
            ObjectType.of(
                    "SchemaInfoObjectMember",
                    Member.required("name", Builtin.STR, "the member"),
                    Member.required("type", Builtin.STR, "its type's name"),
                    Member.optional(
                            "default", Builtin.ANY, "null: there only when it may be left out"));

    private static final ObjectType OBJECT_VARIANT =
            ObjectType.of(
                    "SchemaInfoObjectVariant",
                    Member.required("case", Builtin.STR, "the tag's value"),
                    Member.required("type", Builtin.STR, "the further members' type"));

    static final ObjectType SCHEMA_INFO =
            new ObjectType(
                    "SchemaInfo",
                    List.of(
                            Member.required("name", Builtin.STR, "the entity"),
                            Member.required("meta-type", META_TYPE, "what it is")),
                    "meta-type",
                    Map.of(
                            "builtin",
                            ObjectType.of(
                                    "SchemaInfoBuiltin",
                                    Member.required(
                                            "json-type",
                                            new EnumType(
                                                    "JSONType",
                                                    List.of(
                                                            "string", "number", "int", "boolean",
                                                            "null", "object", "array", "value")),
                                            "")),
                            "enum",
                            ObjectType.of(
                                    "SchemaInfoEnum",
                                    Member.required("members", ENUM_MEMBER.list(), ""),
                                    Member.required("values", Builtin.STR.list(), "")),
                            "array",
                            ObjectType.of(
                                    "SchemaInfoArray",
                                    Member.required("element-type", Builtin.STR, "")),
                            "object",
                            ObjectType.of(
                                    "SchemaInfoObject",
                                    Member.required("members", OBJECT_MEMBER.list(), ""),
                                    Member.optional("tag", Builtin.STR, ""),
                                    Member.optional("variants", OBJECT_VARIANT.list(), "")),
                            "alternate",
                            ObjectType.of(
                                    "SchemaInfoAlternate",
                                    Member.required(
                                            "members",
                                            ObjectType.of(
                                                            "SchemaInfoAlternateMember",
                                                            Member.required(
                                                                    "type", Builtin.STR, ""))
                                                    .list(),
                                            "")),
                            "command",
                            ObjectType.of(
                                    "SchemaInfoCommand",
                                    Member.required("arg-type", Builtin.STR, ""),
                                    Member.required("ret-type", Builtin.STR, ""),
                                    Member.optional("allow-oob", Builtin.BOOL, "")),
                            "event",
                            ObjectType.of(
                                    "SchemaInfoEvent",
                                    Member.required("arg-type", Builtin.STR, ""))));

    static final Command QUERY_QMP_SCHEMA =
            Command.qemu("query-qmp-schema", "describe all commands, events and their types")
                    .returns(SCHEMA_INFO.list())
                    .forEveryone()
                    .build();

    static final Command HUMAN_MONITOR_COMMAND =
            Command.qemu(
                            "human-monitor-command",
                            "run a line of the human monitor and return what it prints")
                    .takes("command-line", Builtin.STR, "the line, as \"info status\"")
                    .mayTake("cpu-index", Builtin.INT, "the CPU it is about; there is one, 0")
                    .returns(Builtin.STR)
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QMP_CAPABILITIES,
                    QUERY_VERSION,
                    QUERY_COMMANDS,
                    QUERY_QMP_SCHEMA,
                    HUMAN_MONITOR_COMMAND);

    private final CommandTable table;
    private final HumanMonitor human;

    MonitorCommands(CommandTable table, MonitorLink monitor) {
        this.table = table;
        this.human = new HumanMonitor(table, monitor);
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QMP_CAPABILITIES, call -> null);
        dispatcher.bind(QUERY_VERSION, call -> versionInfo());
        dispatcher.bind(QUERY_COMMANDS, this::queryCommands);
        dispatcher.bind(QUERY_QMP_SCHEMA, call -> QapiSchema.of(table, call.caller().role()));
        dispatcher.bind(HUMAN_MONITOR_COMMAND, this::humanMonitorCommand);
    }

    /** What {@code query-version} and the greeting tell. */
    static JsonObject versionInfo() {
        JsonObject triple = new JsonObject();
        triple.addProperty("micro", COMPATIBLE_WITH[2]);
        triple.addProperty("minor", COMPATIBLE_WITH[1]);
        triple.addProperty("major", COMPATIBLE_WITH[0]);
        JsonObject info = new JsonObject();
        info.add("qemu", triple);
        info.addProperty("package", "Vitrine " + Monitor.VERSION);
        return info;
    }

    private JsonArray queryCommands(Invocation call) {
        JsonArray commands = new JsonArray();
        for (Command command : table.commands(call.caller().role())) {
            JsonObject info = new JsonObject();
            info.addProperty("name", command.name());
            commands.add(info);
        }
        return commands;
    }

    private JsonElement humanMonitorCommand(Invocation call) throws CommandException {
        if (call.integer("cpu-index", 0) != 0) {
            throw new CommandException("Parameter 'cpu-index' expects a CPU number");
        }
        String output;
        try {
            output = human.execute(call.string("command-line"));
        } catch (HumanMonitor.LineException e) {
            output = e.getMessage() + "\n";
        }
        return new JsonPrimitive(output.replace("\n", "\r\n"));
    }

    private static String version(JsonElement result) {
        JsonObject qemu = result.getAsJsonObject().getAsJsonObject("qemu");
        return "%s (QMP as QEMU %d.%d)\n"
                .formatted(
                        result.getAsJsonObject().get("package").getAsString(),
                        qemu.get("major").getAsInt(),
                        qemu.get("minor").getAsInt());
    }
}
