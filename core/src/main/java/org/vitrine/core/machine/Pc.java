package org.vitrine.core.machine;

import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RegisterAccess;
import org.vitrine.core.bus.TickLine;
import org.vitrine.core.bus.WiredOr;
import org.vitrine.core.cpu.Cpu;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.device.dma.DmaController;
import org.vitrine.core.device.firmware.FwCfg;
import org.vitrine.core.device.input.I8042;
import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
import org.vitrine.core.device.input.SystemControlPortA;
import org.vitrine.core.device.input.VmMouse;
import org.vitrine.core.device.irq.CoprocessorErrorLatch;
import org.vitrine.core.device.irq.InterruptController;
import org.vitrine.core.device.pci.I440fx;
import org.vitrine.core.device.pci.PciBus;
import org.vitrine.core.device.pci.Piix3Isa;
import org.vitrine.core.device.pci.Piix4Pm;
import org.vitrine.core.device.system.DebugExit;
import org.vitrine.core.device.system.DebugPort;
import org.vitrine.core.device.system.PostPort;
import org.vitrine.core.device.timer.CmosSettings;
import org.vitrine.core.device.timer.Hpet;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.device.timer.Mc146818;
import org.vitrine.core.device.timer.SystemControlPort;
import org.vitrine.core.device.video.PciVga;
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
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.time.HostClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * The PC's schematic: which chips there are, and what is wired to what. Everything here belongs to
 * the vCPU thread, but for the display's reader and the input queue's ports.
 */
public final class Pc {

    private static final int SCI_IRQ = 9;

    /** RAM behind the ROMs, and behind the VGA. */
    private static final int SHADOW_SIZE = 0x2_0000;

    private static final int OPTION_ROMS = 0x1_0000;

    private final HostClock clock = new HostClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PhysicalMemory memory = new PhysicalMemory();
    private final Map<String, RamBlock> blocks = new HashMap<>();
    private final PortSpace ports = new PortSpace();
    private final Map<Integer, WiredOr> isaLines = new HashMap<>();

    private final InterruptChips interrupts;
    private final Cpu cpu;
    private final CoprocessorErrorLatch coprocessorErrors;
    private final I8254 pit;
    private final SystemControlPort systemControl;
    private final Hpet hpet;
    private final Mc146818 rtc;
    private final Ps2Keyboard keyboard;
    private final Ps2Mouse mouse;
    private final VmMouse pointer;
    private final I8042 keyboardController;
    private final SystemControlPortA systemControlA;
    private final Vga vga;
    private final FwCfg fwCfg;
    private final Piix4Pm powerManagement;
    private final PciBus pci;
    private final DmaController dma;
    private final FloppyBays floppies;
    private final IdeBays ide;
    private final CharacterPorts characterPorts;

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
     * @param guestExits called by the vCPU thread in the middle of an instruction when the guest
     *     ends the emulator, with the exit status
     * @param clockSet called by the vCPU thread when the guest sets its clock, with the seconds
     *     that it is ahead of the host's
     * @param vcpu does work on the vCPU thread between two instructions
     * @param driveListener told on the vCPU thread what happens to drives
     */
    Pc(
            MachineConfig config,
            Runnable wakeUp,
            Consumer<ShutdownCause> guestResets,
            IntConsumer guestExits,
            LongConsumer clockSet,
            Executor vcpu,
            DriveListener driveListener) {
        Runnable reset = () -> guestResets.accept(ShutdownCause.GUEST_RESET);

        interrupts =
                new InterruptChips(
                        config.cpu().has(Feature.APIC),
                        scheduler,
                        memory,
                        ports,
                        this::interruptRequest,
                        this::nonMaskableInterrupt);
        cpu =
                new Cpu(
                        config.cpu(),
                        memory,
                        ports,
                        interrupts.acknowledge(),
                        clock,
                        this::floatingPointError);
        coprocessorErrors = new CoprocessorErrorLatch(interrupts.line(13), this::ignoreErrors);
        coprocessorErrors.claimPorts(ports);
        TickLine irq0 = interrupts.tickLine(0);
        TickLine irq8 = interrupts.tickLine(8);
        hpet = config.peripherals().hpet() ? hpet(irq0, irq8) : null;
        pit = new I8254(scheduler, hpet == null ? irq0 : hpet.pitLine());
        pit.claimPorts(ports);
        systemControl = new SystemControlPort(scheduler, pit);
        systemControl.claimPorts(ports);
        rtc =
                new Mc146818(
                        scheduler,
                        Clock.systemDefaultZone(),
                        hpet == null ? irq8 : hpet.rtcLine(),
                        clockSet);
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
                        interrupts.line(1),
                        interrupts.line(12),
                        this::a20FromKeyboardController,
                        reset);
        keyboardController.claimPorts(ports);
        systemControlA = new SystemControlPortA(this::a20FromSystemControl, reset);
        systemControlA.claimPorts(ports);
        input = new InputQueue(wakeUp);
        pointer = new VmMouse(new CpuRegisters(), mouse);
        pointer.claimPorts(ports);
        inputSink = new Ps2Input(keyboard, mouse, pointer);

        vga = new Vga(ports, memory, block(plan, RamBlock.VGA, source), clock);
        boolean vgaShared = source.file(RamBlock.VGA) != null;
        refresh =
                new DisplayRefresh(
                        new ScreenRenderer(vga, clock, surfaceWriter, vgaShared),
                        surfaceWriter,
                        System::nanoTime,
                        config.refresh(),
                        vgaShared);

        DebugPort debugPort = new DebugPort(config.peripherals().debugConsole());
        debugPort.claimPorts(ports, DebugPort.BOCHS);
        debugPort.claimPorts(ports, DebugPort.SEABIOS);
        new PostPort().claimPorts(ports);
        dma = new DmaController(memory);
        dma.claimPorts(ports);
        characterPorts =
                new CharacterPorts(config.peripherals(), scheduler, ports, this::isaLine, wakeUp);
        config.peripherals()
                .debugExit()
                .ifPresent(at -> new DebugExit(guestExits, ports, at.first(), at.count()));

        mapRam(plan, source);
        Piix3Isa isaBridge = new Piix3Isa(this::isaLine, reset);
        isaBridge.claimPorts(ports);
        powerManagement =
                new Piix4Pm(
                        ports,
                        scheduler,
                        isaLine(SCI_IRQ),
                        () -> guestResets.accept(ShutdownCause.GUEST_SHUTDOWN));
        powerManagement.claimPorts();
        pci = new PciBus(ports, memory, plan.lowEnd(), MemoryPlan.PCI_END, isaBridge.pirqs());
        pci.attach(0, 0, hostBridge(config, plan, source));
        pci.attach(1, 0, isaBridge);
        floppies =
                new FloppyBays(
                        config.drives(),
                        scheduler,
                        ports,
                        dma.channel(FloppyBays.DMA_CHANNEL),
                        isaLine(FloppyBays.IRQ),
                        vcpu,
                        driveListener);
        ide = new IdeBays(config.drives(), memory, ports, this::isaLine, vcpu, driveListener);
        pci.attach(1, 1, ide.function());
        pci.attach(1, 3, powerManagement);
        int videoMemory = (int) blocks.get(RamBlock.VGA).size();
        pci.attach(2, 0, new PciVga(vga, videoMemory, config.firmware().vgaBios()));

        fwCfg = new FwCfg(memory);
        fwCfg.claimPorts(ports);
        FirmwareItems.store(config, plan, fwCfg);
        new CmosSettings(
                        plan.lowEnd(),
                        plan.highSize(),
                        floppies.types(),
                        ide.disks(),
                        config.boot().devices(),
                        true)
                .store(rtc);
        cpu.reset();
    }

    private Hpet hpet(TickLine irq0, TickLine irq8) {
        return new Hpet(
                scheduler,
                memory,
                irq0,
                irq8,
                interrupts.apicInputs(Hpet.FIRST_INPUT, Hpet.INPUTS));
    }

    /** An end of an ISA interrupt line that chips share. */
    private InterruptLine isaLine(int irq) {
        return isaLines.computeIfAbsent(irq, number -> new WiredOr(interrupts.line(number)))
                .input();
    }

    private RamBlock block(MemoryPlan plan, String name, MemorySource source) {
        RamBlock block = RamBlock.allocate(name, plan.block(name).size(), source);
        blocks.put(name, block);
        return block;
    }

    private void mapRam(MemoryPlan plan, MemorySource source) {
        for (String name : List.of(RamBlock.CONVENTIONAL, RamBlock.BELOW_4G, RamBlock.ABOVE_4G)) {
            if (plan.block(name) != null) {
                RamBlock ram = block(plan, name, source);
                memory.mapRam(plan.block(name).address(), ram, 0, ram.size(), Access.READ_WRITE);
            }
        }
    }

    private I440fx hostBridge(MachineConfig config, MemoryPlan plan, MemorySource source) {
        RamBlock bios = block(plan, RamBlock.BIOS, source);
        bios.memory().copyFrom(MemorySegment.ofArray(config.firmware().bios()));
        memory.mapRam(plan.block(RamBlock.BIOS).address(), bios, 0, bios.size(), Access.READ_ONLY);
        RamBlock optionRoms = RamBlock.allocate("isa-roms", SHADOW_SIZE);
        optionRoms.memory().fill((byte) 0xFF);
        optionRoms
                .memory()
                .asSlice(OPTION_ROMS)
                .copyFrom(MemorySegment.ofArray(Firmware.optionRomSpace(config.optionRoms())));
        I440fx.Ram ram =
                new I440fx.Ram(
                        block(plan, RamBlock.OPTION_ROM, source),
                        RamBlock.allocate("shadow", SHADOW_SIZE),
                        RamBlock.allocate("smram", SHADOW_SIZE));
        return new I440fx(memory, ram, new I440fx.Roms(optionRoms, bios), vga.window());
    }

    /** As the reset line does; memory keeps what it has. */
    void reset() {
        interrupts.reset();
        coprocessorErrors.reset();
        if (hpet != null) {
            hpet.reset();
        }
        pit.reset();
        systemControl.reset();
        rtc.reset();
        keyboard.powerOn();
        mouse.powerOn();
        pointer.reset();
        keyboardController.reset();
        systemControlA.reset();
        vga.reset();
        fwCfg.reset();
        pci.reset();
        dma.reset();
        floppies.reset();
        characterPorts.reset();
        cpu.reset();
    }

    private final class CpuRegisters implements RegisterAccess {
        @Override
        public int get(int register) {
            return (int) cpu.registers().gpr[register];
        }

        @Override
        public void set(int register, int value) {
            cpu.registers().gpr[register] = value & 0xFFFF_FFFFL;
        }
    }

    private void interruptRequest(boolean high) {
        cpu.intr().set(high);
    }

    private void nonMaskableInterrupt() {
        cpu.nmi();
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

    /**
     * Gives the keyboard and mouse, and the serial ports, what clients sent, as far as there is
     * room.
     */
    void drainInput() {
        input.drain(inputSink);
        characterPorts.poll();
    }

    /** Does again what drives could not do, when the machine goes on. */
    void retryIo() {
        ide.retryIo();
        floppies.retryIo();
    }

    /** Sends what the guest has written to its serial ports, as the machine ends. */
    void flushOutput() {
        characterPorts.flush();
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
        return interrupts.pic();
    }

    public VmMouse pointer() {
        return pointer;
    }

    public PciBus pci() {
        return pci;
    }

    Vga vga() {
        return vga;
    }

    Piix4Pm powerManagement() {
        return powerManagement;
    }

    public HostClock clock() {
        return clock;
    }

    public Scheduler scheduler() {
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
