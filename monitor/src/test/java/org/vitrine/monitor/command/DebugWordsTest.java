package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.core.machine.RunState;
import org.vitrine.monitor.qmp.Testbed;

/** Looking into a machine, stepping it, and what it is made of. */
@Timeout(240)
class DebugWordsTest {

    private final Testbed testbed = new Testbed("debugged");
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

    private void poke(long address, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        testbed.machine()
                .call(() -> {
                    testbed.machine().pc().memory().write(address, bytes, 0, bytes.length);
                    return null;
                });
    }

    private static MonitorEvent awaitEvent(BlockingQueue<MonitorEvent> events, String name)
            throws InterruptedException {
        while (true) {
            MonitorEvent event = events.poll(60, TimeUnit.SECONDS);
            assertNotNull(event, "there was no " + name);
            if (event.name().equals(name)) {
                return event;
            }
        }
    }

    @Test
    void registersReadAsInQemu() throws Exception {
        String registers = say("info registers");
        assertTrue(
                registers.startsWith(
                        "EAX=00000000 EBX=00000000 ECX=00000000 EDX=0000068a\n"
                                + "ESI=00000000 EDI=00000000 EBP=00000000 ESP=00000000\n"
                                + "EIP=0000fff0 EFL=00000002 [-------] CPL=0 A20=1 HLT=0\n"
                                + "ES =0000 00000000 0000ffff 00009300\n"
                                + "CS =f000 ffff0000 0000ffff 00009300\n"),
                registers);
        assertTrue(registers.contains("\nIDT=     00000000 0000ffff\nCR0=60000010 "), registers);
        testbed.machine()
                .call(() -> {
                    testbed.machine().pc().cpu().simd().set(1, 0x1122_3344_5566_7788L, 0xFFL);
                    testbed.machine().pc().cpu().floatingPoint().setMmx(7, 0x0123_4567_89AB_CDEFL);
                    return null;
                });
        String more = say("info registers");
        String zero = "0000000000000000";
        assertTrue(
                more.contains(
                        "\nEFER=0000000000000000\n"
                                + "FCW=0040 FSW=0000 [ST=0] FTW=ff MXCSR=00001f80\n"
                                + "FPR0=0000000000000000 0000 FPR1=0000000000000000 0000\n"),
                more);
        assertTrue(more.contains("FPR7=0123456789abcdef ffff\n"), more);
        assertTrue(
                more.contains(
                        "\nXMM00=" + zero + zero + " XMM01=112233445566778800000000000000ff\n"),
                more);
        assertEquals("0x55667788\n", say("print $xmm1.2"));
    }

    @Test
    void sumsOfRegistersArePrinted() throws Exception {
        assertEquals("0xfffffff0\n", say("print $pc"));
        assertEquals("0xfffffff0\n", say("p $cs.base + $eip"));
        assertEquals("65520\n", say("print/d $eip"));
        assertEquals("'A'\n", say("print /c 60+5"));
        assertEquals("0101\n", say("p/o 65"));
        assertEquals("Error: there is no register $rax", refusal("print $rax"));
        assertEquals("Error: a value is no instruction: x/i shows those", refusal("p/i 1"));
        assertTrue(refusal("print").startsWith("usage: print [/FORMAT] EXPRESSION -- "));
    }

    @Test
    void memoryIsShownInEveryForm() throws Exception {
        poke(0x1000, "ABCDabcd\u0000\u00FF\n");
        assertEquals("00001000: 0x44434241 0x64636261\n", say("x /2xw 0x1000"));
        assertEquals("0000000000001000: 0x41 0x42\n", say("xp/2xb 4096"));
        assertEquals("00001001: 'B' 'C' 'D'\n", say("x/3cb 0x1000+1"));
        assertEquals("00001000: 16961\n", say("x/uh 0x1000").replaceAll(" +", " "));
        assertEquals(
                "00001000: 0x6463626144434241 0x00000000000aff00\n00001010: 0x0000000000000000\n",
                say("x/3xg 0x1000"));
        assertEquals("00001009:   -1\n", say("x/db 0x1009"));
    }

    @Test
    void memoryThatIsNotThereIsSaidToBe() throws Exception {
        String end = say("x/3xg 0xfffffff0");
        assertTrue(end.startsWith("fffffff0: 0x"), end);
        assertTrue(end.endsWith("\nCannot access memory\n"), end);
        assertEquals("Error: Cannot access memory", refusal("x/i 0x100000000"));
        assertEquals("Cannot access memory\n", say("xp 0x1000000000"));
    }

    @Test
    void instructionsAreDisassembled() throws Exception {
        poke(0x2000, "\u0090\u00B8\u0034\u0012\u00EB\u00FE");
        assertEquals(
                """
                00002000:  90                     nop
                00002001:  b8 34 12               mov ax,0x1234
                00002004:  eb fe                  jmp 0x2004
                """,
                say("x/3i 0x2000"));
        assertEquals(
                "0000000000002001:  b8 34 12 eb fe         mov eax,0xfeeb1234\n",
                say("xp/wi 0x2001"));
    }

    @Test
    void stepsShowTheNextInstruction() throws Exception {
        say("system_reset");
        assertTrue(say("x/i $pc").startsWith("fffffff0:  "));
        String next = say("step");
        assertTrue(next.matches("000[0-9a-f]{5}:  .*\n"), next);
        assertEquals("VM status: paused (debug)\n", say("info status"));
        say("step 100");
        assertTrue(
                refusal("step 0").endsWith("expects a number from 1 to 1000000"),
                refusal("step 0"));
        say("cont");
        assertEquals("Error: the guest runs: stop it first", refusal("step"));
    }

    @Test
    void guestStopsAtABreakpointAndSaysSo() throws Exception {
        BlockingQueue<MonitorEvent> events = new LinkedBlockingQueue<>();
        testbed.monitor().addListener(events::add);
        String target = say("step").substring(0, 8);
        say("system_reset");
        assertEquals("there is no breakpoint\n", say("info breakpoints"));
        assertEquals(
                "breakpoint 1 at 0x" + target + "\n", say("breakpoint set 0x" + target + " + 0"));
        assertEquals("breakpoint 1 at 0x" + target + "\n", say("breakpoint set 0x" + target));
        say("cont");
        MonitorEvent event = awaitEvent(events, "BREAKPOINT_HIT");
        assertEquals(Long.parseLong(target, 16), event.data().get("address").getAsLong());
        assertEquals(RunState.DEBUG, testbed.machine().state());
        assertEquals("0x" + target.replaceFirst("^0+", "") + "\n", say("print $pc"));
        assertEquals("Error: there is no breakpoint 7", refusal("breakpoint delete 7"));
        assertEquals("breakpoint 1 at 0x" + target + "\n", say("breakpoint list"));
        say("breakpoint delete all");
        say("cont");
        testbed.awaitPicture();
        assertEquals(RunState.RUNNING, testbed.machine().state());
    }

    @Test
    void machineShowsWhatItIsMadeOf() throws Exception {
        String tree = say("info mtree");
        assertTrue(tree.contains("  0000000000000000-000000000009ffff: 640k\n"), tree);
        assertTrue(tree.contains("  0040-0043: pit\n"), tree);
        String devices = say("info qtree");
        assertTrue(
                devices.contains(
                        "  dev: i8042\n    io  0060-0060  i8042 data\n    io  0064-0064  i8042 command\n"),
                devices);
        String roms = say("info roms");
        assertTrue(roms.contains("mem=rom name=\"bios\"\n"), roms);
        assertTrue(say("info ramblock").contains("640k"));
        String pic = say("info pic");
        assertTrue(pic.matches("pic1: irr=.*\npic0: irr=.*\n"), pic);
        say("cont");
        testbed.awaitPicture();
        String irq = say("info irq");
        while (!irq.contains("\n 0: ")) {
            irq = say("info irq"); // the timer will tick
        }
        assertTrue(irq.startsWith("IRQ statistics"), irq);
        String late = "(?s).*\ni8254: \\d+ delivered, \\d+ waiting, \\d+ dropped\n.*";
        assertTrue(irq.matches(late), irq);
    }

    @Test
    void statisticsAreTold() throws Exception {
        String told = say("info statistics");
        assertTrue(told.matches("0 instructions, [01] frames, 0\\.000 s of guest time\n"), told);
    }

    @Test
    void logLevelsAreChosenByTopic() throws Exception {
        say("log trace monitor.nothing");
        assertTrue(say("info log").contains("monitor.nothing: trace\n"));
        assertTrue(refusal("log loud").contains("does not accept value 'loud'"));
        say("log off monitor.nothing");
    }

    @Test
    void mouseIsMovedAndItsButtonsArePressed() throws Exception {
        say("cont");
        assertEquals("", say("mouse_move 5 -3"));
        assertEquals("", say("mouse_move 0 0 1"));
        assertEquals("", say("mouse_button 5"));
        assertEquals("", say("mouse_button 0"));
        assertTrue(refusal("mouse_move 1").startsWith("usage: mouse_move DX DY [DZ]"));
    }

    @Test
    void formsAreThereWhenTheServerHasTheirCommand() {
        CommandTable table = CommandTable.standard();
        assertEquals(
                List.of("eject", "info mice"),
                table.humanFormsOver(Set.of("eject", "query-mice")).stream()
                        .map(HumanForm::words)
                        .toList());
        assertFalse(table.humanForms().isEmpty());
        List<String> words = table.humanForms().stream().map(HumanForm::words).toList();
        assertEquals(words.stream().distinct().toList(), words, "two forms have the same words");
    }

    /** A server that has a human monitor, and one command besides. */
    private static final class Elsewhere implements MonitorLink {
        @Override
        public JsonElement execute(String command, JsonObject arguments) throws CommandException {
            return switch (command) {
                case "query-commands" ->
                        JsonParser.parseString(
                                        "[{\"name\":\"query-name\"},{\"name\":\"query-uuid\"}]")
                                .getAsJsonArray();
                case "query-name" -> JsonParser.parseString("{\"name\":\"far\"}");
                case "query-uuid" -> new JsonObject();
                case "human-monitor-command" ->
                        new JsonPrimitive(
                                "said " + arguments.get("command-line").getAsString() + "\r\n");
                default -> throw Dispatcher.notFound(command);
            };
        }

        @Override
        public void addListener(Consumer<MonitorEvent> listener) {}

        @Override
        public void removeListener(Consumer<MonitorEvent> listener) {}
    }

    @Test
    void whatAServerHasNoCommandForIsLeftToItsHumanMonitor() throws Exception {
        HumanMonitor remote = HumanMonitor.remote(new Elsewhere());
        assertEquals("far\n", remote.execute("info name"));
        String answer =
                assertThrows(HumanMonitor.LineException.class, () -> remote.execute("info uuid"))
                        .getMessage();
        assertTrue(answer.startsWith("Error: the server's answer is not as expected"), answer);
        assertEquals("said info pic\n", remote.execute("info pic"));
        assertEquals("said x/4i $pc\n", remote.execute("x/4i $pc"));
        assertEquals("said help nonsense\n", remote.execute("help nonsense"));
        assertTrue(remote.execute("help").contains("info name"));
    }

    @Test
    void pageTablesReadAsInQemu() throws Exception {
        assertEquals("PG disabled\n", say("info tlb"));
        assertEquals("PG disabled\n", say("info mem"));
        // Three pages, the last for programs too, and a large one that is like it.
        testbed.machine()
                .call(() -> {
                    var memory = testbed.machine().pc().memory();
                    memory.write(0x10000, 4, 0x11007);
                    memory.write(0x10004, 4, 0x0080_0087);
                    memory.write(0x11000, 4, 0x5003);
                    memory.write(0x11004, 4, 0x6163);
                    memory.write(0x11FFC, 4, 0x7007);
                    var r = testbed.machine().pc().cpu().registers();
                    r.cr3 = 0x10000;
                    r.cr4 = 0x10;
                    r.cr0 |= 0x8000_0001;
                    return null;
                });
        assertEquals(
                """
                0000000000000000: 0000000000005000 --------W
                0000000000001000: 0000000000006000 -G-DA---W
                00000000003ff000: 0000000000007000 -------UW
                0000000000400000: 0000000000800000 --P----UW
                """,
                say("info tlb"));
        assertEquals(
                """
                0000000000000000-0000000000002000 0000000000002000 -rw
                00000000003ff000-0000000000800000 0000000000401000 urw
                """,
                say("info mem"));
        assertEquals("0000000000400000: 0000000000800000 --P----UW\n", say("info tlb 0x400000"));
    }
}
