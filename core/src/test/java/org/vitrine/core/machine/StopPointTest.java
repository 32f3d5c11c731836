package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Breakpoints of the host, and single steps. */
@Timeout(60)
class StopPointTest {

    private static final long CODE = 0xF_0000;

    /** inc ax; inc ax; jmp to the first. */
    private static final String COUNTER = "40 40 EB FC";

    /** sti; hlt; inc ax; jmp to the hlt. */
    private static final String WAITER = "FB F4 40 EB FC";

    private static long ax(Machine machine) {
        return machine.call(() -> machine.pc().cpu().registers().gpr[0] & 0xFFFF);
    }

    private static long linearIp(Machine machine) {
        return machine.call(() -> machine.pc().cpu().linearIp());
    }

    private static void stopAt(Machine machine, long... addresses) {
        machine.call(() -> {
            machine.pc().cpu().stops().set(addresses);
            return null;
        });
    }

    @Test
    void guestStopsBeforeTheInstructionAndIsTold() throws Exception {
        try (Guest guest = Guest.withCode(COUNTER)) {
            Machine machine = guest.machine();
            stopAt(machine, CODE + 1);
            for (int lap = 0; lap < 3; lap++) {
                machine.cont();
                assertEquals(new MachineEvent.Resumed(), guest.nextRunEvent());
                assertEquals(new MachineEvent.Stopped(), guest.nextRunEvent());
                assertEquals(new MachineEvent.BreakpointHit(CODE + 1), guest.nextRunEvent());
                assertEquals(RunState.DEBUG, machine.state());
                assertEquals(CODE + 1, linearIp(machine));
                assertEquals(1 + 2 * lap, ax(machine));
            }
        }
    }

    @Test
    void stopSurvivesAResetAndCanBeTakenAway() throws Exception {
        try (Guest guest = Guest.withCode(COUNTER)) {
            Machine machine = guest.machine();
            stopAt(machine, CODE);
            machine.reset();
            machine.cont();
            assertEquals(
                    new MachineEvent.BreakpointHit(CODE),
                    guest.awaitEvent(MachineEvent.BreakpointHit.class));
            stopAt(machine);
            machine.cont();
            long before = machine.statistics().instructions();
            Guest.await(
                    "more than a slice of instructions",
                    () -> machine.statistics().instructions() > before + 100_000);
            assertEquals(RunState.RUNNING, machine.state());
        }
    }

    @Test
    void stepsExecuteInstructionsOneByOne() {
        try (Guest guest = Guest.withCode(COUNTER)) {
            Machine machine = guest.machine();
            assertEquals(1, machine.step(1)); // the jump at the reset vector
            assertEquals(CODE, linearIp(machine));
            assertEquals(RunState.DEBUG, machine.state());
            assertEquals(4, machine.step(4));
            assertEquals(3, ax(machine));
            assertEquals(CODE + 1, linearIp(machine));
        }
    }

    @Test
    void stepsEndAtABreakpointAndGoOnFromIt() throws Exception {
        try (Guest guest = Guest.withCode(COUNTER)) {
            Machine machine = guest.machine();
            stopAt(machine, CODE + 1);
            assertEquals(2, machine.step(100));
            assertEquals(
                    new MachineEvent.BreakpointHit(CODE + 1),
                    guest.awaitEvent(MachineEvent.BreakpointHit.class));
            assertEquals(3, machine.step(100));
            assertEquals(3, ax(machine));
        }
    }

    @Test
    void haltedProcessorIsNotStepped() {
        try (Guest guest = Guest.withCode(WAITER)) {
            Machine machine = guest.machine();
            assertEquals(3, machine.step(100));
            assertEquals(0, machine.step(1));
            assertEquals(CODE + 2, linearIp(machine));
        }
    }

    @Test
    void runningGuestIsNotStepped() {
        try (Guest guest = Guest.withCode(COUNTER)) {
            guest.machine().cont();
            String message =
                    assertThrows(IllegalStateException.class, () -> guest.machine().step(1))
                            .getMessage();
            assertEquals("the guest runs: stop it first", message);
        }
    }

    @Test
    void statisticsCountWhatTheMachineDoes() throws Exception {
        try (Guest guest = Guest.withFirmware(2 * MachineConfig.MIB)) {
            MachineStatistics before = guest.machine().statistics();
            guest.boot();
            MachineStatistics after = guest.machine().statistics();
            assertEquals(0, before.instructions());
            assertEquals(0, before.guestNanos());
            assertTrue(after.instructions() > 1000, after.toString());
            assertTrue(after.frames() > before.frames(), after.toString());
            assertTrue(after.guestNanos() <= after.hostNanos() - before.hostNanos());
        }
    }
}
