package org.vitrine.core.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code PREFIX.lock} says of a set of shared maps: who made it, and which files belong to it.
 * Lines of text, each ended by a line feed, only ever added to:
 *
 * <pre>{@code
 * vitrine-maps 1
 * session 6b1f09c2d4a7e835
 * process 4711 1834522
 * map vga 16777216
 * file vga 131082
 * closed
 * }</pre>
 *
 * <p>A {@code map} line announces a file of so many bytes before it exists. A {@code file} line
 * gives its inode before it has its name. {@code closed} says that the process has let go of files
 * that it kept.
 *
 * @param session 16 hexadecimal digits that are in the first name of each file
 * @param owner the process that made the set
 * @param sizes bytes of each map by its name
 * @param inodes inodes by name, of those that are made
 * @param closed whether the owner has let go
 */
record MapRecord(
        String session,
        ProcessIdentity owner,
        Map<String, Long> sizes,
        Map<String, Long> inodes,
        boolean closed) {

    static final String FIRST_WORD = "vitrine-maps ";

    private static final int VERSION = 1;

    static final String CLOSED = "closed\n";

    private static final Pattern SESSION = Pattern.compile("session ([0-9a-f]{16})");
    private static final Pattern PROCESS = Pattern.compile("process (\\d{1,18}) (\\d{1,18})");
    private static final Pattern MAP =
            Pattern.compile("(map|file) ([a-z0-9][a-z0-9_]{0,30}) (\\d{1,18})");

    /** What a text says that is no record. */
    static final class NoRecordException extends Exception {
        NoRecordException(String message) {
            super(message);
        }
    }

    /** What stands in the lock file before there is any file. */
    static String announcement(String session, ProcessIdentity owner, Map<String, Long> sizes) {
        StringBuilder text = new StringBuilder();
        text.append(FIRST_WORD).append(VERSION).append('\n');
        text.append("session ").append(session).append('\n');
        text.append("process ").append(owner.pid()).append(' ').append(owner.startTime());
        text.append('\n');
        sizes.forEach((name, size) ->
                text.append("map ").append(name).append(' ').append(size).append('\n'));
        return text.toString();
    }

    /** The line that says that a file is there. */
    static String made(String name, long inode) {
        return "file " + name + " " + inode + "\n";
    }

    /**
     * Reads a record. A last line without its line feed was never finished, and does not count.
     *
     * @throws NoRecordException when the text is none of this version
     */
    static MapRecord parse(String text) throws NoRecordException {
        if (!text.startsWith(FIRST_WORD)) {
            throw new NoRecordException("it is not a lock file of Vitrine's");
        }
        List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (lines.size() < 3 || !lines.getFirst().equals(FIRST_WORD + VERSION)) {
            throw new NoRecordException("it is not of a version that this Vitrine knows");
        }
        Matcher session = SESSION.matcher(lines.get(1));
        Matcher process = PROCESS.matcher(lines.get(2));
        if (!session.matches() || !process.matches()) {
            throw new NoRecordException("its head is damaged");
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        Map<String, Long> inodes = new LinkedHashMap<>();
        boolean closed = false;
        for (String line : lines.subList(3, lines.size())) {
            Matcher map = MAP.matcher(line);
            if (map.matches()) {
                (map.group(1).equals("map") ? sizes : inodes)
                        .put(map.group(2), Long.parseLong(map.group(3)));
            } else if ((line + "\n").equals(CLOSED)) {
                closed = true;
            } else {
                throw new NoRecordException("its line '" + line + "' is damaged");
            }
        }
        return new MapRecord(
                session.group(1),
                new ProcessIdentity(
                        Long.parseLong(process.group(1)), Long.parseLong(process.group(2))),
                sizes,
                inodes,
                closed);
    }
}
