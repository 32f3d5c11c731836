package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrine.monitor.plugin.RemoteSession;
import org.vitrine.spi.FrontendStatus;

/** A frontend's account of itself as JSON: written for monitors, and between processes. */
public final class FrontendReports {

    private FrontendReports() {}

    /** A frontend's account of itself. */
    public static JsonObject write(FrontendStatus status, Map<String, Object> options) {
        JsonObject report = new JsonObject();
        write(status, options, report);
        return report;
    }

    /** Adds the members {@code endpoints}, {@code clients}, {@code counters}, {@code options}. */
    static void write(FrontendStatus status, Map<String, Object> options, JsonObject into) {
        JsonArray endpoints = new JsonArray();
        for (FrontendStatus.Endpoint endpoint : status.endpoints()) {
            JsonObject info = new JsonObject();
            info.addProperty("protocol", endpoint.protocol());
            info.addProperty("host", endpoint.host());
            info.addProperty("port", endpoint.port());
            info.addProperty("url", endpoint.url());
            endpoints.add(info);
        }
        JsonArray clients = new JsonArray();
        status.clients().forEach(client -> clients.add(describe(client)));
        JsonObject counters = new JsonObject();
        new TreeMap<>(status.counters()).forEach(counters::addProperty);
        into.add("endpoints", endpoints);
        into.add("clients", clients);
        into.add("counters", counters);
        into.add("options", options(options));
    }

    /** Options by name, typed as the schema has them. */
    static JsonObject options(Map<String, ?> options) {
        JsonObject json = new JsonObject();
        new TreeMap<>(options).forEach((name, value) -> json.add(name, json(value)));
        return json;
    }

    /** A value of an option. */
    static JsonPrimitive json(Object value) {
        return switch (value) {
            case Boolean bool -> new JsonPrimitive(bool);
            case Number number -> new JsonPrimitive(number);
            default -> new JsonPrimitive(value.toString());
        };
    }

    /**
     * Options as the schema checks them: a value of JSON's other types is left for it to refuse.
     */
    public static Map<String, Object> readOptions(JsonObject json) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> option : json.entrySet()) {
            options.put(option.getKey(), typed(option.getValue()));
        }
        return options;
    }

    private static Object typed(JsonElement value) {
        if (ArgumentCheck.isInteger(value)) {
            return value.getAsLong();
        }
        return switch (value) {
            case JsonPrimitive bool when bool.isBoolean() -> bool.getAsBoolean();
            case JsonPrimitive text when text.isString() -> text.getAsString();
            default -> value;
        };
    }

    /** One client. */
    public static JsonObject describe(FrontendStatus.Client client) {
        JsonObject info = new JsonObject();
        info.addProperty("address", client.address());
        info.addProperty("description", client.description());
        return info;
    }

    /** What {@link #describe} wrote. */
    static FrontendStatus.Client client(JsonObject info) {
        return new FrontendStatus.Client(
                info.get("address").getAsString(), info.get("description").getAsString());
    }

    /**
     * What {@link #write} wrote.
     *
     * @throws CommandException when a counter is no number, or counters or options no object
     */
    static RemoteSession.Report read(JsonObject report) throws CommandException {
        List<FrontendStatus.Endpoint> endpoints = new ArrayList<>();
        for (JsonElement element : report.getAsJsonArray("endpoints")) {
            JsonObject info = element.getAsJsonObject();
            endpoints.add(
                    new FrontendStatus.Endpoint(
                            info.get("protocol").getAsString(),
                            info.get("host").getAsString(),
                            info.get("port").getAsInt()));
        }
        List<FrontendStatus.Client> clients = new ArrayList<>();
        for (JsonElement element : report.getAsJsonArray("clients")) {
            clients.add(client(element.getAsJsonObject()));
        }
        Map<String, Long> counters = new HashMap<>();
        for (Map.Entry<String, JsonElement> counter : object(report, "counters").entrySet()) {
            if (!ArgumentCheck.isInteger(counter.getValue())) {
                throw new CommandException(
                        "Invalid parameter type for 'report.counters."
                                + counter.getKey()
                                + "', expected: integer");
            }
            counters.put(counter.getKey(), counter.getValue().getAsLong());
        }
        return new RemoteSession.Report(
                new FrontendStatus(endpoints, clients, counters),
                readOptions(object(report, "options")));
    }

    private static JsonObject object(JsonObject report, String name) throws CommandException {
        if (!report.get(name).isJsonObject()) {
            throw new CommandException(
                    "Invalid parameter type for 'report." + name + "', expected: object");
        }
        return report.getAsJsonObject(name);
    }
}
