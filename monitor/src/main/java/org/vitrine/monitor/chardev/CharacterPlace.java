package org.vitrine.monitor.chardev;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Where a character device shall lead to; what the command line and the monitor ask for. */
public sealed interface CharacterPlace {

    /**
     * Opens it.
     *
     * @throws IOException when that is not possible; the message is for a person
     */
    CharacterBackend open() throws IOException;

    /** Nobody is there. */
    record Nobody() implements CharacterPlace {
        @Override
        public CharacterBackend open() {
            return new NullBackend();
        }
    }

    /** This process's standard input and output. */
    record StandardStreams() implements CharacterPlace {
        @Override
        public CharacterBackend open() throws IOException {
            if (System.console() == null || !System.console().isTerminal()) {
                return streams(System.in, System.out, () -> {});
            }
            // What is typed is the guest's, key by key; but Ctrl-C still ends the emulator.
            Terminal terminal = TerminalBuilder.builder().system(true).build();
            terminal.enterRawMode();
            return streams(terminal.input(), terminal.output(), terminal);
        }

        private static CharacterBackend streams(
                InputStream in, OutputStream out, AutoCloseable resource) {
            return new StreamBackend("stdio", () -> "stdio", in, out, resource);
        }
    }

    /** A new pseudo-terminal. */
    record NewTerminal() implements CharacterPlace {
        @Override
        public CharacterBackend open() throws IOException {
            PseudoTerminal terminal = PseudoTerminal.open();
            return new StreamBackend(
                    "pty",
                    () -> "pty:" + terminal.name(),
                    terminal.input(),
                    terminal.output(),
                    terminal);
        }
    }

    /** A file that is written, at its end or anew. */
    record WrittenFile(String path, boolean append) implements CharacterPlace {
        @Override
        public CharacterBackend open() throws IOException {
            FileOutputStream file;
            try {
                file = new FileOutputStream(path, append);
            } catch (IOException e) {
                // "NAME (REASON)" is how this class words it.
                String reason = e.getMessage().replaceAll("^.* \\((.*)\\)$", "$1");
                throw new IOException("Could not open '" + path + "': " + reason, e);
            }
            return new StreamBackend("file", () -> "file", null, file, file);
        }
    }

    /**
     * A socket.
     *
     * @param server whether it listens; else it connects
     * @param awaitsClient whether the start waits for the first client
     * @param reconnectSeconds after how long to connect again; 0 for not at all
     */
    record Socket(
            SocketAddress address, boolean server, boolean awaitsClient, long reconnectSeconds)
            implements CharacterPlace {
        @Override
        public CharacterBackend open() throws IOException {
            return server
                    ? SocketBackend.listening(address)
                    : SocketBackend.connecting(address, reconnectSeconds);
        }
    }

    /** Memory that keeps the last so many characters. */
    record Memory(int size) implements CharacterPlace {

        public Memory {
            if (Integer.bitCount(size) != 1 || size < 0) {
                throw new IllegalArgumentException("size of ringbuf chardev must be power of two");
            }
        }

        @Override
        public CharacterBackend open() {
            return new RingBuffer(size);
        }
    }
}
