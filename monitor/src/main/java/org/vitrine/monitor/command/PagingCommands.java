package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.vitrine.core.cpu.state.PageTables;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.machine.Machine;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** What the guest's page tables say, page by page and by ranges of equal rights. */
final class PagingCommands {

    /** The most pages of one {@code query-page-mappings}. */
    static final int PAGE_LIMIT = 1 << 14;

    private static final String OFF = "PG disabled\n";

    private static final ObjectType PAGE =
            ObjectType.of(
                    "PageMapping",
                    Member.required("address", Builtin.INT, "the linear address"),
                    Member.required("physical", Builtin.INT, "where that is"),
                    Member.required("size", Builtin.INT, "bytes"),
                    Member.required(
                            "flags",
                            Builtin.STR,
                            "the entry's bits: no eXecution, Global, large Page, Dirty, Accessed,"
                                    + " Cache off, write-Through, User, Writable"));

    private static final ObjectType RANGE =
            ObjectType.of(
                    "LinearRange",
                    Member.required("address", Builtin.INT, "where it begins"),
                    Member.required("size", Builtin.INT, "bytes"),
                    Member.required("user", Builtin.BOOL, "whether programs may use it"),
                    Member.required("writable", Builtin.BOOL, "whether it may be written"));

    static final Command QUERY_PAGE_MAPPINGS =
            Command.own("query-page-mappings", "list the pages of the guest's page tables")
                    .mayTake("address", Builtin.INT, "from which linear address on; 0 without")
                    .returns(
                            ObjectType.of(
                                    "PageMappings",
                                    Member.required("paging", Builtin.BOOL, "whether there is any"),
                                    Member.required("pages", PAGE.list(), "at most " + PAGE_LIMIT),
                                    Member.required(
                                            "more", Builtin.BOOL, "whether there are more")))
                    .says(
                            new HumanForm(
                                    "info tlb",
                                    List.of(HumanForm.mayHave("ADDRESS", Kind.EXPRESSION)),
                                    "show the page tables, page by page",
                                    PagingCommands::showPages))
                    .build();

    static final Command QUERY_LINEAR_RANGES =
            Command.own("query-linear-ranges", "list the mapped ranges of linear addresses")
                    .returns(
                            ObjectType.of(
                                    "LinearRanges",
                                    Member.required("paging", Builtin.BOOL, "whether there is any"),
                                    Member.required(
                                            "ranges", RANGE.list(), "those of equal rights")))
                    .says(
                            HumanForm.telling(
                                    "info mem",
                                    "query-linear-ranges",
                                    "show the mapped ranges of linear addresses",
                                    PagingCommands::showRanges))
                    .build();

    static final List<Command> COMMANDS = List.of(QUERY_PAGE_MAPPINGS, QUERY_LINEAR_RANGES);

    private final Machine machine;

    PagingCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(
                QUERY_PAGE_MAPPINGS,
                call -> {
                    long from = call.integer("address", 0);
                    if (from < 0 || from > 0xFFFF_FFFFL) {
                        throw new CommandException(
                                "Parameter 'address' expects a linear address, 0 to 0xffffffff");
                    }
                    return machine.call(() -> pages(from));
                });
        dispatcher.bind(QUERY_LINEAR_RANGES, call -> machine.call(this::ranges));
    }

    private boolean paging() {
        return (machine.pc().cpu().registers().cr0 & Registers.CR0_PG) != 0;
    }

    private JsonObject pages(long from) {
        JsonArray pages = new JsonArray();
        boolean[] more = new boolean[1];
        machine.pc()
                .cpu()
                .pageTables()
                .visit(
                        from,
                        (linear, physical, size, entry, rights) -> {
                            if (pages.size() == PAGE_LIMIT) {
                                more[0] = true;
                                return false;
                            }
                            pages.add(
                                    Json.object(
                                            "address",
                                            linear,
                                            "physical",
                                            physical,
                                            "size",
                                            size,
                                            "flags",
                                            flags(entry)));
                            return true;
                        });
        return Json.object("paging", paging(), "pages", pages, "more", more[0]);
    }

    private static String flags(long entry) {
        String letters = "XGPDACTUW";
        int[] bits = {63, 8, 7, 6, 5, 4, 3, 2, 1};
        StringBuilder flags = new StringBuilder();
        for (int n = 0; n < bits.length; n++) {
            flags.append((entry >>> bits[n] & 1) != 0 ? letters.charAt(n) : '-');
        }
        return flags.toString();
    }

    private JsonObject ranges() {
        JsonArray ranges = new JsonArray();
        long[] open = new long[3];
        machine.pc()
                .cpu()
                .pageTables()
                .visit(
                        0,
                        (linear, physical, size, entry, rights) -> {
                            if (open[1] != linear || open[2] != rights) {
                                close(ranges, open);
                                open[0] = linear;
                                open[2] = rights;
                            }
                            open[1] = linear + size;
                            return true;
                        });
        close(ranges, open);
        return Json.object("paging", paging(), "ranges", ranges);
    }

    /**
     * Adds a range.
     *
     * @param range its begin, its end, its rights; no rights where none was begun
     */
    private static void close(JsonArray ranges, long[] range) {
        if (range[2] != 0) {
            ranges.add(
                    Json.object(
                            "address",
                            range[0],
                            "size",
                            range[1] - range[0],
                            "user",
                            (range[2] & PageTables.USER) != 0,
                            "writable",
                            (range[2] & PageTables.WRITABLE) != 0));
        }
    }

    private static String showPages(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        if (!words.isEmpty()) {
            arguments.addProperty("address", CpuWords.value(monitor, words.getFirst()));
        }
        JsonObject result = monitor.execute("query-page-mappings", arguments).getAsJsonObject();
        if (!result.get("paging").getAsBoolean()) {
            return OFF;
        }
        StringBuilder text = new StringBuilder();
        long next = 0;
        for (JsonElement element : result.getAsJsonArray("pages")) {
            JsonObject page = element.getAsJsonObject();
            long address = page.get("address").getAsLong();
            next = address + page.get("size").getAsLong();
            text.append(
                    "%016x: %016x %s\n"
                            .formatted(
                                    address,
                                    page.get("physical").getAsLong(),
                                    page.get("flags").getAsString()));
        }
        return result.get("more").getAsBoolean()
                ? text + "there are more: info tlb 0x%x\n".formatted(next)
                : text.toString();
    }

    private static String showRanges(JsonElement result) {
        if (!result.getAsJsonObject().get("paging").getAsBoolean()) {
            return OFF;
        }
        StringBuilder text = new StringBuilder();
        for (JsonElement element : result.getAsJsonObject().getAsJsonArray("ranges")) {
            JsonObject range = element.getAsJsonObject();
            long address = range.get("address").getAsLong();
            long size = range.get("size").getAsLong();
            text.append(
                    "%016x-%016x %016x %cr%c\n"
                            .formatted(
                                    address,
                                    address + size,
                                    size,
                                    range.get("user").getAsBoolean() ? 'u' : '-',
                                    range.get("writable").getAsBoolean() ? 'w' : '-'));
        }
        return text.toString();
    }
}
