package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation whose end is made from code, behind a comment that says so. */
final class GeneratedPage {

    private static final String MARK = "with -Dvitrine.update=true. -->\n";

    private GeneratedPage() {}

    /**
     * Fails when the end of the page is another; with the property {@code vitrine.update} it is
     * written first.
     *
     * @param name the page's path in the repository
     * @param end what stands behind the comment
     */
    static void assertEndsWith(String name, String end) throws IOException {
        Path page = find(name);
        String text = Files.readString(page);
        int mark = text.indexOf(MARK);
        assertFalse(mark < 0, page + " has lost the comment after which its end is made");
        String head = text.substring(0, mark + MARK.length());
        if (Boolean.getBoolean("vitrine.update")) {
            Files.writeString(page, head + end);
        }
        assertEquals(
                head + end,
                Files.readString(page),
                "run this test with -Dvitrine.update=true, and look at the page");
    }

    private static Path find(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve(name))) {
            folder = folder.getParent();
        }
        assertNotNull(folder, name + " is in no folder above this one");
        return folder.resolve(name);
    }
}
