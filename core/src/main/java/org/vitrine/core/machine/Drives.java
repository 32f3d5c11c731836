package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrine.core.storage.Drive;

/**
 * The drives in a machine's bays, for one machine alone, which closes them when it ends.
 *
 * @param ide by their place on the two cables: 0 and 1 on the first, 2 and 3 on the second
 * @param floppies by their place on the cable: 0 and 1
 * @param unattached those that are in no bay, for people to look at
 */
public record Drives(
        Map<Integer, Drive> ide, Map<Integer, Drive> floppies, List<Drive> unattached) {

    public static final Drives NONE = new Drives(Map.of(), Map.of(), List.of());

    /** Places on the IDE cables. */
    public static final int IDE_PLACES = 4;

    /** Places on the floppy cable. */
    public static final int FLOPPY_PLACES = 2;

    public Drives {
        ide = Map.copyOf(ide);
        floppies = Map.copyOf(floppies);
        unattached = List.copyOf(unattached);
        check("IDE", ide, IDE_PLACES);
        check("floppy", floppies, FLOPPY_PLACES);
    }

    private static void check(String cable, Map<Integer, Drive> drives, int places) {
        for (int place : drives.keySet()) {
            if (place < 0 || place >= places) {
                throw new IllegalArgumentException("there is no " + cable + " place " + place);
            }
        }
    }

    private static Map<Integer, Drive> with(Map<Integer, Drive> drives, int place, Drive drive) {
        Map<Integer, Drive> more = new TreeMap<>(drives);
        more.put(place, drive);
        return more;
    }

    /** The same with another drive on the IDE cables. */
    public Drives withIde(int place, Drive drive) {
        return new Drives(with(ide, place, drive), floppies, unattached);
    }

    /** The same with another drive on the floppy cable. */
    public Drives withFloppy(int place, Drive drive) {
        return new Drives(ide, with(floppies, place, drive), unattached);
    }

    /** The same with another drive in no bay. */
    public Drives withUnattached(Drive drive) {
        List<Drive> more = new ArrayList<>(unattached);
        more.add(drive);
        return new Drives(ide, floppies, more);
    }

    /** All of them, in the order of their places. */
    public List<Drive> all() {
        List<Drive> all = new ArrayList<>(new TreeMap<>(ide).values());
        all.addAll(new TreeMap<>(floppies).values());
        all.addAll(unattached);
        return all;
    }
}
