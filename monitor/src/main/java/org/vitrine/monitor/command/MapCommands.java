package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.vitrine.core.machine.GuestMap;
import org.vitrine.core.machine.Machine;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** The parts of memory that other processes can map. */
final class MapCommands {

    static final Command QUERY_MAPS =
            Command.own("query-maps", "list the maps, and who reads them")
                    .returns(
                            ObjectType.of(
                                            "MapInfo",
                                            Member.required("name", Builtin.STR, "its name"),
                                            Member.required(
                                                    "path",
                                                    Builtin.STR,
                                                    "the file, on the emulator's machine"),
                                            Member.optional(
                                                    "address",
                                                    Builtin.INT,
                                                    "where it begins in guest-physical memory;"
                                                            + " absent when the guest can't reach it"),
                                            Member.required("size", Builtin.INT, "bytes"),
                                            Member.required(
                                                    "readers",
                                                    Builtin.INT,
                                                    "how many other processes map it; of those"
                                                            + " that the emulator may look at"),
                                            Member.required(
                                                    "pids",
                                                    Builtin.INT.list(),
                                                    "those processes' numbers"))
                                    .list())
                    .says(
                            HumanForm.telling(
                                    "info maps",
                                    "query-maps",
                                    "show the maps, and who reads them",
                                    MapCommands::table))
                    .forEveryone()
                    .build();

    static final Command REFRESH_MAPS =
            Command.own("refresh-maps", "take notice of what other processes wrote to the maps")
                    .says(
                            HumanForm.silent(
                                    "refresh-maps",
                                    "refresh-maps",
                                    "take notice of what others wrote to the maps"))
                    .build();

    static final List<Command> COMMANDS = List.of(QUERY_MAPS, REFRESH_MAPS);

    private final Machine machine;

    MapCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_MAPS, call -> queryMaps());
        dispatcher.bind(REFRESH_MAPS, call -> refreshMaps());
    }

    private JsonElement queryMaps() throws CommandException {
        List<GuestMap> maps = machine.maps();
        Map<String, List<Long>> readers;
        try {
            readers = machine.readers(maps);
        } catch (UncheckedIOException e) {
            throw new CommandException(e.getMessage(), e);
        }
        JsonArray result = new JsonArray();
        for (GuestMap map : maps) {
            JsonObject info = new JsonObject();
            info.addProperty("name", map.name());
            info.addProperty("path", map.path().toString());
            if (map.address() >= 0) {
                info.addProperty("address", map.address());
            }
            info.addProperty("size", map.size());
            JsonArray pids = new JsonArray();
            readers.get(map.name()).forEach(pids::add);
            info.addProperty("readers", pids.size());
            info.add("pids", pids);
            result.add(info);
        }
        return result;
    }

    private JsonElement refreshMaps() throws CommandException {
        try {
            machine.refreshMaps();
            return null;
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private static String table(JsonElement result) {
        TextTable table = new TextTable("name", "address", "size", "readers", "path");
        for (JsonElement element : result.getAsJsonArray()) {
            JsonObject map = element.getAsJsonObject();
            table.row(
                    map.get("name").getAsString(),
                    map.has("address") ? "0x%x".formatted(map.get("address").getAsLong()) : "-",
                    map.get("size").getAsString(),
                    readers(map.getAsJsonArray("pids")),
                    map.get("path").getAsString());
        }
        return table.toString();
    }

    private static String readers(JsonArray pids) {
        return pids.isEmpty()
                ? "-"
                : StreamSupport.stream(pids.spliterator(), false)
                        .map(JsonElement::getAsString)
                        .collect(Collectors.joining(","));
    }
}
