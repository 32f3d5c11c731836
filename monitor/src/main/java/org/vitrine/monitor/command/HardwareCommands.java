package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.Pc;
import org.vitrine.core.memory.PhysicalMemory.Region;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.LateTicks;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** What the machine is made of, as it is wired: chips, addresses, interrupts. */
final class HardwareCommands {

    /** What memory that the guest can't write has after its name. */
    private static final String READ_ONLY = " (read-only)";

    private static final ObjectType TEXT =
            ObjectType.of(
                    "HumanReadableText",
                    Member.required("human-readable-text", Builtin.STR, "for people to read"));

    private static final EnumType SPACE = new EnumType("AddressSpace", List.of("memory", "I/O"));

    private static final ObjectType REGION =
            ObjectType.of(
                    "AddressRegion",
                    Member.required("space", SPACE, "physical memory, or ports"),
                    Member.required("address", Builtin.INT, "the first address or port"),
                    Member.required("size", Builtin.INT, "bytes or ports"),
                    Member.required("name", Builtin.STR, "what is there"));

    private static final ObjectType DEVICE =
            ObjectType.of(
                    "DeviceInfo",
                    Member.required("name", Builtin.STR, "the chip"),
                    Member.required("regions", REGION.list(), "where the guest reaches it"));

    static final Command QUERY_ADDRESS_REGIONS =
            Command.own("query-address-regions", "list what answers at which addresses and ports")
                    .returns(REGION.list())
                    .says(
                            HumanForm.telling(
                                    "info mtree",
                                    "query-address-regions",
                                    "show what answers at which addresses and ports",
                                    HardwareCommands::memoryTree))
                    .build();

    static final Command QUERY_DEVICES =
            Command.own("query-devices", "list the machine's chips, and where the guest finds them")
                    .returns(DEVICE.list())
                    .says(
                            HumanForm.telling(
                                    "info qtree",
                                    "query-devices",
                                    "show the machine's chips, and where the guest finds them",
                                    HardwareCommands::deviceTree))
                    .build();

    static final Command QUERY_IRQ =
            text(
                    "x-query-irq",
                    "tell how often each interrupt line was served, and how many ticks came late",
                    "info irq",
                    "show how often each interrupt line was served, and late ticks");

    static final Command QUERY_PIC =
            text(
                    "x-query-interrupt-controllers",
                    "tell the registers of the interrupt controllers (in QEMU since 9.1)",
                    "info pic",
                    "show the registers of the interrupt controllers");

    static final Command QUERY_ROMS =
            text("x-query-roms", "list the ROMs", "info roms", "show the ROMs");

    static final Command QUERY_RAM_BLOCKS =
            text(
                    "x-query-ramblock",
                    "list the blocks that memory is made of",
                    "info ramblock",
                    "show the blocks that memory is made of");

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_ADDRESS_REGIONS,
                    QUERY_DEVICES,
                    QUERY_IRQ,
                    QUERY_PIC,
                    QUERY_ROMS,
                    QUERY_RAM_BLOCKS);

    private final Machine machine;

    HardwareCommands(Machine machine) {
        this.machine = machine;
    }

    private static Command text(String name, String help, String words, String humanHelp) {
        return Command.qemu(name, help)
                .returns(TEXT)
                .says(
                        HumanForm.telling(
                                words,
                                name,
                                humanHelp,
                                result ->
                                        result.getAsJsonObject()
                                                .get("human-readable-text")
                                                .getAsString()))
                .build();
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_ADDRESS_REGIONS, call -> machine.call(() -> regions(machine.pc())));
        dispatcher.bind(QUERY_DEVICES, call -> machine.call(() -> devices(machine.pc())));
        dispatcher.bind(QUERY_IRQ, call -> readable(HardwareCommands::interrupts));
        dispatcher.bind(QUERY_PIC, call -> readable(pc -> pc.pic() + "\n"));
        dispatcher.bind(QUERY_ROMS, call -> readable(HardwareCommands::roms));
        dispatcher.bind(QUERY_RAM_BLOCKS, call -> readable(HardwareCommands::blocks));
    }

    private JsonObject readable(Function<Pc, String> text) {
        JsonObject result = new JsonObject();
        result.addProperty("human-readable-text", machine.call(() -> text.apply(machine.pc())));
        return result;
    }

    private static JsonObject region(String space, long address, long size, String name) {
        JsonObject region = new JsonObject();
        region.addProperty("space", space);
        region.addProperty("address", address);
        region.addProperty("size", size);
        region.addProperty("name", name);
        return region;
    }

    private static JsonObject region(PortSpace.Range range) {
        return region("I/O", range.first(), range.count(), range.label());
    }

    private static List<Region> memoryRegions(Pc pc) {
        return pc.memory().regions().stream()
                .sorted(Comparator.comparingLong(Region::address))
                .toList();
    }

    private static JsonArray regions(Pc pc) {
        JsonArray list = new JsonArray();
        for (Region region : memoryRegions(pc)) {
            list.add(region("memory", region.address(), region.length(), region.label()));
        }
        pc.ports().ranges().values().stream()
                .sorted(Comparator.comparingInt(PortSpace.Range::first))
                .forEach(range -> list.add(region(range)));
        return list;
    }

    private static JsonArray devices(Pc pc) {
        JsonArray list = new JsonArray();
        JsonArray memory = new JsonArray();
        for (Region region : memoryRegions(pc)) {
            memory.add(region("memory", region.address(), region.length(), region.label()));
        }
        list.add(device("memory", memory));
        for (Chip chip : Chip.of(pc)) {
            JsonArray ports = new JsonArray();
            chip.ports().forEach(range -> ports.add(region(range)));
            list.add(device(chip.name(), ports));
        }
        return list;
    }

    private static JsonObject device(String name, JsonArray regions) {
        JsonObject device = new JsonObject();
        device.addProperty("name", name);
        device.add("regions", regions);
        return device;
    }

    private static String interrupts(Pc pc) {
        StringBuilder text = new StringBuilder("IRQ statistics for the i8259s:\n");
        long[] taken = pc.pic().taken();
        for (int irq = 0; irq < taken.length; irq++) {
            if (taken[irq] != 0) {
                text.append("%2d: %d\n".formatted(irq, taken[irq]));
            }
        }
        text.append("Ticks that came late:\n");
        for (LateTicks late : pc.scheduler().lateTicks()) {
            text.append(
                    "%s: %d delivered, %d waiting, %d dropped\n"
                            .formatted(
                                    late.label(),
                                    late.delivered(),
                                    late.waiting(),
                                    late.dropped()));
        }
        text.append(
                "Guest time is %d ms late, %d ms were given up\n"
                        .formatted(
                                pc.clock().behind() / 1_000_000, pc.clock().givenUp() / 1_000_000));
        return text.toString();
    }

    private static String roms(Pc pc) {
        StringBuilder text = new StringBuilder();
        for (Region region : memoryRegions(pc)) {
            if (region.label().endsWith(READ_ONLY)) {
                text.append(
                        "addr=%016x size=0x%06x mem=rom name=\"%s\"\n"
                                .formatted(
                                        region.address(),
                                        region.length(),
                                        region.label().replace(READ_ONLY, "")));
            }
        }
        return text.toString();
    }

    private static String blocks(Pc pc) {
        TextTable table = new TextTable("Block Name", "Size");
        for (RamBlock block : pc.memory().blocks()) {
            table.row(block.name(), "%d KiB".formatted(block.size() >> 10));
        }
        return table.toString();
    }

    private static String place(JsonObject region) {
        boolean memory = region.get("space").getAsString().equals("memory");
        long first = region.get("address").getAsLong();
        long last = first + region.get("size").getAsLong() - 1;
        return (memory ? "%016x-%016x" : "%04x-%04x").formatted(first, last);
    }

    private static String memoryTree(JsonElement result) {
        StringBuilder text = new StringBuilder();
        String space = "";
        for (JsonElement element : result.getAsJsonArray()) {
            JsonObject region = element.getAsJsonObject();
            if (!region.get("space").getAsString().equals(space)) {
                space = region.get("space").getAsString();
                text.append("address-space: ").append(space).append('\n');
            }
            text.append("  ")
                    .append(place(region))
                    .append(": ")
                    .append(region.get("name").getAsString())
                    .append('\n');
        }
        return text.toString();
    }

    private static String deviceTree(JsonElement result) {
        StringBuilder text = new StringBuilder("machine: pc\n");
        for (JsonElement element : result.getAsJsonArray()) {
            JsonObject device = element.getAsJsonObject();
            text.append("  dev: ").append(device.get("name").getAsString()).append('\n');
            for (JsonElement place : device.getAsJsonArray("regions")) {
                JsonObject region = place.getAsJsonObject();
                text.append("    ")
                        .append(region.get("space").getAsString().equals("memory") ? "mem" : "io ")
                        .append(' ')
                        .append(place(region))
                        .append("  ")
                        .append(region.get("name").getAsString())
                        .append('\n');
            }
        }
        return text.toString();
    }
}
