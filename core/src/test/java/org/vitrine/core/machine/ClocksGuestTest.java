package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.timer.Hpet;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;

/**
 * A guest program ({@code src/test/asm/clocks}) measures all clocks of a machine by each other: in
 * time of the test's own, where each must be exact, and in real time.
 */
class ClocksGuestTest {

    private static final int READING = 0x640;
    private static final int STAMP = 0x680;
    private static final int WISH = 0x688;
    private static final long ROUND = 100;
    private static final long PIT_COUNT = 1193;
    private static final long PM_HERTZ = 3_579_545;
    private static final long MILLISECOND = 1_000_000;

    /** What the program has read of all clocks at one time. */
    private record Reading(
            long timeStamp,
            long pmTimer,
            long hpet,
            long apicCount,
            long pitCount,
            long pitTicks,
            long rtcTicks,
            long apicTicks) {

        static Reading at(PhysicalMemory memory, int address) {
            return new Reading(
                    memory.read(address, 8),
                    memory.read(address + 8, 4),
                    memory.read(address + 12, 8),
                    memory.read(address + 20, 4),
                    memory.read(address + 24, 2),
                    memory.read(address + 28, 4),
                    memory.read(address + 32, 4),
                    memory.read(address + 36, 4));
        }
    }

    private static byte[] bios() throws IOException {
        try (InputStream in = ClocksGuestTest.class.getResourceAsStream("/clocks/clocks.bin")) {
            return Guest.bios(HexFormat.of().formatHex(in.readAllBytes()));
        }
    }

    /** Time passes only while the guest is halted: all that it reads at once is of one instant. */
    @Test
    void inTimeOfTheTestsOwnAllAreExact() throws IOException {
        ClockBoard board = new ClockBoard(bios());
        // Fifty rounds are longer than a turn of ACPI's timer.
        for (int round = 1; round <= 50; round++) {
            while (board.written() < round) {
                board.turn();
            }
            // The PIT loads its count with the first of its clocks.
            long pulses = 1 + PIT_COUNT * ROUND * round;
            long now = (pulses * Clock.SECOND + I8254.HERTZ - 1) / I8254.HERTZ;
            assertEquals(
                    new Reading(
                            now,
                            now * PM_HERTZ / Clock.SECOND & 0xFF_FFFF,
                            now / 10,
                            MILLISECOND - now % MILLISECOND,
                            PIT_COUNT,
                            ROUND * round,
                            now * 1024 / Clock.SECOND,
                            now / MILLISECOND),
                    Reading.at(board.memory(), READING),
                    "round " + round);
        }
    }

    private static Guest realTimeGuest() throws IOException {
        return Guest.with(
                MachineConfig.standard()
                        .withMemorySize(2 * MachineConfig.MIB)
                        .withFirmware(Firmware.standard().withBios(bios()))
                        .withPeripherals(Peripherals.NONE.withHpet(true)));
    }

    /** A busy host may hold the guest up between two clocks; not in every round. */
    @Test
    void inRealTimeTheyAgreeInTheirOrderOfMagnitude() throws Exception {
        try (Guest guest = realTimeGuest()) {
            guest.machine().cont();
            int rounds = 1;
            Reading last = reading(guest, rounds);
            String disagreement;
            do {
                Reading now = reading(guest, ++rounds);
                disagreement = disagreement(last, now);
                last = now;
            } while (disagreement != null && rounds < 200);
            assertEquals(null, disagreement, "in each of " + rounds + " rounds");
        }
    }

    /** What the program has read when it has done so many rounds. */
    private static Reading reading(Guest guest, int rounds) throws Exception {
        guest.awaitConsole("D", rounds);
        Machine machine = guest.machine();
        machine.stop();
        Reading reading = machine.call(() -> Reading.at(machine.pc().memory(), READING));
        machine.cont();
        return reading;
    }

    private static String disagreement(Reading first, Reading second) {
        if (first.equals(second)) {
            return first + " twice";
        }
        double nanos = second.timeStamp() - first.timeStamp();
        double[] others = {
            (second.pmTimer() - first.pmTimer() & 0xFF_FFFF) * 1e9 / PM_HERTZ,
            (second.hpet() - first.hpet()) * 10.0,
            (second.pitTicks() - first.pitTicks()) * PIT_COUNT * 1e9 / I8254.HERTZ,
            (second.rtcTicks() - first.rtcTicks()) * 1e9 / 1024,
            (second.apicTicks() - first.apicTicks()) * 1e6
        };
        for (double other : others) {
            if (other < nanos / 2 || other > nanos * 2) {
                return first + " and " + second;
            }
        }
        return null;
    }

    @Test
    void noClockRunsWhileTheMachineIsStopped() throws Exception {
        try (Guest guest = realTimeGuest()) {
            Machine machine = guest.machine();
            machine.call(() -> {
                machine.pc().memory().write(WISH, 1, 1);
                return null;
            });
            machine.cont();
            guest.awaitConsole("D", 1);
            long hostBefore = System.nanoTime();
            long guestBefore = machine.statistics().guestNanos();
            machine.stop();
            long stoppedAt = System.nanoTime();
            long[] atStop = clocks(machine);
            Guest.await(
                    "time to pass for everybody else",
                    () -> System.nanoTime() - stoppedAt > 100 * MILLISECOND);
            assertArrayEquals(atStop, clocks(machine));
            // The guest takes what interrupts wait, and looks at its time-stamp counter.
            machine.step(1000);
            long stamp = guest.memory(STAMP, 8);
            long[] handled = machine.call(() -> machine.pc().pic().taken());
            machine.step(1000);
            assertEquals(stamp, guest.memory(STAMP, 8), "the time-stamp counter");
            assertArrayEquals(atStop, clocks(machine));
            assertArrayEquals(handled, machine.call(() -> machine.pc().pic().taken()));
            long contAt = System.nanoTime();
            machine.cont();
            long guestAfter = machine.statistics().guestNanos();
            long hostAfter = System.nanoTime();
            assertTrue(
                    guestAfter - guestBefore <= hostAfter - hostBefore - (contAt - stoppedAt),
                    "guest time went on without the guest");
        }
    }

    /** ACPI's timer, the HPET, the local APIC's count, the PIT's count and its output, seconds. */
    private static long[] clocks(Machine machine) {
        return machine.call(() -> {
            PortSpace ports = machine.pc().ports();
            PhysicalMemory memory = machine.pc().memory();
            ports.write(0x43, 1, 0);
            long pit = ports.read(0x40, 1) | ports.read(0x40, 1) << 8;
            ports.write(0x70, 1, 0);
            return new long[] {
                machine.pc().clock().nanos(),
                ports.read(0x608, 4),
                memory.read(Hpet.BASE + 0xF0, 8),
                memory.read(0xFEE0_0390L, 4),
                pit,
                ports.read(0x71, 1),
            };
        });
    }
}
