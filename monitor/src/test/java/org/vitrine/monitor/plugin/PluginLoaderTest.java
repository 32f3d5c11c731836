package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.SpiVersion;

class PluginLoaderTest {

    private static final String QUIET = "return new Quiet();";

    @TempDir private Path folder;

    private String errorOfTheOnlyPlugin() {
        List<Plugin> plugins = new PluginLoader(List.of(folder)).plugins();
        assertEquals(1, plugins.size());
        assertEquals(List.of(), plugins.getFirst().drivers());
        return plugins.getFirst().error();
    }

    @Test
    void jarInTheFolderIsFoundByItsServiceEntry() throws IOException {
        PluginJar.write(
                folder,
                "one",
                "One",
                PluginJar.provider("One", "one", "SpiVersion.CURRENT", QUIET));
        FrontendProvider provider = new PluginLoader(List.of(folder)).provider("one");
        assertEquals("one", provider.name());
        assertEquals(SpiVersion.CURRENT, provider.spiVersion());
    }

    @Test
    void folderOfJarsIsOnePlugin() throws IOException {
        Path plugin = Files.createDirectory(folder.resolve("one"));
        PluginJar.write(
                plugin, "a", "One", PluginJar.provider("One", "one", "SpiVersion.CURRENT", QUIET));
        PluginJar.write(
                plugin, "b", "Two", PluginJar.provider("Two", "two", "SpiVersion.CURRENT", QUIET));
        PluginLoader loader = new PluginLoader(List.of(folder));
        assertEquals(1, loader.plugins().size());
        assertNotNull(loader.provider("one"));
        assertNotNull(loader.provider("two"));
        assertNull(loader.provider("three"));
    }

    @Test
    void pluginsSeeTheSpiAndNeitherOneAnotherNorTheHost() throws Exception {
        PluginJar.write(
                folder,
                "one",
                "One",
                PluginJar.provider("One", "one", "SpiVersion.CURRENT", QUIET));
        PluginJar.write(
                folder,
                "two",
                "Two",
                PluginJar.provider("Two", "two", "SpiVersion.CURRENT", QUIET));
        PluginLoader loader = new PluginLoader(List.of(folder));
        ClassLoader one = loader.provider("one").getClass().getClassLoader();
        ClassLoader two = loader.provider("two").getClass().getClassLoader();
        assertTrue(one != two);
        assertSame(FrontendProvider.class, one.loadClass(FrontendProvider.class.getName()));
        assertSame(org.slf4j.Logger.class, one.loadClass("org.slf4j.Logger"));
        assertThrows(ClassNotFoundException.class, () -> one.loadClass("Two"));
        assertThrows(
                ClassNotFoundException.class,
                () -> one.loadClass("org.vitrine.core.machine.Machine"));
        assertThrows(ClassNotFoundException.class, () -> one.loadClass("com.google.gson.Gson"));
    }

    @Test
    void pluginBuiltForANewerSpiIsRefusedWithBothVersions() throws IOException {
        PluginJar.write(folder, "new", "New", PluginJar.provider("New", "new", "\"2.0\"", QUIET));
        assertEquals(
                "frontend new was built for SPI 2.0; this Vitrine has SPI " + SpiVersion.CURRENT,
                errorOfTheOnlyPlugin());
    }

    @Test
    void pluginBuiltForALaterMinorVersionIsRefused() throws IOException {
        PluginJar.write(folder, "new", "New", PluginJar.provider("New", "new", "\"1.99\"", QUIET));
        assertTrue(errorOfTheOnlyPlugin().contains("was built for SPI 1.99"));
    }

    @Test
    void jarThatIsNoneIsListedWithItsReason() throws IOException {
        Files.writeString(folder.resolve("broken.jar"), "this is no JAR");
        assertNotNull(errorOfTheOnlyPlugin());
    }

    @Test
    void emptyFolderIsListedWithItsReason() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        assertTrue(errorOfTheOnlyPlugin().startsWith("there is no JAR in "));
    }

    @Test
    void providerThatThrowsIsListedAndOthersWork() throws IOException {
        String thrower =
                PluginJar.provider("Thrower", "thrower", "SpiVersion.CURRENT", QUIET)
                        .replace(
                                "public String name()",
                                "public Thrower() { throw new IllegalStateException(\"no luck\"); }\n"
                                        + "public String name()");
        PluginJar.write(folder, "a-thrower", "Thrower", thrower);
        PluginJar.write(
                folder,
                "one",
                "One",
                PluginJar.provider("One", "one", "SpiVersion.CURRENT", QUIET));
        PluginLoader loader = new PluginLoader(List.of(folder));
        assertNotNull(loader.provider("one"));
        assertTrue(loader.plugins().getFirst().error().startsWith("can't be loaded: "));
    }

    @Test
    void driverNameThatNobodyCouldTypeIsRefused() throws IOException {
        PluginJar.write(
                folder,
                "odd",
                "Odd",
                PluginJar.provider("Odd", "My Screen", "SpiVersion.CURRENT", QUIET));
        assertEquals(
                "a frontend is named 'My Screen'; a name starts with a lower case letter, and has"
                        + " lower case letters, digits and '-'",
                errorOfTheOnlyPlugin());
    }

    @Test
    void providerThatCannotSayItsOptionsIsRefusedWhenItIsLoaded() throws IOException {
        String thrower =
                PluginJar.provider("Dumb", "dumb", "SpiVersion.CURRENT", QUIET)
                        .replace(
                                "return OptionSchema.builder()",
                                "if (true) { throw new IllegalStateException(\"forgot\"); }\n"
                                        + "return OptionSchema.builder()");
        PluginJar.write(folder, "dumb", "Dumb", thrower);
        assertEquals(
                "can't be loaded: java.lang.IllegalStateException: forgot", errorOfTheOnlyPlugin());
    }

    @Test
    void providerWithoutADescriptionIsRefused() throws IOException {
        String mute =
                PluginJar.provider("Mute", "mute", "SpiVersion.CURRENT", QUIET)
                        .replace("\"a test\"", "null");
        PluginJar.write(folder, "mute", "Mute", mute);
        assertEquals(
                "frontend mute lacks a description, a version or its options",
                errorOfTheOnlyPlugin());
    }

    @Test
    void singlePluginComesBeforeOneThatHasTheDriversName() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path jar =
                PluginJar.write(
                        elsewhere,
                        "mine",
                        "Mine",
                        PluginJar.provider("Mine", "one", "SpiVersion.CURRENT", QUIET));
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        PluginJar.write(
                plugins,
                "one",
                "One",
                PluginJar.provider("One", "one", "SpiVersion.CURRENT", QUIET));
        PluginLoader loader = new PluginLoader(List.of(jar), List.of(plugins));
        assertEquals("Mine", loader.provider("one").getClass().getName());
        assertEquals(List.of("mine", "one"), loader.plugins().stream().map(Plugin::name).toList());
    }

    @Test
    void folderThatDoesNotExistHasNoPlugins() {
        Supplier<List<Plugin>> plugins =
                () -> new PluginLoader(List.of(folder.resolve("none"))).plugins();
        assertEquals(List.of(), plugins.get());
    }
}
