package org.vitrine.frontend.rdp;

import org.vitrine.spi.testkit.FrontendSuite;
import org.vitrine.spi.testkit.Placement;

class RdpStubSuiteTest extends FrontendSuite {

    RdpStubSuiteTest(Placement placement) {
        super(placement, new RdpStubProvider());
    }
}
