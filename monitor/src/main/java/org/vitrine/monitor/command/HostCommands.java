package org.vitrine.monitor.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineStatistics;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** The emulator as the host sees it: how busy it is, and what it logs. */
final class HostCommands {

    /** Before the names of all our own loggers. */
    private static final String OWN = "org.vitrine.";

    private static final EnumType LEVEL =
            new EnumType("LogLevel", List.of("off", "error", "warn", "info", "debug", "trace"));

    private static final ObjectType TOPIC =
            ObjectType.of(
                    "LogTopic",
                    Member.optional("topic", Builtin.STR, "what about; missing for all the rest"),
                    Member.required("level", LEVEL, "from which level on"));

    private static final ObjectType STATISTICS =
            ObjectType.of(
                    "MachineStatistics",
                    Member.required("instructions", Builtin.INT, "executed since the start"),
                    Member.required("frames", Builtin.INT, "pictures published since the start"),
                    Member.required(
                            "guest-time",
                            Builtin.INT,
                            "nanoseconds that the guest has run; it stands still while stopped"),
                    Member.required(
                            "host-time",
                            Builtin.INT,
                            "nanoseconds of a clock of the host, to take differences of"));

    static final Command QUERY_MACHINE_STATISTICS =
            Command.own("query-machine-statistics", "tell how much the machine has done")
                    .returns(STATISTICS)
                    .says(
                            HumanForm.telling(
                                    "info statistics",
                                    "query-machine-statistics",
                                    "show how much the machine has done",
                                    HostCommands::statistics))
                    .build();

    static final Command LOG_SET =
            Command.own("log-set", "choose what is logged")
                    .takes("level", LEVEL, "from which level on")
                    .mayTake(
                            "topic",
                            Builtin.STR,
                            "what about, as core.cpu, monitor.qmp or frontend.vnc; everything when"
                                    + " it is not given")
                    .says(
                            new HumanForm(
                                    "log",
                                    List.of(
                                            HumanForm.choice(
                                                    "LEVEL",
                                                    false,
                                                    "off",
                                                    "nothing",
                                                    "error",
                                                    "what has failed",
                                                    "warn",
                                                    "and what looks wrong",
                                                    "info",
                                                    "and what happens",
                                                    "debug",
                                                    "and why",
                                                    "trace",
                                                    "and every detail"),
                                            HumanForm.mayHave("TOPIC", Kind.TEXT)),
                                    "choose what is logged, of all or of a topic, as log debug core.cpu",
                                    HostCommands::humanLog))
                    .build();

    static final Command QUERY_LOG =
            Command.own("query-log", "tell what is logged")
                    .returns(TOPIC.list())
                    .says(
                            HumanForm.telling(
                                    "info log",
                                    "query-log",
                                    "show what is logged",
                                    HostCommands::logTopics))
                    .build();

    static final List<Command> COMMANDS = List.of(QUERY_MACHINE_STATISTICS, LOG_SET, QUERY_LOG);

    private final Machine machine;

    HostCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_MACHINE_STATISTICS, call -> queryStatistics());
        dispatcher.bind(LOG_SET, this::logSet);
        dispatcher.bind(QUERY_LOG, call -> queryLog());
    }

    private JsonObject queryStatistics() throws CommandException {
        MachineStatistics now;
        try {
            now = machine.statistics();
        } catch (IllegalStateException e) {
            // A status line asks until the end, and may ask after it.
            throw new CommandException(e.getMessage(), e);
        }
        JsonObject result = new JsonObject();
        result.addProperty("instructions", now.instructions());
        result.addProperty("frames", now.frames());
        result.addProperty("guest-time", now.guestNanos());
        result.addProperty("host-time", now.hostNanos());
        return result;
    }

    private static String statistics(JsonElement result) {
        JsonObject now = result.getAsJsonObject();
        return "%d instructions, %d frames, %.3f s of guest time\n"
                .formatted(
                        now.get("instructions").getAsLong(),
                        now.get("frames").getAsLong(),
                        now.get("guest-time").getAsLong() / 1e9);
    }

    private JsonElement logSet(Invocation call) throws CommandException {
        LoggerContext context = context();
        Logger logger =
                context.getLogger(
                        call.has("topic")
                                ? OWN + call.string("topic")
                                : org.slf4j.Logger.ROOT_LOGGER_NAME);
        logger.setLevel(Level.toLevel(call.string("level")));
        return null;
    }

    private static LoggerContext context() throws CommandException {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new CommandException("the log of this emulator can't be changed");
    }

    private static JsonArray queryLog() throws CommandException {
        JsonArray list = new JsonArray();
        for (Logger logger : context().getLoggerList()) {
            boolean root = logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME);
            if (logger.getLevel() != null && (root || logger.getName().startsWith(OWN))) {
                JsonObject topic = new JsonObject();
                if (!root) {
                    topic.addProperty("topic", logger.getName().substring(OWN.length()));
                }
                topic.addProperty("level", logger.getLevel().toString().toLowerCase(Locale.ROOT));
                list.add(topic);
            }
        }
        return list;
    }

    private static String humanLog(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("level", words.getFirst());
        if (words.size() > 1) {
            arguments.addProperty("topic", words.get(1));
        }
        monitor.execute("log-set", arguments);
        return "";
    }

    private static String logTopics(JsonElement result) {
        StringBuilder text = new StringBuilder();
        for (JsonElement element : result.getAsJsonArray()) {
            JsonObject topic = element.getAsJsonObject();
            text.append(topic.has("topic") ? topic.get("topic").getAsString() : "everything")
                    .append(": ")
                    .append(topic.get("level").getAsString())
                    .append('\n');
        }
        return text.toString();
    }
}
