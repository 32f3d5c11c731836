package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.spi.display.DisplayLayout.WriterState;
import org.vitrine.spi.display.Frame;

/** The machine as its host steers it. */
class MachineTest {

    private static final long MIB = MachineConfig.MIB;
    private static final long BIOS_TICKS = 0x46C;
    private static final long TICK_NANOS = 54_925_400;

    /** CLI; JMP $. */
    private static final String DEAF_LOOP = "FA EB FE";

    /** CLI; HLT; JMP to the HLT. */
    private static final String DEAF_HALT = "FA F4 EB FD";

    /**
     * Writes "R" to port E9h, loads an IDT without entries from CS:0020h, and breaks: three faults
     * in one.
     */
    private static final String TRIPLE_FAULT =
            "B0 52 E6 E9 2E 0F 01 1E 20 00 CC" + "00".repeat(0x20 - 11) + "00 00 00 00 00 00";

    /** Writes "*" to port E9h for ever. */
    private static final String CHATTER = "B0 2A E6 E9 EB FC";

    /**
     * Sets a mode of 640x400 with 32 bits a pixel, and fills the 64 KiB at A0000h with one colour
     * after the other by a repeated instruction: CLI; (MOV DX, 1CEh; MOV AX, register; OUT DX, AX;
     * INC DX; MOV AX, value; OUT DX, AX) for each register; MOV DX, 3C0h; MOV AL, 20h; OUT DX, AL;
     * MOV AX, A000h; MOV ES, AX; XOR DI, DI; MOV CX, 4000h; REP STOSD; ADD EAX, 10305h; JMP to the
     * XOR.
     */
    private static final String PAINTER =
            "FA BA CE 01 B8 01 00 EF 42 B8 80 02 EF BA CE 01 B8 02 00 EF 42 B8 90 01 EF"
                    + "BA CE 01 B8 03 00 EF 42 B8 20 00 EF BA CE 01 B8 04 00 EF 42 B8 41 00 EF"
                    + "BA C0 03 B0 20 EE B8 00 A0 8E C0 31 FF B9 00 40 F3 66 AB 66 05 05 03 01 00 EB F0";

    @Test
    void framesComeThoughEachInstructionOfTheGuestTakesLong() throws InterruptedException {
        try (Guest guest = Guest.withCode(PAINTER)) {
            Machine machine = guest.machine();
            machine.cont();
            Frame frame = new Frame();
            List<Long> counts = new ArrayList<>();
            long before = 0;
            while (counts.size() < 20) {
                assertTrue(machine.display().awaitNewer(frame.generation(), Guest.DEADLINE));
                machine.display().read(frame);
                long count = machine.call(() -> machine.pc().cpu().instructions());
                if (frame.mode().width() == 640) {
                    counts.add(count - before);
                }
                before = count;
            }
            counts.sort(null);
            // A slice of thousands of instructions would take most of a second here.
            long median = counts.get(counts.size() / 2);
            assertTrue(median < 2_000, "instructions between two frames: " + median);
        }
    }

    @Test
    void startsStoppedAtItsResetVectorWithAScreen() {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            assertEquals(RunState.PRELAUNCH, guest.machine().state());
            assertEquals(0, guest.machine().call(() -> guest.machine().pc().cpu().instructions()));
            assertTrue(guest.machine().display().generation() > 0);
        }
    }

    @Test
    void stopContAndResetAreToldInOrder() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            Machine machine = guest.machine();
            machine.stop();
            assertEquals(RunState.PRELAUNCH, machine.state());
            machine.cont();
            machine.cont();
            assertEquals(RunState.RUNNING, machine.state());
            assertEquals(WriterState.RUNNING, machine.display().state());
            machine.stop();
            machine.stop();
            assertEquals(RunState.PAUSED, machine.state());
            assertEquals(WriterState.PAUSED, machine.display().state());
            machine.reset();
            assertEquals(RunState.PAUSED, machine.state());
            machine.cont();
            machine.shutDown(ShutdownCause.HOST_QMP_QUIT);
            assertEquals(RunState.SHUTDOWN, machine.state());
            assertEquals(WriterState.CLOSED, machine.display().state());
            assertEquals(ShutdownCause.HOST_QMP_QUIT, machine.ended().join());
            assertEquals(
                    List.of(
                            new MachineEvent.Resumed(),
                            new MachineEvent.Stopped(),
                            new MachineEvent.Reset(ShutdownCause.HOST_QMP_SYSTEM_RESET),
                            new MachineEvent.Resumed(),
                            new MachineEvent.Shutdown(ShutdownCause.HOST_QMP_QUIT)),
                    guest.waitingEvents().stream()
                            .filter(event -> !(event instanceof MachineEvent.DisplayModeChanged))
                            .toList());
        }
    }

    @Test
    void removedListenerHearsNothingMore() {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            List<MachineEvent> heard = new ArrayList<>();
            MachineListener listener = heard::add;
            guest.machine().addListener(listener);
            guest.machine().cont();
            guest.machine().removeListener(listener);
            guest.machine().stop();
            heard.removeIf(event -> event instanceof MachineEvent.DisplayModeChanged);
            assertEquals(List.of(new MachineEvent.Resumed()), heard);
        }
    }

    @Test
    void listenerThatThrowsKeepsNothingFromOthers() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            guest.machine()
                    .addListener(event -> {
                        throw new IllegalStateException("a listener's fault");
                    });
            List<MachineEvent> heard = new ArrayList<>();
            guest.machine().addListener(heard::add);
            guest.machine().cont();
            assertTrue(heard.contains(new MachineEvent.Resumed()));
            guest.awaitPrompt();
        }
    }

    @Test
    void guestTimeStandsStillWhilePaused() throws Exception {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            Machine machine = guest.machine();
            machine.stop();
            long nanos = machine.call(() -> machine.pc().clock().nanos());
            long ticks = guest.memory(BIOS_TICKS, 4);
            // Long enough for several ticks; nothing to wait for is what is waited for.
            assertThrows(
                    TimeoutException.class, () -> machine.ended().get(300, TimeUnit.MILLISECONDS));
            assertEquals(nanos, machine.call(() -> machine.pc().clock().nanos()));
            assertEquals(ticks, guest.memory(BIOS_TICKS, 4));

            long before = System.nanoTime();
            machine.cont();
            Guest.await("a tick of the guest's clock", () -> guest.memory(BIOS_TICKS, 4) != ticks);
            long passed = machine.call(() -> machine.pc().clock().nanos()) - nanos;
            long ticked = guest.memory(BIOS_TICKS, 4) - ticks;
            long elapsed = System.nanoTime() - before;
            assertTrue(passed <= elapsed, passed + " ns of guest time in " + elapsed + " ns");
            assertTrue(ticked <= elapsed / TICK_NANOS + 1, ticked + " ticks in " + elapsed + " ns");
        }
    }

    @Test
    void callsFromManyThreadsAreDoneOneAtATime() throws Exception {
        int threads = 8;
        int calls = 500;
        try (Guest guest = Guest.withFirmware(2 * MIB);
                ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            Machine machine = guest.machine();
            machine.cont();
            int[] counter = new int[1];
            AtomicInteger inside = new AtomicInteger();
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                done.add(
                        callers.submit(() -> {
                            for (int n = 0; n < calls; n++) {
                                assertEquals(
                                        1,
                                        machine.call(() -> {
                                            int now = inside.incrementAndGet();
                                            counter[0]++;
                                            inside.decrementAndGet();
                                            return now;
                                        }));
                            }
                        }));
            }
            for (Future<?> caller : done) {
                caller.get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
            assertEquals(threads * calls, counter[0]);
            guest.awaitPrompt();
        }
    }

    @Test
    void callMadeOnTheVcpuThreadIsDoneAtOnce() {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            Machine machine = guest.machine();
            assertEquals("inner", machine.call(() -> machine.call(() -> "inner")));
        }
    }

    @Test
    void failureOfACallIsItsCallersAlone() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            IllegalArgumentException fault = new IllegalArgumentException("mine");
            assertSame(
                    fault,
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    guest.machine()
                                            .call(() -> {
                                                throw fault;
                                            })));
            assertInstanceOf(
                    StackOverflowError.class,
                    assertThrows(
                                    IllegalStateException.class,
                                    () ->
                                            guest.machine()
                                                    .call(() -> {
                                                        throw new StackOverflowError();
                                                    }))
                            .getCause());
            guest.boot();
        }
    }

    @Test
    void interruptedCallerGetsItsResultAndStaysInterrupted() {
        try (Guest guest = Guest.withFirmware(2 * MIB)) {
            Thread.currentThread().interrupt();
            assertEquals(7, guest.machine().call(() -> 7));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shutDownFromSeveralThreadsEndsTheMachineOnce() throws Exception {
        try (Guest guest = Guest.withFirmware(2 * MIB);
                ExecutorService closers = Executors.newFixedThreadPool(4)) {
            Machine machine = guest.machine();
            machine.cont();
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                done.add(closers.submit(() -> machine.shutDown(ShutdownCause.HOST_SIGNAL)));
            }
            for (Future<?> closer : done) {
                closer.get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
            assertEquals(ShutdownCause.HOST_SIGNAL, machine.ended().join());
            assertEquals(
                    1,
                    guest.waitingEvents().stream()
                            .filter(event -> event instanceof MachineEvent.Shutdown)
                            .count());
        }
    }

    @Test
    void endedMachineRefusesCallsAndSaysWhy() {
        Guest guest = Guest.withFirmware(2 * MIB);
        Machine machine = guest.machine();
        machine.close();
        machine.close();
        for (Runnable refused :
                List.<Runnable>of(
                        machine::cont,
                        machine::stop,
                        machine::reset,
                        () -> machine.call(() -> 1))) {
            assertEquals(
                    "the machine has ended",
                    assertThrows(IllegalStateException.class, refused::run).getMessage());
        }
        assertEquals(RunState.SHUTDOWN, machine.state());
    }

    @Test
    void callsThatRaceWithTheEndReturnOrAreRefused() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Guest guest = Guest.withFirmware(MIB);
                    ExecutorService callers = Executors.newFixedThreadPool(3)) {
                Machine machine = guest.machine();
                machine.cont();
                List<Future<String>> callsUntilTheEnd = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    callsUntilTheEnd.add(
                            callers.submit(() -> {
                                while (true) {
                                    try {
                                        machine.reset();
                                    } catch (IllegalStateException e) {
                                        return e.getMessage();
                                    }
                                }
                            }));
                }
                machine.shutDown(ShutdownCause.HOST_UI);
                for (Future<String> calls : callsUntilTheEnd) {
                    assertEquals(
                            "the machine has ended",
                            calls.get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS));
                }
                assertEquals(RunState.SHUTDOWN, machine.state());
                assertEquals(
                        new MachineEvent.Shutdown(ShutdownCause.HOST_UI),
                        guest.waitingEvents().getLast());
            }
        }
    }

    @Test
    void listenerMayEndTheMachine() {
        try (Guest guest = Guest.withCode(TRIPLE_FAULT)) {
            Machine machine = guest.machine();
            machine.addListener(event -> {
                if (event instanceof MachineEvent.Reset) {
                    machine.shutDown(ShutdownCause.HOST_UI);
                }
            });
            machine.cont();
            assertEquals(
                    ShutdownCause.HOST_UI,
                    machine.ended().orTimeout(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS).join());
        }
    }

    @Test
    void tripleFaultResetsTheMachine() throws InterruptedException {
        try (Guest guest = Guest.withCode(TRIPLE_FAULT)) {
            guest.machine().cont();
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        ShutdownCause.GUEST_RESET,
                        guest.awaitEvent(MachineEvent.Reset.class).cause());
            }
            guest.awaitConsole("R", 3);
            assertEquals(RunState.RUNNING, guest.machine().state());
        }
    }

    @Test
    void guestResetEndsAMachineThatIsNotToReboot() throws InterruptedException {
        try (Guest guest = Guest.with(Guest.bios(TRIPLE_FAULT), 2 * MIB, false, true)) {
            guest.machine().cont();
            assertEquals(
                    ShutdownCause.GUEST_RESET,
                    guest.awaitEvent(MachineEvent.Shutdown.class).cause());
            assertEquals(
                    ShutdownCause.GUEST_RESET,
                    guest.machine().ended().orTimeout(60, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void whatFollowsAResetCanBeChosenWhileTheMachineRuns() throws InterruptedException {
        try (Guest guest = Guest.with(Guest.bios(TRIPLE_FAULT), 2 * MIB, false, false)) {
            guest.machine().setActions(true, null);
            guest.machine().setActions(null, true);
            guest.machine().cont();
            guest.awaitEvent(MachineEvent.Shutdown.class);
            guest.awaitEvent(MachineEvent.Stopped.class);
            assertEquals(RunState.SHUTDOWN, guest.machine().state());
        }
    }

    @Test
    void injectedNmiReachesTheGuest() throws InterruptedException {
        // Vector 2 leads to F000:0020, which says '!'; when the guest has said 'R' it is halted.
        String code =
                "31C0 8ED8 C70608002000 C7060A0000F0 BC0070 8ED0 B052 E6E9 FA F4 EBFC"
                        + "90".repeat(3)
                        + "B021 E6E9 FA F4";
        try (Guest guest = Guest.withCode(code)) {
            guest.machine().cont();
            guest.awaitConsole("R", 1);
            guest.machine().injectNmi();
            guest.awaitConsole("!", 1);
        }
    }

    @Test
    void machineThatStaysAfterItsEndRunsAgainAfterAReset() throws InterruptedException {
        try (Guest guest = Guest.with(Guest.bios(TRIPLE_FAULT), 2 * MIB, true, true)) {
            Machine machine = guest.machine();
            machine.cont();
            assertEquals(new MachineEvent.Resumed(), guest.nextRunEvent());
            assertEquals(
                    new MachineEvent.Shutdown(ShutdownCause.GUEST_RESET), guest.nextRunEvent());
            assertEquals(new MachineEvent.Stopped(), guest.nextRunEvent());
            assertEquals(RunState.SHUTDOWN, machine.state());
            assertFalse(machine.ended().isDone());
            assertThrows(IllegalStateException.class, machine::cont);
            machine.reset();
            assertEquals(RunState.PAUSED, machine.state());
            machine.cont();
            guest.awaitConsole("R", 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DEAF_LOOP, DEAF_HALT, CHATTER})
    void guestThatListensToNothingIsStoppedResetAndEnded(String code) throws InterruptedException {
        try (Guest guest = Guest.withCode(code)) {
            Machine machine = guest.machine();
            machine.cont();
            Guest.await(
                    "the guest to run",
                    () -> machine.call(() -> machine.pc().cpu().instructions()) > 1);
            machine.stop();
            assertEquals(RunState.PAUSED, machine.state());
            long instructions = machine.call(() -> machine.pc().cpu().instructions());
            assertEquals(instructions, machine.call(() -> machine.pc().cpu().instructions()));
            machine.cont();
            machine.reset();
            assertEquals(RunState.RUNNING, machine.state());
            Guest.await(
                    "the guest to run after the reset",
                    () -> machine.call(() -> machine.pc().cpu().instructions()) > instructions);
            machine.shutDown(ShutdownCause.HOST_QMP_QUIT);
            assertEquals(ShutdownCause.HOST_QMP_QUIT, machine.ended().join());
        }
    }

    @Test
    void haltedGuestLeavesTheProcessorToOthers() throws InterruptedException {
        try (Guest guest = Guest.withFirmware(2 * MIB).boot()) {
            Machine machine = guest.machine();
            long vcpu = machine.call(() -> Thread.currentThread().threadId());
            var threads = ManagementFactory.getThreadMXBean();
            long cpuBefore = threads.getThreadCpuTime(vcpu);
            long before = System.nanoTime();
            assertThrows(TimeoutException.class, () -> machine.ended().get(1, TimeUnit.SECONDS));
            double share =
                    100.0
                            * (threads.getThreadCpuTime(vcpu) - cpuBefore)
                            / (System.nanoTime() - before);
            System.out.printf("a halted guest's vCPU thread used %.1f %% of a processor%n", share);
            Guest.await(
                    "the guest to be idle", () -> machine.call(() -> machine.pc().cpu().halted()));
        }
    }

    @Test
    void faultOfTheEmulatorStopsTheGuestUntilAReset() throws InterruptedException {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int value) {
                        throw new IllegalStateException("a device's fault");
                    }
                };
        try (Machine machine =
                new Machine(
                        MachineConfig.standard()
                                .withMemorySize(2 * MIB)
                                .withFirmware(Firmware.standard().withBios(Guest.bios(CHATTER)))
                                .withPeripherals(Peripherals.NONE.withDebugConsole(broken)))) {
            machine.cont();
            Guest.await("the machine to fail", () -> machine.state() == RunState.INTERNAL_ERROR);
            assertThrows(IllegalStateException.class, machine::cont);
            machine.reset();
            assertEquals(RunState.PAUSED, machine.state());
        }
    }

    @Test
    void failureOfTheVcpuThreadEndsTheMachineRatherThanHangingItsCallers() {
        Guest guest = Guest.withFirmware(2 * MIB);
        Machine machine = guest.machine();
        machine.addListener(event -> {
            if (event instanceof MachineEvent.DisplayModeChanged) {
                throw new AssertionError("an error outside of guest code");
            }
        });
        machine.cont();
        assertEquals(
                ShutdownCause.HOST_ERROR,
                machine.ended().orTimeout(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS).join());
        assertThrows(IllegalStateException.class, machine::stop);
        guest.close();
    }

    @Test
    void statesAndCausesHaveTheNamesOfQmp() {
        assertEquals(
                List.of(
                        "prelaunch",
                        "running",
                        "paused",
                        "debug",
                        "io-error",
                        "shutdown",
                        "internal-error"),
                Arrays.stream(RunState.values()).map(RunState::qmpName).toList());
        for (ShutdownCause cause : ShutdownCause.values()) {
            assertEquals(cause.qmpName().startsWith("guest-"), cause.guest(), cause.qmpName());
        }
    }

    @Test
    void configurationsThatNoMachineCanHaveAreRefused() {
        for (long size :
                new long[] {0, MIB / 2, MIB + 1, -MIB, MachineConfig.MAXIMUM_MEMORY + MIB}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Guest.withFirmware(size),
                    size + " bytes");
        }
        for (int size : new int[] {0, 1, 0x8000, 0x50000}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Guest.with(new byte[size], MIB, false, false),
                    size + " bytes");
        }
    }
}
