package org.vitrine.monitor.scaffold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files do is seen by .ci/walk-through, which builds such a project and uses it. */
class NewFrontendTest {

    @TempDir Path folder;
    private NewFrontend scaffold;

    @BeforeEach
    void distribution() throws IOException {
        for (String file :
                List.of(
                        "lib/spi-1.2.jar",
                        "lib/slf4j-api-2.0.jar",
                        "lib/logback-classic-1.6.jar",
                        "testkit/spi-1.2-tests.jar")) {
            Path path = folder.resolve("vitrine").resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
        scaffold = new NewFrontend(folder.resolve("vitrine"));
    }

    private NewFrontend.Order order(String name) {
        return new NewFrontend.Order(name, "com.acme." + name.replace("-", ""), path(name));
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    @Test
    void everyBlankIsFilled() throws IOException {
        for (Path file : scaffold.write(order("tele-text"))) {
            String text = Files.readString(file);
            assertFalse(text.contains("{{") || text.contains("}}"), () -> file + ":\n" + text);
        }
        String provider =
                Files.readString(
                        path("tele-text")
                                .resolve("src/main/java/com/acme/teletext/TeleTextProvider.java"));
        assertTrue(provider.contains("package com.acme.teletext;"));
        assertTrue(provider.contains("return \"tele-text\";"));
    }

    @Test
    void aChangedTestKitIsAnotherVersion() throws IOException {
        scaffold.write(order("one"));
        scaffold.write(order("two"));
        Files.writeString(folder.resolve("vitrine/testkit/spi-1.2-tests.jar"), "changed");
        scaffold.write(order("three"));
        assertEquals(version("one"), version("two"));
        assertFalse(version("one").equals(version("three")));
        assertTrue(version("one").matches("1\\.2-[0-9a-f]{8}"), version("one"));
    }

    private String version(String name) throws IOException {
        try (var found = Files.list(path(name).resolve("repository/org/vitrine/spi"))) {
            return found.findFirst().orElseThrow().getFileName().toString();
        }
    }

    @Test
    void whatIsThereAlreadyIsNotTouched() throws IOException {
        Files.createDirectories(path("busy"));
        Files.writeString(path("busy").resolve("notes"), "mine");
        IOException refusal = assertThrows(IOException.class, () -> scaffold.write(order("busy")));
        assertEquals(path("busy") + " has files already", refusal.getMessage());
        try (var found = Files.list(path("busy"))) {
            assertEquals(List.of(path("busy").resolve("notes")), found.toList());
        }
    }

    @Test
    void aVitrineWithoutTestKitSaysSo() {
        NewFrontend bare = new NewFrontend(folder.resolve("nowhere"));
        IOException refusal = assertThrows(IOException.class, () -> bare.write(order("a")));
        assertTrue(refusal.getMessage().startsWith("this Vitrine can't write projects"));
        assertFalse(Files.exists(path("a")));
    }

    @Test
    void projectsHaveTheVersionsThatVitrineIsBuiltWith() throws IOException {
        Path root = Path.of(System.getProperty("vitrine.root", ".."));
        String parent = Files.readString(root.resolve("pom.xml"));
        assertTrue(
                parent.contains(
                        "<junit.version>" + NewFrontend.JUNIT_VERSION + "</junit.version>"));
        scaffold.write(order("built"));
        Files.readString(path("built").resolve("pom.xml"))
                .lines()
                .filter(line -> line.contains("<plugin><artifactId>"))
                .map(line -> line.replaceAll(".*<version>(.*)</version>.*", "$1"))
                .forEach(version -> assertTrue(parent.contains(version), version));
    }
}
