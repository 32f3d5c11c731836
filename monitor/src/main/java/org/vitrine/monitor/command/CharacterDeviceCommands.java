package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.chardev.CharacterBackend;
import org.vitrine.monitor.chardev.CharacterPlace;
import org.vitrine.monitor.chardev.RingBuffer;
import org.vitrine.monitor.command.CharacterDevices.Device;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * Character devices, and file descriptors given by clients. Java can't receive a descriptor over a
 * socket, so there never is one: answers are those of QEMU to a client that sent none.
 */
final class CharacterDeviceCommands {

    private static final ObjectType COMMON = ObjectType.of("ChardevCommon");

    private static final ObjectType BACKEND =
            ObjectType.union("ChardevBackend", kinds(), backends());

    private static EnumType kinds() {
        return new EnumType(
                "ChardevBackendKind", List.of("file", "pty", "null", "ringbuf", "memory"));
    }

    private static Map<String, QapiType> backends() {
        Map<String, QapiType> backends = new LinkedHashMap<>();
        backends.put(
                "file",
                ObjectType.of(
                        "ChardevFile",
                        Member.required("out", Builtin.STR, "the file that is written"),
                        Member.optional("append", Builtin.BOOL, "at its end, not anew")));
        backends.put("pty", COMMON);
        backends.put("null", COMMON);
        ObjectType ring =
                ObjectType.of(
                        "ChardevRingbuf",
                        Member.optional("size", Builtin.INT, "how many bytes, a power of two"));
        backends.put("ringbuf", ring);
        backends.put("memory", ring);
        return backends;
    }

    static final Command QUERY_CHARDEV =
            Command.qemu("query-chardev", "list the character devices")
                    .returns(
                            ObjectType.of(
                                            "ChardevInfo",
                                            Member.required("label", Builtin.STR, "its id"),
                                            Member.required(
                                                    "filename", Builtin.STR, "what it leads to"),
                                            Member.required(
                                                    "frontend-open",
                                                    Builtin.BOOL,
                                                    "whether the machine's side uses it"))
                                    .list())
                    .build();

    static final Command QUERY_CHARDEV_BACKENDS =
            Command.qemu("query-chardev-backends", "list what character devices may lead to")
                    .returns(
                            ObjectType.of(
                                            "ChardevBackendInfo",
                                            Member.required("name", Builtin.STR, "the kind"))
                                    .list())
                    .build();

    static final Command CHARDEV_ADD =
            Command.qemu("chardev-add", "add a character device")
                    .takes("id", Builtin.STR, "its id")
                    .takes("backend", BACKEND, "what it leads to")
                    .returns(
                            ObjectType.of(
                                    "ChardevReturn",
                                    Member.optional(
                                            "pty", Builtin.STR, "the pseudo-terminal's file")))
                    .build();

    static final Command CHARDEV_REMOVE =
            Command.qemu("chardev-remove", "remove a character device that nobody uses")
                    .takes("id", Builtin.STR, "its id")
                    .build();

    static final Command CHARDEV_SEND_BREAK =
            Command.qemu("chardev-send-break", "send a break to whoever listens")
                    .takes("id", Builtin.STR, "the character device's id")
                    .build();

    private static final EnumType DATA_FORMAT =
            new EnumType("DataFormat", List.of("utf8", "base64"));

    static final Command RINGBUF_WRITE =
            Command.qemu("ringbuf-write", "write to a ring buffer, as the guest does")
                    .takes("device", Builtin.STR, "the character device's id")
                    .takes("data", Builtin.STR, "what to write")
                    .mayTake("format", DATA_FORMAT, "how it is coded; utf8 when not said")
                    .build();

    static final Command RINGBUF_READ =
            Command.qemu("ringbuf-read", "take the oldest bytes out of a ring buffer")
                    .takes("device", Builtin.STR, "the character device's id")
                    .takes("size", Builtin.INT, "how many at most")
                    .mayTake("format", DATA_FORMAT, "how to code them; utf8 when not said")
                    .returns(Builtin.STR)
                    .build();

    private static final ObjectType YANK_INSTANCE =
            new ObjectType(
                    "YankInstance",
                    List.of(
                            Member.required(
                                    "type",
                                    new EnumType(
                                            "YankInstanceType",
                                            List.of("block-node", "chardev", "migration")),
                                    "what it is")),
                    "type",
                    Map.of(
                            "block-node",
                            ObjectType.of(
                                    "YankInstanceBlockNode",
                                    Member.required("node-name", Builtin.STR, "the block node")),
                            "chardev",
                            ObjectType.of(
                                    "YankInstanceChardev",
                                    Member.required("id", Builtin.STR, "the character device"))));

    static final Command YANK =
            Command.qemu("yank", "break off the connections of sockets, which go on listening")
                    .takes("instances", YANK_INSTANCE.list(), "the sockets")
                    .outOfBand()
                    .build();

    static final Command QUERY_YANK =
            Command.qemu("query-yank", "list the sockets whose connections yank breaks off")
                    .returns(YANK_INSTANCE.list())
                    .outOfBand()
                    .build();

    static final Command GETFD =
            Command.qemu("getfd", "take a descriptor that came with the message: none can")
                    .takes("fdname", Builtin.STR, "its name from now on")
                    .build();

    static final Command CLOSEFD =
            Command.qemu("closefd", "close a descriptor that getfd took")
                    .takes("fdname", Builtin.STR, "its name")
                    .build();

    static final Command ADD_FD =
            Command.qemu("add-fd", "add a descriptor that came with the message: none can")
                    .mayTake("fdset-id", Builtin.INT, "the set")
                    .mayTake("opaque", Builtin.STR, "what query-fdsets tells with it")
                    .returns(
                            ObjectType.of(
                                    "AddfdInfo",
                                    Member.required("fdset-id", Builtin.INT, "the set"),
                                    Member.required("fd", Builtin.INT, "the descriptor")))
                    .build();

    static final Command REMOVE_FD =
            Command.qemu("remove-fd", "remove descriptors from a set")
                    .takes("fdset-id", Builtin.INT, "the set")
                    .mayTake("fd", Builtin.INT, "this one alone")
                    .build();

    static final Command QUERY_FDSETS =
            Command.qemu("query-fdsets", "list the sets of descriptors")
                    .returns(
                            ObjectType.of(
                                            "FdsetInfo",
                                            Member.required("fdset-id", Builtin.INT, "the set"))
                                    .list())
                    .build();

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_CHARDEV,
                    QUERY_CHARDEV_BACKENDS,
                    CHARDEV_ADD,
                    CHARDEV_REMOVE,
                    CHARDEV_SEND_BREAK,
                    RINGBUF_WRITE,
                    RINGBUF_READ,
                    YANK,
                    QUERY_YANK,
                    GETFD,
                    CLOSEFD,
                    ADD_FD,
                    REMOVE_FD,
                    QUERY_FDSETS);

    private final CharacterDevices devices;

    CharacterDeviceCommands(CharacterDevices devices) {
        this.devices = devices;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_CHARDEV, call -> query());
        dispatcher.bind(QUERY_CHARDEV_BACKENDS, call -> queryBackends());
        dispatcher.bind(CHARDEV_ADD, this::add);
        dispatcher.bind(CHARDEV_REMOVE, this::remove);
        dispatcher.bind(CHARDEV_SEND_BREAK, this::sendBreak);
        dispatcher.bind(RINGBUF_WRITE, this::write);
        dispatcher.bind(RINGBUF_READ, this::read);
        dispatcher.bind(YANK, this::yank);
        dispatcher.bind(QUERY_YANK, call -> queryYank());
        for (Command command : List.of(GETFD, ADD_FD)) {
            dispatcher.bind(
                    command,
                    call -> {
                        throw new CommandException("No file descriptor supplied via SCM_RIGHTS");
                    });
        }
        dispatcher.bind(CLOSEFD, call -> noDescriptor(call.string("fdname")));
        dispatcher.bind(REMOVE_FD, CharacterDeviceCommands::removeDescriptor);
        dispatcher.bind(QUERY_FDSETS, call -> new JsonArray());
    }

    private static JsonElement noDescriptor(String name) throws CommandException {
        throw new CommandException("File descriptor named '" + name + "' not found");
    }

    private static JsonElement removeDescriptor(Invocation call) throws CommandException {
        String name = "fdset-id:" + call.integer("fdset-id");
        return noDescriptor(call.has("fd") ? name + ", fd:" + call.integer("fd") : name);
    }

    private JsonArray query() {
        JsonArray list = new JsonArray();
        for (Device device : devices.list()) {
            list.add(
                    Json.object(
                            "frontend-open", device.open().getAsBoolean(),
                            "filename", device.filename(),
                            "label", device.label()));
        }
        return list;
    }

    private static JsonArray queryBackends() {
        JsonArray list = new JsonArray();
        kinds().values().forEach(kind -> list.add(Json.object("name", kind)));
        list.add(Json.object("name", "socket"));
        return list;
    }

    private JsonElement add(Invocation call) throws CommandException {
        String id = call.string("id");
        if (devices.find(id) != null) {
            throw exists(id);
        }
        JsonObject backend = call.member("backend");
        String kind = backend.get("type").getAsString();
        Device device;
        try {
            device = Device.of(id, place(kind, backend.getAsJsonObject("data")).open(), false);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("Failed to add chardev '" + id + "': " + e.getMessage(), e);
        }
        if (!devices.add(device)) {
            device.close().run();
            throw exists(id);
        }
        return kind.equals("pty")
                ? Json.object("pty", device.filename().substring("pty:".length()))
                : null;
    }

    private static CommandException exists(String id) {
        return new CommandException("Chardev with id '" + id + "' already exists");
    }

    private static CharacterPlace place(String kind, JsonObject data) {
        return switch (kind) {
            case "file" ->
                    new CharacterPlace.WrittenFile(
                            data.get("out").getAsString(),
                            data.has("append") && data.get("append").getAsBoolean());
            case "pty" -> new CharacterPlace.NewTerminal();
            case "ringbuf", "memory" ->
                    new CharacterPlace.Memory(
                            data.has("size")
                                    ? Math.clamp(data.get("size").getAsLong(), 0, Integer.MAX_VALUE)
                                    : RingBuffer.DEFAULT_SIZE);
            default -> new CharacterPlace.Nobody();
        };
    }

    private JsonElement remove(Invocation call) throws CommandException {
        String id = call.string("id");
        if (find(id).busy()) {
            throw new CommandException("Chardev '" + id + "' is busy");
        }
        Device removed = devices.remove(id);
        if (removed != null) {
            removed.close().run();
        }
        return null;
    }

    private JsonElement sendBreak(Invocation call) throws CommandException {
        CharacterBackend backend = find(call.string("id")).backend();
        if (backend != null) {
            backend.giveBreak();
        }
        return null;
    }

    private JsonElement write(Invocation call) throws CommandException {
        String data = call.string("data");
        byte[] bytes;
        try {
            bytes =
                    isBase64(call)
                            ? Base64.getDecoder().decode(data)
                            : data.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new CommandException("Invalid base64 data: " + e.getMessage(), e);
        }
        ringBuffer(call).write(bytes);
        return null;
    }

    private JsonElement read(Invocation call) throws CommandException {
        RingBuffer ring = ringBuffer(call);
        long size = call.integer("size");
        if (size <= 0) {
            throw new CommandException("size must be greater than zero");
        }
        byte[] bytes = ring.read(size);
        return new JsonPrimitive(
                isBase64(call)
                        ? Base64.getEncoder().encodeToString(bytes)
                        : new String(bytes, StandardCharsets.UTF_8));
    }

    private static boolean isBase64(Invocation call) {
        return call.has("format") && call.string("format").equals("base64");
    }

    private RingBuffer ringBuffer(Invocation call) throws CommandException {
        String name = call.string("device");
        Device device = devices.find(name);
        if (device == null) {
            throw new CommandException("Device '" + name + "' not found");
        }
        if (device.backend() instanceof RingBuffer ring) {
            return ring;
        }
        throw new CommandException(name + " is not a ringbuf device");
    }

    private JsonArray queryYank() {
        JsonArray list = new JsonArray();
        for (Device device : devices.list()) {
            if (device.hangUp() != null) {
                list.add(Json.object("type", "chardev", "id", device.label()));
            }
        }
        return list;
    }

    /** All of them or none: one that is not there is an error before anything is done. */
    private JsonElement yank(Invocation call) throws CommandException {
        List<Runnable> wanted = new ArrayList<>();
        for (JsonElement element : call.list("instances")) {
            JsonObject instance = element.getAsJsonObject();
            Device device =
                    instance.has("id") ? devices.find(instance.get("id").getAsString()) : null;
            if (device == null || device.hangUp() == null) {
                throw new CommandException(ErrorClass.DEVICE_NOT_FOUND, "Instance not found");
            }
            wanted.add(device.hangUp());
        }
        wanted.forEach(Runnable::run);
        return null;
    }

    private Device find(String id) throws CommandException {
        Device device = devices.find(id);
        if (device == null) {
            throw new CommandException("Chardev '" + id + "' not found");
        }
        return device;
    }
}
