package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;

/** What is in the guest's memory. */
final class MemoryCommands {

    /** Bytes that are read in one visit to the vCPU thread. */
    private static final int PIECE = 1 << 20;

    private static final int CR4_PSE = 1 << 4;
    private static final int CR4_PAE = 1 << 5;
    private static final long PRESENT = 1;
    private static final long LARGE_PAGE = 1 << 7;

    static final Command MEMSAVE =
            Command.qemu("memsave", "write guest memory, by virtual address, to a file")
                    .takes("val", Builtin.INT, "the virtual address")
                    .takes("size", Builtin.INT, "bytes")
                    .takes(
                            "filename",
                            Builtin.STR,
                            "the file, written anew, on the emulator's machine")
                    .mayTake(
                            "cpu-index",
                            Builtin.INT,
                            "the CPU whose page tables count; there is one, 0")
                    .says(form("memsave", "write guest memory, by virtual address, to a file"))
                    .build();

    static final Command PMEMSAVE =
            Command.qemu("pmemsave", "write guest memory, by physical address, to a file")
                    .takes("val", Builtin.INT, "the physical address")
                    .takes("size", Builtin.INT, "bytes")
                    .takes(
                            "filename",
                            Builtin.STR,
                            "the file, written anew, on the emulator's machine")
                    .says(form("pmemsave", "write guest memory, by physical address, to a file"))
                    .build();

    static final List<Command> COMMANDS = List.of(MEMSAVE, PMEMSAVE);

    private final Machine machine;

    MemoryCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(MEMSAVE, this::memsave);
        dispatcher.bind(PMEMSAVE, this::pmemsave);
    }

    /** Reads guest memory; runs on the vCPU thread. */
    private interface Reader {
        void read(long address, byte[] into, int length) throws CommandException;
    }

    private JsonElement memsave(Invocation call) throws CommandException {
        if (call.integer("cpu-index", 0) != 0) {
            throw new CommandException("Parameter 'cpu-index' expects a CPU number");
        }
        save(call, this::readVirtual);
        return null;
    }

    private JsonElement pmemsave(Invocation call) throws CommandException {
        save(call, (address, into, length) -> machine.pc().memory().read(address, into, 0, length));
        return null;
    }

    private void save(Invocation call, Reader reader) throws CommandException {
        long address = call.integer("val");
        long size = call.integer("size");
        String name = call.string("filename");
        if (size < 0) {
            throw new CommandException("Parameter 'size' expects a number of bytes");
        }
        byte[] piece = new byte[PIECE];
        try (OutputStream file = Files.newOutputStream(Path.of(name))) {
            for (long done = 0; done < size; done += PIECE) {
                long from = address + done;
                int length = (int) Math.min(PIECE, size - done);
                CommandException failure = machine.call(() -> attempt(reader, from, piece, length));
                if (failure != null) {
                    throw failure;
                }
                file.write(piece, 0, length);
            }
        } catch (IOException | InvalidPathException e) {
            throw new CommandException("Could not open '" + name + "': " + FileErrors.reason(e), e);
        }
    }

    /** The failure, or null; exceptions of a task would reach its caller wrapped. */
    private static CommandException attempt(Reader reader, long address, byte[] into, int length) {
        try {
            reader.read(address, into, length);
            return null;
        } catch (CommandException e) {
            return e;
        }
    }

    private void readVirtual(long address, byte[] into, int length) throws CommandException {
        Registers registers = machine.pc().cpu().registers();
        PhysicalMemory memory = machine.pc().memory();
        byte[] page = new byte[PhysicalMemory.PAGE_SIZE];
        int done = 0;
        while (done < length) {
            long linear = address + done;
            int inPage = (int) (linear & PhysicalMemory.PAGE_MASK);
            int count = Math.min(length - done, PhysicalMemory.PAGE_SIZE - inPage);
            long physical = translate(memory, registers, linear);
            if (physical < 0) {
                throw new CommandException(
                        "Invalid addr 0x%016x/size %d specified".formatted(linear, length - done));
            }
            memory.read(physical, page, 0, count);
            System.arraycopy(page, 0, into, done, count);
            done += count;
        }
    }

    /**
     * The physical address, or -1 when the page is not present. Leaves no trace in the page tables
     * or the TLB.
     */
    private static long translate(PhysicalMemory memory, Registers registers, long linear) {
        if (linear < 0 || linear > 0xFFFF_FFFFL) {
            return -1;
        }
        if ((registers.cr0 & Registers.CR0_PG) == 0) {
            return linear;
        }
        return (registers.cr4 & CR4_PAE) != 0
                ? translateExtended(memory, registers, linear)
                : translateClassic(memory, registers, linear);
    }

    /** Two levels of 32-bit entries (Intel SDM volume 3, 4.3). */
    private static long translateClassic(PhysicalMemory memory, Registers registers, long linear) {
        long directory =
                memory.read((registers.cr3 & 0xFFFF_F000L) + (linear >> 22) * 4, 4) & 0xFFFF_FFFFL;
        if ((directory & PRESENT) == 0) {
            return -1;
        }
        if ((directory & LARGE_PAGE) != 0 && (registers.cr4 & CR4_PSE) != 0) {
            return directory & 0xFFC0_0000L | (directory >> 13 & 0xF) << 32 | linear & 0x3F_FFFF;
        }
        long entry =
                memory.read((directory & 0xFFFF_F000L) + (linear >> 12 & 0x3FF) * 4, 4)
                        & 0xFFFF_FFFFL;
        return (entry & PRESENT) == 0 ? -1 : entry & 0xFFFF_F000L | linear & 0xFFF;
    }

    /** Three levels of 64-bit entries (Intel SDM volume 3, 4.4). */
    private static long translateExtended(PhysicalMemory memory, Registers registers, long linear) {
        long frame = 0xF_FFFF_F000L;
        long pointer = memory.read((registers.cr3 & 0xFFFF_FFE0L) + (linear >> 30) * 8, 8);
        if ((pointer & PRESENT) == 0) {
            return -1;
        }
        long directory = memory.read((pointer & frame) + (linear >> 21 & 0x1FF) * 8, 8);
        if ((directory & PRESENT) == 0) {
            return -1;
        }
        if ((directory & LARGE_PAGE) != 0) {
            return directory & frame & ~0x1F_FFFFL | linear & 0x1F_FFFF;
        }
        long entry = memory.read((directory & frame) + (linear >> 12 & 0x1FF) * 8, 8);
        return (entry & PRESENT) == 0 ? -1 : entry & frame | linear & 0xFFF;
    }

    private static HumanForm form(String command, String help) {
        return new HumanForm(
                command,
                List.of(
                        HumanForm.needs("ADDRESS", Kind.NUMBER),
                        HumanForm.needs("SIZE", Kind.NUMBER),
                        HumanForm.needs("FILE", Kind.FILE)),
                help,
                (monitor, words) -> {
                    JsonObject arguments = new JsonObject();
                    arguments.addProperty("val", number(words.get(0)));
                    arguments.addProperty("size", number(words.get(1)));
                    arguments.addProperty(
                            "filename", Path.of(words.get(2)).toAbsolutePath().toString());
                    monitor.execute(command, arguments);
                    return "";
                });
    }

    private static long number(String word) throws CommandException {
        try {
            return Long.decode(word);
        } catch (NumberFormatException e) {
            throw new CommandException("'" + word + "' is no number");
        }
    }
}
