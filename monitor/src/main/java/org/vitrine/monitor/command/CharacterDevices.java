package org.vitrine.monitor.command;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.vitrine.monitor.chardev.CharacterBackend;

/**
 * The character devices by label: the sockets that monitors listen on, those of the machine's
 * ports, and those that {@code chardev-add} made. Safe for use by several threads.
 */
public final class CharacterDevices {

    private final Map<String, Device> devices = new TreeMap<>();

    /**
     * A character device.
     *
     * @param kind its back end, as {@code "socket"}
     * @param place what {@code query-chardev} tells of it now, in QEMU's form, as {@code
     *     "unix:/tmp/q,server=on"}
     * @param open whether somebody uses it from the machine's side
     * @param hangUp breaks the connections off that it has now, without waiting; null when it is of
     *     a kind that has none
     * @param busy whether it can't be removed
     * @param close gives back what it holds; called once, when it is removed
     * @param backend what it leads to; null for those that a monitor has
     */
    public record Device(
            String label,
            String kind,
            Supplier<String> place,
            BooleanSupplier open,
            Runnable hangUp,
            boolean busy,
            Runnable close,
            CharacterBackend backend) {

        /** One that a monitor has. */
        public Device(
                String label,
                String kind,
                Supplier<String> place,
                BooleanSupplier open,
                Runnable hangUp,
                boolean busy,
                Runnable close) {
            this(label, kind, place, open, hangUp, busy, close, null);
        }

        /**
         * One that leads there.
         *
         * @param used whether the machine has it
         */
        public static Device of(String label, CharacterBackend backend, boolean used) {
            return new Device(
                    label,
                    backend.kind(),
                    backend::filename,
                    () -> used,
                    backend.hangsUp() ? backend::hangUp : null,
                    used,
                    backend::close,
                    backend);
        }

        /** What {@code query-chardev} tells of it now. */
        String filename() {
            return place.get();
        }
    }

    /** Adds one; false when there is one with this label. */
    public synchronized boolean add(Device device) {
        return devices.putIfAbsent(device.label(), device) == null;
    }

    /** Takes one away and returns it, or null when there is none. Does not close it. */
    synchronized Device remove(String label) {
        return devices.remove(label);
    }

    /** The one with this label, or null. */
    synchronized Device find(String label) {
        return devices.get(label);
    }

    /** All of them, by label. */
    synchronized List<Device> list() {
        return List.copyOf(devices.values());
    }
}
