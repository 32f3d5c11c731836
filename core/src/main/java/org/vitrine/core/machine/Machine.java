package org.vitrine.core.machine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayLayout.WriterState;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.input.InputPort;

/**
 * A PC that runs: one vCPU thread owns the CPU, the devices and all guest state, and nobody else
 * touches them. Other threads do one of three things: they hand work to the vCPU thread, which does
 * it between two instructions ({@link #call}); they offer input to a queue ({@link #openInput});
 * they read the published screen ({@link #display}).
 *
 * <p>Public methods may be called from any thread.
 */
public final class Machine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    /** Instructions between two looks at the clock and the queues: some tens of microseconds. */
    private static final long SLICE = 8_192;

    private static final String ENDED = "the machine has ended";

    private final MachineConfig config;
    private final Pc pc;
    private final Thread vcpu;
    private final Queue<FutureTask<?>> work = new ConcurrentLinkedQueue<>();
    private final List<MachineListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ShutdownCause> ended = new CompletableFuture<>();
    private volatile RunState state = RunState.PRELAUNCH;
    private volatile boolean closing;
    private ShutdownCause guestRequest;
    private ShutdownCause endCause;
    private int modeSerial;

    /** Makes a machine, stopped at its reset vector. */
    public Machine(MachineConfig config) {
        this.config = config;
        this.vcpu = Thread.ofPlatform().name("vcpu0").daemon(true).unstarted(this::runThread);
        this.pc = new Pc(config, this::wakeUp, this::guestResets, this::clockSet);
        vcpu.start();
    }

    public MachineConfig config() {
        return config;
    }

    /** What the machine is doing now. */
    public RunState state() {
        return state;
    }

    /** The guest's screen. */
    public Display display() {
        return pc.display();
    }

    /** Opens a way to the guest's keyboard and pointer. */
    public InputPort openInput(String client) {
        return pc.input().open(client);
    }

    /**
     * The machine's parts. They belong to the vCPU thread: reach them inside {@link #call} alone.
     */
    public Pc pc() {
        return pc;
    }

    /** Tells this listener of all events from now on. */
    public void addListener(MachineListener listener) {
        listeners.add(listener);
    }

    public void removeListener(MachineListener listener) {
        listeners.remove(listener);
    }

    /**
     * Does something on the vCPU thread, between two instructions, and waits for it.
     *
     * @throws IllegalStateException when the machine has ended
     */
    public <T> T call(Callable<T> task) {
        if (Thread.currentThread() == vcpu) {
            return unchecked(task);
        }
        FutureTask<T> future = new FutureTask<>(task);
        work.add(future);
        wakeUp();
        if (ended.isDone() && work.remove(future)) {
            throw new IllegalStateException(ENDED);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (CancellationException e) {
                    throw new IllegalStateException(ENDED, e);
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T unchecked(Callable<T> task) {
        try {
            return task.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    /** Stops the guest, and guest time; nothing happens when it does not run. */
    public void stop() {
        run(() -> halt(RunState.PAUSED));
    }

    /**
     * Lets the guest run on; nothing happens when it runs.
     *
     * @throws IllegalStateException when it can't, for a person to read: it has switched itself
     *     off, or failed
     */
    public void cont() {
        run(() -> {
            switch (state) {
                case RUNNING -> {}
                case PRELAUNCH, PAUSED -> {
                    state = RunState.RUNNING;
                    pc.clock().start();
                    pc.refresh().setState(WriterState.RUNNING);
                    tell(new MachineEvent.Resumed());
                }
                case SHUTDOWN, INTERNAL_ERROR ->
                        throw new IllegalStateException(
                                "Resetting the Virtual Machine is required");
            }
        });
    }

    /**
     * Resets the machine, as its reset button does. A guest that had switched itself off stays
     * stopped.
     */
    public void reset() {
        run(() -> reset(ShutdownCause.HOST_QMP_SYSTEM_RESET));
    }

    /** Ends the machine: its thread ends, and its screen says closed. Waits for that. */
    public void shutDown(ShutdownCause cause) {
        if (Thread.currentThread() == vcpu) {
            end(cause);
            return;
        }
        if (!ended.isDone()) {
            try {
                run(() -> end(cause));
            } catch (IllegalStateException e) {
                LOG.debug("the machine has ended by itself", e);
            }
        }
        ended.join();
    }

    @Override
    public void close() {
        shutDown(ShutdownCause.HOST_UI);
    }

    /**
     * Done when the machine has ended, with the cause: {@link ShutdownCause#HOST_ERROR} when its
     * thread failed.
     */
    public CompletableFuture<ShutdownCause> ended() {
        return ended.copy();
    }

    private void wakeUp() {
        pc.cpu().requestExit();
        LockSupport.unpark(vcpu);
    }

    // From here on everything is done by the vCPU thread.

    private void runThread() {
        try {
            for (doWork(); !closing; doWork()) {
                long untilRefresh = refresh();
                if (state == RunState.RUNNING) {
                    runGuest(untilRefresh);
                } else if (work.isEmpty() && !closing) {
                    LockSupport.parkNanos(this, untilRefresh);
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the emulator failed; the machine ends", e);
            end(ShutdownCause.HOST_ERROR);
        } finally {
            try {
                pc.refresh().setState(WriterState.CLOSED);
            } finally {
                // Whatever happened: nobody may wait for ever for a thread that is gone.
                ended.complete(endCause);
                doWork();
            }
        }
    }

    private void runGuest(long untilRefresh) {
        try {
            pc.scheduler().runDue();
            pc.drainInput();
            pc.cpu().run(SLICE);
            if (pc.cpu().shutDown()) {
                // What a processor's shutdown cycle makes of a PC's chipset: a reset.
                guestResets(ShutdownCause.GUEST_RESET);
            } else if (pc.cpu().idle() && work.isEmpty()) {
                long untilTimer = pc.scheduler().nextDeadline() - pc.clock().nanos();
                LockSupport.parkNanos(this, Math.min(untilTimer, untilRefresh));
            }
            if (guestRequest != null) {
                serveGuestRequest();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the emulator failed; the machine is stopped", e);
            halt(RunState.INTERNAL_ERROR);
        }
    }

    /** Does what is due for the screen; host time in nanoseconds until something is due again. */
    private long refresh() {
        long untilNext = pc.refresh().poll();
        DisplayMode mode = pc.surfaceWriter().mode();
        if (mode != null && mode.serial() != modeSerial) {
            modeSerial = mode.serial();
            pc.inputSink().screenResized(mode.width(), mode.height());
            tell(new MachineEvent.DisplayModeChanged(mode));
        }
        return untilNext;
    }

    /**
     * Does the work that waits; refuses it once the machine has been told to end, so that nothing
     * follows its end.
     */
    private void doWork() {
        for (FutureTask<?> task = work.poll(); task != null; task = work.poll()) {
            if (closing) {
                task.cancel(false);
            } else {
                task.run();
            }
        }
    }

    private void guestResets(ShutdownCause cause) {
        guestRequest = cause;
        pc.cpu().requestExit();
    }

    private void clockSet(long secondsAhead) {
        tell(new MachineEvent.ClockSet(secondsAhead));
    }

    private void serveGuestRequest() {
        ShutdownCause cause = guestRequest;
        guestRequest = null;
        switch (cause) {
            case GUEST_RESET -> {
                if (config.shutdownOnReset()) {
                    switchOff(cause);
                } else {
                    reset(cause);
                }
            }
            default -> switchOff(cause);
        }
    }

    private void switchOff(ShutdownCause cause) {
        if (config.stayAfterShutdown()) {
            tell(new MachineEvent.Shutdown(cause));
            halt(RunState.SHUTDOWN);
        } else {
            end(cause);
        }
    }

    private void reset(ShutdownCause cause) {
        pc.reset();
        tell(new MachineEvent.Reset(cause));
        if (state == RunState.SHUTDOWN || state == RunState.INTERNAL_ERROR) {
            state = RunState.PAUSED;
        }
    }

    private void halt(RunState why) {
        if (state == RunState.RUNNING) {
            pc.clock().stop();
            state = why;
            pc.refresh().setState(WriterState.PAUSED);
            tell(new MachineEvent.Stopped());
        }
    }

    private void end(ShutdownCause cause) {
        if (!closing) {
            pc.clock().stop();
            state = RunState.SHUTDOWN;
            closing = true;
            endCause = cause;
            tell(new MachineEvent.Shutdown(cause));
        }
    }

    private void tell(MachineEvent event) {
        for (MachineListener listener : listeners) {
            try {
                listener.machineEvent(event);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at {}", event, e);
            }
        }
    }
}
