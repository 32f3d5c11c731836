package org.vitrine.spi.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the frontends of a test run. The tests of a class with {@link InEachPlacement} run once in
 * each placement that there is: {@link #IN_PROCESS}, and in a process of its own where a built
 * Vitrine is named, see {@link Distribution}. The system property {@code vitrine.placement} may
 * name one of them, {@code in-process} or {@code own-process}, which then is the only one.
 */
public interface Placement {

    /** Frontends run in the test's own process. */
    Placement IN_PROCESS =
            new Placement() {
                @Override
                public TestHost newHost() {
                    return new InProcessHost();
                }

                @Override
                public String toString() {
                    return "in-process";
                }
            };

    /** A host with an empty screen; the test closes it. */
    TestHost newHost();

    /**
     * The placements that there are.
     *
     * @throws IllegalStateException when the one that is asked for is not there
     */
    static List<Placement> all() {
        List<Placement> all = new ArrayList<>(List.of(IN_PROCESS));
        Distribution.home().ifPresent(home -> all.add(Distribution.placement(home)));
        String only = System.getProperty("vitrine.placement");
        if (only != null) {
            all.removeIf(placement -> !placement.toString().equals(only));
        }
        if (all.isEmpty()) {
            throw new IllegalStateException(
                    "there is no placement '"
                            + only
                            + "'; own-process needs a built Vitrine, named by the system property "
                            + Distribution.PROPERTY
                            + " or by "
                            + Distribution.VARIABLE);
        }
        return all;
    }
}
