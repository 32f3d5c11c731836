package org.vitrine.monitor.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * A plugin after it was loaded again.
     *
     * @param lost its frontends that could not be attached again: ids, and why
     */
    public record Reloaded(Info plugin, Map<String, String> lost) {}

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
    public synchronized Info load(Path path) throws FrontendException {
        return describe(plugins.add(path));
    }

    /**
     * Loads a newer build of a plugin from the same place. Its frontends are detached, and attached
     * again with the options that they had.
     *
     * @throws UnknownPluginException when there is none of this name
     * @throws FrontendException when the newer build can't be used; then nothing changes
     */
    public synchronized Reloaded reload(String name) throws FrontendException {
        Plugin old = find(name);
        Plugin renewed = plugins.renew(old);
        List<HostedFrontend> detached = frontends.retire(old, true);
        plugins.replace(old, renewed);
        Map<String, String> lost = new LinkedHashMap<>();
        for (HostedFrontend frontend : detached) {
            try {
                frontends.attach(
                        frontend.driver(), frontend.id(), frontend.placing(), frontend.given());
            } catch (FrontendException e) {
                lost.put(frontend.id(), e.getMessage());
            }
        }
        return new Reloaded(describe(renewed), lost);
    }

    private Plugin find(String name) throws UnknownPluginException {
        Plugin plugin = plugins.find(name);
        if (plugin == null) {
            throw new UnknownPluginException(name);
        }
        return plugin;
    }

    /**
     * Unloads a plugin; one that failed is no longer listed. Returns when its frontends have ended.
     *
     * @param force whether its frontends are detached first
     * @throws UnknownPluginException when there is none of this name
     * @throws FrontendException when frontends of it are attached, and it is not forced; then
     *     nothing changes
     */
    public synchronized void unload(String name, boolean force) throws FrontendException {
        Plugin plugin = find(name);
        frontends.retire(plugin, force);
        plugins.remove(plugin);
    }
}
