package org.vitrine.monitor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code -machine} says of the board; later words count, as in QEMU.
 *
 * @param hpet whether it has a high precision event timer
 */
record MachineOptions(boolean hpet) {

    /** The only board, as QEMU calls its like. */
    private static final String TYPE = "pc";

    /**
     * Reads the arguments of all {@code -machine} options.
     *
     * @throws CommandLineException when one of them is wrong
     */
    static MachineOptions parse(List<String> arguments) throws CommandLineException {
        boolean hpet = false;
        for (String argument : arguments) {
            KeyValues words = KeyValues.parse("-machine", argument);
            Map<String, String> values = new HashMap<>(words.values());
            String type = words.first() == null ? values.remove("type") : words.first();
            if (type != null && !type.equals(TYPE)) {
                throw new CommandLineException("-machine: there is no '" + type + "', but pc");
            }
            String word = values.remove("hpet");
            if (word != null) {
                hpet =
                        switch (word) {
                            case "on" -> true;
                            case "off" -> false;
                            default ->
                                    throw new CommandLineException(
                                            "-machine " + argument + ": hpet is on or off");
                        };
            }
            MonitorSocket.refuseRest("-machine", argument, values, "type and hpet");
        }
        return new MachineOptions(hpet);
    }
}
