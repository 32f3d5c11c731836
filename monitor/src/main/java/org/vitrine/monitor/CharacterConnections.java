package org.vitrine.monitor;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.CharacterLine;
import org.vitrine.core.machine.Peripherals;
import org.vitrine.monitor.chardev.CharacterBackend;
import org.vitrine.monitor.chardev.CharacterPlace;
import org.vitrine.monitor.chardev.SocketBackend;
import org.vitrine.monitor.command.CharacterDevices;
import org.vitrine.monitor.command.CharacterDevices.Device;

/** The character devices of a command line, open. Closing gives out what was sent there last. */
final class CharacterConnections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CharacterConnections.class);

    private final CharacterDeviceOptions options;
    private final Map<String, CharacterBackend> backends = new LinkedHashMap<>();

    /**
     * Opens them all, and waits for clients where the command line says so.
     *
     * @throws IOException when one of them can't be opened; then none is
     */
    CharacterConnections(CharacterDeviceOptions options) throws IOException {
        this.options = options;
        boolean done = false;
        try {
            for (Map.Entry<String, CharacterPlace> each : options.places().entrySet()) {
                open(each.getKey(), each.getValue());
            }
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void open(String label, CharacterPlace place) throws IOException {
        CharacterBackend backend;
        try {
            backend = place.open();
        } catch (IOException e) {
            throw new IOException(label + ": " + e.getMessage(), e);
        }
        backends.put(label, backend);
        if (place instanceof CharacterPlace.NewTerminal) {
            System.out.println(label + ": " + backend.filename());
        }
        if (place instanceof CharacterPlace.Socket socket && socket.awaitsClient()) {
            LOG.warn("waiting for a client on {}", SocketBackend.place(socket.address()));
            try {
                backend.awaitClient();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the wait for a client was broken off", e);
            }
        }
    }

    /** Peripherals with these behind the serial and parallel ports. */
    Peripherals behind(Peripherals peripherals) {
        Map<Integer, CharacterLine> serial = new HashMap<>();
        options.serial().forEach((number, label) -> serial.put(number, backends.get(label)));
        return peripherals.withSerial(serial).withParallel(options.parallel().map(backends::get));
    }

    /** Lets the monitor know them. */
    void list(CharacterDevices devices) {
        backends.forEach((label, backend) -> devices.add(Device.of(label, backend, used(label))));
    }

    private boolean used(String label) {
        return options.serial().containsValue(label)
                || options.parallel().filter(label::equals).isPresent();
    }

    /** Doing it again does nothing. */
    @Override
    public synchronized void close() {
        backends.values().forEach(CharacterBackend::close);
        backends.clear();
    }
}
