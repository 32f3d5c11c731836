package org.vitrine.example.record;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.testkit.FrontendSuite;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.Viewer;

class RecordSuiteTest extends FrontendSuite {

    @TempDir Path folder;
    private int count;

    RecordSuiteTest(Placement placement) {
        super(placement, new RecordProvider());
    }

    @Override
    protected Map<String, String> options() {
        // At the usual few frames a second: each look takes the whole file apart.
        return Map.of("file", folder.resolve("session" + ++count + ".png").toString());
    }

    @Override
    protected Viewer view(Frontend frontend) {
        return new LastFrame(folder, "session" + count);
    }

    /** Looks at the end of the newest file while it is being written. */
    private static final class LastFrame implements Viewer {

        private final Path folder;
        private final String name;
        private int number = 1;

        LastFrame(Path folder, String name) {
            this.folder = folder;
            this.name = name;
        }

        @Override
        public Set<Ability> abilities() {
            return Set.of(Ability.PICTURE);
        }

        private Path file(int which) {
            return folder.resolve(name + (which == 1 ? "" : "-" + which) + ".png");
        }

        @Override
        public Picture picture() throws IOException {
            while (Files.exists(file(number + 1))) {
                number++;
            }
            try {
                PngReader file = new PngReader(Files.readAllBytes(file(number)));
                return new Picture(file.width, file.height, file.frames.getLast().pixels());
            } catch (IllegalArgumentException | BufferUnderflowException e) {
                return null; // A frame is being written just now.
            }
        }

        @Override
        public void close() {}
    }
}
