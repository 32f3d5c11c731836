package org.vitrine.monitor.plugin;

import java.nio.file.Path;
import org.vitrine.core.machine.GuestMap;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.memory.MemorySource;
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

    /**
     * The file in which other processes find the screen, laid out as {@link
     * org.vitrine.spi.display.DisplayLayout} says; null when there is none.
     */
    Path displayMap();

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
            public Path displayMap() {
                for (GuestMap map : machine.maps()) {
                    if (map.name().equals(MemorySource.DISPLAY)) {
                        return map.path();
                    }
                }
                return null;
            }

            @Override
            public InputPort openInput(String client) {
                return machine.openInput(client);
            }
        };
    }
}
