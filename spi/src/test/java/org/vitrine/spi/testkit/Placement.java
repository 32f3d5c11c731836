package org.vitrine.spi.testkit;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Where the frontends of a test run. The tests of a class with {@link InEachPlacement} run once in
 * each placement that there is: in those that {@link ServiceLoader} finds on the class path, and
 * where it finds none {@link #IN_PROCESS}.
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

    /** The placements that there are. */
    static List<Placement> all() {
        List<Placement> found =
                ServiceLoader.load(Placement.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return found.isEmpty() ? List.of(IN_PROCESS) : found;
    }
}
