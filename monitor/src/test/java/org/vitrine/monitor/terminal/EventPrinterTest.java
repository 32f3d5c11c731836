package org.vitrine.monitor.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.command.MonitorEvent;

class EventPrinterTest {

    private static final String VNC =
            "{\"client\":{\"host\":\"127.0.0.1\",\"service\":\"6000\"},\"server\":{}}";
    private static final String FRONTEND =
            "{\"id\":\"vnc0\",\"client\":{\"address\":\"127.0.0.1:6000\"}}";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final EventPrinter printer = new EventPrinter(lines::add, () -> {});

    @AfterEach
    void close() {
        printer.close();
    }

    private void tell(String name, String data) {
        JsonObject object = JsonParser.parseString(data).getAsJsonObject();
        printer.offer(new MonitorEvent(name, object, Instant.EPOCH));
    }

    /** The next line without its time. */
    private String next() throws InterruptedException {
        String line = lines.poll(60, TimeUnit.SECONDS);
        assertTrue(line != null, "no line came");
        return line.replaceFirst("^\\[[0-9:]+] ", "");
    }

    @Test
    void clientOfAVncServerComesAndGoesInTwoLines() throws InterruptedException {
        tell("VNC_CONNECTED", VNC);
        tell("VNC_INITIALIZED", VNC);
        tell("VNC_DISCONNECTED", VNC);
        tell("POWERDOWN", "{}");
        assertEquals("vnc: 127.0.0.1:6000 has connected", next());
        assertEquals("vnc: 127.0.0.1:6000 has gone", next());
        assertEquals("the power button was pressed", next());
    }

    @Test
    void clientOfAFrontendIsNotToldOfAgainForVnc() throws InterruptedException {
        tell("FRONTEND_CLIENT_CONNECTED", FRONTEND);
        tell("VNC_CONNECTED", VNC);
        tell("VNC_INITIALIZED", VNC);
        tell("POWERDOWN", "{}");
        assertEquals("vnc0: 127.0.0.1:6000 has connected", next());
        assertEquals("the power button was pressed", next());
    }

    @Test
    void aClockThatIsSetAndAnEventNobodyHasWordsForAreTold() throws InterruptedException {
        tell("RTC_CHANGE", "{\"offset\":3600,\"qom-path\":\"/machine/rtc\"}");
        tell("NEWS", "{\"what\":1}");
        assertEquals("the guest has set its clock", next());
        assertEquals("NEWS what=1", next());
    }
}
