package org.vitrine.monitor.plugin;

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
    public enum Placement implements Worded {
        IN_PROCESS,
        OWN_PROCESS
    }

    /** What follows when a frontend's own process ends by a fault. */
    public enum Restart implements Worded {
        NEVER,
        ON_CRASH
    }

    /**
     * The placing that these words name.
     *
     * @param placement null for in-process
     * @param restart null for on-crash, or for never in the emulator's process
     * @throws OptionException when one is unknown, or a restart is asked for that can't be
     */
    public static Placing of(String placement, String restart) throws OptionException {
        Placement place =
                placement == null ? Placement.IN_PROCESS : Worded.of(Placement.values(), placement);
        if (place == null) {
            throw new OptionException(
                    "placement is in-process or own-process, not '" + placement + "'");
        }
        Restart policy = place == Placement.IN_PROCESS ? Restart.NEVER : Restart.ON_CRASH;
        if (restart != null) {
            policy = Worded.of(Restart.values(), restart);
            if (policy == null) {
                throw new OptionException("restart is never or on-crash, not '" + restart + "'");
            }
            if (place == Placement.IN_PROCESS && policy == Restart.ON_CRASH) {
                throw new OptionException(
                        "only a frontend with placement=own-process can be restarted");
            }
        }
        return new Placing(place, policy);
    }
}
