package org.vitrine.core.machine;

import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.vitrine.core.bus.CharacterLine;

/**
 * What is connected to a machine from outside, and chips that it may have or not.
 *
 * @param debugConsole takes what the guest writes to port 0xE9; written on the vCPU thread
 * @param serial what the serial ports lead to, by number: 0, COM1, to 3, COM4; there are no others
 * @param parallel what the parallel port leads to, if there is one
 * @param debugExit the port with which the guest may end the emulator, if there is one
 * @param hpet whether the board has a high precision event timer
 */
public record Peripherals(
        OutputStream debugConsole,
        Map<Integer, CharacterLine> serial,
        Optional<CharacterLine> parallel,
        Optional<DebugExitPort> debugExit,
        boolean hpet) {

    /** The most serial ports that a PC has places for. */
    public static final int SERIAL_PORTS = 4;

    /** A serial and a parallel port, and nobody at any connector. */
    public static final Peripherals NONE =
            new Peripherals(
                    OutputStream.nullOutputStream(),
                    Map.of(0, CharacterLine.unconnected()),
                    Optional.of(CharacterLine.unconnected()),
                    Optional.empty(),
                    false);

    /** Where the guest ends the emulator: ports of {@code isa-debug-exit}. */
    public record DebugExitPort(int first, int count) {

        /** Where QEMU's users have it. */
        public static final DebugExitPort USUAL = new DebugExitPort(0xF4, 4);
    }

    public Peripherals {
        serial = Map.copyOf(serial);
        for (int number : serial.keySet()) {
            if (number < 0 || number >= SERIAL_PORTS) {
                throw new IllegalArgumentException(
                        "a PC has serial ports 0 to " + (SERIAL_PORTS - 1) + ", not " + number);
            }
        }
    }

    public Peripherals withDebugConsole(OutputStream debugConsole) {
        return new Peripherals(debugConsole, serial, parallel, debugExit, hpet);
    }

    public Peripherals withSerial(Map<Integer, CharacterLine> serial) {
        return new Peripherals(debugConsole, serial, parallel, debugExit, hpet);
    }

    public Peripherals withParallel(Optional<CharacterLine> parallel) {
        return new Peripherals(debugConsole, serial, parallel, debugExit, hpet);
    }

    public Peripherals withDebugExit(Optional<DebugExitPort> debugExit) {
        return new Peripherals(debugConsole, serial, parallel, debugExit, hpet);
    }

    public Peripherals withHpet(boolean hpet) {
        return new Peripherals(debugConsole, serial, parallel, debugExit, hpet);
    }
}
