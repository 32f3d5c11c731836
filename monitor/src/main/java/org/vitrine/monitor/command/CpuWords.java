package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.vitrine.monitor.command.HumanForm.Kind;

/** How people speak of the processor: its registers as QEMU shows them, steps and breakpoints. */
final class CpuWords {

    static final HumanForm PRINT = print("print");
    static final HumanForm P = print("p");

    static final HumanForm STEP =
            new HumanForm(
                    "step",
                    List.of(HumanForm.mayHave("COUNT", Kind.NUMBER)),
                    "execute one instruction, or so many, and show the next",
                    CpuWords::step);

    static final HumanForm BREAKPOINT_SET =
            new HumanForm(
                    "breakpoint set",
                    List.of(HumanForm.needs("ADDRESS", Kind.EXPRESSION)),
                    "stop the guest before the instruction at a linear address, as $pc+5",
                    CpuWords::breakpointSet);

    static final HumanForm BREAKPOINT_DELETE =
            new HumanForm(
                    "breakpoint delete",
                    List.of(HumanForm.needs("ID", Kind.BREAKPOINT)),
                    "take a breakpoint away, or all",
                    CpuWords::breakpointDelete);

    private static final long BIG = 1 << 22;
    private static final long CODE = 1 << 11;
    private static final long NOT_SYSTEM = 1 << 12;

    private CpuWords() {}

    private static HumanForm print(String word) {
        return new HumanForm(
                word,
                List.of(
                        HumanForm.mayHave("/FORMAT", Kind.FORMAT),
                        HumanForm.needs("EXPRESSION", Kind.EXPRESSION)),
                word.equals("p")
                        ? "the same as print"
                        : "show the value of a sum of numbers and registers, as $eax*2",
                (monitor, words) -> {
                    Format format = Format.of(words.get(0), 'x', 8);
                    if (format.form() == 'i') {
                        throw new CommandException("a value is no instruction: x/i shows those");
                    }
                    return format.showAlone(value(monitor, words.get(1))) + "\n";
                });
    }

    /** The value of a sum; asks for the registers when there is one in it. */
    static long value(MonitorLink monitor, String sum) throws CommandException {
        if (!sum.contains("$")) {
            return Expression.value(sum, name -> 0);
        }
        Map<String, Long> values = values(monitor.execute("query-registers"));
        return Expression.value(
                sum,
                name -> {
                    Long value = values.get(name);
                    if (value == null) {
                        throw new CommandException("there is no register $" + name);
                    }
                    return value;
                });
    }

    private static Map<String, Long> values(JsonElement registers) {
        Map<String, Long> values = new TreeMap<>();
        for (JsonElement element : registers.getAsJsonArray()) {
            JsonObject register = element.getAsJsonObject();
            values.put(register.get("name").getAsString(), register.get("value").getAsLong());
        }
        return values;
    }

    private static String step(MonitorLink monitor, List<String> words) throws CommandException {
        JsonObject arguments = new JsonObject();
        if (!words.isEmpty()) {
            arguments.addProperty("count", Expression.value(words.getFirst(), name -> 0));
        }
        JsonObject steps = monitor.execute("cpu-step", arguments).getAsJsonObject();
        if (steps.get("halted").getAsBoolean() && steps.get("executed").getAsInt() == 0) {
            return "the CPU is halted, and waits for an interrupt\n";
        }
        return MemoryWords.instructions(
                monitor, steps.get("address").getAsLong(), new Format(1, 'i', 0), false);
    }

    private static String breakpointSet(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("address", value(monitor, words.getFirst()));
        return line(monitor.execute("breakpoint-set", arguments).getAsJsonObject());
    }

    private static String breakpointDelete(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        if (!words.getFirst().equals("all")) {
            arguments.addProperty("id", Expression.value(words.getFirst(), name -> 0));
        }
        monitor.execute("breakpoint-delete", arguments);
        return "";
    }

    static String breakpoints(JsonElement result) {
        JsonArray list = result.getAsJsonArray();
        StringBuilder text = new StringBuilder();
        list.forEach(breakpoint -> text.append(line(breakpoint.getAsJsonObject())));
        return list.isEmpty() ? "there is no breakpoint\n" : text.toString();
    }

    private static String line(JsonObject breakpoint) {
        return "breakpoint %d at 0x%08x\n"
                .formatted(breakpoint.get("id").getAsLong(), breakpoint.get("address").getAsLong());
    }

    /** All registers, line by line as QEMU's {@code info registers} shows those of an i386. */
    static String registers(JsonElement result) {
        Map<String, Long> r = values(result);
        StringBuilder text = new StringBuilder();
        text.append(row(r, "EAX", "EBX", "ECX", "EDX")).append(row(r, "ESI", "EDI", "EBP", "ESP"));
        text.append(
                "EIP=%08x EFL=%08x [%s] CPL=%d A20=%d HLT=%d\n"
                        .formatted(
                                r.get("eip"),
                                r.get("eflags"),
                                flags(r.get("eflags")),
                                r.get("cpl"),
                                r.get("a20"),
                                r.get("halted")));
        boolean described = (r.get("cr0") & 1) != 0;
        for (String segment : List.of("es", "cs", "ss", "ds", "fs", "gs", "ldt", "tr")) {
            long flags = r.get(segment + ".flags");
            text.append(
                    "%-3s=%04x %08x %08x %08x%s\n"
                            .formatted(
                                    segment.toUpperCase(Locale.ROOT),
                                    r.get(segment),
                                    r.get(segment + ".base"),
                                    r.get(segment + ".limit"),
                                    flags,
                                    described && (flags & NOT_SYSTEM) != 0 ? rights(flags) : ""));
        }
        for (String table : List.of("gdt", "idt")) {
            text.append(
                    "%s=     %08x %08x\n"
                            .formatted(
                                    table.toUpperCase(Locale.ROOT),
                                    r.get(table + ".base"),
                                    r.get(table + ".limit")));
        }
        text.append(row(r, "CR0", "CR2", "CR3", "CR4"));
        text.append(row(r, "DR0", "DR1", "DR2", "DR3")).append(row(r, "DR6", "DR7"));
        text.append("EFER=%016x\n".formatted(r.get("efer")));
        return text.append(floatingPoint(r)).toString();
    }

    private static String floatingPoint(Map<String, Long> r) {
        StringBuilder text = new StringBuilder();
        text.append(
                "FCW=%04x FSW=%04x [ST=%d] FTW=%02x MXCSR=%08x\n"
                        .formatted(
                                r.get("fcw"),
                                r.get("fsw"),
                                r.get("fsw") >> 11 & 7,
                                r.get("ftw"),
                                r.get("mxcsr")));
        // Two in a line.
        for (int n = 0; n < 8; n++) {
            String name = "fpr" + n;
            text.append("FPR%d=%s %04x".formatted(n, half(r, name, 0), r.get(name + ".exponent")));
            text.append(n % 2 == 0 ? ' ' : '\n');
        }
        for (int n = 0; n < 8; n++) {
            String name = "xmm" + n;
            text.append("XMM%02d=%s%s".formatted(n, half(r, name, 2), half(r, name, 0)));
            text.append(n % 2 == 0 ? ' ' : '\n');
        }
        return text.toString();
    }

    private static String half(Map<String, Long> r, String name, int first) {
        return "%08x%08x".formatted(r.get(name + "." + (first + 1)), r.get(name + "." + first));
    }

    private static String row(Map<String, Long> registers, String... names) {
        StringBuilder row = new StringBuilder();
        for (String name : names) {
            row.append(row.isEmpty() ? "" : " ")
                    .append(name)
                    .append("=%08x".formatted(registers.get(name.toLowerCase(Locale.ROOT))));
        }
        return row.append('\n').toString();
    }

    private static String flags(long eflags) {
        String letters = "DOSZAPC";
        int[] bits = {10, 11, 7, 6, 4, 2, 0};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bits.length; i++) {
            text.append((eflags >> bits[i] & 1) != 0 ? letters.charAt(i) : '-');
        }
        return text.toString();
    }

    /** The level and the rights of a segment, from its descriptor's upper half. */
    private static String rights(long flags) {
        boolean code = (flags & CODE) != 0;
        String kind =
                code ? (flags & BIG) != 0 ? "CS32" : "CS16" : (flags & BIG) != 0 ? "DS  " : "DS16";
        return " DPL=%d %s [%c%c%c]"
                .formatted(
                        flags >> 13 & 3,
                        kind,
                        (flags >> 10 & 1) == 0 ? '-' : code ? 'C' : 'E',
                        (flags >> 9 & 1) == 0 ? '-' : code ? 'R' : 'W',
                        (flags >> 8 & 1) == 0 ? '-' : 'A');
    }
}
