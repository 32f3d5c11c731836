package org.vitrine.monitor;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.qmp.QmpClient;

/**
 * One ordinary session without a person, from which the JVM learns which classes a start needs and
 * which methods it will compile. The launcher runs it once after a build, to make its start-up
 * cache.
 */
public final class StartupTraining {

    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private StartupTraining() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("vitrine-training");
        Path socket = folder.resolve("qmp.sock");
        Thread guide =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                guide(socket);
                            } catch (IOException | CommandException | InterruptedException e) {
                                e.printStackTrace();
                                Runtime.getRuntime().halt(1);
                            }
                        });
        int status =
                Main.run(
                        "-monitor",
                        "none",
                        "-display",
                        "vnc,port=0",
                        "-display",
                        "mjpeg,port=0",
                        "-qmp",
                        "unix:" + socket);
        guide.join();
        Files.delete(folder);
        System.exit(status);
    }

    private static void guide(Path socket)
            throws IOException, CommandException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        try (QmpClient client = connect(socket, deadline)) {
            while (!promptIsThere(client)) {
                pause(deadline);
            }
            client.execute("query-status");
            client.execute("query-frontends");
            client.execute("quit", new JsonObject());
        }
    }

    private static QmpClient connect(Path socket, long deadline) throws InterruptedException {
        while (true) {
            try {
                return QmpClient.connect(
                        UnixDomainSocketAddress.of(socket), Duration.ofSeconds(30));
            } catch (IOException e) {
                // The socket is not there yet, or nobody listens at it yet.
                pause(deadline);
            }
        }
    }

    private static boolean promptIsThere(QmpClient client) {
        try {
            return client.execute("query-screen-text").toString().contains("vitrine>");
        } catch (CommandException e) {
            // There is no text before the firmware has set a text mode.
            return false;
        }
    }

    private static void pause(long deadline) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("the training did not reach the firmware's prompt");
        }
        TimeUnit.MILLISECONDS.sleep(5);
    }
}
