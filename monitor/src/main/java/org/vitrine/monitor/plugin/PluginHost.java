package org.vitrine.monitor.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.spi.FrontendException;

/**
 * Loads and unloads plugins while the guest runs. A plugin goes only when nothing of it is
 * attached. Safe for use by several threads.
 */
public final class PluginHost {

    private final PluginLoader plugins;
    private final FrontendHost frontends;

    /** What has become of a plugin. */
    public enum State implements Worded {
        LOADED,
        /** It can't be used. */
        FAILED
    }

    /**
     * A plugin.
     *
     * @param name the folder's or JAR's name, without {@code .jar}
     * @param path the JAR or folder, absolute
     * @param error why it can't be used, or null
     * @param drivers the names of the frontends that it provides
     * @param attached the ids of its frontends
     */
    public record Info(
            String name,
            Path path,
            State state,
            String error,
            List<String> drivers,
            List<String> attached) {}

    PluginHost(PluginLoader plugins, FrontendHost frontends) {
        this.plugins = plugins;
        this.frontends = frontends;
    }

    /** Every plugin, loaded or failed, in the order of the folders and then of names. */
    public List<Info> list() {
        List<Info> infos = new ArrayList<>();
        plugins.plugins().forEach(plugin -> infos.add(describe(plugin)));
        return infos;
    }

    private Info describe(Plugin plugin) {
        return new Info(
                plugin.name(),
                plugin.path(),
                plugin.error() == null ? State.LOADED : State.FAILED,
                plugin.error(),
                plugin.drivers().stream().map(Driver::name).toList(),
                frontends.attachedOf(plugin));
    }

    /**
     * Loads a plugin.
     *
     * @param path a JAR or a folder of JARs
     * @throws FrontendException when it can't be used, or is loaded already; then nothing changes
     */
    public Info load(Path path) throws FrontendException {
        return describe(plugins.add(path));
    }

    /**
     * Unloads a plugin; one that failed is no longer listed. Returns when its frontends have ended.
     *
     * @param force whether its frontends are detached first
     * @throws UnknownPluginException when there is none of this name
     * @throws FrontendException when frontends of it are attached, and it is not forced; then
     *     nothing changes
     */
    public void unload(String name, boolean force) throws FrontendException {
        Plugin plugin = plugins.find(name);
        if (plugin == null) {
            throw new UnknownPluginException(name);
        }
        frontends.retire(plugin, force);
        plugins.remove(plugin);
    }
}
