package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.Expression;
import org.vitrine.monitor.command.MonitorLink;

/**
 * The names that the machine has just now: drivers and their options, frontends, registers,
 * breakpoints. A line is checked at each key, so answers are good for a second. Safe for use by
 * several threads.
 */
final class Vocabulary {

    private static final Logger LOG = LoggerFactory.getLogger(Vocabulary.class);
    private static final long GOOD_FOR = TimeUnit.SECONDS.toNanos(1);

    private final MonitorLink monitor;
    private final Map<String, Answer> answers = new HashMap<>();

    /** An answer, null when there was none, and when it came. */
    private record Answer(List<JsonObject> objects, long time) {}

    Vocabulary(MonitorLink monitor) {
        this.monitor = monitor;
    }

    /** The objects that a command lists, or null when it can't be done. */
    private synchronized List<JsonObject> ask(String command) {
        Answer known = answers.get(command);
        if (known == null || System.nanoTime() - known.time() > GOOD_FOR) {
            known = new Answer(query(command), System.nanoTime());
            answers.put(command, known);
        }
        return known.objects();
    }

    private List<JsonObject> query(String command) {
        try {
            List<JsonObject> objects = new ArrayList<>();
            for (JsonElement element : monitor.execute(command).getAsJsonArray()) {
                objects.add(element.getAsJsonObject());
            }
            return objects;
        } catch (CommandException e) {
            LOG.debug("there is no answer to {}", command, e);
            return null;
        }
    }

    private static Set<String> names(List<JsonObject> objects, String member) {
        if (objects == null) {
            return null;
        }
        Set<String> names = new TreeSet<>();
        objects.forEach(object -> names.add(text(object, member)));
        return names;
    }

    static String text(JsonObject object, String name) {
        return object.has(name) && object.get(name).isJsonPrimitive()
                ? object.get(name).getAsString()
                : "";
    }

    /** Forgets everything, since a command may have changed it. */
    synchronized void forget() {
        answers.clear();
    }

    /** The drivers with their options; empty when they can't be known. */
    List<JsonObject> providers() {
        List<JsonObject> providers = ask("query-frontend-providers");
        return providers == null ? List.of() : providers;
    }

    /** The attached frontends; empty when they can't be known. */
    List<JsonObject> frontends() {
        List<JsonObject> frontends = ask("query-frontends");
        return frontends == null ? List.of() : frontends;
    }

    /** Names of drivers, or null when they can't be known. */
    Set<String> drivers() {
        return names(ask("query-frontend-providers"), "name");
    }

    /** Ids of frontends, or null when they can't be known. */
    Set<String> frontendIds() {
        return names(ask("query-frontends"), "id");
    }

    /** The plugins; empty when they can't be known. */
    List<JsonObject> plugins() {
        List<JsonObject> plugins = ask("query-plugins");
        return plugins == null ? List.of() : plugins;
    }

    /** Names of plugins, or null when they can't be known. */
    Set<String> pluginNames() {
        return names(ask("query-plugins"), "name");
    }

    /** Names of registers without a dollar sign, or null when they can't be known. */
    Set<String> registers() {
        Set<String> names = names(ask("query-registers"), "name");
        if (names != null) {
            names.addAll(Expression.partNames());
        }
        return names;
    }

    /** Values of registers by name, for those who choose among them. */
    List<JsonObject> registerValues() {
        List<JsonObject> registers = ask("query-registers");
        return registers == null ? List.of() : registers;
    }

    /** The breakpoints; empty when they can't be known. */
    List<JsonObject> breakpoints() {
        List<JsonObject> breakpoints = ask("query-breakpoints");
        return breakpoints == null ? List.of() : breakpoints;
    }

    /** Drives; empty when they can't be known. */
    List<JsonObject> drives() {
        List<JsonObject> drives = ask("query-block");
        return drives == null ? List.of() : drives;
    }

    /** What an object of the machine has; empty when it can't be known. */
    List<JsonObject> objectMembers(String path) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("path", path);
        List<JsonObject> members = new ArrayList<>();
        try {
            for (JsonElement member : monitor.execute("qom-list", arguments).getAsJsonArray()) {
                members.add(member.getAsJsonObject());
            }
        } catch (CommandException e) {
            LOG.debug("there is no object {}", path, e);
        }
        return members;
    }

    /** The options of a driver, or null when they can't be known. */
    List<JsonObject> options(String driver) {
        for (JsonObject provider : providers()) {
            if (text(provider, "name").equals(driver) && provider.has("options")) {
                List<JsonObject> options = new ArrayList<>();
                provider.getAsJsonArray("options")
                        .forEach(option -> options.add(option.getAsJsonObject()));
                return options;
            }
        }
        return null;
    }

    /** The driver of an attached frontend; empty when there is no such frontend. */
    String driverOf(String id) {
        for (JsonObject frontend : frontends()) {
            if (text(frontend, "id").equals(id)) {
                return text(frontend, "driver");
            }
        }
        return "";
    }
}
