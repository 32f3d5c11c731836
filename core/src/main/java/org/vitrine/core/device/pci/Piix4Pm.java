package org.vitrine.core.device.pci;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.Scheduler;

/**
 * The power management function of a PIIX4 (Intel 82371AB datasheet, chapter 7): the ACPI registers
 * with their timer, the ports by which software asks for a system management interrupt, and an
 * SMBus without anything on it.
 *
 * <p>There is no system management mode: what its handler does on other boards, switching ACPI on
 * and off, is done here. The bit that lets the ports cause the interrupt is set from the beginning,
 * which tells firmware that somebody has taken care of that.
 */
public final class Piix4Pm extends PciFunction {

    /** What FADT tells of the ports B2h and B3h. */
    public static final int SMI_COMMAND = 0xB2;

    public static final int ACPI_ENABLE = 0xF1;
    public static final int ACPI_DISABLE = 0xF0;

    private static final Logger LOG = LoggerFactory.getLogger(Piix4Pm.class);

    private static final int PMBASE = 0x40;
    private static final int DEVACTB = 0x58;
    private static final int APMC_ENABLED = 1 << 25;
    private static final int PMREGMISC = 0x80;
    private static final int SMBBA = 0x90;
    private static final int SMBHSTCFG = 0xD2;
    private static final int ENABLED = 1;

    private static final int PM_PORTS = 64;
    private static final int SMBUS_PORTS = 16;
    private static final int NOWHERE = -1;

    /** ACPI's timer runs at this rate and is 24 bits wide. */
    private static final long TIMER_HERTZ = 3_579_545;

    private static final int TIMER_MASK = 0xFF_FFFF;

    /** The status bit is set whenever the timer's top bit changes. */
    private static final long TIMER_HALF = 1L << 23;

    static final int PM1_STATUS = 0x00;
    static final int PM1_ENABLE = 0x02;
    static final int PM1_CONTROL = 0x04;
    static final int TIMER = 0x08;
    static final int GPE_STATUS = 0x0C;
    static final int GPE_ENABLE = 0x0E;

    static final int TIMER_EVENT = 0x0001;
    static final int POWER_BUTTON_EVENT = 0x0100;
    private static final int STATUS_BITS = 0x8D31;
    private static final int ENABLE_BITS = 0x0521;

    static final int SCI_ENABLED = 0x0001;
    private static final int CONTROL_BITS = 0x1C03;
    static final int SLEEP = 0x2000;
    private static final int SLEEP_TYPE_SHIFT = 10;
    private static final int SLEEP_TYPE_MASK = 7;
    private static final int SOFT_OFF = 0;

    private final PortSpace ports;
    private final Scheduler scheduler;
    private final Scheduler.Timer overflow;
    private final InterruptLine sci;
    private final Runnable switchOff;
    private final PortDevice pmPorts = new PmPorts();
    private final PortDevice smbusPorts = new SmbusPorts();
    private int pmBase = NOWHERE;
    private int smbusBase = NOWHERE;

    private int status;
    private int enable;
    private int control;
    private int gpeStatus;
    private int gpeEnable;

    /** The half turn of the timer up to which its status has been seen. */
    private long halvesSeen;

    private int apmControl;
    private int apmStatus;

    /**
     * A function as after reset.
     *
     * @param sci the system control interrupt, an ISA line that is shared
     * @param switchOff switches the machine off
     */
    public Piix4Pm(PortSpace ports, Scheduler scheduler, InterruptLine sci, Runnable switchOff) {
        super(
                "PIIX4 power management",
                new Identity(0x8086, 0x7113, 3, 0x068000, 0x1AF4, 0x1100),
                List.of());
        this.ports = ports;
        this.scheduler = scheduler;
        this.overflow = scheduler.timer("acpi timer", this::timerTurned);
        this.sci = sci;
        this.switchOff = switchOff;
        register(STATUS, 2, 0x0280, 0);
        register(INTERRUPT_LINE, 1, 9, 0xFF);
        register(INTERRUPT_PIN, 1, 1, 0);
        register(PMBASE, 4, 1, 0xFFC0);
        register(0x44, 4, 0, -1);
        register(0x48, 4, 0, -1);
        register(0x4C, 4, 0, -1);
        register(0x50, 4, 0, -1);
        register(0x54, 4, 0, -1);
        register(DEVACTB, 4, APMC_ENABLED, -1);
        // Bits that say which of the ISA devices are decoded; a board sets them to what it has.
        register(0x5C, 4, 0, -1);
        register(0x60, 4, 0, -1);
        register(0x64, 4, 0, -1);
        register(PMREGMISC, 1, 0, 1);
        register(SMBBA, 4, 1, 0xFFF0);
        register(SMBHSTCFG, 1, 0, 0x0F);
        register(0xD6, 1, 0, 0);
    }

    /** Claims B2h and B3h; the others lie where configuration space says. */
    public void claimPorts() {
        ports.claim(SMI_COMMAND, 2, "apm control", new ApmPorts());
    }

    /** Somebody presses the power button, which is the guest's to interpret. */
    public void pressPowerButton() {
        status |= POWER_BUTTON_EVENT;
        drive();
    }

    @Override
    protected void written(int first, int count) {
        place();
    }

    @Override
    protected void wasReset() {
        status = 0;
        enable = 0;
        control = 0;
        gpeStatus = 0;
        gpeEnable = 0;
        apmControl = 0;
        apmStatus = 0;
        halvesSeen = halves();
        drive();
        place();
    }

    private void place() {
        boolean pmOn = (get(PMREGMISC, 1) & ENABLED) != 0;
        pmBase = move("acpi", pmPorts, pmBase, pmOn ? get(PMBASE, 2) & 0xFFC0 : NOWHERE, PM_PORTS);
        boolean smbusOn = (get(SMBHSTCFG, 1) & ENABLED) != 0;
        int wanted = smbusOn ? get(SMBBA, 2) & 0xFFF0 : NOWHERE;
        smbusBase = move("smbus", smbusPorts, smbusBase, wanted, SMBUS_PORTS);
    }

    private int move(String label, PortDevice device, int from, int to, int count) {
        if (to == from) {
            return from;
        }
        if (from > 0) {
            ports.release(from);
        }
        if (to > 0 && ports.free(to, count)) {
            ports.claim(to, count, label, device);
            return to;
        }
        if (to > 0) {
            LOG.debug(
                    "{} can't be at port 0x{}: somebody is there", label, Integer.toHexString(to));
        }
        return NOWHERE;
    }

    private long ticks() {
        long nanos = scheduler.nanos();
        // In two steps: the product of nanoseconds and hertz has more than 64 bits after an hour.
        return nanos / Clock.SECOND * TIMER_HERTZ
                + nanos % Clock.SECOND * TIMER_HERTZ / Clock.SECOND;
    }

    private long halves() {
        return ticks() / TIMER_HALF;
    }

    private void timerTurned() {
        noteTurns();
        drive();
    }

    private void noteTurns() {
        long now = halves();
        if (now != halvesSeen) {
            halvesSeen = now;
            status |= TIMER_EVENT;
        }
    }

    /** Drives the interrupt as status and enable bits say. */
    private void drive() {
        noteTurns();
        boolean events = (status & enable & ENABLE_BITS) != 0 || (gpeStatus & gpeEnable) != 0;
        sci.set(events && (control & SCI_ENABLED) != 0);
        if ((enable & TIMER_EVENT) != 0 && (status & TIMER_EVENT) == 0) {
            long tick = (halvesSeen + 1) * TIMER_HALF;
            overflow.arm(
                    tick / TIMER_HERTZ * Clock.SECOND
                            + (tick % TIMER_HERTZ * Clock.SECOND + TIMER_HERTZ - 1) / TIMER_HERTZ);
        } else {
            overflow.disarm();
        }
    }

    private void writeControl(int value) {
        control = value & CONTROL_BITS;
        drive();
        if ((value & SLEEP) != 0) {
            int type = value >>> SLEEP_TYPE_SHIFT & SLEEP_TYPE_MASK;
            if (type == SOFT_OFF) {
                switchOff.run();
            } else {
                LOG.debug("the guest asks for sleep type {}, which this board does not have", type);
            }
        }
    }

    /** The ACPI registers, words that may be accessed by byte, and the timer. */
    private final class PmPorts implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return size == 4 && (port & PM_PORTS - 1) == TIMER || size == 2 && (port & 1) == 0;
        }

        @Override
        public int readPort(int port) {
            return readWord(port & PM_PORTS - 2) >>> 8 * (port & 1) & 0xFF;
        }

        @Override
        public void writePort(int port, int value) {
            int register = port & PM_PORTS - 2;
            int shift = 8 * (port & 1);
            boolean clears = register == PM1_STATUS || register == GPE_STATUS;
            int kept = clears ? 0 : readWord(register) & ~(0xFF << shift);
            writeWord(register, kept | value << shift);
        }

        @Override
        public int readPortWide(int port, int size) {
            return size == 4 ? (int) ticks() & TIMER_MASK : readWord(port & PM_PORTS - 1);
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            if (size == 2) {
                writeWord(port & PM_PORTS - 1, value & 0xFFFF);
            }
        }

        private int readWord(int register) {
            switch (register) {
                case PM1_STATUS -> {
                    noteTurns();
                    return status;
                }
                case PM1_ENABLE -> {
                    return enable;
                }
                case PM1_CONTROL -> {
                    return control;
                }
                case TIMER -> {
                    return (int) ticks() & 0xFFFF;
                }
                case TIMER + 2 -> {
                    return ((int) ticks() & TIMER_MASK) >>> 16;
                }
                case GPE_STATUS -> {
                    return gpeStatus;
                }
                case GPE_ENABLE -> {
                    return gpeEnable;
                }
                default -> {
                    return 0;
                }
            }
        }

        private void writeWord(int register, int value) {
            switch (register) {
                case PM1_STATUS -> {
                    noteTurns();
                    status &= ~(value & STATUS_BITS);
                    drive();
                }
                case PM1_ENABLE -> {
                    enable = value & ENABLE_BITS;
                    drive();
                }
                case PM1_CONTROL -> writeControl(value);
                case GPE_STATUS -> {
                    gpeStatus &= ~value;
                    drive();
                }
                case GPE_ENABLE -> {
                    gpeEnable = value;
                    drive();
                }
                default -> {
                    // Clock control, traps and general purpose pins, none of which is wired.
                }
            }
        }
    }

    /** Port B2h, by which software asks for services, and B3h, a byte for both sides. */
    private final class ApmPorts implements PortDevice {

        @Override
        public int readPort(int port) {
            return port == SMI_COMMAND ? apmControl : apmStatus;
        }

        @Override
        public void writePort(int port, int value) {
            if (port != SMI_COMMAND) {
                apmStatus = value;
                return;
            }
            apmControl = value;
            switch (value) {
                case ACPI_ENABLE -> {
                    control |= SCI_ENABLED;
                    drive();
                }
                case ACPI_DISABLE -> {
                    control &= ~SCI_ENABLED;
                    drive();
                }
                default ->
                        LOG.debug(
                                "the guest asks for system management service 0x{}",
                                Integer.toHexString(value));
            }
        }
    }

    /** A host controller that finds nobody at any address. */
    private static final class SmbusPorts implements PortDevice {

        private static final int HOST_STATUS = 0;
        private static final int HOST_CONTROL = 2;
        private static final int START = 0x40;
        private static final int DEVICE_ERROR = 0x04;

        private int hostStatus;
        private final int[] registers = new int[SMBUS_PORTS];

        @Override
        public int readPort(int port) {
            int register = port & SMBUS_PORTS - 1;
            return register == HOST_STATUS ? hostStatus : registers[register];
        }

        @Override
        public void writePort(int port, int value) {
            int register = port & SMBUS_PORTS - 1;
            switch (register) {
                case HOST_STATUS -> hostStatus &= ~value;
                case HOST_CONTROL -> {
                    registers[register] = value & ~START;
                    if ((value & START) != 0) {
                        hostStatus |= DEVICE_ERROR;
                    }
                }
                default -> registers[register] = value;
            }
        }
    }
}
