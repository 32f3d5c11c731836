package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.plugin.Placing;

/** How people speak of frontends: the words of {@code frontend ...}, and the lists they read. */
final class FrontendWords {

    static final HumanForm ATTACH =
            new HumanForm(
                    "frontend attach",
                    List.of(
                            HumanForm.needs("DRIVER", Kind.DRIVER),
                            HumanForm.mayHave("NAME=VALUE", Kind.OPTIONS)),
                    "attach a frontend; id=ID names it, placement=own-process gives it a process,"
                            + " restart=never lets that end; other options are its own",
                    FrontendWords::attach);

    static final HumanForm DETACH =
            new HumanForm(
                    "frontend detach",
                    List.of(HumanForm.needs("ID", Kind.FRONTEND)),
                    "detach a frontend",
                    FrontendWords::detach);

    static final HumanForm SET =
            new HumanForm(
                    "frontend set",
                    List.of(
                            HumanForm.needs("ID", Kind.FRONTEND),
                            HumanForm.needs("NAME=VALUE", Kind.OPTIONS)),
                    "change options of an attached frontend",
                    FrontendWords::set);

    private FrontendWords() {}

    private static String attach(MonitorLink monitor, List<String> words) throws CommandException {
        String driver = words.getFirst();
        JsonObject arguments = new JsonObject();
        arguments.addProperty("driver", driver);
        List<String> settings = settings(words.subList(1, words.size()));
        for (String name : Placing.HOST_WORDS) {
            settings.stream()
                    .filter(setting -> setting.startsWith(name + "="))
                    .findFirst()
                    .ifPresent(setting -> {
                        arguments.addProperty(name, setting.substring(name.length() + 1));
                        settings.remove(setting);
                    });
        }
        arguments.add("options", options(provider(monitor, driver), settings));
        JsonObject attached = monitor.execute("frontend-attach", arguments).getAsJsonObject();
        return line(attached);
    }

    private static String detach(MonitorLink monitor, List<String> words) throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("id", words.getFirst());
        monitor.execute("frontend-detach", arguments);
        return "";
    }

    private static String set(MonitorLink monitor, List<String> words) throws CommandException {
        String id = words.getFirst();
        String driver = null;
        for (JsonElement element : monitor.execute("query-frontends").getAsJsonArray()) {
            if (text(element, "id").equals(id)) {
                driver = text(element, "driver");
            }
        }
        JsonObject arguments = new JsonObject();
        arguments.addProperty("id", id);
        List<String> settings = settings(words.subList(1, words.size()));
        arguments.add(
                "options", options(driver == null ? null : provider(monitor, driver), settings));
        monitor.execute("frontend-set", arguments);
        return "";
    }

    /**
     * {@code NAME=VALUE} words, which commas may join: a comma belongs to the value when no name
     * follows it.
     */
    private static List<String> settings(List<String> words) {
        List<String> settings = new ArrayList<>();
        for (String word : words) {
            settings.addAll(List.of(word.split(",(?=[A-Za-z][A-Za-z0-9-]*=)")));
        }
        return settings;
    }

    private static JsonObject provider(MonitorLink monitor, String driver) throws CommandException {
        for (JsonElement element : monitor.execute("query-frontend-providers").getAsJsonArray()) {
            if (text(element, "name").equals(driver) && element.getAsJsonObject().has("options")) {
                return element.getAsJsonObject();
            }
        }
        return null;
    }

    /**
     * The options with the types that the driver asks for; an unknown one stays a string, for the
     * driver to refuse.
     */
    private static JsonObject options(JsonObject provider, List<String> settings)
            throws CommandException {
        JsonObject options = new JsonObject();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new CommandException("an option is NAME=VALUE, not '" + setting + "'");
            }
            String name = setting.substring(0, equals);
            options.add(name, typed(type(provider, name), setting.substring(equals + 1)));
        }
        return options;
    }

    private static String type(JsonObject provider, String name) {
        if (provider != null) {
            for (JsonElement option : provider.getAsJsonArray("options")) {
                if (text(option, "name").equals(name)) {
                    return text(option, "type");
                }
            }
        }
        return "string";
    }

    private static JsonPrimitive typed(String type, String word) {
        if (type.equals("integer")) {
            try {
                return new JsonPrimitive(Long.decode(word));
            } catch (NumberFormatException e) {
                return new JsonPrimitive(word);
            }
        }
        if (type.equals("boolean")) {
            return switch (word) {
                case "on", "true", "yes" -> new JsonPrimitive(true);
                case "off", "false", "no" -> new JsonPrimitive(false);
                default -> new JsonPrimitive(word);
            };
        }
        return new JsonPrimitive(word);
    }

    private static String text(JsonElement object, String name) {
        return object.getAsJsonObject().get(name).getAsString();
    }

    private static String line(JsonObject frontend) {
        String where = endpoints(frontend);
        return text(frontend, "id") + (where.equals("-") ? "" : ": " + where) + "\n";
    }

    private static String endpoints(JsonObject frontend) {
        List<String> urls = new ArrayList<>();
        frontend.getAsJsonArray("endpoints").forEach(endpoint -> urls.add(text(endpoint, "url")));
        return urls.isEmpty() ? "-" : String.join(" ", urls);
    }

    static String frontends(JsonElement result) {
        JsonArray frontends = result.getAsJsonArray();
        if (frontends.isEmpty()) {
            return "no frontend is attached\n";
        }
        TextTable table =
                new TextTable("Id", "Driver", "Placement", "State", "Pid", "Clients", "Where");
        StringBuilder clients = new StringBuilder();
        for (JsonElement element : frontends) {
            JsonObject frontend = element.getAsJsonObject();
            JsonArray connected = frontend.getAsJsonArray("clients");
            table.row(
                    text(frontend, "id"),
                    text(frontend, "driver"),
                    text(frontend, "placement"),
                    state(frontend),
                    text(frontend, "pid"),
                    String.valueOf(connected.size()),
                    endpoints(frontend));
            for (JsonElement client : connected) {
                clients.append(text(frontend, "id"))
                        .append(": ")
                        .append(text(client, "address"))
                        .append(" (")
                        .append(text(client, "description"))
                        .append(")\n");
            }
        }
        return table.toString() + clients;
    }

    private static String state(JsonObject frontend) {
        int restarts = frontend.has("restarts") ? frontend.get("restarts").getAsInt() : 0;
        return text(frontend, "state") + (restarts == 0 ? "" : " (restarts: " + restarts + ")");
    }

    static String providers(JsonElement result) {
        JsonArray providers = result.getAsJsonArray();
        if (providers.isEmpty()) {
            return "there is no frontend driver; plugins are looked for in the plugin folders\n";
        }
        StringBuilder list = new StringBuilder();
        for (JsonElement element : providers) {
            JsonObject provider = element.getAsJsonObject();
            if (provider.has("error")) {
                list.append(text(provider, "name"))
                        .append(": unusable: ")
                        .append(text(provider, "error"))
                        .append('\n');
            } else {
                list.append(text(provider, "name"))
                        .append(' ')
                        .append(text(provider, "version"))
                        .append(": ");
                list.append(text(provider, "description")).append('\n');
                TextTable options = new TextTable("  Option", "Type", "Default", "What it is for");
                provider.getAsJsonArray("options")
                        .forEach(option -> addOption(options, option.getAsJsonObject()));
                list.append(provider.getAsJsonArray("options").isEmpty() ? "" : options);
            }
        }
        return list.toString();
    }

    private static void addOption(TextTable table, JsonObject option) {
        String type = text(option, "type");
        if (option.has("choices")) {
            List<String> choices = new ArrayList<>();
            option.getAsJsonArray("choices").forEach(choice -> choices.add(choice.getAsString()));
            type = String.join("|", choices);
        }
        String absent = option.get("required").getAsBoolean() ? "(needed)" : "-";
        for (Map.Entry<String, JsonElement> member : option.entrySet()) {
            if (member.getKey().equals("default")) {
                JsonPrimitive value = member.getValue().getAsJsonPrimitive();
                absent =
                        value.isBoolean()
                                ? value.getAsBoolean() ? "on" : "off"
                                : value.getAsString();
            }
        }
        table.row("  " + text(option, "name"), type, absent, text(option, "description"));
    }
}
