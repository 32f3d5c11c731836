package org.vitrine.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A plugin that was once compiled runs with every later version of the SPI that has the same major
 * number. {@code signature.txt} has all that such a plugin may refer to, as of the version in its
 * first line. Nothing of it may go or change, and what comes raises the version.
 *
 * <p>With {@code -Dvitrine.update=true} the file is written anew, where these rules allow that.
 */
class SignatureTest {

    /** What plugins implement; what is abstract there can't become more. */
    private static final Set<Class<?>> IMPLEMENTED =
            Set.of(FrontendProvider.class, Frontend.class, ListenAddress.Binder.class);

    private static final String VERSION = "SPI ";

    @Test
    void pluginsOfTheRecordedVersionStillRun() throws Exception {
        List<String> recorded = Files.readAllLines(file());
        Set<String> present = present();
        String recordedVersion = recorded.getFirst().substring(VERSION.length());
        int recordedMajor = Integer.parseInt(recordedVersion.split("\\.")[0]);
        Set<String> gone = new TreeSet<>(recorded.subList(1, recorded.size()));
        gone.removeAll(present);
        Set<String> added = new TreeSet<>(present);
        added.removeAll(recorded);
        if (SpiVersion.MAJOR == recordedMajor) {
            assertEquals(
                    Set.of(),
                    gone,
                    "gone or changed, so that plugins break; raise SpiVersion.MAJOR");
            assertEquals(
                    List.of(),
                    added.stream().filter(SignatureTest::mustBeImplemented).toList(),
                    "plugins can't know that they have to implement this; give it a body");
        }
        if (!gone.isEmpty() || !added.isEmpty()) {
            assertFalse(
                    SpiVersion.CURRENT.equals(recordedVersion),
                    "new in the SPI: " + added + "; raise SpiVersion.MINOR");
        }
        List<String> lines = new ArrayList<>(List.of(VERSION + SpiVersion.CURRENT));
        lines.addAll(present);
        if (Boolean.getBoolean("vitrine.update")) {
            Files.write(file(), lines);
        }
        assertEquals(
                lines,
                Files.readAllLines(file()),
                "run this test with -Dvitrine.update=true, and look at it");
    }

    private static boolean mustBeImplemented(String line) {
        return IMPLEMENTED.stream()
                .anyMatch(type -> line.startsWith(type.getName() + ": public abstract "));
    }

    private static Path file() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("spi/signature.txt"))) {
            folder = folder.getParent();
        }
        assertNotNull(folder, "spi/signature.txt is in no folder above this one");
        return folder.resolve("spi/signature.txt");
    }

    private static Set<String> present() throws IOException, URISyntaxException {
        Path classes =
                Path.of(
                        FrontendProvider.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        Set<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                describe(name.substring(0, name.length() - ".class".length()), lines);
            }
        }
        return lines;
    }

    private static void describe(String className, Set<String> lines) {
        Class<?> type;
        try {
            type = Class.forName(className, false, SignatureTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        if (!isReachable(type)) {
            return;
        }
        String own = type.getName() + ": ";
        lines.add(own + head(type));
        if (type.isRecord()) {
            lines.add(
                    own
                            + Arrays.stream(type.getRecordComponents())
                                    .map(RecordComponent::toString)
                                    .collect(Collectors.joining(", ", "record (", ")")));
        }
        for (Field field : type.getDeclaredFields()) {
            if (isPublished(field.getModifiers()) && !field.isSynthetic()) {
                lines.add(own + field.toGenericString() + constant(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isPublished(constructor.getModifiers()) && !constructor.isSynthetic()) {
                lines.add(own + constructor.toGenericString());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isPublished(method.getModifiers()) && !method.isSynthetic()) {
                lines.add(own + method.toGenericString());
            }
        }
    }

    private static boolean isReachable(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getDeclaringClass()) {
            if (!isPublished(at.getModifiers())) {
                return false;
            }
        }
        return !type.isAnonymousClass() && !type.isLocalClass();
    }

    private static boolean isPublished(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String head(Class<?> type) {
        String supers =
                Arrays.stream(type.getGenericInterfaces())
                        .map(Object::toString)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return type.toGenericString()
                + (type.getGenericSuperclass() == null
                        ? ""
                        : " extends " + type.getGenericSuperclass().getTypeName())
                + (supers.isEmpty() ? "" : " implements " + supers);
    }

    /**
     * The value of a constant, which the compiler has put into plugins; not that of the version.
     */
    private static String constant(Field field) {
        boolean copied =
                Modifier.isStatic(field.getModifiers())
                        && Modifier.isFinal(field.getModifiers())
                        && (field.getType().isPrimitive() || field.getType() == String.class)
                        && field.getDeclaringClass() != SpiVersion.class;
        try {
            return copied ? " = " + field.get(null) : "";
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
