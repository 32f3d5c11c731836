package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.CharacterLine;
import org.vitrine.core.bus.ScriptedLine;

class CharacterPortsTest {

    /**
     * {@code again: mov dx,3FDh; wait: in al,dx; test al,1; jz wait; mov dx,3F8h; in al,dx; out
     * dx,al; cmp al,'q'; jne again; mov al,21h; out F4h,al; stop: hlt; jmp stop}
     */
    private static final String ECHO_UNTIL_Q =
            "BAFD03 EC A801 74FB BAF803 EC EE 3C71 75EF B021 E6F4 F4 EBFD";

    private static Machine machine(String code, Peripherals peripherals, Actions actions) {
        return new Machine(
                MachineConfig.standard()
                        .withMemorySize(2 * MachineConfig.MIB)
                        .withFirmware(Firmware.standard().withBios(Guest.bios(code)))
                        .withPeripherals(peripherals)
                        .withActions(actions));
    }

    @Test
    void aGuestHearsAndAnswersAndEndsTheEmulatorWithItsStatus() throws Exception {
        ScriptedLine line = new ScriptedLine();
        line.say("hello, q");
        Peripherals peripherals =
                Peripherals.NONE
                        .withSerial(Map.of(0, line))
                        .withDebugExit(Optional.of(Peripherals.DebugExitPort.USUAL));
        try (Machine machine = machine(ECHO_UNTIL_Q, peripherals, new Actions(true, true))) {
            machine.cont();
            assertEquals(
                    ShutdownCause.GUEST_SHUTDOWN,
                    machine.ended().get(Guest.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertEquals("hello, q", line.sent());
            assertEquals(0x43, machine.exitStatus());
        }
    }

    @Test
    void thePortsAreWhereAnAtHasThem() {
        Map<Integer, CharacterLine> lines =
                Map.of(
                        0, CharacterLine.unconnected(),
                        1, CharacterLine.unconnected(),
                        2, CharacterLine.unconnected(),
                        3, CharacterLine.unconnected());
        try (Machine machine =
                machine("F4", Peripherals.NONE.withSerial(lines), Actions.STANDARD)) {
            for (int port : new int[] {0x3FD, 0x2FD, 0x3ED, 0x2ED}) {
                assertEquals(0x60, machine.call(() -> machine.pc().ports().read(port, 1)));
            }
            assertEquals(0xDF, machine.call(() -> machine.pc().ports().read(0x379, 1)));
        }
    }

    @Test
    void aPortThatLeadsNowhereIsNotThere() {
        Peripherals none = Peripherals.NONE.withSerial(Map.of()).withParallel(Optional.empty());
        try (Machine machine = machine("F4", none, Actions.STANDARD)) {
            assertEquals(0xFF, machine.call(() -> machine.pc().ports().read(0x3FD, 1)));
            assertEquals(0xFF, machine.call(() -> machine.pc().ports().read(0x379, 1)));
        }
    }

    /** COM1's interrupt must not end when COM3, which has the same line, has nothing to say. */
    @Test
    void portsOnOneInterruptDoNotDisturbEachOther() {
        Map<Integer, CharacterLine> lines =
                Map.of(0, CharacterLine.unconnected(), 2, CharacterLine.unconnected());
        try (Machine machine =
                machine("F4", Peripherals.NONE.withSerial(lines), Actions.STANDARD)) {
            machine.call(() -> {
                for (int port : new int[] {0x3F8, 0x3E8}) {
                    machine.pc().ports().write(port + 4, 1, 0x08);
                    machine.pc().ports().write(port + 1, 1, 0x02);
                }
                machine.pc().ports().read(0x3EA, 1);
                machine.pc().ports().write(0x4D0, 1, 0x10);
                return null;
            });
            assertEquals(0x10, machine.call(() -> machine.pc().ports().read(0x20, 1)) & 0x10);
        }
    }

    @Test
    void aFifthSerialPortIsRefused() {
        Map<Integer, CharacterLine> fifth = Map.of(4, CharacterLine.unconnected());
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> Peripherals.NONE.withSerial(fifth));
        assertEquals("a PC has serial ports 0 to 3, not 4", e.getMessage());
    }
}
