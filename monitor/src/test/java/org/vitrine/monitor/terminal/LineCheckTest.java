package org.vitrine.monitor.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.SamplePlugin;
import org.vitrine.monitor.qmp.Testbed;

@Timeout(60)
class LineCheckTest {

    @TempDir private static Path plugins;

    private final Testbed testbed = new Testbed("checked", SamplePlugin.install(plugins));

    @AfterEach
    void endMachine() {
        testbed.close();
    }

    private LineCheck.Result check(String line) {
        return LineCheck.of(
                new HumanMonitor(CommandTable.standard(), testbed.monitor()),
                new Vocabulary(testbed.monitor()),
                line);
    }

    private String fault(String line) {
        return check(line).fault();
    }

    private void assertRight(String line) {
        assertNull(fault(line), line);
    }

    /** The parts of a line, each in brackets with its style's first letter. */
    private String marked(String line) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (LineCheck.Mark mark : check(line).marks()) {
            text.append(line, at, mark.start()).append('[');
            text.append(mark.style().name().charAt(0)).append(' ');
            text.append(line, mark.start(), mark.end()).append(']');
            at = mark.end();
        }
        return text + line.substring(at);
    }

    @Test
    void wordThatMayBecomeRightIsNotWrong() {
        for (String line :
                new String[] {
                    "",
                    " ",
                    "i",
                    "info",
                    "info ",
                    "info st",
                    "info status",
                    "info status ",
                    "st",
                    "qm",
                    "hel",
                    "help info re",
                    "sendkey ctrl-al",
                    "sendkey ctrl-",
                    "x/",
                    "x/4",
                    "x/4i",
                    "x/4i $",
                    "x/4i $e",
                    "x/4i $eip+",
                    "x/4i ($eip",
                    "print 0x",
                    "print 'a",
                    "print -",
                    "frontend attach s",
                    "frontend attach sample po",
                    "frontend attach sample port=",
                    "frontend attach sample loud=o",
                    "frontend attach sample id=x,colour=g",
                    "frontend attach sample placement=in-process",
                    "memsave 0x",
                    "log de",
                    "mouse_move -",
                    "breakpoint delete al",
                    "# nonsense",
                    "qmp {"
                }) {
            assertRight(line);
        }
    }

    @Test
    void whatCanNotBecomeRightIsSaidToBeWrong() {
        assertEquals("there is no command 'nope'", fault("nope"));
        assertEquals("there is no command 'st'", fault("st "));
        assertEquals("there is no command 'info nope'", fault("info nope"));
        assertEquals("'stop' takes no more words", fault("stop it"));
        assertEquals("there is no key 'delet'", fault("sendkey ctrl-delet "));
        assertEquals("there is no key 'foo'", fault("sendkey foo-"));
        assertEquals("'x1' is no number", fault("memsave x1"));
        assertEquals("there is no register $rax", fault("print $rax"));
        assertEquals("'5x' is no number; a register is $5x", fault("print 5x+1"));
        assertTrue(fault("x/4z").startsWith("there is no format '/4z'"));
        assertEquals("there is no frontend driver 'vcn'", fault("frontend attach vcn "));
        assertEquals("there is no option 'prot'", fault("frontend attach sample prot=1"));
        assertEquals("it is red, green", fault("frontend attach sample colour=blue"));
        assertEquals("it is on or off", fault("frontend attach sample loud=very"));
        assertEquals("'many' is no number", fault("frontend attach sample port=many"));
        assertEquals("there is no frontend 'vnc0'", fault("frontend detach vnc0"));
        assertEquals("there is no plugin 'vcn'", fault("plugin reload vcn "));
        assertEquals("there is no breakpoint 3", fault("breakpoint delete 3"));
        assertEquals("it is off, error, warn, info, debug, trace", fault("log loud"));
    }

    @Test
    void partsOfALineAreTold() {
        assertEquals("[C info] [C status]", marked("info status"));
        assertEquals("  [C x][O /4i] [O $pc]+5", marked("  x/4i $pc+5"));
        assertEquals(
                "[C frontend] [C attach] [O sample] [O port]=1,[W pro]=",
                marked("frontend attach sample port=1,pro="));
        assertEquals("[W nope] x", marked("nope x"));
    }

    @Test
    void secretsAreFoundWhereverTheyStand() throws Exception {
        assertEquals(
                "[C frontend] [C attach] [O sample] [O password]=[S x,y],[O port]=1",
                marked("frontend attach sample password=x,y,port=1")
                        .replace("[S x],[W y]", "[S x,y]"));
        testbed.frontends().attach("sample", "glass", Map.of());
        assertTrue(check("frontend set glass password=abc").hasSecret());
        assertTrue(
                check("qmp {\"execute\":\"change-vnc-password\",\"arguments\":{\"password\": \"abc")
                        .hasSecret());
        assertFalse(check("frontend set glass loud=on").hasSecret());
    }

    @Test
    void tipSaysWhatMayFollow() {
        assertEquals("FILE [FORMAT]", check("screendump ").tip());
        assertEquals("[FORMAT]", check("screendump x.png").tip());
        assertEquals("ump FILE [FORMAT]", check("screend").tip());
        assertEquals("attach|detach|help|list|set", check("frontend ").tip());
        assertEquals("NAME=VALUE...", check("frontend set glass ").tip());
        assertEquals("", check("stop").tip());
    }
}
