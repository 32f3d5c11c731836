package org.vitrine.core.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.vitrine.core.cpu.exec.StopPoints;
import org.vitrine.core.display.DisplayRefresh;
import org.vitrine.core.display.GlyphFont;
import org.vitrine.core.memory.MapReaders;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.storage.ErrorPolicy;
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

    /** The most instructions of one {@link #step}, so that nobody waits long for the next. */
    public static final int STEP_LIMIT = 1_000_000;

    private static final String RESET_NEEDED = "Resetting the Virtual Machine is required";

    /** Instructions between two looks at the clock and the queues: some tens of microseconds. */
    private static final long SLICE = 8_192;

    /**
     * The same in host time, in nanoseconds, for guests whose instructions take longer, as repeated
     * ones that fill a screen do: for so long timers, input and frames may be late.
     */
    private static final long SLICE_NANOS = 500_000;

    private static final long SHORTEST_SLICE = 32;

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
    private boolean shutdownOnReset;
    private boolean stayAfterShutdown;
    private long slice = SLICE;
    private volatile int exitStatus;

    /** Whether the screen's own memory failed, so that only a reset makes another attempt. */
    private boolean screenFailed;

    /** Makes a machine, stopped at its reset vector. */
    public Machine(MachineConfig config) {
        this.config = config;
        this.shutdownOnReset = config.actions().shutdownOnReset();
        this.stayAfterShutdown = config.actions().stayAfterShutdown();
        this.vcpu = Thread.ofPlatform().name("vcpu0").daemon(true).unstarted(this::runThread);
        this.pc =
                new Pc(
                        config,
                        this::wakeUp,
                        this::guestResets,
                        this::guestExits,
                        this::clockSet,
                        this::post,
                        new DriveEvents());
        // A frame is there from the beginning; that is no change of mode.
        noteMode();
        vcpu.start();
    }

    public MachineConfig config() {
        return config;
    }

    /** What the machine is doing now. */
    public RunState state() {
        return state;
    }

    /** What the guest wants the emulator to end with; 0 when it has not said anything. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The guest's screen. */
    public Display display() {
        return pc.display();
    }

    /**
     * What other processes can map: the blocks of memory that are files, and always the screen,
     * last, unless this system can't let others reach it.
     */
    public List<GuestMap> maps() {
        List<GuestMap> maps = new ArrayList<>();
        for (MemoryPlan.Block block : MemoryPlan.of(config).blocks()) {
            Path path =
                    block.name().equals(MemorySource.DISPLAY)
                            ? pc.surface().path()
                            : config.memory().file(block.name());
            if (path != null) {
                long address =
                        block.name().equals(RamBlock.VGA)
                                ? pc.vga().framebuffer()
                                : block.address();
                maps.add(new GuestMap(block.name(), path, address, block.size()));
            }
        }
        return List.copyOf(maps);
    }

    /**
     * Which processes other than this one map these maps now; of those that this one may look at.
     *
     * @param maps of {@link #maps}
     * @return the processes' numbers by the map's name
     * @throws UncheckedIOException when this system does not tell
     */
    public Map<String, List<Long>> readers(List<GuestMap> maps) {
        Map<String, MemorySegment> memory = new LinkedHashMap<>();
        maps.forEach(map -> memory.put(map.name(), pc.memory(map.name())));
        return MapReaders.of(memory);
    }

    /**
     * Takes notice of what other processes wrote to the maps: forgets decoded code and
     * translations, and compares all that is shown with video memory. RAM itself needs no notice.
     *
     * @throws IllegalStateException when the machine has ended
     */
    public void refreshMaps() {
        run(() -> {
            pc.cpu().forgetMemory();
            pc.refresh().compare();
        });
    }

    /**
     * The fonts that the guest may draw text with in a graphics mode.
     *
     * @throws IllegalStateException when the machine has ended
     */
    public List<GlyphFont> fonts() {
        return call(() -> GlyphFont.inMemory(pc.memory()));
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
                case PRELAUNCH, PAUSED, DEBUG, IO_ERROR -> {
                    passBreakpoint();
                    pc.retryIo();
                    state = RunState.RUNNING;
                    pc.clock().start();
                    pc.refresh().setState(WriterState.RUNNING);
                    tell(new MachineEvent.Resumed());
                }
                case SHUTDOWN, INTERNAL_ERROR -> throw new IllegalStateException(RESET_NEEDED);
            }
        });
    }

    /**
     * Executes instructions one by one while the machine is stopped. Guest time stands still, so no
     * timer fires; an interrupt that waits is taken, and the first instruction of its handler is
     * the next.
     *
     * @param count how many, 1 to {@link #STEP_LIMIT}
     * @return how many were executed: fewer when there is a breakpoint on the way, or when the
     *     processor is halted
     * @throws IllegalStateException when it can't, for a person to read: the guest runs, or needs a
     *     reset
     */
    public int step(int count) {
        return call(() -> stepGuest(count));
    }

    /** What the machine has done until now. */
    public MachineStatistics statistics() {
        return call(() ->
                new MachineStatistics(
                        pc.cpu().instructions(),
                        pc.surfaceWriter().generation(),
                        pc.clock().nanos(),
                        System.nanoTime()));
    }

    /**
     * Opens or closes a drive's tray, as its button does, whether the guest has locked it or not.
     *
     * @throws IllegalStateException when the machine has ended
     */
    public void moveTray(Drive drive, boolean open) {
        run(() -> {
            if (drive.trayOpen() != open) {
                drive.setTrayOpen(open);
                tell(new MachineEvent.TrayMoved(drive, open));
            }
        });
    }

    /**
     * Puts another medium into a drive whose tray is open, or takes the medium out.
     *
     * @param medium null for none; the drive closes it in the end
     * @return the old one, which is the caller's to close; null when there was none
     * @throws IllegalStateException when the machine has ended
     */
    public DiskImage exchangeMedium(Drive drive, DiskImage medium) {
        return call(() -> drive.exchange(medium));
    }

    /**
     * Resets the machine, as its reset button does. A guest that had switched itself off stays
     * stopped.
     */
    public void reset() {
        run(() -> reset(ShutdownCause.HOST_QMP_SYSTEM_RESET));
    }

    /** Presses the power button: a guest that uses ACPI is told, and may switch itself off. */
    public void pressPowerButton() {
        run(pc.powerManagement()::pressPowerButton);
    }

    /**
     * Chooses what follows when the guest resets the machine or switches it off, in place of what
     * the configuration says.
     *
     * @param offOnReset whether a reset switches the machine off; null to leave that as it is
     * @param stayWhenOff whether a machine that is switched off stays, stopped; null to leave that
     *     as it is
     * @throws IllegalStateException when the machine has ended
     */
    public void setActions(Boolean offOnReset, Boolean stayWhenOff) {
        run(() -> {
            shutdownOnReset = offOnReset == null ? shutdownOnReset : offOnReset;
            stayAfterShutdown = stayWhenOff == null ? stayAfterShutdown : stayWhenOff;
        });
    }

    /**
     * Raises a non-maskable interrupt, whatever the mask in the real-time clock's port says.
     *
     * @throws IllegalStateException when the machine has ended
     */
    public void injectNmi() {
        run(pc.cpu()::nmi);
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

    /**
     * Has something done on the vCPU thread, between two instructions; not at all once it ended.
     */
    private void post(Runnable task) {
        work.add(new FutureTask<>(task, null));
        wakeUp();
    }

    private void wakeUp() {
        pc.cpu().requestExit();
        LockSupport.unpark(vcpu);
    }

    // From here on everything is done by the vCPU thread.

    private void runThread() {
        try {
            while (!closing) {
                try {
                    doWork();
                    runOn();
                } catch (InternalError e) {
                    memoryFailed(e);
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the emulator failed; the machine ends", e);
            end(ShutdownCause.HOST_ERROR);
        } finally {
            try {
                closeScreen();
                closeDrives();
            } finally {
                // Whatever happened: nobody may wait for ever for a thread that is gone.
                ended.complete(endCause);
                doWork();
            }
        }
    }

    private void runOn() {
        if (closing) {
            return;
        }
        long untilRefresh = screenFailed ? heartbeat() : refresh();
        if (state == RunState.RUNNING) {
            runGuest(untilRefresh);
        } else if (work.isEmpty() && !closing) {
            LockSupport.parkNanos(this, untilRefresh);
        }
    }

    private long heartbeat() {
        pc.surfaceWriter().heartbeat();
        return DisplayRefresh.HEARTBEAT_NANOS;
    }

    private void closeScreen() {
        try {
            pc.refresh().setState(WriterState.CLOSED);
        } catch (InternalError e) {
            LOG.error("the last picture could not be published: {}", failure(), e);
            pc.surfaceWriter().setState(WriterState.CLOSED);
        }
    }

    private void closeDrives() {
        for (Drive drive : config.drives().all()) {
            try {
                drive.close();
            } catch (IOException e) {
                LOG.error("what the guest wrote last may be lost: {}", e.getMessage(), e);
            }
        }
    }

    /** Tells what drives do. */
    private final class DriveEvents implements DriveListener {

        @Override
        public void trayMoved(Drive drive, boolean open) {
            tell(new MachineEvent.TrayMoved(drive, open));
        }

        @Override
        public void ioFailed(
                Drive drive, boolean write, ErrorPolicy.Choice action, IOException reason) {
            LOG.error("{}: {}", drive.name(), reason.getMessage(), reason);
            tell(new MachineEvent.DriveFailed(drive, write, action, reason));
            if (action == ErrorPolicy.Choice.STOP) {
                halt(RunState.IO_ERROR);
            }
        }
    }

    /**
     * A store or load met memory that the host could not provide: that is how the JVM reports what
     * would be SIGBUS. The guest's instruction may be half done, so it can't go on.
     */
    private void memoryFailed(InternalError error) {
        LOG.error("the machine is stopped: {}", failure(), error);
        try {
            // Whether the screen's own memory is concerned shows here.
            pc.refresh().refresh();
        } catch (InternalError again) {
            screenFailed = true;
            LOG.debug("the screen stays as it is", again);
        }
        if (state != RunState.INTERNAL_ERROR && !closing) {
            boolean ran = state == RunState.RUNNING;
            pc.clock().stop();
            // In this order: who sees that the machine has failed finds its screen paused.
            pc.surfaceWriter().setState(WriterState.PAUSED);
            state = RunState.INTERNAL_ERROR;
            if (ran) {
                tell(new MachineEvent.Stopped());
            }
        }
    }

    private String failure() {
        String known = config.memory().failure();
        if (known == null) {
            known = pc.surface().failure();
        }
        return known != null ? known : "memory could not be had from the host";
    }

    private void runGuest(long untilRefresh) {
        try {
            pc.scheduler().runDue();
            pc.drainInput();
            long ran = runSlice();
            if (pc.cpu().shutDown()) {
                // What a processor's shutdown cycle makes of a PC's chipset: a reset.
                guestResets(ShutdownCause.GUEST_RESET);
            } else if (ran == 0 && pc.cpu().idle() && work.isEmpty()) {
                // A guest that ran may have written to the screen, which is looked at first.
                LockSupport.parkNanos(this, Math.min(pc.clock().catchUp(), untilRefresh));
            }
            if (guestRequest != null) {
                serveGuestRequest();
            }
            stopAtBreakpoint();
        } catch (InternalError e) {
            memoryFailed(e);
        } catch (RuntimeException | Error e) {
            LOG.error("the emulator failed; the machine is stopped", e);
            halt(RunState.INTERNAL_ERROR);
        }
    }

    /** What stopped at a breakpoint goes on with the instruction that is there. */
    private void passBreakpoint() {
        pc.cpu().stops().takeMet();
        pc.cpu().stops().pass(pc.cpu().linearIp());
    }

    private boolean stopAtBreakpoint() {
        long where = pc.cpu().stops().takeMet();
        if (where == StopPoints.NOWHERE) {
            return false;
        }
        halt(RunState.DEBUG);
        tell(new MachineEvent.BreakpointHit(where));
        return true;
    }

    private int stepGuest(int count) {
        switch (state) {
            case RUNNING -> throw new IllegalStateException("the guest runs: stop it first");
            case SHUTDOWN, INTERNAL_ERROR -> throw new IllegalStateException(RESET_NEEDED);
            case PRELAUNCH, PAUSED, DEBUG, IO_ERROR -> state = RunState.DEBUG;
        }
        passBreakpoint();
        int done = 0;
        while (done < count && guestRequest == null) {
            pc.drainInput();
            long executed = pc.cpu().run(1);
            done += (int) executed;
            if (pc.cpu().shutDown()) {
                guestResets(ShutdownCause.GUEST_RESET);
            }
            // Nothing executed may also mean that somebody has work for this thread.
            if (executed == 0 && (pc.cpu().idle() || stopAtBreakpoint())) {
                break;
            }
        }
        if (guestRequest != null) {
            serveGuestRequest();
        }
        return done;
    }

    private long runSlice() {
        long begin = System.nanoTime();
        long ran = pc.cpu().run(slice);
        long took = System.nanoTime() - begin;
        if (took > SLICE_NANOS) {
            slice = Math.max(slice * SLICE_NANOS / took, SHORTEST_SLICE);
        } else if (slice < SLICE && took < SLICE_NANOS / 2) {
            slice = Math.min(2 * slice, SLICE);
        }
        return ran;
    }

    private DisplayMode noteMode() {
        DisplayMode mode = pc.surfaceWriter().mode();
        modeSerial = mode.serial();
        pc.inputSink().screenResized(mode.width(), mode.height());
        return mode;
    }

    /** Does what is due for the screen; host time in nanoseconds until something is due again. */
    private long refresh() {
        long untilNext = pc.refresh().poll();
        DisplayMode mode = pc.surfaceWriter().mode();
        if (mode.serial() != modeSerial) {
            tell(new MachineEvent.DisplayModeChanged(noteMode()));
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

    private void guestExits(int status) {
        // The guest may run on for some instructions: what it said first counts.
        exitStatus = exitStatus == 0 ? status : exitStatus;
        guestResets(ShutdownCause.GUEST_SHUTDOWN);
    }

    private void clockSet(long secondsAhead) {
        tell(new MachineEvent.ClockSet(secondsAhead));
    }

    private void serveGuestRequest() {
        ShutdownCause cause = guestRequest;
        guestRequest = null;
        switch (cause) {
            case GUEST_RESET -> {
                if (shutdownOnReset) {
                    switchOff(cause);
                } else {
                    reset(cause);
                }
            }
            default -> switchOff(cause);
        }
    }

    private void switchOff(ShutdownCause cause) {
        if (stayAfterShutdown && exitStatus == 0) {
            tell(new MachineEvent.Shutdown(cause));
            halt(RunState.SHUTDOWN);
        } else {
            end(cause);
        }
    }

    private void reset(ShutdownCause cause) {
        screenFailed = false;
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
            pc.flushOutput();
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
