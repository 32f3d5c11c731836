package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.vitrine.core.machine.Machine;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** The machine as a tree of objects, and adding devices to it, of which there are none to add. */
final class ObjectCommands {

    private static final ObjectType PROPERTY_INFO =
            ObjectType.of(
                    "ObjectPropertyInfo",
                    Member.required("name", Builtin.STR, "the property"),
                    Member.required(
                            "type", Builtin.STR, "its type; child<TYPE> is an object below"));

    private static final ObjectType TYPE_INFO =
            ObjectType.of(
                    "ObjectTypeInfo",
                    Member.required("name", Builtin.STR, "the type"),
                    Member.optional("abstract", Builtin.BOOL, "true when it has only subtypes"),
                    Member.optional("parent", Builtin.STR, "what it extends"));

    private static final String PATH = "an object, as /machine/unattached";

    static final Command QOM_LIST =
            Command.qemu("qom-list", "list an object's properties and the objects below")
                    .takes("path", Builtin.STR, PATH)
                    .returns(PROPERTY_INFO.list())
                    .build();

    static final Command QOM_GET =
            Command.qemu("qom-get", "tell a property's value; a path for an object below")
                    .takes("path", Builtin.STR, PATH)
                    .takes("property", Builtin.STR, "the property")
                    .returns(Builtin.ANY)
                    .build();

    static final Command QOM_SET =
            Command.qemu("qom-set", "change a property; none can be changed")
                    .takes("path", Builtin.STR, PATH)
                    .takes("property", Builtin.STR, "the property")
                    .takes("value", Builtin.ANY, "its new value")
                    .build();

    static final Command QOM_LIST_TYPES =
            Command.qemu("qom-list-types", "list the types of objects")
                    .mayTake("implements", Builtin.STR, "only this type and what extends it")
                    .mayTake("abstract", Builtin.BOOL, "also those that have only subtypes")
                    .returns(TYPE_INFO.list())
                    .build();

    static final Command QOM_LIST_PROPERTIES =
            Command.qemu("qom-list-properties", "list the properties of a type's objects")
                    .takes("typename", Builtin.STR, "the type")
                    .returns(PROPERTY_INFO.list())
                    .build();

    static final Command DEVICE_LIST_PROPERTIES =
            Command.qemu("device-list-properties", "list what device_add takes for a type")
                    .takes("typename", Builtin.STR, "the type")
                    .returns(PROPERTY_INFO.list())
                    .build();

    static final Command DEVICE_ADD =
            Command.qemu("device_add", "add a device; there is none that could be added")
                    .takes("driver", Builtin.STR, "the device's type")
                    .mayTake("bus", Builtin.STR, "where to plug it in")
                    .mayTake("id", Builtin.STR, "its id")
                    .build();

    static final Command DEVICE_DEL =
            Command.qemu("device_del", "remove a device that was added")
                    .takes("id", Builtin.STR, "its id or path")
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QOM_LIST,
                    QOM_GET,
                    QOM_SET,
                    QOM_LIST_TYPES,
                    QOM_LIST_PROPERTIES,
                    DEVICE_LIST_PROPERTIES,
                    DEVICE_ADD,
                    DEVICE_DEL);

    private final Machine machine;
    private final CharacterDevices characterDevices;

    ObjectCommands(Machine machine, CharacterDevices characterDevices) {
        this.machine = machine;
        this.characterDevices = characterDevices;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QOM_LIST, this::list);
        dispatcher.bind(QOM_GET, this::get);
        dispatcher.bind(QOM_SET, this::set);
        dispatcher.bind(QOM_LIST_TYPES, this::listTypes);
        dispatcher.bind(QOM_LIST_PROPERTIES, this::listTypeProperties);
        dispatcher.bind(DEVICE_LIST_PROPERTIES, this::listDeviceProperties);
        dispatcher.bind(DEVICE_ADD, this::addDevice);
        dispatcher.bind(DEVICE_DEL, call -> absent("Device", call.string("id")));
    }

    private ObjectTree tree() throws CommandException {
        try {
            return new ObjectTree(machine, characterDevices.list());
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private static JsonElement absent(String what, String name) throws CommandException {
        throw new CommandException(ErrorClass.DEVICE_NOT_FOUND, what + " '" + name + "' not found");
    }

    private ObjectTree.Node find(Invocation call) throws CommandException {
        String path = call.string("path");
        ObjectTree.Node node = tree().find(path);
        if (node == null) {
            absent("Device", path);
        }
        return node;
    }

    private JsonArray list(Invocation call) throws CommandException {
        ObjectTree.Node node = find(call);
        JsonArray properties = Json.array(property("type", "string"));
        node.properties().forEach((name, value) -> properties.add(property(name, typeOf(value))));
        node.children()
                .forEach((name, child) ->
                        properties.add(property(name, "child<" + child.type() + ">")));
        return properties;
    }

    private static JsonObject property(String name, String type) {
        return Json.object("name", name, "type", type);
    }

    private static String typeOf(Object value) {
        return value instanceof Boolean ? "bool" : value instanceof Number ? "int" : "string";
    }

    private JsonElement get(Invocation call) throws CommandException {
        ObjectTree.Node node = find(call);
        String name = call.string("property");
        if (name.equals("type")) {
            return Json.value(node.type());
        }
        if (node.children().containsKey(name)) {
            return Json.value(node.children().get(name).path());
        }
        if (!node.properties().containsKey(name)) {
            throw new CommandException("Property '" + node.type() + "." + name + "' not found");
        }
        return Json.value(node.properties().get(name));
    }

    private JsonElement set(Invocation call) throws CommandException {
        get(call);
        throw new CommandException(
                "Property '"
                        + find(call).type()
                        + "."
                        + call.string("property")
                        + "' is not writable");
    }

    private JsonArray listTypes(Invocation call) throws CommandException {
        ObjectTree tree = tree();
        JsonArray types = new JsonArray();
        for (ObjectTree.Type type : tree.types()) {
            if (type.isAbstract() && !call.bool("abstract", false)
                    || !tree.isA(type, call.string("implements", type.name()))) {
                continue;
            }
            JsonObject info = Json.object("name", type.name());
            if (type.isAbstract()) {
                info.addProperty("abstract", true);
            }
            if (type.parent() != null) {
                info.addProperty("parent", type.parent());
            }
            types.add(info);
        }
        return types;
    }

    private JsonElement listTypeProperties(Invocation call) throws CommandException {
        ObjectTree tree = tree();
        String name = call.string("typename");
        ObjectTree.Type type = tree.type(name);
        if (type == null) {
            return absent("Class", name);
        }
        JsonArray properties = Json.array(property("type", "string"));
        if (tree.isA(type, "device")) {
            properties.add(property("realized", "bool"));
        }
        if (tree.isA(type, "machine")) {
            properties.add(property("memory-size", "int"));
        }
        if (tree.isA(type, "chardev")) {
            properties.add(property("filename", "string"));
        }
        return properties;
    }

    private JsonElement listDeviceProperties(Invocation call) throws CommandException {
        ObjectTree tree = tree();
        String name = call.string("typename");
        ObjectTree.Type type = tree.type(name);
        if (type == null) {
            return absent("Device", name);
        }
        if (!tree.isA(type, "device") || type.isAbstract()) {
            throw new CommandException("Parameter 'typename' expects a non-abstract device type");
        }
        return new JsonArray();
    }

    private JsonElement addDevice(Invocation call) throws CommandException {
        ObjectTree tree = tree();
        String driver = call.string("driver");
        ObjectTree.Type type = tree.type(driver);
        if (type == null || !tree.isA(type, "device")) {
            throw new CommandException("'" + driver + "' is not a valid device model name");
        }
        throw new CommandException("Parameter 'driver' expects a pluggable device type");
    }
}
