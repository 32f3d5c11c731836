package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.OptionException;

@Timeout(60)
class PluginHostTest {

    private static final String QUIET = "return new Quiet();";

    @TempDir private Path folder;
    @TempDir private Path elsewhere;

    private final Machine machine = new Machine(MachineConfig.standard());
    private FrontendHost frontends;

    private PluginHost plugins() {
        frontends = new FrontendHost(new PluginLoader(List.of(folder)), GuestLink.of(machine));
        return frontends.plugins();
    }

    @AfterEach
    void end() {
        frontends.close();
        machine.close();
    }

    private static Path write(Path where, String name, String driver) throws IOException {
        String source = PluginJar.provider("Some", driver, "SpiVersion.CURRENT", QUIET);
        return PluginJar.write(where, name, "Some", source);
    }

    private static List<String> names(PluginHost plugins) {
        return plugins.list().stream().map(PluginHost.Info::name).toList();
    }

    private static String failure(PluginHost plugins, Path path) {
        return assertThrows(FrontendException.class, () -> plugins.load(path)).getMessage();
    }

    @Test
    void pluginFromAnywhereIsLoadedAttachedAndUnloaded() throws Exception {
        Path jar = write(elsewhere, "one", "one");
        PluginHost plugins = plugins();
        assertEquals(List.of(), plugins.list());
        PluginHost.Info info = plugins.load(jar);
        assertEquals(
                new PluginHost.Info(
                        "one",
                        jar.toAbsolutePath(),
                        PluginHost.State.LOADED,
                        null,
                        List.of("one"),
                        List.of()),
                info);
        assertEquals("one0", frontends.attach("one", null, Map.of()).id());
        assertEquals(List.of("one0"), plugins.list().getFirst().attached());
        frontends.detach("one0");
        plugins.unload("one", false);
        assertEquals(List.of(), plugins.list());
        assertThrows(OptionException.class, () -> frontends.attach("one", null, Map.of()));
    }

    @Test
    void folderOfJarsIsLoadedAsOnePlugin() throws Exception {
        Path both = Files.createDirectory(elsewhere.resolve("both"));
        write(both, "a", "one");
        String other = PluginJar.provider("Other", "two", "SpiVersion.CURRENT", QUIET);
        PluginJar.write(both, "b", "Other", other);
        PluginHost.Info info = plugins().load(both);
        assertEquals("both", info.name());
        assertEquals(List.of("one", "two"), info.drivers());
    }

    @Test
    void pluginInUseStaysAndWorksOn() throws Exception {
        write(folder, "one", "one");
        PluginHost plugins = plugins();
        frontends.attach("one", "a", Map.of());
        frontends.attach("one", "b", Map.of());
        assertEquals(
                "plugin 'one' is in use by a, b; detach them first, or force it",
                assertThrows(FrontendException.class, () -> plugins.unload("one", false))
                        .getMessage());
        assertEquals(List.of("a", "b"), plugins.list().getFirst().attached());
        assertEquals("c", frontends.attach("one", "c", Map.of()).id());
    }

    @Test
    void forceDetachesWhatIsAttached() throws Exception {
        write(folder, "one", "one");
        PluginHost plugins = plugins();
        frontends.attach("one", "a", Map.of());
        frontends.attach("one", "b", Map.of());
        plugins.unload("one", true);
        assertEquals(List.of(), frontends.frontends());
        assertEquals(List.of(), plugins.list());
    }

    @Test
    void unloadedPluginOfAFolderComesBackOnlyWhenItIsLoaded() throws Exception {
        Path jar = write(folder, "one", "one");
        PluginHost plugins = plugins();
        assertEquals(List.of("one"), names(plugins));
        plugins.unload("one", false);
        assertEquals(List.of(), plugins.list());
        plugins.load(jar);
        assertEquals(List.of("one"), names(plugins));
    }

    @Test
    void unloadedPluginIsCollected() throws Exception {
        Path jar = write(elsewhere, "one", "one");
        PluginLoader loader = new PluginLoader(List.of());
        frontends = new FrontendHost(loader, GuestLink.of(machine));
        frontends.plugins().load(jar);
        WeakReference<ClassLoader> classes =
                new WeakReference<>(loader.provider("one").getClass().getClassLoader());
        frontends.attach("one", null, Map.of());
        frontends.plugins().unload("one", true);
        while (!classes.refersTo(null)) {
            System.gc();
            Thread.yield();
        }
        assertTrue(classes.refersTo(null));
    }

    @Test
    void loadingWhatIsLoadedOrNotThereOrBrokenIsRefusedAndNotListed() throws Exception {
        Path jar = write(elsewhere, "one", "one");
        Path broken = Files.writeString(elsewhere.resolve("broken.jar"), "this is no JAR");
        Path missing = elsewhere.resolve("missing.jar");
        PluginHost plugins = plugins();
        plugins.load(jar);
        assertEquals("plugin 'one' is loaded already", failure(plugins, jar));
        assertEquals("there is no file or folder '" + missing + "'", failure(plugins, missing));
        assertTrue(failure(plugins, broken).startsWith("plugin 'broken': "));
        assertTrue(failure(plugins, Path.of("/")).contains("is no plugin"));
        assertEquals(List.of("one"), names(plugins));
    }

    @Test
    void sameNameOfPluginOrFrontendTwiceIsRefused() throws Exception {
        Path first = write(folder, "one", "one");
        Path again = write(elsewhere, "one", "other");
        Path driver = write(elsewhere, "another", "one");
        PluginHost plugins = plugins();
        assertEquals(List.of("one"), names(plugins));
        assertEquals("plugin 'one': there is a plugin 'one' in " + first, failure(plugins, again));
        assertEquals(
                "plugin 'another': there is a frontend 'one' already, of plugin " + first,
                failure(plugins, driver));
    }

    @Test
    void failedPluginIsListedWithItsReasonAndForgottenWhenUnloaded() throws Exception {
        Files.writeString(folder.resolve("broken.jar"), "this is no JAR");
        write(folder, "one", "one");
        write(folder, "two", "one");
        PluginHost plugins = plugins();
        assertEquals(List.of("broken", "one", "two"), names(plugins));
        assertEquals(PluginHost.State.FAILED, plugins.list().getFirst().state());
        assertEquals(
                "there is a frontend 'one' already, of plugin " + folder.resolve("one.jar"),
                plugins.list().getLast().error());
        plugins.unload("broken", false);
        assertEquals(List.of("one", "two"), names(plugins));
    }

    @Test
    void unknownPluginIsNotUnloaded() {
        PluginHost plugins = plugins();
        assertThrows(UnknownPluginException.class, () -> plugins.unload("one", true));
    }
}
