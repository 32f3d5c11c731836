package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.frontend.mjpeg.codec.InputLines;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.testkit.RecordingContext;
import org.vitrine.spi.testkit.TestHost;

@Timeout(240)
class PagesTest {

    /** A host that takes its time when it hears of somebody who came. */
    private static final class SlowHost extends RecordingContext {

        private final CountDownLatch hearing = new CountDownLatch(1);
        private final CompletableFuture<Void> goOn = new CompletableFuture<>();

        SlowHost() {
            super(new ScriptedDisplay());
        }

        @Override
        public void clientConnected(FrontendStatus.Client client) {
            hearing.countDown();
            goOn.join();
            super.clientConnected(client);
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
        host.goOn.complete(null);
        assertTrue(typing.join(TestHost.PATIENCE));
        assertEquals("connected 127.0.0.1:1", host.nextEvent());
        assertEquals("disconnected 127.0.0.1:1", host.nextEvent());
    }
}
