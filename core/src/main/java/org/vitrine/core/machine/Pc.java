package org.vitrine.core.machine;

import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.device.input.I8042;
import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
import org.vitrine.core.device.input.SystemControlPortA;
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
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.HostClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * The PC's schematic: which chips there are, and what is wired to what. Everything here belongs to
 * the vCPU thread, but for the display's reader and the input queue's ports.
 */
public final class Pc {

    private static final long KIB = 1L << 10;
    private static final long FOUR_GIB = 1L << 32;

    /** RAM below 4 GiB ends here at the latest, so that devices have room above it. */
    private static final long LOW_MEMORY_LIMIT = 0xE000_0000L;

    /** Where RAM is split when there is more than fits, as QEMU's i440FX machine does. */
    private static final long SPLIT_LOW_MEMORY = 0xC000_0000L;

    private static final long CONVENTIONAL_SIZE = 640 * KIB;
    private static final long OPTION_ROM_ADDRESS = 0xC_0000;
    private static final long OPTION_ROM_SIZE = 128 * KIB;
    private static final long VIDEO_MEMORY_SIZE = 16 << 20;

    /** The linear framebuffer's place, until a PCI bus gives it one. */
    private static final long FRAMEBUFFER_ADDRESS = 0xE000_0000L;

    private final HostClock clock = new HostClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PhysicalMemory memory = new PhysicalMemory();
    private final PortSpace ports = new PortSpace();

    private final InterruptController pic;
    private final Cpu cpu;
    private final I8254 pit;
    private final SystemControlPort systemControl;
    private final Mc146818 rtc;
    private final Ps2Keyboard keyboard;
    private final Ps2Mouse mouse;
    private final I8042 keyboardController;
    private final SystemControlPortA systemControlA;
    private final Vga vga;

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
        cpu = new Cpu(memory, ports, pic::acknowledge, clock);
        pit = new I8254(scheduler, pic.line(0));
        pit.claimPorts(ports);
        systemControl = new SystemControlPort(scheduler, pit);
        systemControl.claimPorts(ports);
        rtc = new Mc146818(scheduler, Clock.systemDefaultZone(), pic.line(8), clockSet);
        rtc.claimPorts(ports);

        MemorySegment surface = HostMemory.allocate(DisplayLayout.SIZE);
        FrameSignal.Local published = new FrameSignal.Local();
        surfaceWriter = new SurfaceWriter(surface, published);
        display = new SurfaceReader(surface.asReadOnly(), published);

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

        vga = new Vga(ports, memory, RamBlock.allocate(RamBlock.VGA, VIDEO_MEMORY_SIZE), clock);
        vga.mapFramebuffer(FRAMEBUFFER_ADDRESS);
        refresh =
                new DisplayRefresh(
                        new ScreenRenderer(vga, clock, surfaceWriter),
                        surfaceWriter,
                        System::nanoTime);

        new DebugPort(config.debugConsole()).claimPorts(ports, DebugPort.BOCHS);
        new PostPort().claimPorts(ports);

        mapMemory(config);
        cpu.reset();
    }

    private void mapMemory(MachineConfig config) {
        long size = config.memorySize();
        long lowEnd = size <= LOW_MEMORY_LIMIT ? size : SPLIT_LOW_MEMORY;
        memory.mapRam(
                0,
                RamBlock.allocate(RamBlock.CONVENTIONAL, CONVENTIONAL_SIZE),
                0,
                CONVENTIONAL_SIZE,
                Access.READ_WRITE);
        if (lowEnd > MachineConfig.MIB) {
            RamBlock low = RamBlock.allocate(RamBlock.BELOW_4G, lowEnd - MachineConfig.MIB);
            memory.mapRam(MachineConfig.MIB, low, 0, low.size(), Access.READ_WRITE);
        }
        if (size > lowEnd) {
            RamBlock high = RamBlock.allocate(RamBlock.ABOVE_4G, size - lowEnd);
            memory.mapRam(FOUR_GIB, high, 0, high.size(), Access.READ_WRITE);
        }
        RamBlock optionRom = RamBlock.allocate(RamBlock.OPTION_ROM, OPTION_ROM_SIZE);
        optionRom
                .memory()
                .asSlice(0, config.vgaBios().length)
                .copyFrom(MemorySegment.ofArray(config.vgaBios()));
        memory.mapRam(OPTION_ROM_ADDRESS, optionRom, 0, OPTION_ROM_SIZE, Access.READ_ONLY);

        RamBlock bios = RamBlock.allocate(RamBlock.BIOS, config.bios().length);
        bios.memory().copyFrom(MemorySegment.ofArray(config.bios()));
        memory.mapRam(FOUR_GIB - bios.size(), bios, 0, bios.size(), Access.READ_ONLY);
        long low = Math.min(bios.size(), 128 * KIB);
        memory.mapRam(MachineConfig.MIB - low, bios, bios.size() - low, low, Access.READ_ONLY);

        new CmosSettings(lowEnd, size - lowEnd, List.of(), List.of(), List.of(), true).store(rtc);
    }

    /** As the reset line does; memory keeps what it has. */
    void reset() {
        pic.reset();
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

    DisplayRefresh refresh() {
        return refresh;
    }

    SurfaceWriter surfaceWriter() {
        return surfaceWriter;
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
