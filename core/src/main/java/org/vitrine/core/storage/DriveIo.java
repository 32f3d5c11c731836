package org.vitrine.core.storage;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what drives have to read and write beside the vCPU thread, one thing after another, and
 * tells the vCPU thread when it is done. The thread is the platform's own: frontends may use up
 * those that carry virtual threads.
 */
public final class DriveIo {

    /** Something that waits for the host's files. */
    @FunctionalInterface
    public interface Task {
        void run() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DriveIo.class);
    private static final long IDLE_SECONDS = 10;

    private final Executor worker;
    private final Executor vcpu;

    /**
     * A way to do I/O beside the vCPU thread.
     *
     * @param worker does one thing after another
     * @param vcpu does what it is given on the vCPU thread, between two instructions
     */
    public DriveIo(Executor worker, Executor vcpu) {
        this.worker = worker;
        this.vcpu = vcpu;
    }

    /** One with a thread of its own, which is there while there is something to do. */
    public static DriveIo threaded(String name, Executor vcpu) {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name(name).daemon(true).factory());
        worker.allowCoreThreadTimeOut(true);
        return new DriveIo(worker, vcpu);
    }

    /**
     * Does this beside the vCPU thread, then that on the vCPU thread.
     *
     * @param done told why it failed; null when it did not
     */
    public void submit(Task task, Consumer<IOException> done) {
        worker.execute(() -> {
            IOException failure = attempt(task);
            vcpu.execute(() -> done.accept(failure));
        });
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
