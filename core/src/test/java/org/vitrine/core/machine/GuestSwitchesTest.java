package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which a guest resets its machine or switches it off. */
final class GuestSwitchesTest {

    /**
     * Moves the ACPI registers to 600h by configuration register 40h of 01.3, opens them by
     * register 80h, and asks for sleep type 0: out CF8, 80000B40; out CFC, 601; out CF8, 80000B80;
     * out CFC, 1; out 604, 2000; hlt.
     */
    private static final String SOFT_OFF =
            "BAF80C 66B8400B0080 66EF BAFC0C 66B801060000 66EF"
                    + " BAF80C 66B8800B0080 66EF BAFC0C B001 EE BA0406 B80020 EF F4";

    private static void awaitEnd(Guest guest, ShutdownCause cause) throws Exception {
        assertEquals(
                cause, guest.machine().ended().get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void softOffEndsTheMachine() throws Exception {
        try (Guest guest = Guest.withCode(SOFT_OFF)) {
            guest.machine().cont();
            awaitEnd(guest, ShutdownCause.GUEST_SHUTDOWN);
        }
    }

    @Test
    void aMachineThatIsToStayIsStoppedBySoftOff() throws Exception {
        try (Guest guest = Guest.with(Guest.bios(SOFT_OFF), 2 * MachineConfig.MIB, true, false)) {
            guest.machine().cont();
            assertEquals(
                    ShutdownCause.GUEST_SHUTDOWN,
                    guest.awaitEvent(MachineEvent.Shutdown.class).cause());
            Guest.await("the machine to stop", () -> guest.machine().state() == RunState.SHUTDOWN);
        }
    }

    /** Each way of resetting, as code that halts when nothing happens. */
    @ParameterizedTest
    @CsvSource({
        "reset control, BAF90C B006 EE F4",
        "port 92h, B001 E692 F4",
        "keyboard controller, B0FE E664 F4",
        "triple fault, 0F011E0080 CC F4"
    })
    void aMachineThatIsNotToResetEnds(String way, String code) throws Exception {
        try (Guest guest = Guest.with(Guest.bios(code), 2 * MachineConfig.MIB, false, true)) {
            guest.machine().cont();
            awaitEnd(guest, ShutdownCause.GUEST_RESET);
        }
    }
}
