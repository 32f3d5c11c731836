package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.machine.Machine;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** What the machine is made of, and what the emulator could make of it. */
final class InventoryCommands {

    private static final Logger LOG = LoggerFactory.getLogger(InventoryCommands.class);

    /** The CPU's place in {@link ObjectTree}. */
    static final String CPU_PATH = "/machine/unattached/device[0]";

    private static final ObjectType CPU_PROPERTIES =
            ObjectType.of(
                    "CpuInstanceProperties",
                    Member.optional("socket-id", Builtin.INT, "0"),
                    Member.optional("core-id", Builtin.INT, "0"),
                    Member.optional("thread-id", Builtin.INT, "0"));

    private static final ObjectType CPU_INFO =
            ObjectType.of(
                    "CpuInfoFast",
                    Member.required("cpu-index", Builtin.INT, "0"),
                    Member.required("qom-path", Builtin.STR, "for qom-get"),
                    Member.required("thread-id", Builtin.INT, "the host's thread"),
                    Member.optional("props", CPU_PROPERTIES, "where it sits"),
                    Member.required("target", MachineCommands.TARGET, "the architecture"));

    static final Command QUERY_CPUS_FAST =
            Command.qemu("query-cpus-fast", "list the CPUs").returns(CPU_INFO.list()).build();

    static final Command QUERY_HOTPLUGGABLE_CPUS =
            Command.qemu("query-hotpluggable-cpus", "list the CPUs' sockets; the one is taken")
                    .returns(
                            ObjectType.of(
                                            "HotpluggableCPU",
                                            Member.required("type", Builtin.STR, "the CPU's type"),
                                            Member.required("vcpus-count", Builtin.INT, "1"),
                                            Member.required("props", CPU_PROPERTIES, "the socket"),
                                            Member.optional("qom-path", Builtin.STR, "the CPU"))
                                    .list())
                    .build();

    static final Command QUERY_CPU_DEFINITIONS =
            Command.qemu("query-cpu-definitions", "list the kinds of CPU")
                    .returns(
                            ObjectType.of(
                                            "CpuDefinitionInfo",
                                            Member.required("name", Builtin.STR, "for -cpu"),
                                            Member.required("typename", Builtin.STR, "its type"),
                                            Member.required("static", Builtin.BOOL, "false"),
                                            Member.optional(
                                                    "migration-safe", Builtin.BOOL, "false"),
                                            Member.required("deprecated", Builtin.BOOL, "false"),
                                            Member.optional(
                                                    "unavailable-features",
                                                    Builtin.STR.list(),
                                                    "none"))
                                    .list())
                    .build();

    static final Command QUERY_MACHINES =
            Command.qemu("query-machines", "list the kinds of machine")
                    .returns(
                            ObjectType.of(
                                            "MachineInfo",
                                            Member.required("name", Builtin.STR, "the kind"),
                                            Member.optional("alias", Builtin.STR, "another name"),
                                            Member.optional(
                                                    "is-default", Builtin.BOOL, "true: it is one"),
                                            Member.required("cpu-max", Builtin.INT, "1"),
                                            Member.required(
                                                    "hotpluggable-cpus", Builtin.BOOL, "false"),
                                            Member.required(
                                                    "numa-mem-supported", Builtin.BOOL, "false"),
                                            Member.required("deprecated", Builtin.BOOL, "false"),
                                            Member.optional(
                                                    "default-cpu-type", Builtin.STR, "the CPU"))
                                    .list())
                    .build();

    static final Command QUERY_CURRENT_MACHINE =
            Command.qemu("query-current-machine", "tell what the machine supports")
                    .returns(
                            ObjectType.of(
                                    "CurrentMachineParams",
                                    Member.required(
                                            "wakeup-suspend-support", Builtin.BOOL, "false")))
                    .build();

    static final Command QUERY_MEMORY_SIZE_SUMMARY =
            Command.qemu("query-memory-size-summary", "tell how much RAM there is")
                    .returns(
                            ObjectType.of(
                                    "MemoryInfo",
                                    Member.required("base-memory", Builtin.INT, "bytes"),
                                    Member.optional(
                                            "plugged-memory", Builtin.INT, "0: none is added")))
                    .build();

    static final Command QUERY_MEMDEV =
            Command.qemu("query-memdev", "list the memory backends: none")
                    .returns(named("Memdev").list())
                    .build();

    static final Command QUERY_MEMORY_DEVICES =
            Command.qemu("query-memory-devices", "list the memory that was plugged in: none")
                    .returns(named("MemoryDeviceInfo").list())
                    .build();

    static final Command QUERY_IOTHREADS =
            Command.qemu("query-iothreads", "list the I/O threads: none")
                    .returns(named("IOThreadInfo").list())
                    .build();

    static final Command QUERY_PCI =
            Command.qemu("query-pci", "list the PCI buses: none")
                    .returns(
                            ObjectType.of(
                                            "PciInfo",
                                            Member.required("bus", Builtin.INT, "its number"))
                                    .list())
                    .build();

    static final Command QUERY_MICE =
            Command.qemu("query-mice", "list the pointing devices")
                    .returns(
                            ObjectType.of(
                                            "MouseInfo",
                                            Member.required("name", Builtin.STR, "the device"),
                                            Member.required("index", Builtin.INT, "its number"),
                                            Member.required(
                                                    "current",
                                                    Builtin.BOOL,
                                                    "whether pointer events go there"),
                                            Member.required(
                                                    "absolute",
                                                    Builtin.BOOL,
                                                    "whether it tells places, not movements"))
                                    .list())
                    .build();

    static final Command QUERY_BALLOON =
            Command.qemu("query-balloon", "tell the balloon's size: there is none")
                    .returns(
                            ObjectType.of(
                                    "BalloonInfo", Member.required("actual", Builtin.INT, "bytes")))
                    .build();

    static final Command SYSTEM_POWERDOWN =
            Command.qemu(
                            "system_powerdown",
                            "press the power button; the machine has no ACPI, so no guest hears it")
                    .says(
                            HumanForm.silent(
                                    "system_powerdown",
                                    "system_powerdown",
                                    "press the power button"))
                    .build();

    static final Command SYSTEM_WAKEUP =
            Command.qemu("system_wakeup", "wake a suspended guest: it can't suspend").build();

    private static final EnumType PARAMETER_TYPE =
            new EnumType(
                    "CommandLineParameterType", List.of("string", "boolean", "number", "size"));

    static final Command QUERY_COMMAND_LINE_OPTIONS =
            Command.qemu("query-command-line-options", "list the command line's options")
                    .mayTake("option", Builtin.STR, "this one alone")
                    .returns(
                            ObjectType.of(
                                            "CommandLineOptionInfo",
                                            Member.required("option", Builtin.STR, "its name"),
                                            Member.required(
                                                    "parameters",
                                                    ObjectType.of(
                                                                    "CommandLineParameterInfo",
                                                                    Member.required(
                                                                            "name",
                                                                            Builtin.STR,
                                                                            "the parameter"),
                                                                    Member.required(
                                                                            "type",
                                                                            PARAMETER_TYPE,
                                                                            "its value"),
                                                                    Member.optional(
                                                                            "help",
                                                                            Builtin.STR,
                                                                            "what it is for"))
                                                            .list(),
                                                    "what it may be given"))
                                    .list())
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_CPUS_FAST,
                    QUERY_HOTPLUGGABLE_CPUS,
                    QUERY_CPU_DEFINITIONS,
                    QUERY_MACHINES,
                    QUERY_CURRENT_MACHINE,
                    QUERY_MEMORY_SIZE_SUMMARY,
                    QUERY_MEMDEV,
                    QUERY_MEMORY_DEVICES,
                    QUERY_IOTHREADS,
                    QUERY_PCI,
                    QUERY_MICE,
                    QUERY_BALLOON,
                    SYSTEM_POWERDOWN,
                    SYSTEM_WAKEUP,
                    QUERY_COMMAND_LINE_OPTIONS);

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "POWERDOWN", ObjectType.EMPTY, "the power button was pressed", "QEMU"),
                    new EventKind(
                            "RTC_CHANGE",
                            ObjectType.of(
                                    "RtcChangeInfo",
                                    Member.required(
                                            "offset",
                                            Builtin.INT,
                                            "seconds that the guest's clock is ahead of the host's"),
                                    Member.required("qom-path", Builtin.STR, "the clock")),
                            "the guest has set its clock; at most once a second",
                            "QEMU"));

    /** The clock's place in {@link ObjectTree}. */
    private static final String CLOCK_PATH = "/machine/rtc";

    private final Machine machine;
    private final List<CommandLineOption> options;
    private final Consumer<MonitorEvent> events;

    /**
     * @param options what the command line takes
     * @param events takes the events that the commands cause
     */
    InventoryCommands(
            Machine machine, List<CommandLineOption> options, Consumer<MonitorEvent> events) {
        this.machine = machine;
        this.options = List.copyOf(options);
        this.events = events;
    }

    private static ObjectType named(String name) {
        return ObjectType.of(name, Member.required("id", Builtin.STR, "its id"));
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_CPUS_FAST, call -> queryCpus());
        dispatcher.bind(
                QUERY_HOTPLUGGABLE_CPUS,
                call ->
                        Json.array(
                                Json.object(
                                        "props",
                                        socket(),
                                        "vcpus-count",
                                        1,
                                        "qom-path",
                                        CPU_PATH,
                                        "type",
                                        ObjectTree.cpuType(machine.config().cpu()))));
        dispatcher.bind(
                QUERY_CPU_DEFINITIONS,
                call ->
                        Json.array(
                                CpuModel.ALL.stream()
                                        .map(InventoryCommands::definition)
                                        .toArray()));
        dispatcher.bind(
                QUERY_MACHINES,
                call ->
                        Json.array(
                                Json.object(
                                        "hotpluggable-cpus",
                                        false,
                                        "name",
                                        ObjectTree.MACHINE,
                                        "alias",
                                        "pc",
                                        "is-default",
                                        true,
                                        "numa-mem-supported",
                                        false,
                                        "default-cpu-type",
                                        ObjectTree.cpuType(CpuModel.PENTIUM_3),
                                        "cpu-max",
                                        1,
                                        "deprecated",
                                        false)));
        dispatcher.bind(
                QUERY_CURRENT_MACHINE, call -> Json.object("wakeup-suspend-support", false));
        dispatcher.bind(
                QUERY_MEMORY_SIZE_SUMMARY,
                call ->
                        Json.object(
                                "base-memory", machine.config().memorySize(), "plugged-memory", 0));
        for (Command query :
                List.of(QUERY_MEMDEV, QUERY_MEMORY_DEVICES, QUERY_IOTHREADS, QUERY_PCI)) {
            dispatcher.bind(query, call -> new JsonArray());
        }
        dispatcher.bind(QUERY_MICE, call -> queryMice());
        dispatcher.bind(
                QUERY_BALLOON,
                call -> {
                    throw new CommandException(
                            ErrorClass.DEVICE_NOT_ACTIVE, "No balloon device has been activated");
                });
        dispatcher.bind(SYSTEM_POWERDOWN, call -> powerDown());
        dispatcher.bind(
                SYSTEM_WAKEUP,
                call -> {
                    throw new CommandException(
                            "wake-up from suspend is not supported by this guest");
                });
        dispatcher.bind(QUERY_COMMAND_LINE_OPTIONS, this::queryCommandLineOptions);
    }

    /** The event of a guest that has set its clock. */
    static MonitorEvent clockSet(long secondsAhead) {
        return MonitorEvent.now(
                "RTC_CHANGE", Json.object("offset", secondsAhead, "qom-path", CLOCK_PATH));
    }

    /** The one that the guest listens to first; the absolute one is there once it was asked for. */
    private JsonArray queryMice() {
        boolean absolute = machine.call(() -> machine.pc().pointer().isAbsolute());
        JsonArray mice = new JsonArray();
        if (absolute) {
            mice.add(mouse(3, "vmmouse", true, true));
        }
        mice.add(mouse(2, "Vitrine PS/2 Mouse", !absolute, false));
        return mice;
    }

    private static JsonObject mouse(int index, String name, boolean current, boolean absolute) {
        return Json.object("index", index, "name", name, "current", current, "absolute", absolute);
    }

    private JsonElement powerDown() {
        events.accept(MonitorEvent.now("POWERDOWN", null));
        machine.pressPowerButton();
        return null;
    }

    private static JsonObject socket() {
        return Json.object("core-id", 0, "thread-id", 0, "socket-id", 0);
    }

    private static JsonObject definition(CpuModel model) {
        return Json.object(
                "name",
                model.name(),
                "typename",
                ObjectTree.cpuType(model),
                "unavailable-features",
                Json.array(),
                "static",
                false,
                "migration-safe",
                false,
                "deprecated",
                false);
    }

    private static JsonArray queryCpus() {
        return Json.array(
                Json.object(
                        "thread-id",
                        threadId("vcpu0"),
                        "props",
                        socket(),
                        "qom-path",
                        CPU_PATH,
                        "cpu-index",
                        0,
                        "target",
                        "i386"));
    }

    /**
     * The kernel's number of one of this process's threads, by the name that the JVM gives it; the
     * process's where the kernel does not tell (see proc(5), {@code /proc/PID/task/TID/comm}).
     */
    private static long threadId(String name) {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                    return Long.parseLong(task.getFileName().toString());
                }
            }
        } catch (IOException e) {
            LOG.debug("the kernel does not tell of threads", e);
        }
        return ProcessHandle.current().pid();
    }

    private JsonArray queryCommandLineOptions(Invocation call) throws CommandException {
        String wanted = call.string("option", null);
        JsonArray found = new JsonArray();
        for (CommandLineOption option : options) {
            if (wanted == null || wanted.equals(option.name())) {
                JsonArray parameters = new JsonArray();
                for (CommandLineOption.Parameter parameter : option.parameters()) {
                    parameters.add(
                            Json.object(
                                    "name", parameter.name(),
                                    "help", parameter.help(),
                                    "type", parameter.type().qmpName()));
                }
                found.add(Json.object("parameters", parameters, "option", option.name()));
            }
        }
        if (wanted != null && found.isEmpty()) {
            throw new CommandException("invalid option name: " + wanted);
        }
        return found;
    }
}
