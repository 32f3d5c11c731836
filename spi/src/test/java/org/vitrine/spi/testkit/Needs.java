package org.vitrine.spi.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine that it runs on. Where the environment says CI it must be there:
 * the test fails without it. Elsewhere it is skipped, with a line that says so.
 */
public final class Needs {

    private Needs() {}

    /** Goes on only when it is there; else this says what is missing. */
    public static void that(boolean there, String missing) {
        if (there) {
            return;
        }
        if (System.getenv("CI") != null) {
            throw new AssertionError(missing);
        }
        System.out.println("SKIPPED: " + missing);
        Assumptions.abort(missing);
    }

    /**
     * Goes on only where the environment says CI, or with {@code -Dvitrine.long=true}: what takes
     * minutes is not for every build.
     */
    public static void minutes(String what) {
        if (System.getenv("CI") == null && !Boolean.getBoolean("vitrine.long")) {
            String skipped = what + " takes minutes; -Dvitrine.long=true runs it";
            System.out.println("SKIPPED: " + skipped);
            Assumptions.abort(skipped);
        }
    }

    /** Goes on only when these programs are installed: on the path, or at theirs. */
    public static void programs(String... names) {
        for (String name : names) {
            that(installed(name), name + " is not installed");
        }
    }

    /** The folder that this environment variable names; goes on only when it is there. */
    public static Path folder(String variable) {
        String folder = System.getenv(variable);
        that(
                folder != null && Files.isDirectory(Path.of(folder)),
                "the environment's " + variable + " names no folder");
        return Path.of(folder);
    }

    /** The file that this environment variable names; goes on only when it is there. */
    public static Path file(String variable) {
        String file = System.getenv(variable);
        that(
                file != null && Files.isRegularFile(Path.of(file)),
                "the environment's " + variable + " names no file");
        return Path.of(file);
    }

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
