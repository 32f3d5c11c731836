package org.vitrine.monitor.command;

import java.util.Arrays;
import java.util.List;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.machine.Pc;

/**
 * A chip of the machine: whoever has I/O ports, so that a new device appears by itself.
 *
 * @param name the words with which the labels of all its ranges begin, as {@code pic master}
 * @param ports what it answers at, never empty
 */
record Chip(String name, List<PortSpace.Range> ports) {

    /** All of them, in the order of their first ports. Called on the vCPU thread. */
    static List<Chip> of(Pc pc) {
        return pc.ports().rangesByDevice().stream()
                .map(ranges -> new Chip(commonWords(ranges), ranges))
                .toList();
    }

    private static String commonWords(List<PortSpace.Range> ranges) {
        String[] common = ranges.getFirst().label().split(" ");
        int count = common.length;
        for (PortSpace.Range range : ranges) {
            String[] words = range.label().split(" ");
            int same = Arrays.mismatch(common, words);
            count = same < 0 ? count : Math.min(count, same);
        }
        return String.join(" ", List.of(common).subList(0, Math.max(count, 1)));
    }
}
