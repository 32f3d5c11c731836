package org.vitrine.frontend.vnc;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.vitrine.frontend.vnc.keyboard.Keyboard;
import org.vitrine.frontend.vnc.rfb.ClientMessage;
import org.vitrine.frontend.vnc.rfb.ClientMessageParser;
import org.vitrine.frontend.vnc.rfb.Handshake;
import org.vitrine.frontend.vnc.rfb.RfbException;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.frontend.vnc.rfb.ServerMessages;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * One client's connection. A reader thread does the handshake and takes the client's messages; a
 * writer thread sends the updates. Whatever goes wrong ends this connection alone.
 */
final class VncSession {

    private static final long HANDSHAKE_NANOS = Duration.ofSeconds(30).toNanos();

    /** How long the answer to a wrong password is held back. */
    private static final Duration WRONG_PASSWORD_PAUSE = Duration.ofMillis(500);

    /** Unknown keysyms are logged once each, and no more than so many. */
    private static final int MAX_UNKNOWN_KEYSYMS = 64;

    private final FrontendContext context;
    private final VncServer server;
    private final Socket socket;
    private final String host;
    private final String address;
    private final Demands demands = new Demands();
    private final Keyboard keyboard = new Keyboard();
    private final Pointer pointer = new Pointer();
    private final Set<Integer> unknownKeysyms = new HashSet<>();
    private final AtomicReference<String> endReason = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Handshake handshake;
    private InputPort input;
    private ClientScreen screen;

    VncSession(FrontendContext context, VncServer server, Socket socket) {
        this.context = context;
        this.server = server;
        this.socket = socket;
        InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
        host = peer.getAddress().getHostAddress();
        address = (host.contains(":") ? "[" + host + "]" : host) + ":" + peer.getPort();
    }

    /** The client's host, without its port. */
    String host() {
        return host;
    }

    FrontendStatus.Client client() {
        Handshake done = handshake;
        String version = done == null || done.version() == null ? "RFB" : "RFB " + done.version();
        return new FrontendStatus.Client(address, version + ", " + demands.description());
    }

    /** Whether the client wanted the screen for itself. */
    boolean exclusive() {
        return !handshake.shared();
    }

    /** Says that the screen may have changed. */
    void poke() {
        demands.poke();
    }

    /**
     * Ends the connection; the first reason given is the one that counts. Any thread, does not
     * block.
     */
    void end(String reason) {
        if (endReason.compareAndSet(null, reason)) {
            demands.end();
            ended.countDown();
            try {
                socket.close();
            } catch (IOException e) {
                context.logger().debug("closing the connection of {}", address, e);
            }
        }
    }

    /**
     * Serves the client until it goes.
     *
     * @param password what it must know, or null
     * @param refusal why it is turned away, or null
     */
    void serve(String password, String refusal) {
        guarded(() -> {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            if (shakeHands(new Handshake(password, refusal, server.random()))) {
                converse();
            }
        });
        context.logger().info("client {}: {}", address, endReason.get());
    }

    private interface Conversation {
        void run() throws IOException, RfbException, InterruptedException;
    }

    private void guarded(Conversation conversation) {
        try {
            conversation.run();
            end("closed by the client");
        } catch (RfbException e) {
            end(e.getMessage());
        } catch (IOException e) {
            end("the connection broke: " + e.getMessage());
        } catch (InterruptedException e) {
            end("interrupted");
        } catch (RuntimeException e) {
            // Once the end has begun, errors are its consequence: a closed input port, say.
            if (endReason.get() == null) {
                server.counters().serverErrors.increment();
                context.logger()
                        .error("client {}: an error of the server ends the connection", address, e);
            }
            end("an error of the server: " + e);
        } finally {
            end("an error of the server");
        }
    }

    private boolean shakeHands(Handshake shake)
            throws IOException, RfbException, InterruptedException {
        handshake = shake;
        long deadline = System.nanoTime() + HANDSHAKE_NANOS;
        send(shake.greeting());
        while (shake.needed() > 0) {
            byte[] answer = shake.accept(receive(shake.needed(), deadline));
            if (shake.wrongPassword()) {
                server.wrongPassword(host);
                ended.await(WRONG_PASSWORD_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
            send(answer);
        }
        socket.setSoTimeout(0);
        if (shake.failure() != null) {
            socket.shutdownOutput();
            end("turned away: " + shake.failure());
            return false;
        }
        return true;
    }

    private void converse() throws IOException, RfbException, InterruptedException {
        String refusal = server.admit(this);
        if (refusal != null) {
            end("turned away: " + refusal);
            return;
        }
        input = context.openInput(address);
        try {
            screen = new ClientScreen(context.display());
            RfbOutput out = new RfbOutput();
            ServerMessages.serverInit(screen.width(), screen.height(), context.machineName(), out);
            send(out.toByteArray());
            context.clientConnected(client());
            UpdateWriter writer =
                    new UpdateWriter(
                            context.display(),
                            screen,
                            demands,
                            socket.getOutputStream(),
                            server.counters());
            Thread writing = server.start(() -> guarded(writer::run));
            guarded(this::readMessages);
            // The keys go up at once, before the writer is waited for.
            input.close();
            writing.join();
            context.clientDisconnected(client(), endReason.get());
        } finally {
            input.close();
            server.left(this);
        }
    }

    private void readMessages() throws IOException, RfbException {
        ClientMessageParser parser = new ClientMessageParser();
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[4096];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            server.counters().bytesReceived.add(count);
            parser.feed(bytes, 0, count);
            for (ClientMessage message = parser.next(); message != null; message = parser.next()) {
                handle(message);
            }
        }
    }

    private void handle(ClientMessage message) {
        switch (message) {
            case ClientMessage.SetPixelFormat set -> demands.setPixelFormat(set.format());
            case ClientMessage.SetEncodings set -> demands.setEncodings(set.encodings());
            case ClientMessage.FramebufferUpdateRequest request -> demands.request(request);
            case ClientMessage.KeyEvent key -> keysym(key.keysym(), key.down());
            case ClientMessage.ExtendedKeyEvent key -> {
                server.counters().keyEvents.increment();
                List<InputEvent> events =
                        keyboard.extendedKey(key.keysym(), key.number(), key.down());
                if (events == null) {
                    keysym(key.keysym(), key.down());
                } else {
                    inject(events);
                }
            }
            case ClientMessage.PointerEvent event -> {
                server.counters().pointerEvents.increment();
                DisplayMode mode = screen.mode();
                if (mode != null) {
                    inject(pointer.events(event, mode));
                }
            }
            case ClientMessage.ClientCutText text ->
                    context.logger()
                            .debug(
                                    "client {}: {} bytes of clipboard, not used",
                                    address,
                                    text.length());
        }
    }

    private void keysym(int keysym, boolean down) {
        server.counters().keyEvents.increment();
        List<InputEvent> events = keyboard.key(keysym, down, context.display().leds().capsLock());
        if (events != null) {
            inject(events);
        } else if (unknownKeysyms.size() < MAX_UNKNOWN_KEYSYMS && unknownKeysyms.add(keysym)) {
            context.logger()
                    .info(
                            "client {}: a US keyboard has no keysym 0x{}",
                            address,
                            Integer.toHexString(keysym));
        }
    }

    private void inject(List<InputEvent> events) {
        if (!events.isEmpty()) {
            input.send(events.toArray(InputEvent[]::new));
        }
    }

    private byte[] receive(int count, long deadline) throws IOException, RfbException {
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new RfbException("the handshake took too long");
            }
            socket.setSoTimeout((int) left);
            try {
                int more = socket.getInputStream().read(bytes, got, count - got);
                if (more < 0) {
                    throw new RfbException("closed by the client during the handshake");
                }
                got += more;
                server.counters().bytesReceived.add(more);
            } catch (SocketTimeoutException e) {
                throw new RfbException("the handshake took too long");
            }
        }
        return bytes;
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        server.counters().bytesSent.add(bytes.length);
    }
}
