package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.vitrine.monitor.command.QapiType.ArrayType;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * The table of commands in the form of QEMU's introspection (QEMU's {@code
 * docs/devel/qapi-code-gen}, "Client JSON Protocol introspection").
 *
 * <p>As in QEMU the names of types are no promise: enumerations and objects are called by numbers,
 * in the order in which they are first mentioned, arrays by their element in brackets; commands,
 * events and built-in types keep their names.
 */
final class QapiSchema {

    private final JsonArray entities = new JsonArray();
    private final Map<QapiType, String> names = new HashMap<>();
    private final Deque<QapiType> undescribed = new ArrayDeque<>();
    private final Role role;
    private int numbered;

    private QapiSchema(Role role) {
        this.role = role;
    }

    /** Everything that the table tells clients of this role of their commands and events. */
    static JsonArray of(CommandTable table, Role role) {
        QapiSchema schema = new QapiSchema(role);
        schema.name(ObjectType.EMPTY);
        table.commands(role).forEach(schema::describe);
        table.events(role).forEach(schema::describe);
        while (!schema.undescribed.isEmpty()) {
            schema.describe(schema.undescribed.remove());
        }
        return schema.entities;
    }

    private void describe(Command command) {
        JsonObject entity =
                Json.object(
                        "name",
                        command.name(),
                        "ret-type",
                        name(command.result()),
                        "meta-type",
                        "command",
                        "arg-type",
                        name(command.arguments(role)));
        if (command.allowOob()) {
            entity.addProperty("allow-oob", true);
        }
        entities.add(entity);
    }

    private void describe(EventKind event) {
        entities.add(
                Json.object(
                        "name",
                        event.name(),
                        "meta-type",
                        "event",
                        "arg-type",
                        name(event.data())));
    }

    /** The type's name; a type that is mentioned for the first time is described later. */
    private String name(QapiType type) {
        String known = names.get(type);
        if (known != null) {
            return known;
        }
        String name =
                switch (type) {
                    case Builtin builtin -> builtin.qapiName();
                    case ArrayType array -> "[" + name(array.element()) + "]";
                    case EnumType choice -> Integer.toString(numbered++);
                    case ObjectType object -> Integer.toString(numbered++);
                };
        names.put(type, name);
        undescribed.add(type);
        return name;
    }

    private void describe(QapiType type) {
        JsonObject entity = Json.object("name", name(type));
        switch (type) {
            case Builtin builtin -> {
                entity.addProperty("json-type", builtin.jsonType());
                entity.addProperty("meta-type", "builtin");
            }
            case ArrayType array -> {
                entity.addProperty("element-type", name(array.element()));
                entity.addProperty("meta-type", "array");
            }
            case EnumType choice -> {
                JsonArray members = new JsonArray();
                JsonArray values = new JsonArray();
                for (String value : choice.values()) {
                    members.add(Json.object("name", value));
                    values.add(value);
                }
                entity.add("members", members);
                entity.addProperty("meta-type", "enum");
                entity.add("values", values);
            }
            case ObjectType object -> {
                if (object.tag() != null) {
                    entity.addProperty("tag", object.tag());
                    entity.add("variants", variants(object));
                }
                JsonArray members = new JsonArray();
                object.members().forEach(member -> members.add(describe(member)));
                entity.add("members", members);
                entity.addProperty("meta-type", "object");
            }
        }
        entities.add(entity);
    }

    private JsonArray variants(ObjectType union) {
        JsonArray variants = new JsonArray();
        for (String value : union.tagType().values()) {
            ObjectType variant = union.variants().getOrDefault(value, ObjectType.EMPTY);
            variants.add(Json.object("case", value, "type", name(variant)));
        }
        return variants;
    }

    /** A default of null says no more than that the member may be left out. */
    private JsonObject describe(Member member) {
        JsonObject described = Json.object("name", member.name());
        if (member.optional()) {
            described.add("default", JsonNull.INSTANCE);
        }
        described.addProperty("type", name(member.type()));
        return described;
    }
}
