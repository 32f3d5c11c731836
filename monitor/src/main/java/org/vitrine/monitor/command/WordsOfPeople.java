package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.command.HumanForm.Kind;

/**
 * What people may say beside the forms that stand at the commands: QEMU's words that are not a
 * command's name, or go over a command in several ways. A form is there when the server has the
 * command that it goes over.
 */
final class WordsOfPeople {

    /** What the words mean with which several forms begin. */
    static final Map<String, String> GROUPS =
            Map.of(
                    "info", "show something",
                    "frontend", "attach, detach and change frontends",
                    "plugin", "load and unload plugins",
                    "breakpoint", "stop the guest at an address",
                    "change", "change a medium or a password");

    private static final List<String> BUTTONS = List.of("left", "right", "middle");

    static final List<HumanForm> FORMS =
            List.of(
                    of(
                            "mouse_move",
                            "input-send-event",
                            "move the mouse by so many counts, and turn its wheel",
                            WordsOfPeople::mouseMove,
                            HumanForm.needs("DX", Kind.NUMBER),
                            HumanForm.needs("DY", Kind.NUMBER),
                            HumanForm.mayHave("DZ", Kind.NUMBER)),
                    of(
                            "mouse_button",
                            "input-send-event",
                            "hold these mouse buttons down: the sum of 1 left, 2 right, 4 middle",
                            WordsOfPeople::mouseButton,
                            HumanForm.choice(
                                    "STATE",
                                    false,
                                    "0",
                                    "none",
                                    "1",
                                    "left",
                                    "2",
                                    "right",
                                    "3",
                                    "left and right",
                                    "4",
                                    "middle",
                                    "5",
                                    "left and middle",
                                    "6",
                                    "right and middle",
                                    "7",
                                    "all")),
                    of(
                            "eject",
                            "eject",
                            "take the medium out of a drive; -f forces it",
                            WordsOfPeople::eject,
                            HumanForm.mayHave("-f", Kind.FLAG),
                            HumanForm.needs("DEVICE", Kind.DEVICE)),
                    of(
                            "change",
                            "blockdev-change-medium",
                            "put another medium into a drive",
                            WordsOfPeople::change,
                            HumanForm.needs("DEVICE", Kind.DEVICE),
                            HumanForm.needs("FILE", Kind.FILE),
                            HumanForm.mayHave("FORMAT", Kind.TEXT)),
                    of(
                            "change vnc password",
                            "change-vnc-password",
                            "change the password of the VNC server",
                            (monitor, words) ->
                                    silent(
                                            monitor,
                                            "change-vnc-password",
                                            object("password", words.getFirst())),
                            HumanForm.needs("PASSWORD", Kind.SECRET)),
                    of(
                            "set_password",
                            "set_password",
                            "set the password of a display's server",
                            (monitor, words) ->
                                    silent(
                                            monitor,
                                            "set_password",
                                            object(
                                                    "protocol",
                                                    words.get(0),
                                                    "password",
                                                    words.get(1))),
                            HumanForm.choice("PROTOCOL", false, "vnc", "the VNC server"),
                            HumanForm.needs("PASSWORD", Kind.SECRET)),
                    of(
                            "expire_password",
                            "expire_password",
                            "say when a display's password ends: now, never, +SECONDS, or the time",
                            (monitor, words) ->
                                    silent(
                                            monitor,
                                            "expire_password",
                                            object("protocol", words.get(0), "time", words.get(1))),
                            HumanForm.choice("PROTOCOL", false, "vnc", "the VNC server"),
                            HumanForm.needs("TIME", Kind.TEXT)),
                    of(
                            "frontend help",
                            "query-frontend-providers",
                            "show a frontend driver's options",
                            WordsOfPeople::frontendHelp,
                            HumanForm.mayHave("DRIVER", Kind.DRIVER)),
                    of(
                            "qom-list",
                            "qom-list",
                            "show what an object of the machine has",
                            (monitor, words) -> objectList(monitor, words.getFirst()),
                            HumanForm.needs("PATH", Kind.OBJECT)),
                    of(
                            "qom-get",
                            "qom-get",
                            "show a property of an object of the machine",
                            (monitor, words) ->
                                    monitor.execute(
                                                    "qom-get",
                                                    object(
                                                            "path",
                                                            words.get(0),
                                                            "property",
                                                            words.get(1)))
                                            + "\n",
                            HumanForm.needs("PATH", Kind.OBJECT),
                            HumanForm.needs("PROPERTY", Kind.TEXT)),
                    HumanForm.telling(
                            "info vnc",
                            "query-vnc",
                            "show the VNC server and its clients",
                            WordsOfPeople::vnc),
                    HumanForm.telling(
                            "info chardev",
                            "query-chardev",
                            "show the character devices",
                            result -> lines(result, "%s: filename=%s", "label", "filename")),
                    HumanForm.telling(
                            "info block",
                            "query-block",
                            "show the drives and their media",
                            BlockReports::words),
                    HumanForm.telling(
                            "info blockstats",
                            "query-blockstats",
                            "show what the drives have read and written",
                            BlockReports::statisticsWords),
                    HumanForm.telling(
                            "info mice",
                            "query-mice",
                            "show the pointers that the guest has",
                            WordsOfPeople::mice),
                    HumanForm.telling(
                            "info cpus",
                            "query-cpus-fast",
                            "show the CPUs and their threads",
                            result ->
                                    lines(
                                            result,
                                            "* CPU #%s: thread_id=%s",
                                            "cpu-index",
                                            "thread-id")),
                    HumanForm.telling(
                            "info memory_size_summary",
                            "query-memory-size-summary",
                            "show how much memory there is",
                            result ->
                                    "base memory: %d\n"
                                            .formatted(
                                                    result.getAsJsonObject()
                                                            .get("base-memory")
                                                            .getAsLong())));

    private WordsOfPeople() {}

    private static HumanForm of(
            String words,
            String over,
            String help,
            HumanForm.Action action,
            HumanForm.Parameter... parameters) {
        return new HumanForm(words, List.of(parameters), help, over, action);
    }

    private static JsonObject object(String... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.addProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    private static String silent(MonitorLink monitor, String command, JsonObject arguments)
            throws CommandException {
        monitor.execute(command, arguments);
        return "";
    }

    private static String text(JsonElement element, String name) {
        JsonObject object = element.getAsJsonObject();
        return object.has(name) && !object.get(name).isJsonNull()
                ? object.get(name).getAsString()
                : "?";
    }

    /** A line for each element of a list, from two of its members. */
    private static String lines(JsonElement list, String form, String first, String second) {
        StringBuilder text = new StringBuilder();
        for (JsonElement element : list.getAsJsonArray()) {
            text.append(form.formatted(text(element, first), text(element, second))).append('\n');
        }
        return text.toString();
    }

    private static String mouseMove(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonArray events = new JsonArray();
        for (int axis = 0; axis < 2; axis++) {
            JsonObject data = object("axis", axis == 0 ? "x" : "y");
            data.addProperty("value", Expression.value(words.get(axis), name -> 0));
            events.add(event("rel", data));
        }
        long wheel = words.size() > 2 ? Expression.value(words.get(2), name -> 0) : 0;
        if (wheel != 0) {
            events.add(button(wheel > 0 ? "wheel-up" : "wheel-down", true));
            events.add(button(wheel > 0 ? "wheel-up" : "wheel-down", false));
        }
        return send(monitor, events);
    }

    private static String mouseButton(MonitorLink monitor, List<String> words)
            throws CommandException {
        long state = Expression.value(words.getFirst(), name -> 0);
        JsonArray events = new JsonArray();
        for (int i = 0; i < BUTTONS.size(); i++) {
            events.add(button(BUTTONS.get(i), (state >> i & 1) != 0));
        }
        return send(monitor, events);
    }

    private static JsonObject button(String name, boolean down) {
        JsonObject data = object("button", name);
        data.addProperty("down", down);
        return event("btn", data);
    }

    private static JsonObject event(String type, JsonObject data) {
        JsonObject event = object("type", type);
        event.add("data", data);
        return event;
    }

    private static String send(MonitorLink monitor, JsonArray events) throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.add("events", events);
        return silent(monitor, "input-send-event", arguments);
    }

    private static String eject(MonitorLink monitor, List<String> words) throws CommandException {
        JsonObject arguments = object("device", words.get(1));
        if (!words.getFirst().isEmpty()) {
            arguments.addProperty("force", true);
        }
        return silent(monitor, "eject", arguments);
    }

    private static String change(MonitorLink monitor, List<String> words) throws CommandException {
        JsonObject arguments = object("device", words.get(0), "filename", words.get(1));
        if (words.size() > 2) {
            arguments.addProperty("format", words.get(2));
        }
        return silent(monitor, "blockdev-change-medium", arguments);
    }

    private static String frontendHelp(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonArray wanted = new JsonArray();
        JsonElement providers = monitor.execute("query-frontend-providers");
        for (JsonElement provider : providers.getAsJsonArray()) {
            if (words.isEmpty() || text(provider, "name").equals(words.getFirst())) {
                wanted.add(provider);
            }
        }
        if (wanted.isEmpty() && !words.isEmpty()) {
            throw new CommandException("there is no frontend driver '" + words.getFirst() + "'");
        }
        return FrontendWords.providers(wanted);
    }

    private static String objectList(MonitorLink monitor, String path) throws CommandException {
        List<String> names = new ArrayList<>();
        for (JsonElement member :
                monitor.execute("qom-list", object("path", path)).getAsJsonArray()) {
            names.add(text(member, "name") + " (" + text(member, "type") + ")\n");
        }
        return String.join("", names);
    }

    private static String vnc(JsonElement result) {
        JsonObject server = result.getAsJsonObject();
        if (!server.get("enabled").getAsBoolean()) {
            return "Server: disabled\n";
        }
        StringBuilder text = new StringBuilder("Server:\n");
        text.append(
                "     address: %s:%s\n".formatted(text(server, "host"), text(server, "service")));
        text.append("        auth: ").append(text(server, "auth")).append('\n');
        JsonArray clients =
                server.has("clients") ? server.getAsJsonArray("clients") : new JsonArray();
        for (JsonElement client : clients) {
            text.append("Client:\n")
                    .append(
                            "     address: %s:%s\n"
                                    .formatted(text(client, "host"), text(client, "service")));
        }
        return text + (clients.isEmpty() ? "Client: none\n" : "");
    }

    private static String mice(JsonElement result) {
        StringBuilder text = new StringBuilder();
        for (JsonElement element : result.getAsJsonArray()) {
            JsonObject mouse = element.getAsJsonObject();
            text.append(
                    "%s Mouse #%s: %s%s\n"
                            .formatted(
                                    mouse.get("current").getAsBoolean() ? "*" : " ",
                                    text(mouse, "index"),
                                    text(mouse, "name"),
                                    mouse.get("absolute").getAsBoolean() ? " (absolute)" : ""));
        }
        return text.isEmpty() ? "no mouse is connected\n" : text.toString();
    }
}
