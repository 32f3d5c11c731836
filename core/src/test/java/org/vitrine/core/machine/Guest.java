package org.vitrine.core.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.testkit.BootReport;

/**
 * A machine as a test sees it: what is on its screen, what it said, what happened to it. Waits have
 * a deadline.
 */
final class Guest implements AutoCloseable {

    /** Generous, for slow and shared machines; nothing waits so long when all is well. */
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final int BIOS_SIZE = 0x10000;
    private static final int RESET_VECTOR = 0xFFF0;

    private final Machine machine;
    private final Console console;
    private final BlockingQueue<MachineEvent> events = new LinkedBlockingQueue<>();
    private final Frame frame = new Frame();

    private Guest(Machine machine, Console console) {
        this.machine = machine;
        this.console = console;
        machine.addListener(events::add);
    }

    /** A machine with the project's own firmware and this much RAM, not started. */
    static Guest withFirmware(long memorySize) {
        return with(FirmwareImages.systemBios(), memorySize, false, false);
    }

    /**
     * A machine that runs this code, in hexadecimal, from F000:0000 and has no other firmware; not
     * started.
     */
    static Guest withCode(String hex) {
        return with(bios(hex), 2 * MachineConfig.MIB, false, false);
    }

    /**
     * A machine with the project's own firmware that runs a program of {@code src/test/asm/video}
     * as an option ROM; not started.
     *
     * @param choice what the byte at 7C05 is, which tells the program what to do
     */
    static Guest withVideoProgram(String name, int choice) throws IOException {
        return with(
                MachineConfig.standard()
                        .withMemorySize(2 * MachineConfig.MIB)
                        .withFirmware(
                                Firmware.standard()
                                        .withOptionRoms(
                                                List.of(VideoProgram.optionRom(name, choice)))));
    }

    static Guest with(
            byte[] bios, long memorySize, boolean stayAfterShutdown, boolean shutdownOnReset) {
        return with(
                MachineConfig.standard()
                        .withMemorySize(memorySize)
                        .withFirmware(Firmware.standard().withBios(bios))
                        .withActions(new Actions(stayAfterShutdown, shutdownOnReset)));
    }

    /** A machine with this BIOS whose memory comes from a source; not started. */
    static Guest with(byte[] bios, long memorySize, MemorySource source) {
        return with(
                MachineConfig.standard()
                        .withMemorySize(memorySize)
                        .withFirmware(Firmware.standard().withBios(bios))
                        .withActions(new Actions(true, false))
                        .withMemory(source));
    }

    /** A machine as described, with a debug console that is kept; not started. */
    static Guest with(MachineConfig config) {
        Console console = new Console();
        return new Guest(
                new Machine(config.withPeripherals(config.peripherals().withDebugConsole(console))),
                console);
    }

    /** A system BIOS whose reset vector jumps to this code at F000:0000. */
    static byte[] bios(String hex) {
        byte[] image = new byte[BIOS_SIZE];
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(code, 0, image, 0, code.length);
        byte[] jump = HexFormat.of().parseHex("EA000000F0");
        System.arraycopy(jump, 0, image, RESET_VECTOR, jump.length);
        return image;
    }

    Machine machine() {
        return machine;
    }

    /** Says what it cost to come so far. */
    void report(String boot) {
        report(boot, machine);
    }

    /** Says what it cost this machine to come so far. */
    static void report(String boot, Machine machine) {
        MachineStatistics statistics = machine.statistics();
        BootReport.print(
                boot, statistics.instructions(), Duration.ofNanos(statistics.guestNanos()));
    }

    /** Starts a machine with the firmware, and waits for its prompt. */
    Guest boot() throws InterruptedException {
        machine.cont();
        awaitPrompt();
        return this;
    }

    void awaitPrompt() throws InterruptedException {
        awaitScreen(lines -> lines.contains("vitrine>"));
    }

    /** The screen's lines, once they are as wanted. */
    List<String> awaitScreen(Predicate<List<String>> wanted) throws InterruptedException {
        return awaitScreen(wanted, DEADLINE);
    }

    /** The screen's lines, once they are as wanted, which may take so long. */
    List<String> awaitScreen(Predicate<List<String>> wanted, Duration most)
            throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (true) {
            machine.display().read(frame);
            List<String> lines = frame.text() == null ? List.of() : frame.text().lines();
            if (wanted.test(lines)) {
                return lines;
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || !machine.display().awaitNewer(frame.generation(), left)) {
                throw new AssertionError("the screen did not become as wanted; it shows " + lines);
            }
        }
    }

    /** The newest picture, published just now. */
    Frame picture() {
        machine.call(() -> {
            machine.pc().refresh().refresh();
            return null;
        });
        machine.display().read(frame);
        return frame;
    }

    /** Types lower case letters, digits and line ends. */
    void type(String text) {
        try (InputPort port = machine.openInput("typist")) {
            for (char c : text.toCharArray()) {
                KeyCode key =
                        c == '\n'
                                ? KeyCode.RET
                                : Character.isDigit(c)
                                        ? KeyCode.valueOf("DIGIT_" + c)
                                        : KeyCode.valueOf(
                                                String.valueOf(c).toUpperCase(Locale.ROOT));
                port.key(key, true);
                port.key(key, false);
            }
        }
    }

    /** The next event that is one of these; those before it are dropped. */
    <T extends MachineEvent> T awaitEvent(Class<T> kind) throws InterruptedException {
        while (true) {
            MachineEvent event = nextEvent();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    /** The next event, whatever it is. */
    MachineEvent nextEvent() throws InterruptedException {
        MachineEvent event = events.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened to the machine");
        }
        return event;
    }

    /** The next event that is not of the display. */
    MachineEvent nextRunEvent() throws InterruptedException {
        MachineEvent event = nextEvent();
        while (event instanceof MachineEvent.DisplayModeChanged) {
            event = nextEvent();
        }
        return event;
    }

    /** The events that nobody has taken. */
    List<MachineEvent> waitingEvents() {
        return List.copyOf(events);
    }

    /** What the guest wrote to the debug console, once it has the text this many times. */
    String awaitConsole(String text, int times) throws InterruptedException {
        return console.await(text, times);
    }

    /** Guest memory, little-endian. */
    long memory(long address, int size) {
        return machine.call(() -> machine.pc().memory().read(address, size));
    }

    /** A byte of CMOS RAM, read through its ports. */
    int cmos(int index) {
        return machine.call(() -> {
            machine.pc().ports().write(0x70, 1, index);
            return machine.pc().ports().read(0x71, 1);
        });
    }

    /** Waits for something that only asking the vCPU thread again and again can tell. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("in vain waited for: " + what);
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        machine.close();
    }

    /** Keeps what the guest wrote to the debug port. */
    private static final class Console extends OutputStream {

        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            text.write(value);
            notifyAll();
        }

        synchronized String await(String wanted, int times) throws InterruptedException {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (true) {
                String now = text.toString(StandardCharsets.ISO_8859_1);
                if (now.split(wanted, -1).length > times) {
                    return now;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("not " + times + " times '" + wanted + "' in: " + now);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }
}
