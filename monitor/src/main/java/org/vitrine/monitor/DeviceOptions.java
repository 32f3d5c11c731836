package org.vitrine.monitor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrine.core.machine.Peripherals.DebugExitPort;

/** What {@code -device} adds to the machine. */
final class DeviceOptions {

    private static final int PORTS = 0x10000;

    private DeviceOptions() {}

    /**
     * The port with which the guest ends the emulator, if one is asked for.
     *
     * @throws CommandLineException when one of these arguments is wrong
     */
    static Optional<DebugExitPort> debugExit(List<String> arguments) throws CommandLineException {
        Optional<DebugExitPort> found = Optional.empty();
        for (String argument : arguments) {
            KeyValues words = KeyValues.parse("-device", argument);
            Map<String, String> values = new HashMap<>(words.values());
            String driver = words.first() == null ? values.remove("driver") : words.first();
            if ("VGA".equals(driver)) {
                continue;
            }
            if (!"isa-debug-exit".equals(driver)) {
                throw new CommandLineException(
                        "-device takes isa-debug-exit or VGA, not '" + driver + "'");
            }
            if (found.isPresent()) {
                throw new CommandLineException("-device isa-debug-exit may be given once");
            }
            // As QEMU presets them.
            int first = number(argument, "iobase", values.remove("iobase"), 0x501, PORTS - 1);
            int count = number(argument, "iosize", values.remove("iosize"), 2, 4);
            values.remove("id");
            MonitorSocket.refuseRest("-device", argument, values, "iobase and iosize");
            if (count == 0 || first + count > PORTS) {
                throw new CommandLineException(
                        "-device " + argument + ": iosize is 1 to 4, and no port is above 0xffff");
            }
            found = Optional.of(new DebugExitPort(first, count));
        }
        return found;
    }

    /**
     * The file of the VGA BIOS, or null for the usual one. The machine has one VGA, whether it is
     * named or not.
     *
     * @throws CommandLineException when one of these arguments is wrong
     */
    static String videoRom(List<String> arguments) throws CommandLineException {
        String file = null;
        boolean found = false;
        for (String argument : arguments) {
            KeyValues words = KeyValues.parse("-device", argument);
            Map<String, String> values = new HashMap<>(words.values());
            String driver = words.first() == null ? values.remove("driver") : words.first();
            if ("VGA".equals(driver)) {
                if (found) {
                    throw new CommandLineException("-device VGA may be given once");
                }
                found = true;
                file = values.remove("romfile");
                values.remove("id");
                MonitorSocket.refuseRest("-device", argument, values, "romfile");
                if ("".equals(file)) {
                    throw new CommandLineException(
                            "-device " + argument + ": romfile is the name of a file");
                }
            }
        }
        return file;
    }

    private static int number(String argument, String name, String value, int preset, int maximum)
            throws CommandLineException {
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.decode(value);
            if (number >= 0 && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with what would be right.
        }
        throw new CommandLineException(
                String.format(
                        "-device %s: %s is a number up to 0x%x, not '%s'",
                        argument, name, maximum, value));
    }
}
