package org.vitrine.core.device.irq;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * One programmable interrupt controller with eight inputs, in 8086 mode (Intel 8259A datasheet,
 * order number 231468). Address bit 0 of a port selects the register, so the chip may stand at any
 * even port.
 *
 * <p>An edge is remembered until it is acknowledged or the chip is initialised, even when the input
 * falls again before: a device may pulse its line. An input in level mode asks for as long as it is
 * high; so does, on a master, one that ICW3 says a slave is connected to, since a slave takes its
 * request back when it is masked there. ICW1's bit for level mode is ignored, as the PIIX3 ignores
 * it: the edge/level register {@link #edgeLevel} decides, input by input.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class I8259 implements PortDevice {

    /** What {@link #acknowledge} answers when the request is gone: "default IR7". */
    private static final int SPURIOUS = 7;

    private enum Expected {
        ICW2,
        ICW3,
        ICW4,
        OPERATION
    }

    private final boolean master;
    private final int levelCapable;
    private final InterruptLine intr;

    private int lines;
    private int irr;
    private int isr;
    private int imr;
    private int edgeLevel;
    private int lowest = 7;
    private int vectorBase;
    private int cascade;
    private Expected expected = Expected.OPERATION;
    private boolean icw4Follows;
    private boolean single;
    private boolean autoEoi;
    private boolean rotateInAutoEoi;
    private boolean specialFullyNested;
    private boolean specialMask;
    private boolean readIsr;
    private boolean poll;

    /**
     * A chip with all inputs low and nothing masked.
     *
     * @param master whether ICW3 names the inputs that have slaves, rather than this slave's number
     * @param levelCapable a bit for each input that the edge/level register can switch to level
     *     mode
     * @param intr the chip's output INT: high while a request waits that may interrupt
     */
    public I8259(boolean master, int levelCapable, InterruptLine intr) {
        this.master = master;
        this.levelCapable = levelCapable;
        this.intr = intr;
    }

    /** Claims the chip's two ports. */
    public void claimPorts(PortSpace ports, int first, String label) {
        ports.claim(first, 2, label, this);
    }

    /** As at power-on: not initialised, edge-triggered, nothing requested. */
    public void reset() {
        edgeLevel = 0;
        vectorBase = 0;
        cascade = 0;
        autoEoi = false;
        specialFullyNested = false;
        initialise();
        expected = Expected.OPERATION;
        update();
    }

    private void initialise() {
        irr = lines & levels();
        isr = 0;
        imr = 0;
        lowest = 7;
        specialMask = false;
        rotateInAutoEoi = false;
        readIsr = false;
        poll = false;
    }

    /** The input with this number, 0 to 7. */
    public InterruptLine line(int ir) {
        int bit = 1 << ir;
        return high -> drive(bit, high);
    }

    private void drive(int bit, boolean high) {
        if (high == ((lines & bit) != 0)) {
            return;
        }
        if (high) {
            lines |= bit;
            irr |= bit;
        } else {
            lines &= ~bit;
            irr &= ~(bit & levels());
        }
        update();
    }

    private int levels() {
        return edgeLevel | (master && !single ? cascade : 0);
    }

    /** The edge/level register (ELCR): a bit for each input in level mode. */
    public int edgeLevel() {
        return edgeLevel;
    }

    /** Writes the edge/level register; bits of inputs that are always edge-triggered stay 0. */
    public void setEdgeLevel(int value) {
        int before = levels();
        edgeLevel = value & levelCapable;
        levelsChanged(before);
        update();
    }

    /**
     * An input that has become level-triggered asks if it is high; one that no longer is has not
     * asked yet.
     */
    private void levelsChanged(int before) {
        int changed = before ^ levels();
        irr = irr & ~changed | lines & levels() & changed;
    }

    /** Whether ICW3 says that a slave is connected to this input. */
    boolean hasSlave(int ir) {
        return master && !single && (cascade & 1 << ir) != 0;
    }

    /**
     * Place in the order of priority, 0 the highest, of the most urgent of these inputs; 8 when
     * there is none.
     */
    private int priority(int inputs) {
        for (int place = 0; place < 8; place++) {
            if ((inputs & 1 << inputAt(place)) != 0) {
                return place;
            }
        }
        return 8;
    }

    private int inputAt(int place) {
        return lowest + 1 + place & 7;
    }

    /** Whether this input is masked. */
    boolean isMasked(int ir) {
        return (imr & 1 << ir) != 0;
    }

    /** Whether a request of this input waits to be taken. */
    boolean isRequested(int ir) {
        return (irr & 1 << ir) != 0;
    }

    /** The input that may interrupt now, or -1. */
    private int requesting() {
        int place = priority(irr & ~imr);
        if (place == 8) {
            return -1;
        }
        int blocking = specialMask ? isr & ~imr : isr;
        if (specialFullyNested && master) {
            blocking &= ~cascade;
        }
        return place < priority(blocking) ? inputAt(place) : -1;
    }

    private void update() {
        intr.set(requesting() >= 0);
    }

    /**
     * The first INTA pulse: takes the most urgent request into service.
     *
     * @return its input, or 7 with nothing taken into service when the request is gone
     */
    int takeRequest() {
        int ir = requesting();
        if (ir < 0) {
            return SPURIOUS;
        }
        int bit = 1 << ir;
        irr &= ~(bit & ~levels());
        if (!autoEoi) {
            isr |= bit;
        } else if (rotateInAutoEoi) {
            lowest = ir;
        }
        update();
        return ir;
    }

    /**
     * The whole interrupt acknowledge cycle of this chip: takes the request and answers its vector,
     * 0 to 255.
     */
    public int acknowledge() {
        return vector(takeRequest());
    }

    int vector(int ir) {
        return vectorBase | ir;
    }

    @Override
    public int readPort(int port) {
        if (poll) {
            poll = false;
            boolean waiting = requesting() >= 0;
            return waiting ? 0x80 | takeRequest() : 0;
        }
        if ((port & 1) != 0) {
            return imr;
        }
        return readIsr ? isr : irr;
    }

    @Override
    public void writePort(int port, int value) {
        if ((port & 1) == 0) {
            if ((value & 0x10) != 0) {
                icw1(value);
            } else if ((value & 0x08) != 0) {
                ocw3(value);
            } else {
                ocw2(value);
            }
        } else {
            switch (expected) {
                case ICW2 -> {
                    vectorBase = value & 0xF8;
                    expected = !single ? Expected.ICW3 : afterIcw3();
                }
                case ICW3 -> {
                    int before = levels();
                    cascade = value;
                    levelsChanged(before);
                    expected = afterIcw3();
                }
                case ICW4 -> {
                    specialFullyNested = (value & 0x10) != 0;
                    autoEoi = (value & 0x02) != 0;
                    expected = Expected.OPERATION;
                }
                case OPERATION -> imr = value;
            }
        }
        update();
    }

    private void icw1(int value) {
        icw4Follows = (value & 0x01) != 0;
        single = (value & 0x02) != 0;
        if (!icw4Follows) {
            specialFullyNested = false;
            autoEoi = false;
        }
        initialise();
        expected = Expected.ICW2;
    }

    private Expected afterIcw3() {
        return icw4Follows ? Expected.ICW4 : Expected.OPERATION;
    }

    private void ocw2(int value) {
        boolean rotate = (value & 0x80) != 0;
        boolean specific = (value & 0x40) != 0;
        boolean endOfInterrupt = (value & 0x20) != 0;
        int ir = value & 7;
        if (!endOfInterrupt) {
            if (!specific) {
                rotateInAutoEoi = rotate;
            } else if (rotate) {
                lowest = ir;
            }
            return;
        }
        if (!specific) {
            // In special mask mode a masked input stays in service ("Special Mask Mode" in the
            // datasheet).
            int place = priority(specialMask ? isr & ~imr : isr);
            if (place == 8) {
                return;
            }
            ir = inputAt(place);
        }
        isr &= ~(1 << ir);
        if (rotate) {
            lowest = ir;
        }
    }

    private void ocw3(int value) {
        if ((value & 0x40) != 0) {
            specialMask = (value & 0x20) != 0;
        }
        poll = (value & 0x04) != 0;
        if ((value & 0x02) != 0) {
            readIsr = (value & 0x01) != 0;
        }
    }

    @Override
    public String toString() {
        return String.format(
                "irr=%02x imr=%02x isr=%02x elcr=%02x base=%02x",
                irr, imr, isr, edgeLevel, vectorBase);
    }
}
