package org.vitrine.core.machine;

import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.device.input.I8042;
import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
import org.vitrine.core.device.input.SystemControlPortA;
import org.vitrine.core.device.irq.CoprocessorErrorLatch;
import org.vitrine.core.device.irq.InterruptController;
import org.vitrine.core.device.system.DebugPort;
import org.vitrine.core.device.system.PostPort;
import org.vitrine.core.device.timer.CmosSettings;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.device.timer.Mc146818;
import org.vitrine.core.device.timer.SystemControlPort;
import org.vitrine.core.device.video.Vga;
import org.vitrine.core.display.DisplayRefresh;
import org.vitrine.core.display.ScreenRenderer;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.core.input.InputQueue;
import org.vitrine.core.input.Ps2Input;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.HostClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * The PC's schematic: which chips there are, and what is wired to what. Everything here belongs to
 * the vCPU thread, but for the display's reader and the input queue's ports.
 */
public final class Pc {

    private static final long KIB = 1L << 10;

    private final HostClock clock = new HostClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PhysicalMemory memory = new PhysicalMemory();
    private final Map<String, RamBlock> blocks = new HashMap<>();
    private final PortSpace ports = new PortSpace();

    private final InterruptController pic;
    private final Cpu cpu;
    private final CoprocessorErrorLatch coprocessorErrors;
    private final I8254 pit;
    private final SystemControlPort systemControl;
    private final Mc146818 rtc;
    private final Ps2Keyboard keyboard;
    private final Ps2Mouse mouse;
    private final I8042 keyboardController;
    private final SystemControlPortA systemControlA;
    private final Vga vga;

    private final ScreenMemory surface;
    private final SurfaceReader display;
    private final SurfaceWriter surfaceWriter;
    private final DisplayRefresh refresh;
    private final InputQueue input;
    private final Ps2Input inputSink;

    // Address line 20 is open when either of its two gates is.
    private boolean a20ByKeyboardController;
    private boolean a20BySystemControl;

    /**
     * Puts a PC together, as after power-on.
     *
     * @param wakeUp called from any thread when there is input for the vCPU thread to take
     * @param guestResets called by the vCPU thread in the middle of an instruction when the guest
     *     resets the machine or switches it off
     * @param clockSet called by the vCPU thread when the guest sets its clock, with the seconds
     *     that it is ahead of the host's
     */
    Pc(
            MachineConfig config,
            Runnable wakeUp,
            Consumer<ShutdownCause> guestResets,
            LongConsumer clockSet) {
        Runnable reset = () -> guestResets.accept(ShutdownCause.GUEST_RESET);

        pic = new InterruptController(this::interruptRequest);
        pic.claimPorts(ports);
        cpu =
                new Cpu(
                        config.cpu(),
                        memory,
                        ports,
                        pic::acknowledge,
                        clock,
                        this::floatingPointError);
        coprocessorErrors = new CoprocessorErrorLatch(pic.line(13), this::ignoreErrors);
        coprocessorErrors.claimPorts(ports);
        pit = new I8254(scheduler, pic.line(0));
        pit.claimPorts(ports);
        systemControl = new SystemControlPort(scheduler, pit);
        systemControl.claimPorts(ports);
        rtc = new Mc146818(scheduler, Clock.systemDefaultZone(), pic.line(8), clockSet);
        rtc.claimPorts(ports);

        MemorySource source = config.memory();
        MemoryPlan plan = MemoryPlan.of(config);
        surface = new ScreenMemory(source);
        FrameSignal.Local published = new FrameSignal.Local();
        surfaceWriter =
                new SurfaceWriter(surface.memory(), published, surface.named() && source.synced());
        display = new SurfaceReader(surface.memory().asReadOnly(), published);

        // The queue is drained after each slice of guest code, so nobody need be told of new room.
        keyboard = new Ps2Keyboard(surfaceWriter::setLeds, () -> {});
        mouse = new Ps2Mouse(scheduler);
        keyboardController =
                new I8042(
                        scheduler,
                        keyboard,
                        mouse,
                        pic.line(1),
                        pic.line(12),
                        this::a20FromKeyboardController,
                        reset);
        keyboardController.claimPorts(ports);
        systemControlA = new SystemControlPortA(this::a20FromSystemControl, reset);
        systemControlA.claimPorts(ports);
        input = new InputQueue(wakeUp);
        inputSink = new Ps2Input(keyboard, mouse);

        vga = new Vga(ports, memory, block(plan, RamBlock.VGA, source), clock);
        vga.mapFramebuffer(plan.block(RamBlock.VGA).address());
        boolean vgaShared = source.file(RamBlock.VGA) != null;
        refresh =
                new DisplayRefresh(
                        new ScreenRenderer(vga, clock, surfaceWriter, vgaShared),
                        surfaceWriter,
                        System::nanoTime,
                        config.refresh(),
                        vgaShared);

        new DebugPort(config.peripherals().debugConsole()).claimPorts(ports, DebugPort.BOCHS);
        new PostPort().claimPorts(ports);

        mapMemory(config, plan, source);
        cpu.reset();
    }

    private RamBlock block(MemoryPlan plan, String name, MemorySource source) {
        RamBlock block = RamBlock.allocate(name, plan.block(name).size(), source);
        blocks.put(name, block);
        return block;
    }

    private void mapMemory(MachineConfig config, MemoryPlan plan, MemorySource source) {
        for (String name : List.of(RamBlock.CONVENTIONAL, RamBlock.BELOW_4G, RamBlock.ABOVE_4G)) {
            if (plan.block(name) != null) {
                RamBlock ram = block(plan, name, source);
                memory.mapRam(plan.block(name).address(), ram, 0, ram.size(), Access.READ_WRITE);
            }
        }
        RamBlock optionRom = block(plan, RamBlock.OPTION_ROM, source);
        optionRom
                .memory()
                .asSlice(0, config.firmware().vgaBios().length)
                .copyFrom(MemorySegment.ofArray(config.firmware().vgaBios()));
        memory.mapRam(
                plan.block(RamBlock.OPTION_ROM).address(),
                optionRom,
                0,
                optionRom.size(),
                Access.READ_ONLY);

        RamBlock bios = block(plan, RamBlock.BIOS, source);
        bios.memory().copyFrom(MemorySegment.ofArray(config.firmware().bios()));
        memory.mapRam(plan.block(RamBlock.BIOS).address(), bios, 0, bios.size(), Access.READ_ONLY);
        long low = Math.min(bios.size(), 128 * KIB);
        memory.mapRam(MachineConfig.MIB - low, bios, bios.size() - low, low, Access.READ_ONLY);

        new CmosSettings(plan.lowEnd(), plan.highSize(), List.of(), List.of(), List.of(), true)
                .store(rtc);
    }

    /** As the reset line does; memory keeps what it has. */
    void reset() {
        pic.reset();
        coprocessorErrors.reset();
        pit.reset();
        systemControl.reset();
        rtc.reset();
        keyboard.powerOn();
        mouse.powerOn();
        keyboardController.reset();
        systemControlA.reset();
        vga.reset();
        cpu.reset();
    }

    private void interruptRequest(boolean high) {
        cpu.intr().set(high);
    }

    private void floatingPointError(boolean active) {
        coprocessorErrors.ferr(active);
    }

    private void ignoreErrors(boolean active) {
        cpu.setIgnne(active);
    }

    private void a20FromKeyboardController(boolean open) {
        a20ByKeyboardController = open;
        cpuA20();
    }

    private void a20FromSystemControl(boolean open) {
        a20BySystemControl = open;
        cpuA20();
    }

    private void cpuA20() {
        cpu.setA20(a20ByKeyboardController || a20BySystemControl);
    }

    /** Gives the keyboard and mouse what clients sent, as far as there is room. */
    void drainInput() {
        input.drain(inputSink);
    }

    /** Everything the monitor may want to look at, for the vCPU thread alone. */
    public Cpu cpu() {
        return cpu;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public PortSpace ports() {
        return ports;
    }

    public InterruptController pic() {
        return pic;
    }

    HostClock clock() {
        return clock;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    public DisplayRefresh refresh() {
        return refresh;
    }

    SurfaceWriter surfaceWriter() {
        return surfaceWriter;
    }

    /** The memory of a map, which is a block's or the screen's; from any thread. */
    MemorySegment memory(String map) {
        return map.equals(MemorySource.DISPLAY) ? surface.memory() : blocks.get(map).memory();
    }

    ScreenMemory surface() {
        return surface;
    }

    SurfaceReader display() {
        return display;
    }

    InputQueue input() {
        return input;
    }

    Ps2Input inputSink() {
        return inputSink;
    }
}
