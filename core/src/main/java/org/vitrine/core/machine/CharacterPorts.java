package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.vitrine.core.bus.CharacterLine;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.serial.ParallelPort;
import org.vitrine.core.device.serial.Uart16550;
import org.vitrine.core.time.Scheduler;

/** The PC's serial and parallel ports, at their usual places. Used by the vCPU thread alone. */
final class CharacterPorts {

    /** Where a serial port is, and its interrupt. COM1 and COM3 share one, so do COM2 and COM4. */
    private record Place(int port, int irq) {}

    private static final List<Place> SERIAL =
            List.of(
                    new Place(0x3F8, 4),
                    new Place(0x2F8, 3),
                    new Place(0x3E8, 4),
                    new Place(0x2E8, 3));

    private static final Place PARALLEL = new Place(0x378, 7);

    /**
     * A guest that sets no baud rate has 9600, at which a kernel's messages take half a minute:
     * characters go as quickly as a guest can be told of them.
     */
    private static final long LONGEST_CHARACTER = 10_000;

    private final List<Uart16550> uarts = new ArrayList<>();
    private ParallelPort printer;

    /**
     * The ports that lead somewhere, claimed.
     *
     * @param wakeUp called from any thread when {@link #poll} has something to do
     * @param irq gives an end of the interrupt request line with a number, which may be shared
     */
    CharacterPorts(
            Peripherals peripherals,
            Scheduler scheduler,
            PortSpace ports,
            IntFunction<InterruptLine> irq,
            Runnable wakeUp) {
        for (int i = 0; i < SERIAL.size(); i++) {
            CharacterLine line = peripherals.serial().get(i);
            if (line != null) {
                Place place = SERIAL.get(i);
                InterruptLine input = irq.apply(place.irq());
                String label = "serial" + i;
                Uart16550 uart = new Uart16550(scheduler, label, line, input, LONGEST_CHARACTER);
                uart.claimPorts(ports, place.port(), label);
                line.attach(wakeUp);
                uarts.add(uart);
            }
        }
        peripherals
                .parallel()
                .ifPresent(line -> {
                    printer = new ParallelPort(line, irq.apply(PARALLEL.irq()));
                    printer.claimPorts(ports, PARALLEL.port(), "parallel0");
                    line.attach(wakeUp);
                });
    }

    void reset() {
        uarts.forEach(Uart16550::reset);
        if (printer != null) {
            printer.reset();
        }
    }

    /** Takes what came, and sends what waited, as far as there is room. */
    void poll() {
        for (int i = 0; i < uarts.size(); i++) {
            uarts.get(i).poll();
        }
        if (printer != null) {
            printer.poll();
        }
    }

    /** Sends what has been written, so that a guest's last words are heard. */
    void flush() {
        uarts.forEach(Uart16550::flush);
    }
}
