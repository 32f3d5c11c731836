package org.vitrine.core.device.storage;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * An ATA cable with up to two devices: eight ports of the command block and one of the control
 * block (ATA/ATAPI-6, section 7). Both devices hear every write; the selected one is read. Used by
 * the vCPU thread alone.
 */
public final class AtaChannel implements PortDevice {

    private static final int NO_INTERRUPT = 0x02;
    private static final int SOFT_RESET = 0x04;
    private static final int HIGH_ORDER = 0x80;

    private static final int EXECUTE_DIAGNOSTIC = 0x90;
    private static final int DEVICE_RESET = 0x08;

    /** What a cable without devices reads as: DD7 is pulled down (section 4.2). */
    private static final int NOBODY = 0x7F;

    private final String label;
    private final int command;
    private final int control;
    private final AtaDevice[] devices;
    private final InterruptLine interrupt;
    private final BusMaster.Engine dma;
    private int selected;
    private int deviceControl;
    private boolean interrupting;

    /**
     * A cable with its devices.
     *
     * @param command the first port of the command block
     * @param control the port of the control block
     * @param device0 null when there is none
     * @param device1 null when there is none
     */
    public AtaChannel(
            String label,
            int command,
            int control,
            AtaDevice device0,
            AtaDevice device1,
            InterruptLine interrupt,
            BusMaster.Engine dma) {
        this.label = label;
        this.command = command;
        this.control = control;
        this.devices = new AtaDevice[] {device0, device1};
        this.interrupt = interrupt;
        this.dma = dma;
        dma.connect(this);
        for (AtaDevice device : devices) {
            if (device != null) {
                device.connect(this);
            }
        }
    }

    /** Claims the ports of both blocks. */
    public void claimPorts(PortSpace ports) {
        ports.claim(command, 8, label + " command", this);
        ports.claim(control, 1, label + " control", this);
    }

    /** Gives the ports up. */
    void releasePorts(PortSpace ports) {
        ports.release(command);
        ports.release(control);
    }

    /** As the reset line does. */
    public void reset() {
        selected = 0;
        deviceControl = 0;
        for (AtaDevice device : devices) {
            if (device != null) {
                device.reset();
            }
        }
    }

    BusMaster.Engine dma() {
        return dma;
    }

    /** The engine may have something to do. */
    void continueDma() {
        AtaDevice device = devices[selected];
        if (device != null) {
            device.continueDma();
        }
    }

    /** A device's interrupt request may have changed. */
    void interruptChanged() {
        AtaDevice device = devices[selected];
        boolean now =
                device != null && device.interrupting() && (deviceControl & NO_INTERRUPT) == 0;
        if (now && !interrupting) {
            dma.interrupted();
        }
        interrupting = now;
        interrupt.set(now);
    }

    @Override
    public boolean wide(int port, int size) {
        return port == command;
    }

    @Override
    public int readPortWide(int port, int size) {
        int value = readData();
        return size == 4 ? value | readData() << 16 : value;
    }

    @Override
    public void writePortWide(int port, int size, int value) {
        writeData(value & 0xFFFF);
        if (size == 4) {
            writeData(value >>> 16);
        }
    }

    private int readData() {
        AtaDevice device = devices[selected];
        return device == null ? 0xFFFF : device.readData();
    }

    private void writeData(int value) {
        AtaDevice device = devices[selected];
        if (device != null) {
            device.writeData(value);
        }
    }

    @Override
    public int readPort(int port) {
        if (port == command) {
            return readData() & 0xFF;
        }
        boolean alternate = port == control;
        int register = alternate ? 7 : port - command;
        AtaDevice device = devices[selected];
        if (device == null) {
            return readAbsent(register);
        }
        if ((deviceControl & SOFT_RESET) != 0 && register == 7) {
            return AtaDevice.BSY;
        }
        int value = device.register(register, (deviceControl & HIGH_ORDER) != 0);
        if (register == 7 && !alternate) {
            device.setInterrupting(false);
        }
        return value;
    }

    /** Device 0 answers for a device 1 that is not there, with a status of 0 (section 9.16.1). */
    private int readAbsent(int register) {
        AtaDevice master = devices[0];
        if (selected == 0 || master == null) {
            return NOBODY;
        }
        return register == 7 ? 0 : master.register(register, (deviceControl & HIGH_ORDER) != 0);
    }

    @Override
    public void writePort(int port, int value) {
        if (port == control) {
            writeControl(value);
        } else if (port == command) {
            writeData(value);
        } else {
            deviceControl &= ~HIGH_ORDER;
            if (port == command + 7) {
                writeCommand(value);
            } else {
                writeRegister(port - command, value);
            }
        }
    }

    private void writeRegister(int register, int value) {
        for (AtaDevice device : devices) {
            if (device != null) {
                device.setRegister(register, value);
            }
        }
        if (register == 6) {
            selected = (value & AtaDevice.DEVICE_NUMBER) == 0 ? 0 : 1;
            interruptChanged();
        }
    }

    private void writeControl(int value) {
        boolean wasReset = (deviceControl & SOFT_RESET) != 0;
        deviceControl = value;
        boolean isReset = (value & SOFT_RESET) != 0;
        if (isReset && !wasReset) {
            selected = 0;
            for (AtaDevice device : devices) {
                if (device != null) {
                    device.softReset();
                }
            }
        }
        interruptChanged();
    }

    private void writeCommand(int value) {
        if ((deviceControl & SOFT_RESET) != 0) {
            return;
        }
        if (value == EXECUTE_DIAGNOSTIC) {
            diagnose();
            return;
        }
        AtaDevice device = devices[selected];
        if (device != null && (!device.busy() || value == DEVICE_RESET)) {
            device.beginCommand(value);
        }
    }

    private void diagnose() {
        selected = 0;
        for (AtaDevice device : devices) {
            if (device != null) {
                device.diagnose();
            }
        }
        if (devices[0] != null) {
            devices[0].setInterrupting(true);
        }
    }
}
