package org.vitrine.core.bus;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The 65,536 I/O ports, each claimed by at most one device. A port that nobody claimed reads as all
 * ones and ignores writes, as an ISA bus does, and is named once in the log. Used by the vCPU
 * thread alone.
 */
public final class PortSpace {

    private static final Logger LOG = LoggerFactory.getLogger(PortSpace.class);
    private static final int PORTS = 0x10000;

    private final PortDevice[] devices = new PortDevice[PORTS];
    private final TreeMap<Integer, Range> ranges = new TreeMap<>();
    private final BitSet reported = new BitSet(PORTS);

    /** A labelled range of ports, for people: {@code info mtree}. */
    public record Range(int first, int count, String label) {}

    /**
     * Gives ports to a device.
     *
     * @throws IllegalStateException when one of them is taken
     */
    public void claim(int first, int count, String label, PortDevice device) {
        for (int port = first; port < first + count; port++) {
            if (devices[port] != null) {
                throw new IllegalStateException(
                        String.format(
                                "%s wants port 0x%X, which %s has",
                                label, port, ranges.floorEntry(port).getValue().label()));
            }
            devices[port] = device;
        }
        ranges.put(first, new Range(first, count, label));
    }

    /** Whether nobody has any of these ports. */
    public boolean free(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (devices[port] != null) {
                return false;
            }
        }
        return true;
    }

    /** Takes a claimed range away from its device. */
    public void release(int first) {
        Range range = ranges.remove(first);
        if (range == null) {
            throw new IllegalStateException(
                    String.format("no device has a range of ports from 0x%X", first));
        }
        for (int port = first; port < first + range.count(); port++) {
            devices[port] = null;
        }
    }

    /** The claimed ranges by first port. */
    public Map<Integer, Range> ranges() {
        return Map.copyOf(ranges);
    }

    /** The claimed ranges, those of one device together, in the order of their first ports. */
    public List<List<Range>> rangesByDevice() {
        Map<PortDevice, List<Range>> byDevice = new LinkedHashMap<>();
        for (Range range : ranges.values()) {
            byDevice.computeIfAbsent(devices[range.first()], device -> new ArrayList<>())
                    .add(range);
        }
        return List.copyOf(byDevice.values());
    }

    /** Reads {@code size} bytes: 1, 2 or 4. The result is zero-extended. */
    public int read(int port, int size) {
        PortDevice device = devices[port];
        if (size == 1) {
            return device != null ? device.readPort(port) & 0xFF : unclaimed(port, "read");
        }
        if (device != null && device.wide(port, size)) {
            int value = device.readPortWide(port, size);
            return size == 2 ? value & 0xFFFF : value;
        }
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= read(port + i & 0xFFFF, 1) << 8 * i;
        }
        return value;
    }

    /** Writes the low {@code size} bytes of a value: 1, 2 or 4. */
    public void write(int port, int size, int value) {
        PortDevice device = devices[port];
        if (size == 1) {
            if (device != null) {
                device.writePort(port, value & 0xFF);
            } else {
                unclaimed(port, "written");
            }
            return;
        }
        if (device != null && device.wide(port, size)) {
            device.writePortWide(port, size, value);
            return;
        }
        for (int i = 0; i < size; i++) {
            write(port + i & 0xFFFF, 1, value >>> 8 * i);
        }
    }

    private int unclaimed(int port, String access) {
        if (!reported.get(port)) {
            reported.set(port);
            LOG.debug(
                    "port 0x{} is {} by the guest, and no device has it",
                    Integer.toHexString(port),
                    access);
        }
        return 0xFF;
    }
}
