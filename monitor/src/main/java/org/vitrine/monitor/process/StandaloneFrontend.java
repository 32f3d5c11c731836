package org.vitrine.monitor.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.spi.FrontendException;

/**
 * {@code vitrine frontend}: runs one plugin in this process, against an emulator in another, until
 * it is detached, told to stop, or the emulator goes; with {@link Order#waits} until it is told to
 * stop, through any number of emulators at the same prefix. {@link #stop} may be called by any
 * thread.
 */
public final class StandaloneFrontend {

    private static final long RETRY_MILLIS = 200;

    private final Order order;
    private final PluginLoader plugins;
    private final Consumer<String> endpoints;
    private final Consumer<String> messages;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Attachment attachment;

    /**
     * What is asked.
     *
     * @param prefix what the emulator was given with {@code -sharedmaps}
     * @param id null for one that the emulator chooses
     * @param options words of the command line; not looked at when it is supervised
     * @param waits whether it waits for an emulator, and for another when it goes
     * @param supervised whether the emulator has started this process, and so has the options
     */
    public record Order(
            String driver,
            Path prefix,
            String id,
            Map<String, String> options,
            boolean waits,
            boolean supervised) {}

    /**
     * @param endpoints takes lines that say where clients connect
     * @param messages takes lines that say what happened
     */
    public StandaloneFrontend(
            Order order,
            PluginLoader plugins,
            Consumer<String> endpoints,
            Consumer<String> messages) {
        this.order = order;
        this.plugins = plugins;
        this.endpoints = endpoints;
        this.messages = messages;
    }

    /**
     * Runs to the end.
     *
     * @return whether it ended orderly: detached, told to stop, or with the emulator's own end
     * @throws FrontendException when it can't attach; an OptionException when what is asked is
     *     wrong
     */
    public boolean run() throws FrontendException {
        try {
            Map<String, Object> options =
                    order.supervised()
                            ? null
                            : FrontendHost.typed(plugins, order.driver(), order.options());
            boolean saidSo = false;
            while (true) {
                Attachment.Ending ending = null;
                try {
                    ending = attachOnce(options);
                    saidSo = false;
                } catch (NoEmulatorException e) {
                    if (!order.waits()) {
                        throw new FrontendException(e.getMessage(), e);
                    }
                    if (!saidSo) {
                        messages.accept(e.getMessage() + "; waiting for one");
                        saidSo = true;
                    }
                }
                if (ending != null) {
                    switch (ending.cause()) {
                        case DETACHED, TOLD_TO_STOP -> {
                            return true;
                        }
                        case FAILED -> {
                            messages.accept(ending.message());
                            return false;
                        }
                        case EMULATOR_ENDED, EMULATOR_GONE -> {
                            messages.accept(
                                    ending.message()
                                            + (order.waits() ? "; waiting for another" : ""));
                            saidSo = true;
                            if (!order.waits()) {
                                return ending.cause() == Attachment.Cause.EMULATOR_ENDED;
                            }
                        }
                    }
                }
                if (stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            finished.countDown();
        }
    }

    private Attachment.Ending attachOnce(Map<String, Object> options)
            throws NoEmulatorException, FrontendException, InterruptedException {
        try (Attachment now = Attachment.open(order, options, plugins)) {
            attachment = now;
            if (stopped.getCount() == 0) {
                now.end(new Attachment.Ending(Attachment.Cause.TOLD_TO_STOP, null));
            }
            if (!order.supervised()) {
                now.status()
                        .endpoints()
                        .forEach(endpoint -> endpoints.accept(now.id() + ": " + endpoint.url()));
            }
            return now.await();
        } finally {
            attachment = null;
        }
    }

    /** Ends it, and waits until it has closed its endpoints and taken leave. */
    public void stop() throws InterruptedException {
        stopped.countDown();
        Attachment now = attachment;
        if (now != null) {
            now.end(new Attachment.Ending(Attachment.Cause.TOLD_TO_STOP, null));
        }
        finished.await();
    }
}
