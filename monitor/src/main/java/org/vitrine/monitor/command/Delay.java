package org.vitrine.monitor.command;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Does things later, in the host's time. Tests have one whose time they move. */
@FunctionalInterface
interface Delay {

    /** The host's clock. */
    Delay HOST =
            (after, task) ->
                    CompletableFuture.delayedExecutor(after.toNanos(), TimeUnit.NANOSECONDS)
                            .execute(task);

    /** Runs this once, on a thread of its own choice, and not before this time is over. */
    void run(Duration after, Runnable task);
}
