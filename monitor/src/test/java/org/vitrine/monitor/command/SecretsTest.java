package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.qmp.QmpSession;
import org.vitrine.monitor.qmp.Testbed;

/** What a client gives as a secret comes back nowhere: not in replies, events or logs. */
class SecretsTest {

    private static final String SECRET = "hunter2";

    @TempDir private static Path plugins;

    private final Logger root = (Logger) LoggerFactory.getLogger("org.vitrine");
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listenToAllThatIsLogged() {
        // Threads of the frontends log too.
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void leaveTheLogAsItWas() {
        root.setLevel(level);
        root.detachAppender(log);
    }

    @Test
    void secretsComeBackNowhere() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (Testbed testbed = new Testbed("secretive", SamplePlugin.install(plugins))) {
            QmpSession session =
                    new QmpSession(testbed.monitor().dispatcher(), Runnable::run, lines::add);
            testbed.monitor().addListener(session::event);
            session.open();
            for (String request :
                    List.of(
                            "{'execute':'qmp_capabilities'}",
                            "{'execute':'frontend-attach','arguments':{'driver':'sample','id':'s',"
                                    + "'options':{'password':'hunter2'}}}",
                            "{'execute':'frontend-attach','arguments':{'driver':'sample',"
                                    + "'options':{'password':'hunter2','port':'many'}}}",
                            "{'execute':'frontend-attach','arguments':{'driver':'sample',"
                                    + "'options':{'password':['hunter2']}}}",
                            "{'execute':'query-frontends'}",
                            "{'execute':'frontend-set','arguments':{'id':'s','options':{'password':'hunter2'}}}",
                            "{'execute':'query-frontends'}",
                            "{'execute':'set_password','arguments':{'protocol':'vnc','password':'hunter2'}}",
                            "{'execute':'change-vnc-password','arguments':{'password':'hunter2'}}",
                            "{'execute':'human-monitor-command','arguments':{'command-line':"
                                    + "'set_password vnc hunter2'}}",
                            "{'execute':'human-monitor-command','arguments':{'command-line':"
                                    + "'frontend set s password=hunter2'}}",
                            "{'execute':'frontend-detach','arguments':{'id':'s'}}")) {
                byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
                session.receive(bytes, 0, bytes.length);
            }
        }
        assertTrue(
                lines.stream().anyMatch(line -> line.contains("FRONTEND_ATTACHED")),
                () -> "" + lines);
        assertTrue(
                lines.stream().anyMatch(line -> line.contains("FRONTEND_DETACHED")),
                () -> "" + lines);
        assertFalse(log.list.isEmpty());
        for (String line : lines) {
            assertFalse(line.contains(SECRET), line);
        }
        for (ILoggingEvent event : log.list) {
            String said = event.getLoggerName() + " " + event.getFormattedMessage();
            assertFalse(said.contains(SECRET), said);
            if (event.getThrowableProxy() != null) {
                assertFalse(("" + event.getThrowableProxy().getMessage()).contains(SECRET), said);
            }
        }
    }
}
