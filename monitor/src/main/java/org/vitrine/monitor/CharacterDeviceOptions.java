package org.vitrine.monitor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.vitrine.core.machine.Peripherals;
import org.vitrine.monitor.chardev.CharacterPlace;
import org.vitrine.monitor.chardev.RingBuffer;

/**
 * The character devices that the command line asks for with {@code -serial}, {@code -parallel} and
 * those {@code -chardev} that no {@code -mon} has.
 *
 * @param places where each leads to, by its label
 * @param serial the labels of those that serial ports have, by the port's number
 * @param parallel the label of the one that the parallel port has
 */
record CharacterDeviceOptions(
        Map<String, CharacterPlace> places,
        Map<Integer, String> serial,
        Optional<String> parallel) {

    private static final String PLACES =
            "stdio, none, null, pty, file:PATH, unix:PATH, tcp:HOST:PORT or chardev:ID";

    /**
     * Reads them.
     *
     * @param chardevs the arguments of {@code -chardev} that no {@code -mon} names
     * @throws CommandLineException when one of them is wrong
     */
    static CharacterDeviceOptions parse(
            List<String> serials, List<String> parallels, List<String> chardevs)
            throws CommandLineException {
        Map<String, CharacterPlace> places = new LinkedHashMap<>();
        for (String argument : chardevs) {
            KeyValues words = KeyValues.parse("-chardev", argument);
            String id = words.values().get("id");
            if (id == null || id.isEmpty()) {
                throw new CommandLineException("-chardev " + argument + ": no id is given");
            }
            if (places.put(id, chardev(argument, words)) != null) {
                throw new CommandLineException(
                        "-chardev " + argument + ": id '" + id + "' is given twice");
            }
        }
        Set<String> taken = new HashSet<>();
        Map<Integer, String> serial = new TreeMap<>();
        List<String> ports = serials.isEmpty() ? List.of("null") : serials;
        for (int i = 0; i < ports.size(); i++) {
            Optional<String> label = port("-serial", ports.get(i), "serial" + i, places, taken);
            if (label.isPresent()) {
                serial.put(i, label.get());
            }
        }
        if (serials.size() > Peripherals.SERIAL_PORTS) {
            throw new CommandLineException(
                    "-serial may be given "
                            + Peripherals.SERIAL_PORTS
                            + " times, for COM1 to COM4");
        }
        if (parallels.size() > 1) {
            throw new CommandLineException("-parallel may be given once, for LPT1");
        }
        String printer = parallels.isEmpty() ? "null" : parallels.getFirst();
        Optional<String> parallel = port("-parallel", printer, "parallel0", places, taken);
        checkStandardStreams(places);
        return new CharacterDeviceOptions(places, serial, parallel);
    }

    private static void checkStandardStreams(Map<String, CharacterPlace> places)
            throws CommandLineException {
        List<String> users =
                places.entrySet().stream()
                        .filter(each -> each.getValue() instanceof CharacterPlace.StandardStreams)
                        .map(Map.Entry::getKey)
                        .toList();
        if (users.size() > 1) {
            throw new CommandLineException(
                    "stdio has one user alone, not " + String.join(" and ", users));
        }
    }

    /** Whether standard input and output are one of these devices, so not the monitor's. */
    boolean usesStandardStreams() {
        return places.values().stream().anyMatch(CharacterPlace.StandardStreams.class::isInstance);
    }

    /** The label of what a port leads to; empty when there is to be no such port. */
    private static Optional<String> port(
            String option,
            String argument,
            String label,
            Map<String, CharacterPlace> places,
            Set<String> taken)
            throws CommandLineException {
        if (argument.equals("none")) {
            return Optional.empty();
        }
        if (argument.startsWith("chardev:")) {
            String id = argument.substring("chardev:".length());
            if (!places.containsKey(id)) {
                throw new CommandLineException(
                        option
                                + " "
                                + argument
                                + ": there is no -chardev with the id '"
                                + id
                                + "'");
            }
            if (!taken.add(id)) {
                throw new CommandLineException(
                        option + " " + argument + ": another port has '" + id + "'");
            }
            return Optional.of(id);
        }
        if (places.put(label, place(option, argument)) != null) {
            throw new CommandLineException(
                    option + " " + argument + ": a -chardev has the port's id '" + label + "'");
        }
        taken.add(label);
        return Optional.of(label);
    }

    private static CharacterPlace place(String option, String argument)
            throws CommandLineException {
        if (argument.startsWith("tcp:") || argument.startsWith("unix:")) {
            KeyValues words = KeyValues.parse(option, argument);
            Map<String, String> values = new HashMap<>(words.values());
            CharacterPlace.Socket socket = socket(option, argument, words.first(), values);
            MonitorSocket.refuseRest(option, argument, values, "server, wait and reconnect");
            return socket;
        }
        if (argument.startsWith("file:") && argument.length() > "file:".length()) {
            return new CharacterPlace.WrittenFile(argument.substring("file:".length()), false);
        }
        return switch (argument) {
            case "null", "vc" -> new CharacterPlace.Nobody();
            case "stdio" -> new CharacterPlace.StandardStreams();
            case "pty" -> new CharacterPlace.NewTerminal();
            default ->
                    throw new CommandLineException(
                            option + " takes " + PLACES + ", not '" + argument + "'");
        };
    }

    private static CharacterPlace chardev(String argument, KeyValues words)
            throws CommandLineException {
        Map<String, String> values = new HashMap<>(words.values());
        values.remove("id");
        String kind = words.first() == null ? values.remove("backend") : words.first();
        String known = "id";
        CharacterPlace place;
        switch (kind == null ? "" : kind) {
            case "null" -> place = new CharacterPlace.Nobody();
            case "stdio" -> place = new CharacterPlace.StandardStreams();
            case "pty", "serial" -> place = new CharacterPlace.NewTerminal();
            case "file" -> {
                String path = values.remove("path");
                if (path == null || path.isEmpty()) {
                    throw new CommandLineException("-chardev " + argument + ": no path is given");
                }
                place =
                        new CharacterPlace.WrittenFile(
                                path,
                                MonitorSocket.onOff("-chardev", argument, values, "append", false));
                known = "id, path and append";
            }
            case "ringbuf", "memory" -> {
                place = memory(argument, values.remove("size"));
                known = "id and size";
            }
            case "socket" -> {
                String address = MonitorSocket.place(argument, values);
                place = socket("-chardev", argument, address, values);
                known = "id, path, host, port, server, wait and reconnect";
            }
            default ->
                    throw new CommandLineException(
                            "-chardev "
                                    + argument
                                    + ": the back end is null, stdio, pty, file, ringbuf or socket,"
                                    + " not '"
                                    + kind
                                    + "'");
        }
        MonitorSocket.refuseRest("-chardev", argument, values, known);
        return place;
    }

    private static CharacterPlace memory(String argument, String size) throws CommandLineException {
        try {
            return new CharacterPlace.Memory(
                    size == null ? RingBuffer.DEFAULT_SIZE : Integer.parseInt(size));
        } catch (IllegalArgumentException e) {
            throw new CommandLineException(
                    "-chardev " + argument + ": size is a power of two, not '" + size + "'");
        }
    }

    private static CharacterPlace.Socket socket(
            String option, String argument, String address, Map<String, String> values)
            throws CommandLineException {
        boolean server = MonitorSocket.onOff(option, argument, values, "server", false);
        boolean wait = MonitorSocket.waits(option, argument, values, server);
        String reconnect = values.remove("reconnect");
        long seconds;
        try {
            seconds = reconnect == null ? 0 : Integer.parseInt(reconnect);
        } catch (NumberFormatException e) {
            throw new CommandLineException(
                    option
                            + " "
                            + argument
                            + ": reconnect is a number of seconds, not '"
                            + reconnect
                            + "'");
        }
        return new CharacterPlace.Socket(
                SocketAddressSpec.parse(option, address), server, server && wait, seconds);
    }
}
