package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HexFormat;
import java.util.List;
import org.vitrine.monitor.command.HumanForm.Kind;

/** How people look at memory: {@code x} by linear address, {@code xp} by physical address. */
final class MemoryWords {

    static final HumanForm X =
            dump("x", false, "show memory by linear address: x/8i $pc, x/4xw 0x7c00");
    static final HumanForm XP = dump("xp", true, "show memory by physical address: xp/64xb 0x400");

    private static final int LINE = 16;
    private static final int PAGE_MASK = 0xFFF;

    private MemoryWords() {}

    private static HumanForm dump(String word, boolean physical, String help) {
        return new HumanForm(
                word,
                List.of(
                        HumanForm.mayHave("/FORMAT", Kind.FORMAT),
                        HumanForm.needs("ADDRESS", Kind.EXPRESSION)),
                help,
                (monitor, words) -> {
                    Format format = Format.of(words.get(0), 'x', 4);
                    long address = CpuWords.value(monitor, words.get(1));
                    return format.form() == 'i'
                            ? instructions(monitor, address, format, physical)
                            : values(monitor, address, format, physical);
                });
    }

    /** Instructions, each with its address and its bytes. */
    static String instructions(MonitorLink monitor, long address, Format format, boolean physical)
            throws CommandException {
        JsonObject arguments = arguments(address, physical);
        arguments.addProperty("count", format.count());
        if (format.size() == 2 || format.size() == 4) {
            arguments.addProperty("code-size", String.valueOf(8 * format.size()));
        }
        StringBuilder text = new StringBuilder();
        for (JsonElement element : monitor.execute("disassemble", arguments).getAsJsonArray()) {
            JsonObject instruction = element.getAsJsonObject();
            String bytes = instruction.get("data").getAsString().replaceAll("(..)(?!$)", "$1 ");
            text.append(
                    "%s:  %-22s %s\n"
                            .formatted(
                                    place(instruction.get("address").getAsLong(), physical),
                                    bytes,
                                    instruction.get("text").getAsString()));
        }
        return text.toString();
    }

    /** As many digits as such an address has. */
    private static String place(long address, boolean physical) {
        return physical ? "%016x".formatted(address) : "%08x".formatted(address);
    }

    private static JsonObject arguments(long address, boolean physical) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("address", address);
        if (physical) {
            arguments.addProperty("physical", true);
        }
        return arguments;
    }

    private static String values(MonitorLink monitor, long address, Format format, boolean physical)
            throws CommandException {
        byte[] bytes = new byte[format.count() * format.size()];
        int there = read(monitor, address, physical, bytes);
        int inLine = format.size() == 1 && format.form() != 'x' ? LINE / 2 : LINE;
        StringBuilder text = new StringBuilder();
        for (int at = 0; at + format.size() <= there; at += format.size()) {
            if (at % inLine == 0) {
                text.append(at == 0 ? "" : "\n").append(place(address + at, physical)).append(':');
            }
            text.append(' ').append(format.show(littleEndian(bytes, at, format.size())));
        }
        text.append(text.isEmpty() ? "" : "\n");
        if (there < bytes.length) {
            text.append("Cannot access memory\n");
        }
        return text.toString();
    }

    private static long littleEndian(byte[] bytes, int at, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    /** Reads page by page, as far as there is memory; how many bytes that is. */
    private static int read(MonitorLink monitor, long address, boolean physical, byte[] into)
            throws CommandException {
        int done = 0;
        while (done < into.length) {
            int inPage = (int) (address + done & PAGE_MASK);
            int length = Math.min(into.length - done, PAGE_MASK + 1 - inPage);
            JsonObject arguments = arguments(address + done, physical);
            arguments.addProperty("size", length);
            try {
                byte[] read =
                        HexFormat.of()
                                .parseHex(
                                        monitor.execute("read-memory", arguments)
                                                .getAsJsonObject()
                                                .get("data")
                                                .getAsString());
                System.arraycopy(read, 0, into, done, length);
            } catch (CommandException e) {
                if (!e.getMessage().equals("Cannot access memory")) {
                    throw e;
                }
                return done;
            }
            done += length;
        }
        return done;
    }
}
