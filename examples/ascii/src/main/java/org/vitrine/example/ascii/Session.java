package org.vitrine.example.ascii;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.vitrine.example.ascii.codec.AnsiScreen;
import org.vitrine.example.ascii.codec.Telnet;
import org.vitrine.example.ascii.codec.TerminalKeys;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * One client: a thread that reads its keys, and another that writes the screen whenever it has
 * changed. A client that reads slowly misses frames, and nobody waits for it.
 */
final class Session {

    private static final Duration A_DAY = Duration.ofDays(1);

    private final FrontendContext context;
    private final Socket socket;
    private final boolean telnet;
    private final boolean types;
    private final LongAdder frames;
    private final FrontendStatus.Client client;
    private volatile boolean detached;

    Session(
            FrontendContext context,
            Socket socket,
            boolean telnet,
            boolean types,
            LongAdder frames) {
        this.context = context;
        this.socket = socket;
        this.telnet = telnet;
        this.types = types;
        this.frames = frames;
        InetSocketAddress remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        String host = remote.getAddress().getHostAddress();
        this.client =
                new FrontendStatus.Client(
                        (host.contains(":") ? "[" + host + "]" : host) + ":" + remote.getPort(),
                        "terminal");
    }

    FrontendStatus.Client client() {
        return client;
    }

    /** Serves the client until it goes, or {@link #close} is called. */
    void run() {
        context.clientConnected(client);
        Thread screen = null;
        try (socket;
                InputPort keyboard = context.openInput(client.address())) {
            screen = context.threads().newThread(this::showScreen);
            screen.start();
            readKeys(keyboard);
        } catch (IOException | IllegalStateException e) {
            // The client has gone, or the frontend is being detached: then its host gives it no
            // threads and no input.
            context.logger().debug("client {} is served no more", client.address(), e);
        } finally {
            if (screen != null) {
                screen.interrupt();
            }
            context.clientDisconnected(client, detached ? "detached" : "closed by the client");
        }
    }

    private void readKeys(InputPort keyboard) throws IOException {
        Telnet protocol = new Telnet();
        TerminalKeys keys = new TerminalKeys();
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[1024];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            byte[] typed = protocol.data(Arrays.copyOf(bytes, count));
            for (InputEvent[] group : keys.events(typed)) {
                if (types) {
                    keyboard.send(group);
                }
            }
        }
    }

    private void showScreen() {
        Frame frame = new Frame();
        AnsiScreen screen = new AnsiScreen();
        try {
            OutputStream out = socket.getOutputStream();
            if (telnet) {
                out.write(Telnet.GREETING);
            }
            while (context.display().awaitNewer(frame.generation(), A_DAY)) {
                context.display().read(frame);
                byte[] update =
                        frame.text() != null
                                ? screen.show(frame.text())
                                : screen.showNotice(
                                        "The guest shows a picture of %d x %d; this terminal shows text."
                                                .formatted(
                                                        frame.mode().width(),
                                                        frame.mode().height()));
                if (update.length > 0) {
                    out.write(update);
                    frames.increment();
                }
            }
        } catch (IOException | InterruptedException e) {
            // The other thread says why; it reads no further once the socket is closed.
            closeSocket();
        }
    }

    /** Ends the session from another thread. */
    void close() {
        detached = true;
        closeSocket();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            context.logger().debug("closing the connection of {} failed", client.address(), e);
        }
    }
}
