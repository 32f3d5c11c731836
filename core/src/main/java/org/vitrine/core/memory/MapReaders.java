package org.vitrine.core.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the processes that map the same files as this one, from what proc(5) tells of each
 * process's memory: {@code start-end permissions offset device inode path}.
 *
 * <p>Device and inode are taken from this process's own lines, because on stacked file systems they
 * are not those that stat(2) gives.
 */
public final class MapReaders {

    private static final Path PROCESSES = Path.of("/proc");

    private MapReaders() {}

    /**
     * Who else maps the files of these mapped segments; processes that this one may not look at are
     * left out.
     *
     * @return process numbers, in order, by the segments' names; each name is there
     * @throws UncheckedIOException when the system does not tell
     */
    public static Map<String, List<Long>> of(Map<String, MemorySegment> segments) {
        try {
            Map<String, List<Long>> readers = new TreeMap<>();
            segments.keySet().forEach(name -> readers.put(name, new ArrayList<>()));
            Map<String, String> names = files(segments);
            for (long pid : processes()) {
                for (String name : mapped(PROCESSES.resolve(Long.toString(pid)), names)) {
                    readers.get(name).add(pid);
                }
            }
            return readers;
        } catch (IOException e) {
            throw new UncheckedIOException("can't tell who maps what: " + e.getMessage(), e);
        }
    }

    /** The segments' names by device and inode. */
    private static Map<String, String> files(Map<String, MemorySegment> segments)
            throws IOException {
        Map<String, String> names = new HashMap<>();
        for (String line : lines(PROCESSES.resolve("self"))) {
            int dash = line.indexOf('-');
            long start = Long.parseUnsignedLong(line, 0, dash, 16);
            long end = Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16);
            segments.forEach((name, segment) -> {
                if (segment.address() >= start && segment.address() < end) {
                    names.put(file(line), name);
                }
            });
        }
        return names;
    }

    private static List<Long> processes() throws IOException {
        List<Long> processes = new ArrayList<>();
        long self = ProcessHandle.current().pid();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(PROCESSES, MapReaders::isProcess)) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (pid != self) {
                    processes.add(pid);
                }
            }
        }
        processes.sort(null);
        return processes;
    }

    private static boolean isProcess(Path entry) {
        return entry.getFileName().toString().chars().allMatch(Character::isDigit);
    }

    private static List<String> mapped(Path process, Map<String, String> names) {
        try {
            return lines(process).stream()
                    .map(line -> names.get(file(line)))
                    .filter(name -> name != null)
                    .distinct()
                    .toList();
        } catch (IOException notToBeSeen) {
            return List.of(); // It has ended, or belongs to somebody else.
        }
    }

    private static String file(String line) {
        String[] fields = line.split(" +", 6);
        return fields[3] + " " + fields[4];
    }

    private static List<String> lines(Path process) throws IOException {
        return Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1);
    }
}
