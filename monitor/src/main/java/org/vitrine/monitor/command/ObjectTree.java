package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.machine.Machine;

/**
 * The machine as a tree of typed objects, in QEMU's places: {@code /machine/unattached} holds the
 * CPU and the devices, {@code /chardevs} the character devices.
 *
 * <p>Devices are the machine's {@link Chip}s. Made anew for each question; immutable.
 */
final class ObjectTree {

    /** The kind of machine. */
    static final String MACHINE = "vitrine-pc";

    private static final String CONTAINER = "container";

    /** Every type that an object may have with what it extends; null for the root of all. */
    private final Map<String, Type> types = new LinkedHashMap<>();

    private final Node root;

    /**
     * A type of objects.
     *
     * @param parent what it extends, or null
     * @param isAbstract whether there are objects of its subtypes alone
     */
    record Type(String name, String parent, boolean isAbstract) {}

    /**
     * An object.
     *
     * @param properties its values by name, without its type and its children
     */
    record Node(
            String path, String type, Map<String, Object> properties, Map<String, Node> children) {

        private static Node of(String path, String type) {
            return new Node(path, type, new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        private Node add(String name, String type) {
            Node child = of((path.equals("/") ? "" : path) + "/" + name, type);
            children.put(name, child);
            return child;
        }
    }

    ObjectTree(Machine machine, List<CharacterDevices.Device> characterDevices) {
        for (Type type :
                List.of(
                        new Type("object", null, true),
                        new Type(CONTAINER, "object", false),
                        new Type("machine", "object", true),
                        new Type(MACHINE + "-machine", "machine", false),
                        new Type("device", "object", true),
                        new Type("cpu", "device", true),
                        new Type("chardev", "object", true))) {
            types.put(type.name(), type);
        }
        root = Node.of("/", CONTAINER);
        Node pc = root.add("machine", MACHINE + "-machine");
        pc.properties().put("memory-size", machine.config().memorySize());
        pc.add("peripheral", CONTAINER);
        pc.add("peripheral-anon", CONTAINER);
        Node unattached = pc.add("unattached", CONTAINER);
        addDevice(unattached, "device[0]", new Type(cpuType(machine.config().cpu()), "cpu", false));
        for (Chip chip : machine.call(() -> Chip.of(machine.pc()))) {
            Type type = new Type("vitrine-" + chip.name().replaceAll("\\W+", "-"), "device", false);
            if (chip.name().equals("rtc")) {
                // It has a name of its own, which RTC_CHANGE tells.
                addDevice(pc, "rtc", type);
            } else {
                addDevice(unattached, "device[" + unattached.children().size() + "]", type);
            }
        }
        Node chardevs = root.add("chardevs", CONTAINER);
        for (CharacterDevices.Device device : characterDevices) {
            String type = "chardev-" + device.kind();
            types.put(type, new Type(type, "chardev", false));
            chardevs.add(device.label(), type).properties().put("filename", device.filename());
        }
        root.add("objects", CONTAINER);
    }

    /** The type of CPUs of this model. */
    static String cpuType(CpuModel model) {
        return model.name() + "-i386-cpu";
    }

    private void addDevice(Node parent, String name, Type type) {
        types.put(type.name(), type);
        parent.add(name, type.name()).properties().put("realized", true);
    }

    /**
     * The object at this path, or null. A path without a slash at its beginning begins at any
     * object that makes it right, the outermost first.
     */
    Node find(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/")));
        names.removeIf(String::isEmpty);
        return path.startsWith("/") ? walk(root, names) : search(root, names);
    }

    private static Node walk(Node from, List<String> names) {
        Node at = from;
        for (String name : names) {
            at = at == null ? null : at.children().get(name);
        }
        return at;
    }

    private static Node search(Node from, List<String> names) {
        Node found = names.isEmpty() ? null : walk(from, names);
        for (Node child : from.children().values()) {
            found = found != null ? found : search(child, names);
        }
        return found;
    }

    /** The type with this name, or null. */
    Type type(String name) {
        return types.get(name);
    }

    List<Type> types() {
        return List.copyOf(types.values());
    }

    /** Whether a type is this one or extends it. */
    boolean isA(Type type, String wanted) {
        for (Type at = type; at != null; at = at.parent() == null ? null : types.get(at.parent())) {
            if (at.name().equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
