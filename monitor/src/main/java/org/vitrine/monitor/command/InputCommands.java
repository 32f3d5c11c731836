package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.RunState;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/** Keys and the pointer. */
final class InputCommands {

    /** How long {@code send-key} holds the keys down when it is not told, in milliseconds. */
    static final long DEFAULT_HOLD = 100;

    static final EnumType QKEY_CODE =
            new EnumType(
                    "QKeyCode", Arrays.stream(KeyCode.values()).map(KeyCode::qmpName).toList());

    static final EnumType INPUT_BUTTON =
            new EnumType(
                    "InputButton",
                    Arrays.stream(PointerButton.values()).map(PointerButton::qmpName).toList());

    static final EnumType INPUT_AXIS = new EnumType("InputAxis", List.of("x", "y"));

    static final ObjectType KEY_VALUE =
            ObjectType.union(
                    "KeyValue",
                    new EnumType("KeyValueKind", List.of("number", "qcode")),
                    ordered("number", Builtin.INT, "qcode", QKEY_CODE));

    static final ObjectType KEY_EVENT =
            ObjectType.of(
                    "InputKeyEvent",
                    Member.required("key", KEY_VALUE, "the key"),
                    Member.required("down", Builtin.BOOL, "whether it goes down"));

    static final ObjectType BUTTON_EVENT =
            ObjectType.of(
                    "InputBtnEvent",
                    Member.required("button", INPUT_BUTTON, "the button"),
                    Member.required("down", Builtin.BOOL, "whether it goes down"));

    static final ObjectType MOVE_EVENT =
            ObjectType.of(
                    "InputMoveEvent",
                    Member.required("axis", INPUT_AXIS, "the axis"),
                    Member.required("value", Builtin.INT, "counts for rel, 0 to 32767 for abs"));

    static final ObjectType INPUT_EVENT =
            ObjectType.union(
                    "InputEvent",
                    new EnumType("InputEventKind", List.of("key", "btn", "rel", "abs")),
                    ordered(
                            "key",
                            KEY_EVENT,
                            "btn",
                            BUTTON_EVENT,
                            "rel",
                            MOVE_EVENT,
                            "abs",
                            MOVE_EVENT));

    static final Command SEND_KEY =
            Command.qemu("send-key", "press keys together, and release them")
                    .takes(
                            "keys",
                            KEY_VALUE.list(),
                            "the keys, pressed in this order and released in the opposite one")
                    .mayTake(
                            "hold-time",
                            Builtin.INT,
                            "milliseconds to hold them, 100 when it is not given")
                    .says(
                            new HumanForm(
                                    "sendkey",
                                    List.of(
                                            HumanForm.needs("KEYS", Kind.KEYS),
                                            HumanForm.mayHave("HOLD-MS", Kind.NUMBER)),
                                    "press keys together, as sendkey ctrl-alt-delete",
                                    InputCommands::humanSendKey))
                    .build();

    static final Command INPUT_SEND_EVENT =
            Command.qemu("input-send-event", "send key and pointer events as one group")
                    .mayTake(
                            "device",
                            Builtin.STR,
                            "the display device; there is one, and it has no id")
                    .mayTake("head", Builtin.INT, "the head of that device")
                    .takes("events", INPUT_EVENT.list(), "the events, in their order")
                    .frontendTakes(
                            "client",
                            Builtin.STR,
                            "which of the frontend's clients sends them; its first events open its input")
                    .forEveryone()
                    .build();

    static final List<Command> COMMANDS = List.of(SEND_KEY, INPUT_SEND_EVENT);

    private final Machine machine;
    private final InputPort keys;
    private final InputPort events;
    private final Object keyTurn = new Object();
    private Thread lastKeys = new Thread();
    private final InputGroup groups = new InputGroup();

    InputCommands(Machine machine) {
        this.machine = machine;
        this.keys = machine.openInput("monitor send-key");
        this.events = machine.openInput("monitor");
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(SEND_KEY, this::sendKey);
        dispatcher.bind(INPUT_SEND_EVENT, this::inputSendEvent);
    }

    private static Map<String, QapiType> ordered(Object... namesAndTypes) {
        Map<String, QapiType> types = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            types.put((String) namesAndTypes[i], (QapiType) namesAndTypes[i + 1]);
        }
        return types;
    }

    private JsonElement sendKey(Invocation call) throws CommandException {
        List<KeyCode> pressed = new ArrayList<>();
        for (JsonElement key : call.list("keys")) {
            pressed.add(InputGroup.key(key.getAsJsonObject()));
        }
        long hold = call.integer("hold-time", DEFAULT_HOLD);
        if (hold < 0 || hold > TimeUnit.HOURS.toMillis(1)) {
            throw new CommandException(
                    "Parameter 'hold-time' expects milliseconds from 0 to 3600000");
        }
        press(pressed, hold);
        return null;
    }

    /** Presses the keys when those of earlier calls are released; does not wait for that. */
    private void press(List<KeyCode> pressed, long hold) {
        synchronized (keyTurn) {
            Thread before = lastKeys;
            lastKeys =
                    Thread.ofVirtual()
                            .name("send-key")
                            .start(() -> {
                                joinQuietly(before);
                                pressed.forEach(key -> keys.key(key, true));
                                long until =
                                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(hold);
                                for (long left = until - System.nanoTime();
                                        left > 0;
                                        left = until - System.nanoTime()) {
                                    LockSupport.parkNanos(left);
                                }
                                pressed.reversed().forEach(key -> keys.key(key, false));
                            });
        }
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonElement inputSendEvent(Invocation call) throws CommandException {
        if (call.has("device")) {
            throw new CommandException(
                    CommandException.ErrorClass.DEVICE_NOT_FOUND,
                    "Device '" + call.string("device") + "' not found");
        }
        if (call.caller().role() == Role.FRONTEND) {
            return FrontendPeerCommands.input(call);
        }
        if (machine.state() != RunState.RUNNING) {
            throw new CommandException("VM not running");
        }
        InputEvent[] group = groups.read(call.list("events"));
        if (group.length > 0) {
            events.send(group);
        }
        return null;
    }

    private static String humanSendKey(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonArray list = new JsonArray();
        for (String name : words.getFirst().split("-")) {
            // A bare minus would be an empty word: the key is called "minus".
            JsonObject key = new JsonObject();
            boolean number = name.startsWith("0x");
            key.addProperty("type", number ? "number" : "qcode");
            key.add(
                    "data",
                    number ? new JsonPrimitive(number(name)) : new JsonPrimitive(keyName(name)));
            list.add(key);
        }
        JsonObject arguments = new JsonObject();
        arguments.add("keys", list);
        if (words.size() > 1) {
            arguments.addProperty("hold-time", number(words.get(1)));
        }
        monitor.execute("send-key", arguments);
        return "";
    }

    private static String keyName(String name) throws CommandException {
        String wanted = name.equals("<") ? "less" : name;
        if (KeyCode.ofName(wanted) == null) {
            throw new CommandException("unknown key: '" + name + "'");
        }
        return wanted;
    }

    private static long number(String word) throws CommandException {
        try {
            return Long.decode(word);
        } catch (NumberFormatException e) {
            throw new CommandException("'" + word + "' is no number");
        }
    }
}
