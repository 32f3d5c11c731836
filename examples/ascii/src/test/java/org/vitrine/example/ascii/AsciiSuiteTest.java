package org.vitrine.example.ascii;

import java.io.IOException;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.testkit.FrontendSuite;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TerminalViewer;
import org.vitrine.spi.testkit.Viewer;

class AsciiSuiteTest extends FrontendSuite {

    AsciiSuiteTest(Placement placement) {
        super(placement, new AsciiProvider());
    }

    @Override
    protected Viewer view(Frontend frontend) throws IOException {
        return new TerminalViewer(frontend.status().endpoints().getFirst().port());
    }
}
