package org.vitrine.monitor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.time.LocalDateTime;
import java.util.Objects;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.spi.display.DisplayLayout;

/**
 * Has the JDK set up, on a second processor, what the start will need a moment later and what the
 * start-up cache can't hold, while the first reads the command line. Nothing depends on it: whoever
 * comes first sets a class up, and the other waits.
 */
final class Warmup {

    private static final byte NOP = (byte) 0x90;

    private Warmup() {}

    static void start() {
        Thread.ofPlatform().daemon().name("warm-up").start(Warmup::run);
    }

    /** In the order of first use, each with the time that it takes the first time. */
    private static void run() {
        Objects.requireNonNull(LocalDateTime.now()); // the time zones' rules: 10 ms
        Objects.requireNonNull(DisplayLayout.LONG); // handles to foreign memory: 10 ms
        openUnixSocket(); // a secure random source, for names of sockets that have none: 15 ms
        CommandTable.standard();
        new Decoder()
                .decode(new byte[] {NOP}, 0, 1, Decoder.Mode.CODE16); // the opcode tables: 20 ms
        Objects.requireNonNull(Monitor.versionInfo().toString()); // JSON: 5 ms
    }

    private static void openUnixSocket() {
        try {
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (IOException | UnsupportedOperationException e) {
            // Whoever asks for such a socket will be told.
        }
    }
}
