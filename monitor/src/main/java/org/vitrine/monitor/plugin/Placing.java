package org.vitrine.monitor.plugin;

import java.util.Arrays;
import java.util.List;
import org.vitrine.spi.OptionException;

/**
 * Where a frontend runs, and what becomes of it when it fails there.
 *
 * @param placement in the emulator's process or in one of its own
 * @param restart what follows a crash of its own process; of no account in the emulator's
 */
public record Placing(Placement placement, Restart restart) {

    /** In the emulator's process. */
    public static final Placing IN_PROCESS = new Placing(Placement.IN_PROCESS, Restart.NEVER);

    /** The words that the host takes beside a driver's options, so no driver may have them. */
    public static final List<String> HOST_WORDS = List.of("id", "placement", "restart");

    /** Where a frontend runs. */
    public enum Placement {
        IN_PROCESS("in-process"),
        OWN_PROCESS("own-process");

        private final String word;

        Placement(String word) {
            this.word = word;
        }

        /** As people and QMP write it. */
        public String word() {
            return word;
        }
    }

    /** What follows when a frontend's own process ends by a fault. */
    public enum Restart {
        NEVER("never"),
        ON_CRASH("on-crash");

        private final String word;

        Restart(String word) {
            this.word = word;
        }

        /** As people and QMP write it. */
        public String word() {
            return word;
        }
    }

    /**
     * The placing that these words name.
     *
     * @param placement null for in-process
     * @param restart null for on-crash, or for never in the emulator's process
     * @throws OptionException when one is unknown, or a restart is asked for that can't be
     */
    public static Placing of(String placement, String restart) throws OptionException {
        Placement place = Placement.IN_PROCESS;
        if (placement != null) {
            place =
                    Arrays.stream(Placement.values())
                            .filter(value -> value.word().equals(placement))
                            .findFirst()
                            .orElseThrow(() ->
                                    new OptionException(
                                            "placement is in-process or own-process, not '"
                                                    + placement
                                                    + "'"));
        }
        Restart policy = place == Placement.IN_PROCESS ? Restart.NEVER : Restart.ON_CRASH;
        if (restart != null) {
            policy =
                    Arrays.stream(Restart.values())
                            .filter(value -> value.word().equals(restart))
                            .findFirst()
                            .orElseThrow(() ->
                                    new OptionException(
                                            "restart is never or on-crash, not '" + restart + "'"));
            if (place == Placement.IN_PROCESS && policy == Restart.ON_CRASH) {
                throw new OptionException(
                        "only a frontend with placement=own-process can be restarted");
            }
        }
        return new Placing(place, policy);
    }
}
