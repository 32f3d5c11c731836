package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.monitor.plugin.PluginHost;
import org.vitrine.monitor.plugin.Worded;
import org.vitrine.spi.FrontendException;

/** The plugins: which there are, and loading and unloading them while the guest runs. */
final class PluginCommands {

    static final EnumType STATE =
            new EnumType("PluginState", Worded.words(PluginHost.State.values()));

    private static final ObjectType PLUGIN_INFO =
            ObjectType.of(
                    "PluginInfo",
                    Member.required(
                            "name", Builtin.STR, "the folder's or JAR's name, without .jar"),
                    Member.required("path", Builtin.STR, "the JAR or the folder of JARs"),
                    Member.required("state", STATE, "whether it can be used"),
                    Member.optional("error", Builtin.STR, "why it can't be used"),
                    Member.required("drivers", Builtin.STR.list(), "the frontends it provides"),
                    Member.required(
                            "frontends", Builtin.STR.list(), "ids of those that are attached"));

    static final Command QUERY_PLUGINS =
            Command.own("query-plugins", "list the plugins, loaded and failed")
                    .returns(PLUGIN_INFO.list())
                    .says(
                            HumanForm.telling(
                                    "info plugins",
                                    "query-plugins",
                                    "list the plugins",
                                    PluginCommands::table))
                    .says(
                            HumanForm.telling(
                                    "plugin list",
                                    "query-plugins",
                                    "the same as info plugins",
                                    PluginCommands::table))
                    .build();

    static final Command PLUGIN_LOAD =
            Command.own(
                            "plugin-load",
                            "load a plugin; one that can't be used is an error, and is not listed")
                    .takes(
                            "path",
                            Builtin.STR,
                            "a JAR, or a folder of JARs, on the emulator's machine")
                    .returns(PLUGIN_INFO)
                    .says(
                            new HumanForm(
                                    "plugin load",
                                    List.of(HumanForm.needs("PATH", Kind.FILE)),
                                    "load a plugin: a JAR, or a folder of JARs",
                                    PluginCommands::sayLoad))
                    .build();

    static final Command PLUGIN_UNLOAD =
            Command.own(
                            "plugin-unload",
                            "unload a plugin; one that is in use is not, unless it is forced")
                    .takes("name", Builtin.STR, "a plugin of query-plugins")
                    .mayTake(
                            "force",
                            Builtin.BOOL,
                            "detach its frontends first; false when it is not given")
                    .says(
                            new HumanForm(
                                    "plugin unload",
                                    List.of(
                                            HumanForm.mayHave("-f", Kind.FLAG),
                                            HumanForm.needs("NAME", Kind.PLUGIN)),
                                    "unload a plugin; -f detaches its frontends first",
                                    PluginCommands::sayUnload))
                    .build();

    private static final ObjectType LOST =
            ObjectType.of(
                    "PluginLostFrontend",
                    Member.required("id", Builtin.STR, "the id that it had"),
                    Member.required("error", Builtin.STR, "why it is not attached"));

    static final Command PLUGIN_RELOAD =
            Command.own(
                            "plugin-reload",
                            "load a newer build of a plugin, and attach its frontends again; when"
                                    + " that build can't be used, nothing changes")
                    .takes("name", Builtin.STR, "a plugin of query-plugins")
                    .returns(
                            ObjectType.of(
                                    "PluginReloadInfo",
                                    Member.required("plugin", PLUGIN_INFO, "the newer build"),
                                    Member.required(
                                            "lost",
                                            LOST.list(),
                                            "frontends that could not be attached again")))
                    .says(
                            new HumanForm(
                                    "plugin reload",
                                    List.of(HumanForm.needs("NAME", Kind.PLUGIN)),
                                    "load a newer build of a plugin, and attach its frontends again",
                                    PluginCommands::sayReload))
                    .build();

    static final List<Command> COMMANDS =
            List.of(QUERY_PLUGINS, PLUGIN_LOAD, PLUGIN_UNLOAD, PLUGIN_RELOAD);

    private final PluginHost plugins;

    PluginCommands(PluginHost plugins) {
        this.plugins = plugins;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_PLUGINS, call -> query());
        dispatcher.bind(
                PLUGIN_LOAD,
                call -> FrontendCommands.call(() -> describe(plugins.load(path(call)))));
        dispatcher.bind(PLUGIN_UNLOAD, this::unload);
        dispatcher.bind(PLUGIN_RELOAD, this::reload);
    }

    private JsonElement query() {
        JsonArray list = new JsonArray();
        plugins.list().forEach(plugin -> list.add(describe(plugin)));
        return list;
    }

    private static Path path(Invocation call) throws FrontendException {
        String path = call.string("path");
        try {
            if (path.isEmpty()) {
                throw new FrontendException("a plugin's path can't be empty");
            }
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new FrontendException("'" + path + "' can't be a path", e);
        }
    }

    private JsonElement unload(Invocation call) throws CommandException {
        return FrontendCommands.call(() -> {
            plugins.unload(call.string("name"), call.bool("force", false));
            return null;
        });
    }

    private JsonElement reload(Invocation call) throws CommandException {
        return FrontendCommands.call(() -> {
            PluginHost.Reloaded reloaded = plugins.reload(call.string("name"));
            JsonArray lost = new JsonArray();
            reloaded.lost()
                    .forEach((id, error) -> {
                        JsonObject frontend = new JsonObject();
                        frontend.addProperty("id", id);
                        frontend.addProperty("error", error);
                        lost.add(frontend);
                    });
            JsonObject result = new JsonObject();
            result.add("plugin", describe(reloaded.plugin()));
            result.add("lost", lost);
            return result;
        });
    }

    private static JsonObject describe(PluginHost.Info plugin) {
        JsonObject info = new JsonObject();
        info.addProperty("name", plugin.name());
        info.addProperty("path", plugin.path().toString());
        info.addProperty("state", plugin.state().word());
        if (plugin.error() != null) {
            info.addProperty("error", plugin.error());
        }
        info.add("drivers", words(plugin.drivers()));
        info.add("frontends", words(plugin.attached()));
        return info;
    }

    private static JsonArray words(List<String> words) {
        JsonArray array = new JsonArray();
        words.forEach(array::add);
        return array;
    }

    private static String sayLoad(MonitorLink monitor, List<String> words) throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("path", words.getFirst());
        JsonObject plugin = monitor.execute("plugin-load", arguments).getAsJsonObject();
        return text(plugin, "name") + ": " + joined(plugin, "drivers") + "\n";
    }

    private static String sayReload(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("name", words.getFirst());
        JsonObject result = monitor.execute("plugin-reload", arguments).getAsJsonObject();
        JsonObject plugin = result.getAsJsonObject("plugin");
        StringBuilder said = new StringBuilder();
        said.append(text(plugin, "name")).append(": ").append(joined(plugin, "drivers"));
        said.append('\n');
        for (JsonElement element : result.getAsJsonArray("lost")) {
            JsonObject frontend = element.getAsJsonObject();
            said.append(text(frontend, "id"))
                    .append(" is not attached: ")
                    .append(text(frontend, "error"))
                    .append('\n');
        }
        return said.toString();
    }

    private static String sayUnload(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("name", words.get(1));
        if (!words.getFirst().isEmpty()) {
            arguments.addProperty("force", true);
        }
        monitor.execute("plugin-unload", arguments);
        return "";
    }

    private static String table(JsonElement result) {
        JsonArray plugins = result.getAsJsonArray();
        if (plugins.isEmpty()) {
            return "there is no plugin; they are looked for in the plugin folders\n";
        }
        TextTable table = new TextTable("Name", "State", "Drivers", "Frontends", "Path");
        StringBuilder errors = new StringBuilder();
        for (JsonElement element : plugins) {
            JsonObject plugin = element.getAsJsonObject();
            table.row(
                    text(plugin, "name"),
                    text(plugin, "state"),
                    joined(plugin, "drivers"),
                    joined(plugin, "frontends"),
                    text(plugin, "path"));
            if (plugin.has("error")) {
                errors.append(text(plugin, "name"))
                        .append(": ")
                        .append(text(plugin, "error"))
                        .append('\n');
            }
        }
        return table.toString() + errors;
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static String joined(JsonObject plugin, String list) {
        StringBuilder words = new StringBuilder();
        for (JsonElement word : plugin.getAsJsonArray(list)) {
            words.append(words.isEmpty() ? "" : " ").append(word.getAsString());
        }
        return words.isEmpty() ? "-" : words.toString();
    }
}
