package org.vitrine.core.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what drives have to read and write beside the vCPU thread, one thing after another, and
 * tells the vCPU thread when it is done. What fails is done as the drive's {@link ErrorPolicy}
 * says. The thread is the platform's own: frontends may use up those that carry virtual threads.
 */
public final class DriveIo {

    /** Something that waits for the host's files. */
    @FunctionalInterface
    public interface Task {
        void run() throws IOException;
    }

    /**
     * Something that a guest waits for.
     *
     * @param write whether it changes the medium, or makes changes safe
     * @param task may be done again when it failed
     * @param wanted whether the guest still waits for it; asked on the vCPU thread
     * @param done told on the vCPU thread why it failed, or null; not told when nobody waits
     */
    public record Request(
            Drive drive,
            boolean write,
            Task task,
            BooleanSupplier wanted,
            Consumer<IOException> done) {}

    private static final Logger LOG = LoggerFactory.getLogger(DriveIo.class);
    private static final long IDLE_SECONDS = 10;

    private final Executor worker;
    private final Executor vcpu;
    private final DriveListener listener;

    /** What the machine was stopped for; the vCPU thread's alone. */
    private final List<Request> held = new ArrayList<>();

    /**
     * A way to do I/O beside the vCPU thread.
     *
     * @param worker does one thing after another
     * @param vcpu does what it is given on the vCPU thread, between two instructions
     * @param listener told of what fails
     */
    public DriveIo(Executor worker, Executor vcpu, DriveListener listener) {
        this.worker = worker;
        this.vcpu = vcpu;
        this.listener = listener;
    }

    /** One with a thread of its own, which is there while there is something to do. */
    public static DriveIo threaded(String name, Executor vcpu, DriveListener listener) {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name(name).daemon(true).factory());
        worker.allowCoreThreadTimeOut(true);
        return new DriveIo(worker, vcpu, listener);
    }

    /** Does what the guest waits for, beside the vCPU thread. */
    public void submit(Request request) {
        worker.execute(() -> {
            IOException failure = attempt(request.task());
            vcpu.execute(() -> finish(request, failure));
        });
    }

    private void finish(Request request, IOException failure) {
        if (!request.wanted().getAsBoolean()) {
            return;
        }
        if (failure == null) {
            request.done().accept(null);
            return;
        }
        Drive drive = request.drive();
        ErrorPolicy.Choice action = drive.errorPolicy().action(request.write(), failure);
        if (action == ErrorPolicy.Choice.STOP) {
            held.add(request);
            drive.setStopped(failure);
        } else {
            request.done().accept(action == ErrorPolicy.Choice.IGNORE ? null : failure);
        }
        listener.ioFailed(drive, request.write(), action, failure);
    }

    /** Does again what the machine was stopped for, now that it goes on. */
    public void retry() {
        List<Request> again = List.copyOf(held);
        held.clear();
        for (Request request : again) {
            request.drive().setStopped(null);
            if (request.wanted().getAsBoolean()) {
                submit(request);
            }
        }
    }

    private static IOException attempt(Task task) {
        try {
            task.run();
            return null;
        } catch (IOException e) {
            return e;
        } catch (RuntimeException e) {
            LOG.error("a drive's I/O failed", e);
            return new IOException(e);
        }
    }
}
