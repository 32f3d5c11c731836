package org.vitrine.spi.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;
import org.vitrine.spi.Frontend;

/** Whether the suite finds what is wrong, and nothing else. */
class FrontendSuiteTest {

    /** A suite as authors write it. */
    abstract static class TerminalSuite extends FrontendSuite {

        TerminalSuite(Placement placement, WaywardProvider.Fault fault) {
            super(placement, new WaywardProvider(fault));
        }

        @Override
        protected Viewer view(Frontend frontend) throws IOException {
            return new TerminalViewer(frontend.status().endpoints().getFirst().port());
        }
    }

    static class Faultless extends TerminalSuite {
        Faultless(Placement placement) {
            super(placement, WaywardProvider.Fault.NONE);
        }
    }

    static class Wordy extends TerminalSuite {
        Wordy(Placement placement) {
            super(placement, WaywardProvider.Fault.DESCRIBES_ITSELF_AT_LENGTH);
        }
    }

    static class Stubborn extends TerminalSuite {
        Stubborn(Placement placement) {
            super(placement, WaywardProvider.Fault.TAKES_ANY_PORT);
        }
    }

    static class Tearing extends TerminalSuite {
        Tearing(Placement placement) {
            super(placement, WaywardProvider.Fault.MIXES_FRAMES);
        }
    }

    /** The names of the tests that did not succeed. */
    private static Set<String> failures(Class<? extends FrontendSuite> suite) {
        Set<String> failed = new TreeSet<>();
        Set<String> run = new TreeSet<>();
        LauncherFactory.create()
                .execute(
                        request().selectors(selectClass(suite)).build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                if (test.getSource().orElse(null) instanceof MethodSource method) {
                                    run.add(method.getMethodName());
                                    if (result.getStatus()
                                            != TestExecutionResult.Status.SUCCESSFUL) {
                                        failed.add(method.getMethodName());
                                    }
                                }
                            }
                        });
        assertEquals(9, run.size(), () -> "only these were run: " + run);
        return failed;
    }

    @Test
    void aFrontendWithoutFaultPasses() {
        assertEquals(Set.of(), failures(Faultless.class));
    }

    @Test
    void aDescriptionOfTwoLinesIsFound() {
        assertEquals(Set.of("theProviderSaysWhatItIs"), failures(Wordy.class));
    }

    @Test
    void aPortThatWasNotAskedForIsFound() {
        assertEquals(Set.of("aPortInUseIsRefusedAndNothingIsLeft"), failures(Stubborn.class));
    }

    @Test
    void framesThatAreMixedAreFound() {
        assertEquals(Set.of("aViewerNeverSeesHalfAFrame"), failures(Tearing.class));
    }
}
