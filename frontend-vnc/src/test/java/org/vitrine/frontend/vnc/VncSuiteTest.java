package org.vitrine.frontend.vnc;

import java.io.IOException;
import java.util.Set;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.testkit.FrontendSuite;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.Viewer;

class VncSuiteTest extends FrontendSuite {

    private static final int KEYSYM_RETURN = 0xFF0D;

    VncSuiteTest(Placement placement) {
        super(placement, new VncProvider());
    }

    @Override
    protected Viewer view(Frontend frontend) throws IOException {
        RfbClient client = RfbClient.connect(frontend.status().endpoints().getFirst().port());
        client.setEncodings(EncodingType.ZRLE, EncodingType.RAW, EncodingType.DESKTOP_SIZE);
        return new VncViewer(client);
    }

    /** Asks for the whole screen at each look. */
    private record VncViewer(RfbClient client) implements Viewer {

        @Override
        public Set<Ability> abilities() {
            return Set.of(Ability.PICTURE, Ability.TYPES, Ability.HOLDS_KEYS);
        }

        @Override
        public Picture picture() throws Exception {
            client.request(false);
            client.update();
            return new Picture(client.width, client.height, client.screen.clone());
        }

        @Override
        public void key(KeyCode key, boolean down) throws IOException {
            client.key(key == KeyCode.RET ? KEYSYM_RETURN : key.qmpName().charAt(0), down);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
