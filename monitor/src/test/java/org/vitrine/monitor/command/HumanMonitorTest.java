package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.monitor.qmp.Testbed;

@Timeout(60)
class HumanMonitorTest {

    @TempDir private static Path plugins;

    private final Testbed testbed = new Testbed("people", SamplePlugin.install(plugins));
    private final HumanMonitor human = new HumanMonitor(CommandTable.standard(), testbed.monitor());

    @AfterEach
    void endMachine() {
        testbed.close();
    }

    private String say(String line) throws HumanMonitor.LineException {
        return human.execute(line);
    }

    private String refusal(String line) {
        return assertThrows(HumanMonitor.LineException.class, () -> say(line)).getMessage();
    }

    @Test
    void theMachineCanBeRunAndStopped() throws Exception {
        assertEquals("VM status: paused (prelaunch)\n", say("info status"));
        assertEquals("", say("cont"));
        assertEquals("VM status: running\n", say("  info   status "));
        assertEquals("", say("stop"));
        assertEquals("VM status: paused\n", say("info status"));
        assertEquals("people\n", say("info name"));
        assertEquals("Vitrine 0.1.0 (QMP as QEMU 7.2)\n", say("info version"));
    }

    @Test
    void frontendsComeAndGo() throws Exception {
        assertEquals("no frontend is attached\n", say("info frontends"));
        assertEquals("sample0: sample://127.0.0.1:4711\n", say("frontend attach sample port=4711"));
        assertEquals(
                "glass: sample://127.0.0.1:5000\n",
                say("frontend attach sample id=glass,port=5000 loud=on"));
        assertEquals(
                """
                Id Driver Placement State Pid Clients Where
                glass sample in-process running %1$d 0 sample://127.0.0.1:5000
                sample0 sample in-process running %1$d 0 sample://127.0.0.1:4711
                """
                        .formatted(ProcessHandle.current().pid()),
                say("frontend list").replaceAll(" +", " "));
        assertEquals("", say("frontend set glass port=0x10"));
        assertEquals("", say("frontend detach sample0"));
        assertTrue(say("info frontends").contains("sample://127.0.0.1:16\n"));
    }

    @Test
    void driversAreListedWithTheirOptions() throws Exception {
        assertEquals(
                """
                sample 1.0: a frontend for tests
                  Option    Type       Default  What it is for
                  port      integer    1        a number
                  loud      boolean    off      how it is
                  colour    red|green  red      one of two
                  password  string     -        what nobody may see
                """,
                say("info frontend-providers"));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertEquals("unknown command: 'nope'", refusal("nope at all"));
        assertEquals("Error: Frontend 'vnc0' not found", refusal("frontend detach vnc0"));
        assertEquals("Error: unknown key: 'delet'", refusal("sendkey ctrl-alt-delet"));
        assertEquals(
                "usage: sendkey KEYS [HOLD-MS] -- press keys together, as sendkey ctrl-alt-delete",
                refusal("sendkey"));
        assertEquals(
                "Error: sample: option 'port' takes a number from 0 to 65535, not 'x'",
                refusal("frontend attach sample port=x"));
        assertEquals(
                "Error: an option is NAME=VALUE, not 'port'",
                refusal("frontend attach sample port"));
        assertEquals("a quote is not closed", refusal("screendump \"x"));
        assertTrue(
                refusal("frontend")
                        .startsWith("'frontend' needs one more word: frontend attach, "));
    }

    @Test
    void keysCanBeNamedOrNumbered() throws Exception {
        assertEquals("", say("sendkey ctrl-alt-delete"));
        assertEquals("", say("sendkey 0x1e 1"));
    }

    @Test
    void picturesGoToFiles(@TempDir Path folder) throws Exception {
        say("cont");
        testbed.awaitPicture();
        assertEquals("", say("screendump '" + folder + "/a picture.PNG'"));
        assertEquals("", say("screendump " + folder + "/b"));
        byte[] png = Files.readAllBytes(folder.resolve("a picture.PNG"));
        assertEquals("\u0089PNG", new String(png, 0, 4, StandardCharsets.ISO_8859_1));
        assertTrue(
                Files.readString(folder.resolve("b"), StandardCharsets.ISO_8859_1)
                        .startsWith("P6\n"));
    }

    @Test
    void rawRequestsPass() throws Exception {
        assertEquals("{\n  \"name\": \"people\"\n}\n", say("qmp {\"execute\": \"query-name\"}"));
        assertEquals(
                "Error: The command nope has not been found",
                refusal("qmp {\"execute\": \"nope\"}"));
        assertTrue(refusal("qmp 1").startsWith("usage: qmp"));
    }

    @Test
    void helpTellsOfEverythingOrOfOneThing() throws Exception {
        String all = say("help");
        for (HumanForm form : CommandTable.standard().humanForms()) {
            assertTrue(all.contains(form.usage()), form.usage());
        }
        assertEquals(
                "Command             What it does\nfrontend detach ID  detach a frontend\n",
                say("help frontend detach"));
    }

    @Test
    void wordsMayBeQuoted() throws Exception {
        assertEquals(
                List.of("a b", "c\"d", "e\\f", ""),
                LineWords.of("'a b' c\\\"d  'e\\f' \"\"").texts());
    }
}
