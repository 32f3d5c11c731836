package org.vitrine.monitor.chardev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.bus.CharacterLine;

class CharacterBackendTest {

    private static final int DEADLINE_SECONDS = 60;
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Semaphore attention = new Semaphore(0);

    @TempDir private Path folder;

    private <T extends CharacterBackend> T attached(T backend) {
        backend.attach(attention::release);
        return backend;
    }

    /** Does what the vCPU thread does: looks, and sleeps until somebody calls for attention. */
    private void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (!attention.tryAcquire(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody called for attention");
            }
        }
    }

    private String receive(CharacterLine line, int count) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        await(() -> {
            for (int next = line.receive(); next != CharacterLine.NOTHING; next = line.receive()) {
                text.append((char) next);
            }
            return text.length() >= count;
        });
        return text.toString();
    }

    private static void send(CharacterLine line, String text) {
        for (char each : text.toCharArray()) {
            assertTrue(line.send(each));
        }
    }

    private static Socket client(SocketBackend server) throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(DEADLINE_SECONDS * 1000);
        return socket;
    }

    private static String read(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.UTF_8);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aClientHearsAndIsHeardAndTheNextOneToo() throws Exception {
        try (SocketBackend server = attached(SocketBackend.listening(ANY_PORT))) {
            String place = SocketBackend.place(server.address()) + ",server=on";
            assertEquals("disconnected:" + place, server.filename());
            for (String word : new String[] {"first", "second"}) {
                try (Socket client = client(server)) {
                    write(client, word);
                    assertEquals(word, receive(server, word.length()));
                    assertEquals(place, server.filename());
                    send(server, "to the " + word);
                    assertEquals("to the " + word, read(client, 7 + word.length()));
                }
                await(() -> server.filename().startsWith("disconnected:"));
                send(server, "nobody hears this");
            }
        }
    }

    @Test
    void aSlowClientIsTheLinesMatterAndNotTheGuests() throws Exception {
        QueuedLine line = new QueuedLine();
        line.attach(attention::release);
        line.setConnected(true);
        attention.drainPermits();
        for (int i = 0; i < QueuedLine.CAPACITY; i++) {
            assertTrue(line.send('x'));
        }
        assertFalse(line.send('y'), "there is no room, and nobody waited for it");
        assertEquals(0, attention.availablePermits());
        assertEquals(1000, line.take(new byte[1000]));
        assertEquals(1, attention.availablePermits(), "there is room again");
        assertTrue(line.send('y'));
        line.setConnected(false);
        for (int i = 0; i < 2 * QueuedLine.CAPACITY; i++) {
            assertTrue(line.send('z'), "what nobody hears takes no room");
        }
    }

    @Test
    void whatWasSentLastIsGivenOutAtTheEnd() throws Exception {
        SocketBackend server = attached(SocketBackend.listening(ANY_PORT));
        try (Socket client = client(server)) {
            write(client, "x");
            receive(server, 1);
            send(server, "goodbye");
            server.close();
            assertEquals(
                    "goodbye",
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void hangingUpEndsTheConnectionAndTheNextIsTaken() throws Exception {
        try (SocketBackend server = attached(SocketBackend.listening(ANY_PORT))) {
            try (Socket client = client(server)) {
                write(client, "x");
                receive(server, 1);
                server.hangUp();
                assertEquals(-1, client.getInputStream().read());
            }
            try (Socket client = client(server)) {
                write(client, "y");
                assertEquals("y", receive(server, 1));
            }
        }
    }

    @Test
    void aUnixSocketGoesWithItsServer() throws Exception {
        Path file = folder.resolve("s");
        SocketBackend server = SocketBackend.listening(UnixDomainSocketAddress.of(file));
        attached(server);
        assertEquals("disconnected:unix:" + file + ",server=on", server.filename());
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            client.write(ByteBuffer.wrap(new byte[] {'u'}));
            assertEquals("u", receive(server, 1));
        }
        server.close();
        assertFalse(Files.exists(file));
    }

    @Test
    void whoConnectsComesBackAfterItsTime() throws Exception {
        try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            there.setSoTimeout(DEADLINE_SECONDS * 1000);
            try (SocketBackend caller =
                    attached(SocketBackend.connecting(there.getLocalSocketAddress(), 1))) {
                for (int i = 0; i < 2; i++) {
                    try (Socket accepted = there.accept()) {
                        accepted.getOutputStream().write('0' + i);
                        assertEquals(String.valueOf(i), receive(caller, 1));
                    }
                }
            }
        }
    }

    @Test
    void nobodyToConnectToIsSaid() throws Exception {
        ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), gone.getLocalPort());
        IOException e = assertThrows(IOException.class, () -> SocketBackend.connecting(address, 0));
        assertTrue(e.getMessage().startsWith("can't connect to "), e.getMessage());
    }

    @Test
    void aFileHasAllThatWasSentWhenItIsClosed() throws Exception {
        Path file = folder.resolve("log");
        for (String word : new String[] {"one ", "two"}) {
            try (CharacterBackend backend =
                    new CharacterPlace.WrittenFile(file.toString(), true).open()) {
                send(backend, word);
            }
        }
        assertEquals("one two", Files.readString(file));
        try (CharacterBackend backend =
                new CharacterPlace.WrittenFile(file.toString(), false).open()) {
            assertEquals("file", backend.filename());
        }
        assertEquals("", Files.readString(file));
    }

    @Test
    void aFileThatCantBeWrittenIsSaid() {
        String nowhere = folder.resolve("no/such/file").toString();
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> new CharacterPlace.WrittenFile(nowhere, false).open());
        assertEquals("Could not open '" + nowhere + "': No such file or directory", e.getMessage());
    }

    @Test
    void aPseudoTerminalChangesNothingOnTheWay() throws Exception {
        try (CharacterBackend backend = attached(new CharacterPlace.NewTerminal().open())) {
            Path other = Path.of(backend.filename().substring("pty:".length()));
            try (OutputStream out = Files.newOutputStream(other);
                    InputStream in = Files.newInputStream(other)) {
                out.write("a\r\n\u0003b".getBytes(StandardCharsets.US_ASCII));
                assertEquals("a\r\n\u0003b", receive(backend, 5));
                send(backend, "x\ny");
                String heard = new String(in.readNBytes(3), StandardCharsets.US_ASCII);
                assertEquals("x\ny", heard);
            }
        }
    }
}
