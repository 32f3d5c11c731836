package org.vitrine.monitor;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.chardev.SocketBackend;

/**
 * A socket of the monitor, as the command line asks for it: {@code -monitor}, {@code -qmp}, {@code
 * -qmp-pretty}, or a {@code -chardev socket} with a {@code -mon} that names it.
 *
 * @param label the character device's id
 * @param server whether it listens; else it connects to somebody who does
 * @param awaitsClient whether the start waits for the first client
 * @param pretty whether QMP's messages are written over several lines
 * @param human whether it speaks the human monitor's language instead of QMP
 */
record MonitorSocket(
        String label,
        SocketAddress address,
        boolean server,
        boolean awaitsClient,
        boolean pretty,
        boolean human) {

    /** The id of the character device that this argument of {@code -mon} names, or null. */
    static String chardevOf(String mon) throws CommandLineException {
        KeyValues words = KeyValues.parse("-mon", mon);
        return words.first() != null ? words.first() : words.values().get("chardev");
    }

    /**
     * The sockets that these options ask for.
     *
     * @param monitors arguments of {@code -monitor} that are addresses
     * @param chardevs arguments of {@code -chardev} that an argument of {@code -mon} names
     * @throws CommandLineException when one of them is wrong
     */
    static List<MonitorSocket> parse(
            List<String> monitors,
            List<String> qmp,
            List<String> qmpPretty,
            List<String> chardevs,
            List<String> mons)
            throws CommandLineException {
        List<MonitorSocket> sockets = new ArrayList<>();
        for (String argument : monitors) {
            sockets.add(monitor("-monitor", argument, sockets.size(), false, true));
        }
        for (String argument : qmp) {
            sockets.add(monitor("-qmp", argument, sockets.size(), false, false));
        }
        for (String argument : qmpPretty) {
            sockets.add(monitor("-qmp-pretty", argument, sockets.size(), true, false));
        }
        Map<String, MonitorSocket> byId = new LinkedHashMap<>();
        for (String argument : chardevs) {
            MonitorSocket socket = chardev(argument);
            if (byId.put(socket.label(), socket) != null) {
                throw new CommandLineException(
                        "-chardev " + argument + ": id '" + socket.label() + "' is given twice");
            }
        }
        for (String argument : mons) {
            sockets.add(mon(argument, byId));
        }
        return List.copyOf(sockets);
    }

    /**
     * {@code -qmp} and {@code -monitor}: listens, and does not wait, unless it is told otherwise.
     */
    private static MonitorSocket monitor(
            String option, String argument, int number, boolean pretty, boolean human)
            throws CommandLineException {
        KeyValues words = KeyValues.parse(option, argument);
        Map<String, String> values = new HashMap<>(words.values());
        boolean server = onOff(option, argument, values, "server", true);
        boolean wait = waits(option, argument, values, false);
        refuseRest(option, argument, values, "server and wait");
        return new MonitorSocket(
                "compat_monitor" + number,
                SocketAddressSpec.parse(option, words.first() == null ? argument : words.first()),
                server,
                server && wait,
                pretty,
                human);
    }

    /**
     * {@code -chardev socket,...}: QEMU's defaults, so it connects unless server=on stands there.
     */
    private static MonitorSocket chardev(String argument) throws CommandLineException {
        KeyValues words = KeyValues.parse("-chardev", argument);
        Map<String, String> values = new HashMap<>(words.values());
        String kind = words.first() == null ? values.remove("backend") : words.first();
        if (!"socket".equals(kind)) {
            throw new CommandLineException(
                    "-chardev " + argument + ": the back end is socket, not '" + kind + "'");
        }
        String id = values.remove("id");
        if (id == null || id.isEmpty()) {
            throw new CommandLineException("-chardev " + argument + ": no id is given");
        }
        boolean server = onOff("-chardev", argument, values, "server", false);
        boolean wait = waits("-chardev", argument, values, server);
        String place = place(argument, values);
        refuseRest("-chardev", argument, values, "id, path, host, port, server and wait");
        return new MonitorSocket(
                id,
                SocketAddressSpec.parse("-chardev", place),
                server,
                server && wait,
                false,
                false);
    }

    /** Takes what a {@code -chardev socket} says of its address, in {@code -qmp}'s form. */
    static String place(String argument, Map<String, String> values) throws CommandLineException {
        String path = values.remove("path");
        String host = values.remove("host");
        String port = values.remove("port");
        if ((path == null) == (port == null)) {
            throw new CommandLineException(
                    "-chardev " + argument + ": a socket has either a path, or a host and a port");
        }
        return path != null ? "unix:" + path : "tcp:" + (host == null ? "" : host) + ":" + port;
    }

    private static MonitorSocket mon(String argument, Map<String, MonitorSocket> byId)
            throws CommandLineException {
        KeyValues words = KeyValues.parse("-mon", argument);
        Map<String, String> values = new HashMap<>(words.values());
        String id = words.first() != null ? words.first() : values.remove("chardev");
        if (id == null) {
            throw new CommandLineException("-mon " + argument + ": no chardev is given");
        }
        String mode = values.getOrDefault("mode", "readline");
        values.remove("mode");
        boolean pretty = onOff("-mon", argument, values, "pretty", false);
        refuseRest("-mon", argument, values, "chardev, mode and pretty");
        if (!mode.equals("control") && !mode.equals("readline")) {
            throw new CommandLineException(
                    "-mon " + argument + ": mode is control or readline, not '" + mode + "'");
        }
        MonitorSocket socket = byId.remove(id);
        if (socket == null) {
            throw new CommandLineException(
                    "-mon " + argument + ": there is no chardev '" + id + "' that is free");
        }
        return new MonitorSocket(
                id,
                socket.address(),
                socket.server(),
                socket.awaitsClient(),
                pretty,
                mode.equals("readline"));
    }

    static boolean waits(String option, String argument, Map<String, String> values, boolean preset)
            throws CommandLineException {
        boolean noWait = onOff(option, argument, values, "nowait", !preset);
        return onOff(option, argument, values, "wait", !noWait);
    }

    static boolean onOff(
            String option, String argument, Map<String, String> values, String name, boolean preset)
            throws CommandLineException {
        String value = values.remove(name);
        if (value == null) {
            return preset;
        }
        return switch (value) {
            case "on", "yes", "" -> true;
            case "off", "no" -> false;
            default ->
                    throw new CommandLineException(
                            option
                                    + " "
                                    + argument
                                    + ": '"
                                    + name
                                    + "' is on or off, not '"
                                    + value
                                    + "'");
        };
    }

    static void refuseRest(String option, String argument, Map<String, String> values, String known)
            throws CommandLineException {
        for (Map.Entry<String, String> left : values.entrySet()) {
            throw new CommandLineException(
                    option
                            + " "
                            + argument
                            + ": '"
                            + left.getKey()
                            + "="
                            + left.getValue()
                            + "' is not understood; there are "
                            + known);
        }
    }

    /** As QEMU writes it: {@code unix:/tmp/q,server=on}, after the word disconnected or not. */
    String filename(boolean connected) {
        return (connected ? "" : "disconnected:")
                + SocketBackend.place(address)
                + (server ? ",server=on" : "");
    }

    /** Whether others than this host's users may reach it. */
    boolean isExposed() {
        return server
                && address instanceof InetSocketAddress tcp
                && (tcp.getAddress() == null || !tcp.getAddress().isLoopbackAddress());
    }
}
