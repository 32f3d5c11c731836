package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** Introspection, read as a client reads it: from the JSON alone. */
class QapiSchemaTest {

    private final CommandTable table = CommandTable.standard();
    private final JsonArray schema = QapiSchema.of(table, Role.MONITOR);
    private final Map<String, JsonObject> entities = new LinkedHashMap<>();

    QapiSchemaTest() {
        for (JsonElement entity : schema) {
            JsonObject object = entity.getAsJsonObject();
            assertEquals(null, entities.put(object.get("name").getAsString(), object));
        }
    }

    private static String text(JsonObject entity, String name) {
        return entity.get(name).getAsString();
    }

    private static List<JsonObject> list(JsonObject entity, String name) {
        List<JsonObject> list = new ArrayList<>();
        if (entity.has(name)) {
            entity.getAsJsonArray(name).forEach(element -> list.add(element.getAsJsonObject()));
        }
        return list;
    }

    private static List<String> references(JsonObject entity) {
        List<String> references = new ArrayList<>();
        for (String name : List.of("arg-type", "ret-type", "element-type")) {
            if (entity.has(name)) {
                references.add(text(entity, name));
            }
        }
        list(entity, "variants").forEach(variant -> references.add(text(variant, "type")));
        if (!text(entity, "meta-type").equals("enum")) {
            list(entity, "members").forEach(member -> references.add(text(member, "type")));
        }
        return references;
    }

    @Test
    void everyTypeThatIsMentionedIsDescribedAndEveryTypeDescribedIsMentioned() {
        Set<String> mentioned = new HashSet<>();
        for (JsonObject entity : entities.values()) {
            for (String reference : references(entity)) {
                assertTrue(entities.containsKey(reference), reference + " in " + entity);
                mentioned.add(reference);
            }
        }
        for (JsonObject entity : entities.values()) {
            String meta = text(entity, "meta-type");
            boolean isType = !meta.equals("command") && !meta.equals("event");
            assertEquals(isType, mentioned.contains(text(entity, "name")), entity.toString());
        }
    }

    @Test
    void everyCommandAndEventIsThere() {
        for (Command command : table.commands(Role.MONITOR)) {
            JsonObject entity = entities.get(command.name());
            assertNotNull(entity, command.name());
            assertEquals("command", text(entity, "meta-type"));
            assertEquals(command.allowOob(), entity.has("allow-oob"));
        }
        for (EventKind event : table.events(Role.MONITOR)) {
            assertEquals("event", text(entities.get(event.name()), "meta-type"));
        }
    }

    @Test
    void frontendsAreToldOfTheirOwnCommandsEventsAndArguments() {
        Map<String, JsonObject> told = new LinkedHashMap<>();
        for (JsonElement element : QapiSchema.of(table, Role.FRONTEND)) {
            told.put(text(element.getAsJsonObject(), "name"), element.getAsJsonObject());
        }
        assertTrue(told.containsKey("frontend-register") && told.containsKey("DISPLAY_FRAME"));
        assertFalse(told.containsKey("quit") || told.containsKey("FRONTEND_CRASHED"));
        assertFalse(entities.containsKey("frontend-register"));
        assertFalse(entities.containsKey("DISPLAY_FRAME"));
        JsonObject input = told.get(text(told.get("input-send-event"), "arg-type"));
        assertTrue(
                list(input, "members").stream()
                        .anyMatch(member -> text(member, "name").equals("client")),
                input.toString());
    }

    @Test
    void namesOfTypesAreMaskedAsInQemu() {
        JsonObject status = entities.get("query-status");
        JsonObject empty = entities.get(text(status, "arg-type"));
        assertEquals("0", text(empty, "name"));
        assertTrue(empty.getAsJsonArray("members").isEmpty());
        assertTrue(text(status, "ret-type").matches("\\d+"), status.toString());
        assertTrue(
                text(entities.get("query-commands"), "ret-type").matches("\\[\\d+]"),
                "an array is named by its element");
        assertEquals("str", text(entities.get("human-monitor-command"), "ret-type"));
        assertEquals(
                "{\"name\":\"str\",\"json-type\":\"string\",\"meta-type\":\"builtin\"}",
                entities.get("str").toString());
    }

    @Test
    void aUnionTellsItsTagAndAllItsCases() {
        JsonObject arguments = entities.get(text(entities.get("set_password"), "arg-type"));
        assertEquals("protocol", text(arguments, "tag"));
        Map<String, Integer> cases = new LinkedHashMap<>();
        for (JsonObject variant : list(arguments, "variants")) {
            cases.put(
                    text(variant, "case"),
                    entities.get(text(variant, "type")).getAsJsonArray("members").size());
        }
        assertEquals(Map.of("vnc", 1, "spice", 0), cases);
    }

    @Test
    void theSchemaDescribesItself() {
        String type = text(entities.get("query-qmp-schema"), "ret-type");
        assertEquals(null, wrong(type, schema));
    }

    /**
     * What a client that knows the schema alone says to a value: null when it fits, else where it
     * does not.
     */
    private String wrong(String type, JsonElement value) {
        JsonObject entity = entities.get(type);
        switch (text(entity, "meta-type")) {
            case "builtin" -> {
                boolean fits =
                        switch (text(entity, "json-type")) {
                            case "string" -> value instanceof JsonPrimitive p && p.isString();
                            case "int" ->
                                    value instanceof JsonPrimitive p
                                            && p.isNumber()
                                            && p.getAsString().matches("-?\\d{1,18}");
                            case "number" -> value instanceof JsonPrimitive p && p.isNumber();
                            case "boolean" -> value instanceof JsonPrimitive p && p.isBoolean();
                            default -> true;
                        };
                return fits ? null : type + " does not take " + value;
            }
            case "enum" -> {
                boolean fits =
                        value.isJsonPrimitive() && entity.getAsJsonArray("values").contains(value);
                return fits ? null : "no such value: " + value;
            }
            case "array" -> {
                if (!value.isJsonArray()) {
                    return "no array: " + value;
                }
                for (JsonElement element : value.getAsJsonArray()) {
                    String inside = wrong(text(entity, "element-type"), element);
                    if (inside != null) {
                        return inside;
                    }
                }
                return null;
            }
            default -> {
                return value.isJsonObject()
                        ? wrongObject(entity, value.getAsJsonObject())
                        : "no object: " + value;
            }
        }
    }

    private String wrongObject(JsonObject type, JsonObject value) {
        List<JsonObject> members = new ArrayList<>(list(type, "members"));
        if (type.has("tag") && value.has(text(type, "tag"))) {
            for (JsonObject variant : list(type, "variants")) {
                if (variant.get("case").equals(value.get(text(type, "tag")))) {
                    members.addAll(list(entities.get(text(variant, "type")), "members"));
                }
            }
        }
        Set<String> left = new HashSet<>(value.keySet());
        for (JsonObject member : members) {
            String name = text(member, "name");
            if (value.has(name)) {
                String inside = wrong(text(member, "type"), value.get(name));
                if (inside != null) {
                    return name + ": " + inside;
                }
            } else if (!member.has("default")) {
                return name + " is missing";
            }
            left.remove(name);
        }
        return left.isEmpty() ? null : left + " is unexpected";
    }

    @Test
    void aClientsCheckBySchemaAgreesWithTheServers() {
        long seed = System.nanoTime();
        System.err.println("QapiSchemaTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int fitting = 0;
        int wrong = 0;
        for (Command command : table.commands(Role.MONITOR)) {
            for (int round = 0; round < 200; round++) {
                JsonElement made = value(text(entities.get(command.name()), "arg-type"), random);
                JsonObject arguments =
                        random.nextInt(3) == 0 ? made.getAsJsonObject() : damaged(made, random);
                String client = wrong(text(entities.get(command.name()), "arg-type"), arguments);
                String server = refusal(command.arguments(), arguments);
                assertEquals(
                        client == null,
                        server == null,
                        command.name() + arguments + ": " + client + " / " + server);
                fitting += client == null ? 1 : 0;
                wrong += client == null ? 0 : 1;
            }
        }
        assertTrue(fitting > 1000 && wrong > 1000, fitting + " fit, " + wrong + " do not");
    }

    private static String refusal(ObjectType type, JsonObject arguments) {
        try {
            ArgumentCheck.check(type, arguments);
            return null;
        } catch (CommandException e) {
            return e.getMessage();
        }
    }

    /** A value that fits the type. */
    private JsonElement value(String type, RandomGenerator random) {
        JsonObject entity = entities.get(type);
        switch (text(entity, "meta-type")) {
            case "builtin" -> {
                return switch (text(entity, "json-type")) {
                    case "string" -> new JsonPrimitive("text" + random.nextInt(10));
                    case "int" -> new JsonPrimitive(random.nextInt());
                    case "number" -> new JsonPrimitive(random.nextDouble());
                    case "boolean" -> new JsonPrimitive(random.nextBoolean());
                    default -> scalar(random);
                };
            }
            case "enum" -> {
                JsonArray values = entity.getAsJsonArray("values");
                return values.get(random.nextInt(values.size()));
            }
            case "array" -> {
                JsonArray array = new JsonArray();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(text(entity, "element-type"), random));
                }
                return array;
            }
            default -> {
                return object(entity, random);
            }
        }
    }

    private JsonObject object(JsonObject type, RandomGenerator random) {
        JsonObject object = new JsonObject();
        addMembers(type, object, random);
        if (type.has("tag")) {
            for (JsonObject variant : list(type, "variants")) {
                if (variant.get("case").equals(object.get(text(type, "tag")))) {
                    addMembers(entities.get(text(variant, "type")), object, random);
                }
            }
        }
        return object;
    }

    private void addMembers(JsonObject type, JsonObject object, RandomGenerator random) {
        for (JsonObject member : list(type, "members")) {
            if (!member.has("default") || random.nextBoolean()) {
                object.add(text(member, "name"), value(text(member, "type"), random));
            }
        }
    }

    private static JsonElement scalar(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> new JsonPrimitive(random.nextInt(100));
            case 1 -> new JsonPrimitive(1.5);
            case 2 -> new JsonPrimitive("word");
            case 3 -> new JsonPrimitive(true);
            case 4 -> JsonNull.INSTANCE;
            default -> new JsonArray();
        };
    }

    /** One member taken away, added, or given another value, here or further in. */
    private static JsonObject damaged(JsonElement value, RandomGenerator random) {
        JsonObject object = value.getAsJsonObject();
        List<String> names = List.copyOf(object.keySet());
        if (names.isEmpty() || random.nextInt(4) == 0) {
            object.add("x-more", scalar(random));
            return object;
        }
        String name = names.get(random.nextInt(names.size()));
        JsonElement member = object.get(name);
        if (member.isJsonArray() && !member.getAsJsonArray().isEmpty()) {
            member = member.getAsJsonArray().get(0);
        }
        if (member.isJsonObject() && random.nextBoolean()) {
            damaged(member, random);
        } else if (random.nextBoolean()) {
            object.remove(name);
        } else {
            object.add(name, scalar(random));
        }
        return object;
    }

    @Test
    void nothingIsDescribedTwice() {
        assertFalse(entities.isEmpty());
        assertEquals(schema.size(), entities.size());
    }
}
