package org.vitrine.core.device.irq;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.TickLine.Reception;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * The board's interrupt controller for APICs, with 24 inputs (Intel 82093AA datasheet, order number
 * 290566). An input is asserted when its line is high, whatever the entry says of polarity: lines
 * of this board have no voltage.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class IoApic implements MmioDevice {

    /** Where its registers are. */
    public static final long BASE = 0xFEC0_0000L;

    /** Its ID in ACPI's tables, as it is after reset; it is the guest's to write. */
    public static final int ID = 0;

    /** How many inputs it has. */
    public static final int INPUTS = 24;

    /** The input that the timer, IRQ 0, is wired to; other ISA interrupts have their own number. */
    public static final int TIMER_INPUT = 2;

    private static final int VERSION = INPUTS - 1 << 16 | 0x11;

    private static final int SELECT = 0x00;
    private static final int WINDOW = 0x10;
    private static final int ENTRIES = 0x10;

    private static final long LOGICAL = 1 << 11;
    private static final long REMOTE_IRR = 1 << 14;
    private static final long LEVEL = 1 << 15;
    private static final long MASKED = 1 << 16;
    private static final long READ_ONLY = 1 << 12 | REMOTE_IRR;
    private static final long DEFINED = 0xFF00_0000_0001_FFFFL;

    private final LocalApic processor;
    private final long[] entries = new long[INPUTS];
    private final Runnable[] listeners = new Runnable[INPUTS];
    private int lines;
    private int select;
    private int id;

    /** A controller as after reset, everything masked, with its registers at {@link #BASE}. */
    public IoApic(PhysicalMemory memory, LocalApic processor) {
        this.processor = processor;
        processor.onEndOfInterrupt(this::endInterrupt);
        processor.onTaken(this::interruptTaken);
        memory.mapDevice(BASE, PhysicalMemory.PAGE_SIZE, "io apic", this);
        reset();
    }

    /** As the reset pin does. */
    public void reset() {
        select = 0;
        id = ID;
        for (int i = 0; i < INPUTS; i++) {
            entries[i] = MASKED;
        }
    }

    /** The input with this number, 0 to 23. */
    public InterruptLine input(int number) {
        if (number < 0 || number >= INPUTS) {
            throw new IllegalArgumentException("an I/O APIC has inputs 0 to 23, not " + number);
        }
        return high -> drive(number, high);
    }

    /** What an edge of this input would become now. */
    public Reception reception(int input) {
        long entry = entries[input];
        if ((entry & MASKED) != 0 || !processor.takesVectors()) {
            return Reception.DEAF;
        }
        boolean waits =
                (entry & LEVEL) != 0
                        ? (entry & REMOTE_IRR) != 0
                        : processor.isRequested((int) entry & 0xFF);
        return waits ? Reception.OCCUPIED : Reception.READY;
    }

    /** Who is to be told when the processor has taken an input's interrupt. */
    public void onTaken(int input, Runnable listener) {
        listeners[input] = listener;
    }

    private void interruptTaken(int vector) {
        for (int i = 0; i < INPUTS; i++) {
            if (listeners[i] != null
                    && (entries[i] & MASKED) == 0
                    && (entries[i] & 0xFF) == vector) {
                listeners[i].run();
            }
        }
    }

    private void drive(int input, boolean high) {
        boolean rises = high && (lines & 1 << input) == 0;
        lines = high ? lines | 1 << input : lines & ~(1 << input);
        // An edge that comes while the input is masked is lost.
        if (rises && (entries[input] & LEVEL) == 0 && (entries[input] & MASKED) == 0) {
            send(input);
        } else {
            serveLevel(input);
        }
    }

    /** A level asks as long as it is there, but not again before the end of its interrupt. */
    private void serveLevel(int input) {
        long entry = entries[input];
        if ((lines & 1 << input) != 0 && (entry & (LEVEL | MASKED | REMOTE_IRR)) == LEVEL) {
            entries[input] |= REMOTE_IRR;
            send(input);
        }
    }

    private void send(int input) {
        long entry = entries[input];
        if (processor.isAddressed((int) (entry >>> 56), (entry & LOGICAL) != 0)) {
            processor.deliver(DeliveryMode.of(entry), (int) entry & 0xFF, (entry & LEVEL) != 0);
        }
    }

    private void endInterrupt(int vector) {
        for (int i = 0; i < INPUTS; i++) {
            if ((entries[i] & REMOTE_IRR) != 0 && (entries[i] & 0xFF) == vector) {
                entries[i] &= ~REMOTE_IRR;
                serveLevel(i);
            }
        }
    }

    @Override
    public long readMemory(long address, int size) {
        return switch ((int) (address & 0xFF)) {
            case SELECT -> select;
            case WINDOW -> readRegister() & 0xFFFF_FFFFL;
            default -> 0;
        };
    }

    private int readRegister() {
        int entry = select - ENTRIES >> 1;
        if (entry >= 0 && entry < INPUTS) {
            return (int) (entries[entry] >>> 32 * (select & 1));
        }
        return switch (select) {
            // The arbitration ID follows the ID.
            case 0, 2 -> id << 24;
            case 1 -> VERSION;
            default -> 0;
        };
    }

    @Override
    public void writeMemory(long address, int size, long value) {
        switch ((int) (address & 0xFF)) {
            case SELECT -> select = (int) value & 0xFF;
            case WINDOW -> writeRegister((int) value);
            default -> {}
        }
    }

    private void writeRegister(int value) {
        int entry = select - ENTRIES >> 1;
        if (entry >= 0 && entry < INPUTS) {
            writeEntry(entry, value);
        } else if (select == 0) {
            id = value >>> 24 & 0x0F;
        }
    }

    private void writeEntry(int number, int value) {
        long before = entries[number];
        int shift = 32 * (select & 1);
        long after = before & ~(0xFFFF_FFFFL << shift) | (value & 0xFFFF_FFFFL) << shift;
        after = after & DEFINED & ~READ_ONLY | before & READ_ONLY;
        if ((after & LEVEL) == 0) {
            after &= ~REMOTE_IRR;
        }
        entries[number] = after;
        serveLevel(number);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ioapic:");
        for (int i = 0; i < INPUTS; i++) {
            if ((entries[i] & MASKED) == 0) {
                text.append(String.format(" %d=%016x", i, entries[i]));
            }
        }
        return text.toString();
    }
}
