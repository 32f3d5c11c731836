package org.vitrine.monitor.plugin;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.event.Level;
import org.vitrine.spi.FrontendException;

/**
 * Starts the process of one frontend, watches it, starts it again after a crash when it is told to,
 * and ends it: asked first, then by SIGTERM, then by SIGKILL. One thread does all waiting.
 */
final class Supervisor {

    /** How long a process has to end by itself once its connection is gone. */
    private static final Duration AFTER_LOSS = Duration.ofSeconds(2);

    /** How long a process has between SIGTERM and SIGKILL. */
    private static final Duration AFTER_TERM = Duration.ofSeconds(2);

    /** What a JVM takes to start on a busy host, before the frontend's own limit begins. */
    private static final Duration START = Duration.ofSeconds(30);

    private static final int SIGNAL_BASE = 128;

    private final RemoteFrontend frontend;
    private final Plan plan;
    private final AttachedFrontend.Limits limits;
    private final BackOff backOff;
    private final CompletableFuture<Void> attached = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Thread thread;

    // Guarded by this object.
    private Process process;
    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private boolean connectionLost;
    private int restarts;

    /** How the processes are started. */
    record Plan(FrontendLauncher launcher, Placing.Restart restart, BackOff.Delays delays) {}

    /** What was heard of a process that has ended. */
    private record Run(int status, String lastWords, String fault) {}

    Supervisor(RemoteFrontend frontend, Plan plan, AttachedFrontend.Limits limits) {
        this.frontend = frontend;
        this.plan = plan;
        this.limits = limits;
        this.backOff = new BackOff(plan.delays());
    }

    /**
     * Starts the first process, and waits until the frontend is attached in it.
     *
     * @throws FrontendException when it is not; then the process has ended
     */
    void start() throws FrontendException {
        thread = Thread.ofVirtual().name("supervise-" + frontend.id()).start(this::run);
        try {
            attached.get();
        } catch (InterruptedException e) {
            frontend.close(FrontendChannel.CloseReason.DETACHED);
            Thread.currentThread().interrupt();
            throw new FrontendException(frontend.driver() + ": attach was interrupted");
        } catch (ExecutionException e) {
            joinQuietly(thread);
            throw new FrontendException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** The process that runs now, or ran last; 0 before the first. */
    synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    /** What follows a crash. */
    Placing.Restart restart() {
        return plan.restart();
    }

    synchronized int restarts() {
        return restarts;
    }

    /** The frontend is attached in its process. */
    void ready() {
        synchronized (this) {
            ready.complete(null);
        }
        attached.complete(null);
    }

    /** The process has closed its connection, or was put out: it ends now, or is ended. */
    void connectionLost() {
        Process now;
        synchronized (this) {
            if (connectionLost || process == null) {
                return;
            }
            connectionLost = true;
            now = process;
        }
        Thread.startVirtualThread(() -> {
            if (!waitFor(now, AFTER_LOSS)) {
                now.destroyForcibly();
            }
        });
    }

    /**
     * Ends the process, and starts none any more; returns when it is gone.
     *
     * @param asked whether it has been asked to end
     */
    void stop(boolean asked) {
        Process now;
        synchronized (this) {
            stopping.countDown();
            now = process;
        }
        if (now != null) {
            if (!asked || !waitFor(now, limits.close())) {
                now.destroy();
                if (!waitFor(now, AFTER_TERM)) {
                    frontend.logger().warn("pid {} does not end, and is killed", now.pid());
                    now.destroyForcibly();
                }
            }
        }
        joinQuietly(thread);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        while (true) {
            long began = System.nanoTime();
            Run run = runOnce();
            Duration ran = Duration.ofNanos(System.nanoTime() - began);
            RemoteSession session = frontend.endRun();
            String crash = crash(run, session);
            if (isStopping()) {
                attached.completeExceptionally(
                        new FrontendException(
                                frontend.driver() + ": it was detached while it started"));
                return;
            }
            if (!attached.isDone()) {
                attached.completeExceptionally(
                        new FrontendException(
                                crash != null ? crash : frontend.driver() + ": it ended at once"));
                return;
            }
            boolean again = crash != null && plan.restart() == Placing.Restart.ON_CRASH;
            Duration wait = again ? backOff.after(ran) : null;
            frontend.runEnded(session, crash, wait);
            if (!again || waitToStop(wait)) {
                return;
            }
            synchronized (this) {
                restarts++;
            }
        }
    }

    private boolean waitToStop(Duration wait) {
        try {
            return stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Runs one process to its end. */
    private Run runOnce() {
        Process child;
        CompletableFuture<Void> nowReady = new CompletableFuture<>();
        synchronized (this) {
            if (isStopping()) {
                return new Run(0, null, null);
            }
            ready = nowReady;
            connectionLost = false;
            try {
                process =
                        plan.launcher()
                                .launch(frontend.driver(), frontend.id(), frontend.plugin().path());
            } catch (IOException e) {
                return new Run(0, null, frontend.driver() + ": " + e.getMessage());
            }
            child = process;
        }
        ChildLog log = new ChildLog(child);
        // A platform thread: reading a pipe would keep a carrier of all virtual threads.
        Thread pump =
                Thread.ofPlatform()
                        .daemon()
                        .name("log-" + frontend.id())
                        .inheritInheritableThreadLocals(false)
                        .start(log::pump);
        child.onExit().thenRun(() -> nowReady.complete(null));
        String fault = null;
        try {
            nowReady.get(START.plus(limits.attach()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            fault = frontend.driver() + ": its process did not attach it in time, and was killed";
            child.destroyForcibly();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        int status = await(child);
        joinQuietly(pump);
        return new Run(status, log.lastWords(), fault);
    }

    private static int await(Process child) {
        try {
            return child.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean waitFor(Process child, Duration limit) {
        try {
            return child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void joinQuietly(Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The fault by which a run ended, or null when it ended orderly. */
    private static String crash(Run run, RemoteSession session) {
        if (run.fault() != null) {
            return run.fault();
        }
        if (session != null && session.error() != null) {
            return session.error();
        }
        if (session != null && session.leftOrderly()) {
            return null;
        }
        String what =
                run.status() > SIGNAL_BASE
                        ? "its process was ended by " + signalName(run.status() - SIGNAL_BASE)
                        : "its process ended with status " + run.status();
        return run.lastWords() == null ? what : what + ": " + run.lastWords();
    }

    static String signalName(int number) {
        String name =
                switch (number) {
                    case 1 -> "SIGHUP";
                    case 2 -> "SIGINT";
                    case 4 -> "SIGILL";
                    case 6 -> "SIGABRT";
                    case 7 -> "SIGBUS";
                    case 9 -> "SIGKILL";
                    case 11 -> "SIGSEGV";
                    case 15 -> "SIGTERM";
                    default -> null;
                };
        return name == null ? "signal " + number : "signal " + number + " (" + name + ")";
    }

    /** What the process prints, line by line into the log of its frontend. */
    private final class ChildLog {

        private static final String OWN_WORDS = "vitrine: ";

        /** Characters; what is longer is logged in pieces, so that it needs no memory. */
        private static final int LONGEST_LINE = 8192;

        private final Process child;
        private volatile String lastWords;

        ChildLog(Process child) {
            this.child = child;
        }

        /** What it printed last for a person, or null. */
        String lastWords() {
            return lastWords;
        }

        void pump() {
            StringBuilder line = new StringBuilder();
            try (BufferedReader text = child.inputReader(StandardCharsets.UTF_8)) {
                for (int c = text.read(); c >= 0; c = text.read()) {
                    if (c != '\n') {
                        line.append((char) c);
                    }
                    if (c == '\n' || line.length() == LONGEST_LINE) {
                        log(line.toString());
                        line.setLength(0);
                    }
                }
                if (!line.isEmpty()) {
                    log(line.toString());
                }
            } catch (IOException e) {
                frontend.logger().debug("the log of pid {} ended", child.pid(), e);
            }
        }

        /** A line begins with its level when it comes from a log, and not when it was printed. */
        private void log(String line) {
            if (line.startsWith(OWN_WORDS)) {
                lastWords = line.substring(OWN_WORDS.length());
                return;
            }
            int space = line.indexOf(' ');
            if (space > 0) {
                for (Level level : Level.values()) {
                    if (line.startsWith(level.name())) {
                        frontend.logger().atLevel(level).log("{}", line.substring(space).strip());
                        return;
                    }
                }
            }
            frontend.logger().warn("{}", line);
        }
    }
}
