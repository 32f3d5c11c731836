package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.vitrine.frontend.mjpeg.codec.InputLines;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.testkit.RecordingContext;
import org.vitrine.spi.testkit.TestHost;

@Timeout(240)
class PagesTest {

    /** A host that takes its time when it hears of somebody who came. */
    private static final class SlowHost implements FrontendContext {

        private final FrontendContext host = new RecordingContext(new ScriptedDisplay());
        private final CountDownLatch hearing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void clientConnected(FrontendStatus.Client client) {
            hearing.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            heard.add("connected " + client.address());
        }

        @Override
        public void clientDisconnected(FrontendStatus.Client client, String reason) {
            heard.add("disconnected " + client.address());
        }

        @Override
        public String id() {
            return host.id();
        }

        @Override
        public String machineName() {
            return host.machineName();
        }

        @Override
        public Display display() {
            return host.display();
        }

        @Override
        public InputPort openInput(String client) {
            return host.openInput(client);
        }

        @Override
        public ThreadFactory threads() {
            return host.threads();
        }

        @Override
        public Logger logger() {
            return host.logger();
        }
    }

    @Test
    void theHostHearsThatAPageCameBeforeItHearsThatItHasGone() throws Exception {
        SlowHost host = new SlowHost();
        Pages pages = new Pages(host, new Counters(), TestHost.PATIENCE);
        List<InputLines.Command> move =
                List.of(new InputLines.Command.Send(List.of(new InputEvent.RelativeMove(1, 1))));
        Thread typing = Thread.ofPlatform().start(() -> pages.perform("page", "127.0.0.1:1", move));
        assertTrue(host.hearing.await(TestHost.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        pages.leave("page", "gone");
        host.goOn.countDown();
        assertTrue(typing.join(TestHost.PATIENCE));
        assertEquals("connected 127.0.0.1:1", host.heard.poll());
        assertEquals("disconnected 127.0.0.1:1", host.heard.poll());
    }
}
