package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;

/** What is in the guest's memory. */
final class MemoryCommands {

    /** Bytes that are read in one visit to the vCPU thread. */
    private static final int PIECE = 1 << 20;

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

    /** Reads guest memory, on the vCPU thread; false when there is none at the address. */
    private interface Reader {
        boolean read(long address, byte[] into, int length);
    }

    private JsonElement memsave(Invocation call) throws CommandException {
        if (call.integer("cpu-index", 0) != 0) {
            throw new CommandException("Parameter 'cpu-index' expects a CPU number");
        }
        save(call, this::readVirtual);
        return null;
    }

    private JsonElement pmemsave(Invocation call) throws CommandException {
        save(call, this::readPhysical);
        return null;
    }

    private void save(Invocation call, Reader reader) throws CommandException {
        long address = call.integer("val");
        long size = call.integer("size");
        String name = call.string("filename");
        if (size < 0) {
            throw new CommandException("Parameter 'size' expects a number of bytes");
        }
        try (OutputStream file = open(name)) {
            byte[] piece = new byte[PIECE];
            for (long done = 0; done < size; done += PIECE) {
                long from = address + done;
                int length = (int) Math.min(PIECE, size - done);
                if (!machine.call(() -> reader.read(from, piece, length))) {
                    throw new CommandException(
                            "Invalid addr 0x%016x/size %d specified".formatted(address, size));
                }
                file.write(piece, 0, length);
            }
        } catch (IOException e) {
            throw new CommandException("An IO error has occurred", e);
        }
    }

    private static OutputStream open(String name) throws CommandException {
        try {
            return Files.newOutputStream(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new CommandException("Could not open '" + name + "': " + FileErrors.reason(e), e);
        }
    }

    /** Whether all of it could be read; what is not mapped can't. */
    private boolean readVirtual(long address, byte[] into, int length) {
        Cpu cpu = machine.pc().cpu();
        int done = 0;
        while (done < length) {
            long linear = address + done;
            int inPage = (int) (linear & PhysicalMemory.PAGE_MASK);
            int count = Math.min(length - done, PhysicalMemory.PAGE_SIZE - inPage);
            long physical = linear >>> 32 == 0 ? cpu.translate(linear) : -1;
            if (physical < 0) {
                return false;
            }
            machine.pc().memory().read(physical, into, done, count);
            done += count;
        }
        return true;
    }

    private boolean readPhysical(long address, byte[] into, int length) {
        machine.pc().memory().read(address, into, 0, length);
        return true;
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
