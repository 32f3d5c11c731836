package org.vitrine.monitor.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Maven project of a frontend that works, for authors to start from.
 *
 * <p>No server has the SPI, so the project brings a repository of its own with the distribution's
 * SPI and test kit. Their version there is the distribution's with a digest of both files behind
 * it: Maven keeps what it has once fetched, and would else never see that they have changed.
 */
public final class NewFrontend {

    /** Lower case words of letters and digits with dashes between, as drivers are named. */
    private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    private static final String PACKAGE = "[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*";
    private static final int DIGEST_DIGITS = 8;

    /** That of the test kit, which does not bring it. */
    static final String JUNIT_VERSION = "5.14.4";

    private final Path distribution;

    /**
     * @param distribution the folder with {@code lib} and {@code testkit}
     */
    public NewFrontend(Path distribution) {
        this.distribution = distribution;
    }

    /**
     * What is asked.
     *
     * @param name of the driver
     * @param packageName of its classes
     * @param folder to be made, or empty
     */
    public record Order(String name, String packageName, Path folder) {

        /**
         * @throws IllegalArgumentException when a name can't be; the message is for a person
         */
        public Order {
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException(
                        "'"
                                + name
                                + "' is no name of a frontend; one is made of lower case letters"
                                + " and digits, with dashes between words, as 'tele-text'");
            }
            if (!packageName.matches(PACKAGE)) {
                throw new IllegalArgumentException(
                        "'" + packageName + "' is no name of a package, as 'com.example.teletext'");
            }
        }

        /** The package of an author who has named none. */
        public static String packageOf(String name) {
            return "org.example." + name.replace("-", "");
        }

        /** What the classes' names begin with: {@code TeleText} for {@code tele-text}. */
        String className() {
            StringBuilder words = new StringBuilder();
            for (String word : name.split("-")) {
                words.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
            return words.toString();
        }
    }

    /**
     * Writes the project.
     *
     * @return the files, in the order of their names
     * @throws IOException when the folder has files already, when it can't be written, or when this
     *     Vitrine has no test kit; the message is for a person
     */
    public List<Path> write(Order order) throws IOException {
        Library spi = library("lib", "spi-", ".jar");
        Library kit = library("testkit", "spi-", "-tests.jar");
        String version = spi.version() + "-" + digest(spi.bytes(), kit.bytes());
        Map<String, String> words =
                Map.of(
                        "{{name}}",
                        order.name(),
                        "{{Name}}",
                        order.className(),
                        "{{package}}",
                        order.packageName(),
                        "{{spi}}",
                        version,
                        "{{junit}}",
                        JUNIT_VERSION,
                        "{{logback}}",
                        library("lib", "logback-classic-", ".jar").version());
        String folder = order.packageName().replace('.', '/');
        String main = "src/main/java/" + folder + "/" + order.className();
        String test = "src/test/java/" + folder + "/" + order.className();
        Map<String, byte[]> files = new TreeMap<>();
        files.put("pom.xml", filled("pom.xml", words));
        files.put("README.md", filled("README.md", words));
        files.put(".gitignore", "target/\n".getBytes(StandardCharsets.UTF_8));
        files.put(main + "Provider.java", filled("Provider.java.template", words));
        files.put(main + "Frontend.java", filled("Frontend.java.template", words));
        files.put(test + "SuiteTest.java", filled("SuiteTest.java.template", words));
        files.put("src/test/resources/logback-test.xml", filled("logback-test.xml", words));
        files.put(
                "src/main/resources/META-INF/services/org.vitrine.spi.FrontendProvider",
                (order.packageName() + "." + order.className() + "Provider\n")
                        .getBytes(StandardCharsets.UTF_8));
        String artifact = "repository/org/vitrine/spi/" + version + "/spi-" + version;
        String slf4j = library("lib", "slf4j-api-", ".jar").version();
        addWithChecksum(files, artifact + ".jar", spi.bytes());
        addWithChecksum(files, artifact + "-tests.jar", kit.bytes());
        addWithChecksum(files, artifact + ".pom", description(version, slf4j));
        return write(order.folder(), files);
    }

    private static List<Path> write(Path folder, Map<String, byte[]> files) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " is no folder", e);
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            if (found.iterator().hasNext()) {
                throw new DirectoryNotEmptyException(folder + " has files already");
            }
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            written.add(path);
        }
        return written;
    }

    private static byte[] filled(String template, Map<String, String> words) throws IOException {
        try (InputStream in = NewFrontend.class.getResourceAsStream(template)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> word : words.entrySet()) {
                text = text.replace(word.getKey(), word.getValue());
            }
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A JAR of the distribution, with the version that its name carries. */
    private record Library(String version, byte[] bytes) {}

    private Library library(String folder, String start, String end) throws IOException {
        Path jars = distribution.resolve(folder);
        if (Files.isDirectory(jars)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(jars, start + "*" + end)) {
                for (Path jar : found) {
                    String name = jar.getFileName().toString();
                    return new Library(
                            name.substring(start.length(), name.length() - end.length()),
                            Files.readAllBytes(jar));
                }
            }
        }
        throw new IOException(
                "this Vitrine can't write projects: there is no "
                        + jars.resolve(start + "*" + end));
    }

    private static byte[] description(String version, String slf4j) {
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.vitrine</groupId>
          <artifactId>spi</artifactId>
          <version>%s</version>
          <dependencies>
            <dependency>
              <groupId>org.slf4j</groupId>
              <artifactId>slf4j-api</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
        </project>
        """
                .formatted(version, slf4j)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Maven warns of files that it can't check. */
    private static void addWithChecksum(Map<String, byte[]> files, String name, byte[] bytes) {
        files.put(name, bytes);
        files.put(
                name + ".sha1",
                HexFormat.of()
                        .formatHex(digest("SHA-1").digest(bytes))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(byte[]... files) {
        MessageDigest digest = digest("SHA-256");
        for (byte[] file : files) {
            digest.update(file);
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_DIGITS);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
