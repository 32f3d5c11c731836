package org.vitrine.spi.display;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page {@code docs/display-map.md} as tests need it: its tables and its programs.
 *
 * @param text the whole page
 */
public record DisplayMapPage(String text) {

    private static final Pattern PROGRAM =
            Pattern.compile("^```\\w+ (\\S+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /**
     * A table of the page.
     *
     * @param head the names of its columns
     * @param rows its other lines, cell by cell, without backticks
     */
    public record Table(List<String> head, List<List<String>> rows) {}

    /** The page as it stands in the sources. */
    public static DisplayMapPage read() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("docs/display-map.md"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IOException("docs/display-map.md is in no folder above this one");
        }
        return new DisplayMapPage(Files.readString(folder.resolve("docs/display-map.md")));
    }

    /** The programs on the page by the file names that it gives them. */
    public Map<String, String> programs() {
        Map<String, String> programs = new TreeMap<>();
        Matcher matcher = PROGRAM.matcher(text);
        while (matcher.find()) {
            programs.put(matcher.group(1), matcher.group(2));
        }
        return programs;
    }

    /** All tables of the page, in its order. */
    public List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        List<List<String>> open = new ArrayList<>();
        for (String line : (PROGRAM.matcher(text).replaceAll("") + "\n").lines().toList()) {
            if (line.startsWith("| ")) {
                open.add(cells(line));
            } else if (!open.isEmpty()) {
                // The second line is the rule below the head.
                tables.add(new Table(open.getFirst(), List.copyOf(open.subList(2, open.size()))));
                open.clear();
            }
        }
        return tables;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1).split("\\|")) {
            cells.add(cell.replace("`", "").strip());
        }
        return cells;
    }
}
