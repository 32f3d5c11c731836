package org.vitrine.monitor.plugin;

import org.vitrine.core.machine.Machine;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.input.InputPort;

/**
 * A way to a guest, as much as its frontends need: in the emulator's process the machine itself, in
 * another the display map and a connection. Safe for use by several threads.
 */
public interface GuestLink {

    /** The machine's name, for titles; never null. */
    String machineName();

    /** The guest's screen. */
    Display display();

    /** Opens a way to the guest's keyboard and pointer; the client's name is for people. */
    InputPort openInput(String client);

    /** The way to a machine of this process. */
    static GuestLink of(Machine machine) {
        return new GuestLink() {
            @Override
            public String machineName() {
                String name = machine.config().name();
                return name != null ? name : "Vitrine";
            }

            @Override
            public Display display() {
                return machine.display();
            }

            @Override
            public InputPort openInput(String client) {
                return machine.openInput(client);
            }
        };
    }
}
