package org.vitrine.monitor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.MemoryPlan;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.memory.SharedMaps;

/**
 * What {@code -sharedmaps PREFIX:NAME[,NAME...][,keep=on][,sync=on]} asks for. The prefix ends at
 * the last colon.
 *
 * @param names the maps' own names, each once; empty for what this machine has
 */
record SharedMapsOption(Path prefix, List<String> names, boolean keep, boolean sync) {

    private static final String ALL = "all";

    /** In the order in which people are shown them, each with what it holds. */
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    /** Other spellings. */
    private static final Map<String, String> ALIASES =
            Map.of("before_4g", RamBlock.BELOW_4G, "after_4g", RamBlock.ABOVE_4G);

    static {
        KNOWN.put(RamBlock.CONVENTIONAL, "RAM below 640 KiB");
        KNOWN.put(RamBlock.BELOW_4G, "RAM from 1 MiB to 4 GiB; also before_4g");
        KNOWN.put(RamBlock.ABOVE_4G, "RAM above 4 GiB; also after_4g");
        KNOWN.put(RamBlock.VGA, "video memory");
        KNOWN.put(RamBlock.BIOS, "system BIOS");
        KNOWN.put(RamBlock.OPTION_ROM, "VGA BIOS and other option ROMs");
        KNOWN.put(MemorySource.DISPLAY, "the published screen");
    }

    /** Whether the argument asks for the list of names. */
    static boolean asksForHelp(String argument) {
        return argument.equals("?") || argument.equals("help");
    }

    static SharedMapsOption parse(String argument) throws CommandLineException {
        int colon = argument.lastIndexOf(':');
        if (colon < 0) {
            throw wrong(
                    "takes PREFIX:NAME[,NAME...], and '"
                            + argument
                            + "' has no colon; names are "
                            + known());
        }
        Path prefix = prefix(argument.substring(0, colon));
        List<String> names = new ArrayList<>();
        boolean all = false;
        boolean keep = false;
        boolean sync = false;
        String list = argument.substring(colon + 1);
        for (String word : list.isEmpty() ? new String[0] : list.split(",", -1)) {
            if (word.startsWith("keep=")) {
                keep = onOff(word);
            } else if (word.startsWith("sync=")) {
                sync = onOff(word);
            } else if (word.equals(ALL)) {
                all = true;
            } else {
                add(word, names);
            }
        }
        if (!all && names.isEmpty()) {
            throw wrong("names no map; names are " + known());
        }
        if (all && !names.isEmpty()) {
            throw wrong("asks for all, so '" + names.getFirst() + "' is there twice");
        }
        if (sync && !all && !names.contains(MemorySource.DISPLAY)) {
            throw wrong("sync=on is about the map 'display', which is not asked for");
        }
        return new SharedMapsOption(prefix, List.copyOf(names), keep, sync);
    }

    private static Path prefix(String text) throws CommandLineException {
        if (text.isEmpty() || text.endsWith("/")) {
            throw wrong("needs a prefix of file names before the colon, not '" + text + "'");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong("'" + text + "' is no prefix of file names: " + e.getReason());
        }
    }

    private static void add(String word, List<String> names) throws CommandLineException {
        String name = ALIASES.getOrDefault(word, word);
        if (!KNOWN.containsKey(name)) {
            throw wrong("there is no map '" + word + "'; names are " + known());
        }
        if (names.contains(name)) {
            throw wrong(
                    "'"
                            + word
                            + "' is there twice"
                            + (word.equals(name) ? "" : ": it is another word for " + name));
        }
        names.add(name);
    }

    private static boolean onOff(String word) throws CommandLineException {
        return switch (word.substring(word.indexOf('=') + 1)) {
            case "on" -> true;
            case "off" -> false;
            default ->
                    throw wrong(
                            word.substring(0, word.indexOf('='))
                                    + " is on or off, not '"
                                    + word.substring(word.indexOf('=') + 1)
                                    + "'");
        };
    }

    private static String known() {
        return String.join(", ", KNOWN.keySet()) + ", " + ALL;
    }

    private static CommandLineException wrong(String what) {
        return new CommandLineException("-sharedmaps " + what);
    }

    /**
     * The files to make for this machine.
     *
     * @throws CommandLineException when the machine lacks a block that is asked for
     */
    SharedMaps.Request request(MemoryPlan plan) throws CommandLineException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String name : names.isEmpty() ? KNOWN.keySet() : names) {
            MemoryPlan.Block block = plan.block(name);
            if (block != null) {
                sizes.put(name, block.size());
            } else if (!names.isEmpty()) {
                throw wrong(
                        name
                                + ": this machine has no RAM there; it takes -m "
                                + (leastMemory(name) / MachineConfig.MIB)
                                + " or more");
            }
        }
        return new SharedMaps.Request(prefix, sizes, keep, sync);
    }

    private static long leastMemory(String name) {
        return MachineConfig.MIB
                + (name.equals(RamBlock.ABOVE_4G)
                        ? MemoryPlan.LOW_MEMORY_LIMIT
                        : MachineConfig.MIB);
    }

    /** The page that {@code -sharedmaps ?} prints. */
    static String help(MemoryPlan plan) {
        StringBuilder page = new StringBuilder();
        KNOWN.forEach((name, what) -> {
            MemoryPlan.Block block = plan.block(name);
            page.append(
                    String.format(
                            "%-11s %12s bytes  %s%n",
                            name, block == null ? 0 : block.size(), what));
        });
        return page.append(ALL).append("         all that this machine has\n").toString();
    }
}
