package org.vitrine.core.machine;

import java.io.OutputStream;

/**
 * What is connected to a machine from outside.
 *
 * @param debugConsole takes what the guest writes to port 0xE9; written on the vCPU thread
 */
public record Peripherals(OutputStream debugConsole) {

    /** Nobody at any connector. */
    public static final Peripherals NONE = new Peripherals(OutputStream.nullOutputStream());

    public Peripherals withDebugConsole(OutputStream console) {
        return new Peripherals(console);
    }
}
