package org.vitrine.core.device.input;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.time.Scheduler;

/**
 * The keyboard and mouse controller, data at port 60h, status and commands at 64h (IBM PS/2
 * Hardware Interface Technical Reference, "Keyboard and Auxiliary Device Controller").
 *
 * <p>Bytes of the devices come at the pace of their cable, and never before the guest has read the
 * last one; until the next one comes, port 60h reads the last one again, as interrupt handlers that
 * share it expect. The controller's own answers come at once, or as soon as the byte before is
 * read.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class I8042 implements PortDevice {

    /** Eleven bits at 13.75 kHz. */
    static final long BYTE_NANOS = 800_000;

    private static final int STATUS_OUTPUT_FULL = 0x01;
    private static final int STATUS_SYSTEM = 0x04;
    private static final int STATUS_COMMAND = 0x08;
    private static final int STATUS_UNLOCKED = 0x10;
    private static final int STATUS_AUX = 0x20;

    private static final int KEYBOARD_INTERRUPT = 0x01;
    private static final int AUX_INTERRUPT = 0x02;
    private static final int SYSTEM_FLAG = 0x04;
    private static final int KEYBOARD_DISABLED = 0x10;
    private static final int AUX_DISABLED = 0x20;
    private static final int TRANSLATE = 0x40;

    private static final int OUTPUT_NO_RESET = 0x01;
    private static final int OUTPUT_A20 = 0x02;
    private static final int OUTPUT_FULL = 0x10;
    private static final int OUTPUT_AUX_FULL = 0x20;

    /**
     * Output port pins that nothing here pulls down: mouse data and clock, keyboard clock and data.
     */
    private static final int OUTPUT_IDLE = 0xCC;

    private static final int BREAK = 0xF0;
    private static final int NO_ANSWER = -1;

    private final Scheduler scheduler;
    private final Ps2Device keyboard;
    private final Ps2Device mouse;
    private final InterruptLine irq1;
    private final InterruptLine irq12;
    private final InterruptLine a20;
    private final Runnable reset;
    private final Scheduler.Timer cable;

    /** The controller's memory; byte 0 is the command byte. */
    private final byte[] ram = new byte[0x20];

    private int output;
    private boolean outputFull;
    private boolean outputFromAux;
    private int waitingAnswer;
    private boolean waitingAnswerFromAux;
    private boolean selfTested;
    private boolean commandWrittenLast;
    private boolean a20Open;

    /** The command whose data byte comes next at port 60h, or 0 when it goes to the keyboard. */
    private int command;

    /**
     * The controller with both cables plugged in.
     *
     * @param a20 high while the output port lets address line 20 through
     * @param reset asked for a reset of the machine; called in the middle of the guest's OUT
     *     instruction
     */
    public I8042(
            Scheduler scheduler,
            Ps2Device keyboard,
            Ps2Device mouse,
            InterruptLine irq1,
            InterruptLine irq12,
            InterruptLine a20,
            Runnable reset) {
        this.scheduler = scheduler;
        this.keyboard = keyboard;
        this.mouse = mouse;
        this.irq1 = irq1;
        this.irq12 = irq12;
        this.a20 = a20;
        this.reset = reset;
        this.cable = scheduler.timer("i8042 cable", this::takeFromDevices);
        keyboard.plugInto(this::expectByte);
        mouse.plugInto(this::expectByte);
        reset();
    }

    /** Claims ports 60h and 64h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x60, 1, "i8042 data", this);
        ports.claim(0x64, 1, "i8042 command", this);
    }

    /**
     * As at power-on, with address line 20 open, as the port's pins all start high; the devices
     * stay as they are.
     */
    public void reset() {
        ram[0] = KEYBOARD_INTERRUPT | AUX_INTERRUPT | TRANSLATE;
        output = 0;
        outputFull = false;
        waitingAnswer = NO_ANSWER;
        selfTested = false;
        commandWrittenLast = false;
        command = 0;
        a20Open = true;
        a20.set(true);
        driveInterrupts();
        cable.disarm();
        expectByte();
    }

    private boolean is(int commandBit) {
        return (ram[0] & commandBit) != 0;
    }

    @Override
    public int readPort(int port) {
        return (port & 4) != 0 ? status() : readData();
    }

    private int status() {
        return (outputFull ? STATUS_OUTPUT_FULL : 0)
                | (selfTested ? STATUS_SYSTEM : 0)
                | (commandWrittenLast ? STATUS_COMMAND : 0)
                | STATUS_UNLOCKED
                | (outputFull && outputFromAux ? STATUS_AUX : 0);
    }

    private int readData() {
        int value = output;
        if (outputFull) {
            outputFull = false;
            driveInterrupts();
            if (waitingAnswer != NO_ANSWER) {
                int answer = waitingAnswer;
                waitingAnswer = NO_ANSWER;
                show(answer, waitingAnswerFromAux);
            } else {
                expectByte();
            }
        }
        return value;
    }

    @Override
    public void writePort(int port, int value) {
        commandWrittenLast = (port & 4) != 0;
        if (commandWrittenLast) {
            command = 0;
            command(value);
        } else {
            int expecting = command;
            command = 0;
            data(expecting, value);
        }
    }

    private void command(int value) {
        switch (value) {
            case 0xA4 -> answer(0xF1);
            case 0xA7 -> setCommandByte(ram[0] | AUX_DISABLED);
            case 0xA8 -> setCommandByte(ram[0] & ~AUX_DISABLED);
            case 0xA9, 0xAB -> answer(0x00);
            case 0xAA -> {
                selfTested = true;
                answer(0x55);
            }
            case 0xAD -> setCommandByte(ram[0] | KEYBOARD_DISABLED);
            case 0xAE -> setCommandByte(ram[0] & ~KEYBOARD_DISABLED);
            case 0xC0 -> answer(0x80);
            case 0xD0 -> answer(outputPort());
            case 0xD1, 0xD2, 0xD3, 0xD4 -> command = value;
            case 0xDD -> setA20(false);
            case 0xDF -> setA20(true);
            case 0xE0 -> answer(is(KEYBOARD_DISABLED) ? 0x02 : 0x03);
            default -> {
                if (value >= 0x20 && value < 0x40) {
                    answer(ram[value & 0x1F] & 0xFF);
                } else if (value >= 0x60 && value < 0x80) {
                    command = value;
                } else if (value >= 0xF0 && (value & OUTPUT_NO_RESET) == 0) {
                    reset.run();
                }
            }
        }
    }

    private void data(int expecting, int value) {
        switch (expecting) {
            case 0 -> {
                setCommandByte(ram[0] & ~KEYBOARD_DISABLED);
                keyboard.receive(value);
            }
            case 0xD1 -> {
                setA20((value & OUTPUT_A20) != 0);
                if ((value & OUTPUT_NO_RESET) == 0) {
                    reset.run();
                }
            }
            case 0xD2 -> answer(value, false);
            case 0xD3 -> answer(value, true);
            case 0xD4 -> {
                setCommandByte(ram[0] & ~AUX_DISABLED);
                mouse.receive(value);
            }
            case 0x60 -> {
                selfTested = (value & SYSTEM_FLAG) != 0;
                setCommandByte(value);
            }
            default -> ram[expecting & 0x1F] = (byte) value;
        }
    }

    private void setCommandByte(int value) {
        ram[0] = (byte) value;
        driveInterrupts();
        expectByte();
    }

    private void setA20(boolean open) {
        a20Open = open;
        a20.set(open);
    }

    private int outputPort() {
        return OUTPUT_IDLE
                | OUTPUT_NO_RESET
                | (a20Open ? OUTPUT_A20 : 0)
                | (outputFull ? outputFromAux ? OUTPUT_AUX_FULL : OUTPUT_FULL : 0);
    }

    private void answer(int value) {
        answer(value, false);
    }

    private void answer(int value, boolean fromAux) {
        if (outputFull) {
            waitingAnswer = value;
            waitingAnswerFromAux = fromAux;
        } else {
            show(value, fromAux);
        }
    }

    private void show(int value, boolean fromAux) {
        output = value;
        outputFromAux = fromAux;
        outputFull = true;
        driveInterrupts();
    }

    private void driveInterrupts() {
        irq1.set(outputFull && !outputFromAux && is(KEYBOARD_INTERRUPT));
        irq12.set(outputFull && outputFromAux && is(AUX_INTERRUPT));
    }

    private boolean keyboardSends() {
        return !is(KEYBOARD_DISABLED) && keyboard.hasByte();
    }

    private boolean mouseSends() {
        return !is(AUX_DISABLED) && mouse.hasByte();
    }

    /**
     * Lets a byte that a device has come over the cable, when there is a place for it and none is
     * on its way.
     */
    private void expectByte() {
        if (!outputFull
                && cable.deadline() == Scheduler.NEVER
                && (keyboardSends() || mouseSends())) {
            cable.arm(scheduler.nanos() + BYTE_NANOS);
        }
    }

    private void takeFromDevices() {
        if (outputFull) {
            return;
        }
        if (keyboardSends()) {
            int value = keyboard.takeByte();
            if (!is(TRANSLATE)) {
                show(value, false);
            } else if (value != BREAK) {
                show(ScanCodes.translate(value), false);
            } else if (keyboard.hasByte()) {
                show(ScanCodes.translate(keyboard.takeByte()) | 0x80, false);
            }
        } else if (mouseSends()) {
            show(mouse.takeByte(), true);
        }
    }
}
