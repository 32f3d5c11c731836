package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineEvent;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** The processor: its registers, single steps, and where to stop it. */
final class CpuCommands {

    /** The most breakpoints there may be at once. */
    static final int BREAKPOINT_LIMIT = 256;

    private static final String[] GENERAL = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"
    };
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
    private static final int[] DEBUG_REGISTERS = {0, 1, 2, 3, 6, 7};

    private static final ObjectType REGISTER =
            ObjectType.of(
                    "RegisterInfo",
                    Member.required("name", Builtin.STR, "in small letters, as eax or cs.base"),
                    Member.required("value", Builtin.INT, "without a sign"));

    private static final ObjectType BREAKPOINT =
            ObjectType.of(
                    "BreakpointInfo",
                    Member.required("id", Builtin.INT, "its number, from 1"),
                    Member.required("address", Builtin.INT, "the linear address"));

    private static final ObjectType STEPS =
            ObjectType.of(
                    "CpuSteps",
                    Member.required("executed", Builtin.INT, "how many instructions were executed"),
                    Member.required(
                            "address", Builtin.INT, "the linear address of the next instruction"),
                    Member.required(
                            "halted", Builtin.BOOL, "whether the CPU waits for an interrupt"));

    static final Command QUERY_REGISTERS =
            Command.own("query-registers", "tell the CPU's registers, and what they hide")
                    .returns(REGISTER.list())
                    .says(
                            HumanForm.telling(
                                    "info registers",
                                    "query-registers",
                                    "show the CPU's registers",
                                    CpuWords::registers))
                    .says(CpuWords.PRINT)
                    .says(CpuWords.P)
                    .build();

    static final Command CPU_STEP =
            Command.own("cpu-step", "execute instructions while the guest is stopped")
                    .mayTake(
                            "count",
                            Builtin.INT,
                            "how many, at most " + Machine.STEP_LIMIT + "; 1 when it is not given")
                    .returns(STEPS)
                    .says(CpuWords.STEP)
                    .build();

    static final Command BREAKPOINT_SET =
            Command.own("breakpoint-set", "stop the guest before it executes what is at an address")
                    .takes("address", Builtin.INT, "the linear address")
                    .returns(BREAKPOINT)
                    .says(CpuWords.BREAKPOINT_SET)
                    .build();

    static final Command BREAKPOINT_DELETE =
            Command.own("breakpoint-delete", "take a breakpoint away, or all of them")
                    .mayTake("id", Builtin.INT, "which one; all when it is not given")
                    .says(CpuWords.BREAKPOINT_DELETE)
                    .build();

    static final Command QUERY_BREAKPOINTS =
            Command.own("query-breakpoints", "list the breakpoints")
                    .returns(BREAKPOINT.list())
                    .says(
                            HumanForm.telling(
                                    "breakpoint list",
                                    "query-breakpoints",
                                    "list the breakpoints",
                                    CpuWords::breakpoints))
                    .says(
                            HumanForm.telling(
                                    "info breakpoints",
                                    "query-breakpoints",
                                    "list the breakpoints",
                                    CpuWords::breakpoints))
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_REGISTERS,
                    CPU_STEP,
                    BREAKPOINT_SET,
                    BREAKPOINT_DELETE,
                    QUERY_BREAKPOINTS);

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "BREAKPOINT_HIT",
                            ObjectType.of(
                                    "BreakpointHit",
                                    Member.required("address", Builtin.INT, "the linear address")),
                            "the guest has come to a breakpoint, and is stopped before what is there",
                            "0.1"));

    private final Machine machine;

    // Of the vCPU thread.
    private final Map<Long, Long> breakpoints = new TreeMap<>();
    private long lastId;

    CpuCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_REGISTERS, call -> machine.call(this::queryRegisters));
        dispatcher.bind(CPU_STEP, this::step);
        dispatcher.bind(BREAKPOINT_SET, this::breakpointSet);
        dispatcher.bind(BREAKPOINT_DELETE, this::breakpointDelete);
        dispatcher.bind(QUERY_BREAKPOINTS, call -> machine.call(this::queryBreakpoints));
    }

    static MonitorEvent event(MachineEvent.BreakpointHit hit) {
        JsonObject data = new JsonObject();
        data.addProperty("address", hit.address());
        return MonitorEvent.now("BREAKPOINT_HIT", data);
    }

    private JsonArray queryRegisters() {
        Cpu cpu = machine.pc().cpu();
        Registers r = cpu.registers();
        JsonArray list = new JsonArray();
        for (int i = 0; i < GENERAL.length; i++) {
            add(list, GENERAL[i], (int) r.gpr[i]);
        }
        add(list, "eip", r.eip());
        add(list, "pc", (int) cpu.linearIp());
        add(list, "eflags", r.eflags());
        for (int i = 0; i < SEGMENTS.length; i++) {
            addSegment(list, SEGMENTS[i], r.selector[i], r.base[i], r.limit[i], r.access[i]);
        }
        addSegment(list, "ldt", r.ldtSelector, r.ldtBase, r.ldtLimit, r.ldtAccess);
        addSegment(list, "tr", r.taskSelector, r.taskBase, r.taskLimit, r.taskAccess);
        add(list, "gdt.base", (int) r.gdtBase);
        add(list, "gdt.limit", r.gdtLimit);
        add(list, "idt.base", (int) r.idtBase);
        add(list, "idt.limit", r.idtLimit);
        add(list, "cr0", r.cr0);
        add(list, "cr2", r.cr2);
        add(list, "cr3", r.cr3);
        add(list, "cr4", r.cr4);
        for (int number : DEBUG_REGISTERS) {
            add(list, "dr" + number, r.dr[number]);
        }
        add(list, "efer", r.efer);
        add(list, "cpl", r.cpl);
        add(list, "a20", cpu.a20() ? 1 : 0);
        add(list, "halted", cpu.halted() ? 1 : 0);
        addFloatingPoint(list, cpu.floatingPoint());
        add(list, "mxcsr", cpu.simd().mxcsr);
        for (int n = 0; n < SimdRegisters.COUNT; n++) {
            addHalf(list, "xmm" + n, 0, cpu.simd().low(n));
            addHalf(list, "xmm" + n, 2, cpu.simd().high(n));
        }
        return list;
    }

    private static void addFloatingPoint(JsonArray list, FpuRegisters fpu) {
        add(list, "fcw", fpu.control);
        add(list, "fsw", fpu.statusWord());
        add(list, "ftw", fpu.full);
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            addHalf(list, "fpr" + n, 0, fpu.significand[n]);
            add(list, "fpr" + n + ".exponent", fpu.signExponent[n]);
        }
    }

    /** Two dwords of a register, whose names end in their numbers. */
    private static void addHalf(JsonArray list, String name, int first, long value) {
        add(list, name + "." + first, (int) value);
        add(list, name + "." + (first + 1), (int) (value >>> 32));
    }

    private static void addSegment(
            JsonArray list, String name, int selector, long base, long limit, int access) {
        add(list, name, selector);
        add(list, name + ".base", (int) base);
        add(list, name + ".limit", (int) limit);
        // As the upper half of a descriptor has it.
        add(list, name + ".flags", (access & Registers.ACCESS_MASK) << 8);
    }

    private static void add(JsonArray list, String name, int value) {
        JsonObject register = new JsonObject();
        register.addProperty("name", name);
        register.addProperty("value", Integer.toUnsignedLong(value));
        list.add(register);
    }

    private JsonElement step(Invocation call) throws CommandException {
        long count = call.integer("count", 1);
        if (count < 1 || count > Machine.STEP_LIMIT) {
            throw new CommandException(
                    "Parameter 'count' expects a number from 1 to " + Machine.STEP_LIMIT);
        }
        int executed;
        try {
            executed = machine.step((int) count);
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
        return machine.call(() -> {
            JsonObject result = new JsonObject();
            result.addProperty("executed", executed);
            result.addProperty("address", machine.pc().cpu().linearIp());
            result.addProperty("halted", machine.pc().cpu().halted());
            return result;
        });
    }

    private JsonElement breakpointSet(Invocation call) throws CommandException {
        long address = call.integer("address");
        if (address < 0 || address > 0xFFFF_FFFFL) {
            throw new CommandException(
                    "Parameter 'address' expects a linear address, 0 to 0xffffffff");
        }
        JsonObject breakpoint = machine.call(() -> addBreakpoint(address));
        if (breakpoint == null) {
            throw new CommandException(
                    "there are %d breakpoints, and no more are possible"
                            .formatted(BREAKPOINT_LIMIT));
        }
        return breakpoint;
    }

    /** The breakpoint at this address, which may have been there; null when there are too many. */
    private JsonObject addBreakpoint(long address) {
        for (Map.Entry<Long, Long> known : breakpoints.entrySet()) {
            if (known.getValue() == address) {
                return describe(known.getKey(), address);
            }
        }
        if (breakpoints.size() == BREAKPOINT_LIMIT) {
            return null;
        }
        lastId++;
        breakpoints.put(lastId, address);
        apply();
        return describe(lastId, address);
    }

    private JsonElement breakpointDelete(Invocation call) throws CommandException {
        long id = call.integer("id", 0);
        boolean done =
                machine.call(() -> {
                    boolean known = !call.has("id") || breakpoints.remove(id) != null;
                    if (!call.has("id")) {
                        breakpoints.clear();
                    }
                    apply();
                    return known;
                });
        if (!done) {
            throw new CommandException("there is no breakpoint " + id);
        }
        return null;
    }

    private void apply() {
        machine.pc()
                .cpu()
                .stops()
                .set(breakpoints.values().stream().mapToLong(Long::longValue).toArray());
    }

    private JsonArray queryBreakpoints() {
        JsonArray list = new JsonArray();
        breakpoints.forEach((id, address) -> list.add(describe(id, address)));
        return list;
    }

    private static JsonObject describe(long id, long address) {
        JsonObject breakpoint = new JsonObject();
        breakpoint.addProperty("id", id);
        breakpoint.addProperty("address", address);
        return breakpoint;
    }
}
