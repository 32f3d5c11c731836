package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.vitrine.spi.testkit.Needs;

/** QEMU's own tools for images, for tests that ask somebody else. */
final class QemuTools {

    private QemuTools() {}

    /** What a tool said, on both streams, and its exit status. */
    record Answer(int status, String text) {}

    /** Runs one of the tools, whatever comes of it. */
    static Answer ask(Object... command) throws IOException, InterruptedException {
        List<String> words = List.of(command).stream().map(Object::toString).toList();
        Needs.programs(words.getFirst());
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    /** Runs one of the tools, which has to succeed. */
    static String run(Object... command) throws IOException, InterruptedException {
        Answer answer = ask(command);
        if (answer.status() != 0) {
            throw new AssertionError(List.of(command) + ": " + answer.text());
        }
        return answer.text();
    }

    /** What {@code qemu-img check} finds: 0 nothing, 2 corruption, 3 leaked clusters. */
    static Answer check(Path image) throws IOException, InterruptedException {
        return ask("qemu-img", "check", image);
    }
}
