package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HexFormat;
import java.util.List;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.cpu.decode.Disassembler;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** Looking at the guest's memory: as bytes, and as instructions. */
final class InspectionCommands {

    /** The most bytes of one {@code read-memory}. */
    static final int READ_LIMIT = 1 << 20;

    /** The most instructions of one {@code disassemble}. */
    static final int INSTRUCTION_LIMIT = 4096;

    private static final long LINEAR_LIMIT = 1L << 32;
    private static final long PHYSICAL_LIMIT = 1L << PhysicalMemory.ADDRESS_BITS;

    private static final EnumType CODE_SIZE = new EnumType("CodeSize", List.of("16", "32"));

    private static final ObjectType CONTENTS =
            ObjectType.of(
                    "MemoryContents",
                    Member.required("address", Builtin.INT, "where they begin"),
                    Member.required("data", Builtin.STR, "two hexadecimal digits for each byte"));

    private static final ObjectType INSTRUCTION =
            ObjectType.of(
                    "InstructionInfo",
                    Member.required("address", Builtin.INT, "where it begins"),
                    Member.required("data", Builtin.STR, "two hexadecimal digits for each byte"),
                    Member.required("text", Builtin.STR, "as NASM reads it"));

    static final Command READ_MEMORY =
            Command.own("read-memory", "read guest memory")
                    .takes("address", Builtin.INT, "where")
                    .takes("size", Builtin.INT, "bytes, at most " + READ_LIMIT)
                    .mayTake(
                            "physical",
                            Builtin.BOOL,
                            "whether the address is physical, and not linear (default false)")
                    .returns(CONTENTS)
                    .says(MemoryWords.X)
                    .says(MemoryWords.XP)
                    .build();

    static final Command DISASSEMBLE =
            Command.own("disassemble", "read guest memory as instructions")
                    .takes("address", Builtin.INT, "where")
                    .mayTake(
                            "count",
                            Builtin.INT,
                            "how many, at most " + INSTRUCTION_LIMIT + "; 1 when it is not given")
                    .mayTake(
                            "physical",
                            Builtin.BOOL,
                            "whether the address is physical, and not linear (default false)")
                    .mayTake(
                            "code-size",
                            CODE_SIZE,
                            "bits; what the CPU executes now when it is not given")
                    .returns(INSTRUCTION.list())
                    .build();

    static final List<Command> COMMANDS = List.of(READ_MEMORY, DISASSEMBLE);

    private final Machine machine;

    InspectionCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(READ_MEMORY, this::readMemory);
        dispatcher.bind(DISASSEMBLE, this::disassemble);
    }

    private JsonElement readMemory(Invocation call) throws CommandException {
        long size = call.integer("size");
        if (size < 1 || size > READ_LIMIT) {
            throw new CommandException("Parameter 'size' expects a number from 1 to " + READ_LIMIT);
        }
        long address = address(call);
        boolean physical = call.bool("physical", false);
        byte[] bytes = new byte[(int) size];
        if (machine.call(() -> read(address, physical, bytes)) < size) {
            throw unreadable();
        }
        JsonObject contents = new JsonObject();
        contents.addProperty("address", address);
        contents.addProperty("data", HexFormat.of().formatHex(bytes));
        return contents;
    }

    /** QEMU's words. */
    private static CommandException unreadable() {
        return new CommandException("Cannot access memory");
    }

    private static long address(Invocation call) throws CommandException {
        long address = call.integer("address");
        long limit = call.bool("physical", false) ? PHYSICAL_LIMIT : LINEAR_LIMIT;
        if (address < 0 || address >= limit) {
            throw unreadable();
        }
        return address;
    }

    /** Reads as far as there is memory; how many bytes that is. On the vCPU thread. */
    private int read(long address, boolean physical, byte[] into) {
        Cpu cpu = machine.pc().cpu();
        int done = 0;
        while (done < into.length) {
            long from = address + done;
            int inPage = (int) (from & PhysicalMemory.PAGE_MASK);
            int length = Math.min(into.length - done, PhysicalMemory.PAGE_SIZE - inPage);
            long where = from;
            if (physical ? from >= PHYSICAL_LIMIT : from >= LINEAR_LIMIT) {
                return done;
            }
            if (!physical) {
                where = cpu.translate(from);
            }
            if (where < 0) {
                return done;
            }
            machine.pc().memory().read(where, into, done, length);
            done += length;
        }
        return done;
    }

    private JsonElement disassemble(Invocation call) throws CommandException {
        long count = call.integer("count", 1);
        if (count < 1 || count > INSTRUCTION_LIMIT) {
            throw new CommandException(
                    "Parameter 'count' expects a number from 1 to " + INSTRUCTION_LIMIT);
        }
        long address = address(call);
        boolean physical = call.bool("physical", false);
        String size = call.string("code-size", "");
        JsonArray list =
                machine.call(() -> instructions(address, physical, (int) count, mode(size)));
        if (list.isEmpty()) {
            throw unreadable();
        }
        return list;
    }

    private Decoder.Mode mode(String size) {
        boolean big =
                size.isEmpty()
                        ? (machine.pc().cpu().registers().access[Registers.CS] & Registers.BIG) != 0
                        : size.equals("32");
        return big ? Decoder.Mode.CODE32 : Decoder.Mode.CODE16;
    }

    private JsonArray instructions(long address, boolean physical, int count, Decoder.Mode mode) {
        byte[] code = new byte[count * Decoder.MAX_LENGTH];
        int length = read(address, physical, code);
        Registers r = machine.pc().cpu().registers();
        long base = r.base[Registers.CS];
        // Inside the code segment the targets of jumps are offsets in it, as the guest has them.
        boolean inSegment = !physical && address >= base && address - base <= r.limit[Registers.CS];
        Decoder decoder = new Decoder();
        JsonArray list = new JsonArray();
        for (int at = 0; list.size() < count; ) {
            Instruction decoded = decoder.decode(code, at, length, mode);
            if (decoded == null) {
                break;
            }
            long where = address + at;
            JsonObject instruction = new JsonObject();
            instruction.addProperty("address", where);
            instruction.addProperty(
                    "data", HexFormat.of().formatHex(code, at, at + decoded.length));
            instruction.addProperty(
                    "text", Disassembler.text(decoded, inSegment ? where - base : where));
            list.add(instruction);
            at += decoded.length;
        }
        return list;
    }
}
