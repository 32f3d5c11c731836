package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineEvent;
import org.vitrine.core.machine.RunState;
import org.vitrine.core.machine.ShutdownCause;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** What the machine is and does as a whole. */
final class MachineCommands {

    static final EnumType RUN_STATE =
            new EnumType(
                    "RunState", Arrays.stream(RunState.values()).map(RunState::qmpName).toList());

    static final EnumType SHUTDOWN_CAUSE =
            new EnumType(
                    "ShutdownCause",
                    Arrays.stream(ShutdownCause.values()).map(ShutdownCause::qmpName).toList());

    static final EnumType TARGET = new EnumType("SysEmuTarget", List.of("i386"));

    static final ObjectType STATUS_INFO =
            ObjectType.of(
                    "StatusInfo",
                    Member.required("running", Builtin.BOOL, "whether the guest runs"),
                    Member.required("singlestep", Builtin.BOOL, "false"),
                    Member.required("status", RUN_STATE, "what the machine is doing"));

    static final Command QUERY_STATUS =
            Command.qemu("query-status", "tell what the machine is doing")
                    .returns(STATUS_INFO)
                    .says(
                            HumanForm.telling(
                                    "info status",
                                    "query-status",
                                    "show what the machine is doing",
                                    MachineCommands::status))
                    .outOfBand()
                    .forEveryone()
                    .build();

    static final Command QUERY_NAME =
            Command.qemu("query-name", "tell the machine's name")
                    .returns(
                            ObjectType.of(
                                    "NameInfo",
                                    Member.optional("name", Builtin.STR, "as given with -name")))
                    .says(
                            HumanForm.telling(
                                    "info name",
                                    "query-name",
                                    "show the machine's name",
                                    MachineCommands::name))
                    .outOfBand()
                    .forEveryone()
                    .build();

    static final Command QUERY_UUID =
            Command.qemu("query-uuid", "tell the machine's UUID: zeros, since it has none")
                    .returns(
                            ObjectType.of(
                                    "UuidInfo",
                                    Member.required("UUID", Builtin.STR, "in the usual form")))
                    .says(
                            HumanForm.telling(
                                    "info uuid",
                                    "query-uuid",
                                    "show the machine's UUID",
                                    result -> text(result, "UUID") + "\n"))
                    .build();

    static final Command QUERY_KVM =
            Command.qemu("query-kvm", "tell whether KVM runs the guest: never")
                    .returns(
                            ObjectType.of(
                                    "KvmInfo",
                                    Member.required("enabled", Builtin.BOOL, "false"),
                                    Member.required("present", Builtin.BOOL, "false")))
                    .says(
                            HumanForm.telling(
                                    "info kvm",
                                    "query-kvm",
                                    "show whether KVM is used",
                                    result -> "kvm support: not compiled\n"))
                    .build();

    static final Command QUERY_TARGET =
            Command.qemu("query-target", "tell the guest's architecture")
                    .returns(
                            ObjectType.of(
                                    "TargetInfo",
                                    Member.required("arch", TARGET, "the architecture")))
                    .build();

    private static final EnumType REBOOT_ACTION =
            new EnumType("RebootAction", List.of("reset", "shutdown"));

    private static final EnumType SHUTDOWN_ACTION =
            new EnumType("ShutdownAction", List.of("poweroff", "pause"));

    static final Command SET_ACTION =
            Command.qemu("set-action", "choose what follows when the guest resets or switches off")
                    .mayTake(
                            "reboot",
                            REBOOT_ACTION,
                            "at a reset: do it, or take it as switching off (-no-reboot)")
                    .mayTake(
                            "shutdown",
                            SHUTDOWN_ACTION,
                            "at switching off: end the emulator, or only stop the guest (-no-shutdown)")
                    .mayTake(
                            "panic",
                            new EnumType(
                                    "PanicAction",
                                    List.of("pause", "shutdown", "exit-failure", "none")),
                            "taken, and without effect: there is no panic device")
                    .mayTake(
                            "watchdog",
                            new EnumType(
                                    "WatchdogAction",
                                    List.of(
                                            "reset",
                                            "shutdown",
                                            "poweroff",
                                            "pause",
                                            "debug",
                                            "none",
                                            "inject-nmi")),
                            "taken, and without effect: there is no watchdog")
                    .build();

    static final Command INJECT_NMI =
            Command.qemu("inject-nmi", "raise a non-maskable interrupt")
                    .says(HumanForm.silent("nmi", "inject-nmi", "raise a non-maskable interrupt"))
                    .build();

    static final Command STOP =
            Command.qemu("stop", "stop the guest, and its time")
                    .says(HumanForm.silent("stop", "stop", "stop the guest"))
                    .build();

    static final Command CONT =
            Command.qemu("cont", "let the guest run")
                    .says(HumanForm.silent("cont", "cont", "let the guest run on"))
                    .says(HumanForm.silent("c", "cont", "the same as cont"))
                    .build();

    static final Command SYSTEM_RESET =
            Command.qemu("system_reset", "reset the machine, as its reset button does")
                    .says(HumanForm.silent("system_reset", "system_reset", "reset the machine"))
                    .build();

    static final Command QUIT =
            Command.qemu("quit", "end the emulator")
                    .says(HumanForm.silent("quit", "quit", "end the emulator"))
                    .says(HumanForm.silent("q", "quit", "the same as quit"))
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_STATUS,
                    QUERY_NAME,
                    QUERY_UUID,
                    QUERY_KVM,
                    QUERY_TARGET,
                    STOP,
                    CONT,
                    SYSTEM_RESET,
                    SET_ACTION,
                    INJECT_NMI,
                    QUIT);

    private static final ObjectType CAUSE =
            ObjectType.of(
                    "CauseInfo",
                    Member.required("guest", Builtin.BOOL, "whether the guest asked for it"),
                    Member.required("reason", SHUTDOWN_CAUSE, "why"));

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "STOP",
                            ObjectType.EMPTY,
                            "the guest no longer runs",
                            "QEMU",
                            Role.EVERYONE),
                    new EventKind(
                            "RESUME",
                            ObjectType.EMPTY,
                            "the guest runs (again)",
                            "QEMU",
                            Role.EVERYONE),
                    new EventKind("RESET", CAUSE, "the machine was reset", "QEMU", Role.EVERYONE),
                    new EventKind(
                            "SHUTDOWN",
                            CAUSE,
                            "the machine was told to end, or the guest has switched it off",
                            "QEMU",
                            Role.EVERYONE));

    private final Machine machine;

    MachineCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_STATUS, call -> queryStatus());
        dispatcher.bind(QUERY_NAME, call -> queryName());
        dispatcher.bind(QUERY_UUID, call -> with("UUID", "00000000-0000-0000-0000-000000000000"));
        dispatcher.bind(QUERY_KVM, call -> queryKvm());
        dispatcher.bind(QUERY_TARGET, call -> with("arch", "i386"));
        dispatcher.bind(STOP, call -> done(machine::stop));
        dispatcher.bind(CONT, call -> done(machine::cont));
        dispatcher.bind(SYSTEM_RESET, call -> done(machine::reset));
        dispatcher.bind(SET_ACTION, this::setAction);
        dispatcher.bind(INJECT_NMI, call -> done(machine::injectNmi));
        dispatcher.bind(QUIT, call -> quit());
    }

    private JsonObject queryStatus() {
        RunState state = machine.state();
        JsonObject info = with("status", state.qmpName());
        info.addProperty("singlestep", false);
        info.addProperty("running", state == RunState.RUNNING);
        return info;
    }

    private JsonObject queryName() {
        String name = machine.config().name();
        return name == null ? new JsonObject() : with("name", name);
    }

    private static JsonObject queryKvm() {
        JsonObject info = new JsonObject();
        info.addProperty("enabled", false);
        info.addProperty("present", false);
        return info;
    }

    /** What the machine refuses, it says in words for a person. */
    private static JsonElement done(Runnable action) throws CommandException {
        try {
            action.run();
            return null;
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private JsonElement setAction(Invocation call) throws CommandException {
        Boolean shutdownOnReset =
                call.has("reboot") ? call.string("reboot").equals("shutdown") : null;
        Boolean stayAfterShutdown =
                call.has("shutdown") ? call.string("shutdown").equals("pause") : null;
        return done(() -> machine.setActions(shutdownOnReset, stayAfterShutdown));
    }

    /** The event comes before the reply, as in QEMU; sockets close when the reply is written. */
    private JsonElement quit() {
        machine.shutDown(ShutdownCause.HOST_QMP_QUIT);
        return null;
    }

    /** The QMP event of one of the machine's, or null when it is another topic's. */
    static MonitorEvent event(MachineEvent event) {
        return switch (event) {
            case MachineEvent.Stopped stopped -> MonitorEvent.now("STOP", null);
            case MachineEvent.Resumed resumed -> MonitorEvent.now("RESUME", null);
            case MachineEvent.Reset reset -> MonitorEvent.now("RESET", cause(reset.cause()));
            case MachineEvent.Shutdown shutdown ->
                    MonitorEvent.now("SHUTDOWN", cause(shutdown.cause()));
            case MachineEvent.BreakpointHit hit -> CpuCommands.event(hit);
            case MachineEvent.ClockSet set -> InventoryCommands.clockSet(set.secondsAhead());
            case MachineEvent.TrayMoved moved -> BlockCommands.event(moved);
            case MachineEvent.DriveFailed failed -> BlockCommands.event(failed);
            case MachineEvent.DisplayModeChanged change -> DisplayCommands.event(change.mode());
        };
    }

    private static JsonObject cause(ShutdownCause cause) {
        JsonObject data = new JsonObject();
        data.addProperty("guest", cause.guest());
        data.addProperty("reason", cause.qmpName());
        return data;
    }

    private static JsonObject with(String name, String value) {
        JsonObject object = new JsonObject();
        object.addProperty(name, value);
        return object;
    }

    private static String text(JsonElement result, String name) {
        return result.getAsJsonObject().get(name).getAsString();
    }

    private static String name(JsonElement result) {
        return result.getAsJsonObject().has("name") ? text(result, "name") + "\n" : "";
    }

    private static String status(JsonElement result) {
        boolean running = result.getAsJsonObject().get("running").getAsBoolean();
        String status = text(result, "status");
        return "VM status: "
                + (running
                        ? "running"
                        : status.equals("paused") ? "paused" : "paused (" + status + ")")
                + "\n";
    }
}
