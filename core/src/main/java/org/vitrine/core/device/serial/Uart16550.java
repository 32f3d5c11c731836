package org.vitrine.core.device.serial;

import org.vitrine.core.bus.CharacterLine;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.Scheduler;

/**
 * An asynchronous receiver and transmitter with FIFOs (National PC16550D datasheet), clocked with
 * 1.8432 MHz as on a PC, where OUT2 lets its interrupts through.
 *
 * <p>Carrier, data set ready and clear to send are always on, so nobody's guest waits for a modem.
 * Instead a line that has no room holds the transmitter; one that takes nothing for {@value
 * #PATIENCE_MILLIS} ms of guest time counts as unplugged, and what is sent is lost until it takes
 * something again. What comes waits on the line until the receiver has room, so the receiver
 * overruns in loopback alone.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class Uart16550 implements PortDevice {

    /** How long a line may hold the transmitter, in milliseconds of guest time. */
    public static final int PATIENCE_MILLIS = 500;

    private static final int CLOCK_HZ = 1_843_200;
    private static final int PORTS = 8;
    private static final int IDLE = -1;

    private static final int IER_RECEIVED = 0x01;
    private static final int IER_EMPTY = 0x02;
    private static final int IER_ERROR = 0x04;
    private static final int IER_MODEM = 0x08;

    private static final int IIR_NONE = 0x01;
    private static final int IIR_ERROR = 0x06;
    private static final int IIR_RECEIVED = 0x04;
    private static final int IIR_TIMEOUT = 0x0C;
    private static final int IIR_EMPTY = 0x02;
    private static final int IIR_MODEM = 0x00;
    private static final int IIR_FIFOS = 0xC0;

    private static final int FCR_ENABLE = 0x01;
    private static final int FCR_CLEAR_RECEIVER = 0x02;
    private static final int FCR_CLEAR_TRANSMITTER = 0x04;

    private static final int EIGHT_BITS = 0x03;
    private static final int LCR_STOP_BITS = 0x04;
    private static final int LCR_PARITY = 0x08;
    private static final int LCR_BREAK = 0x40;
    private static final int LCR_DIVISOR = 0x80;

    private static final int MCR_OUT2 = 0x08;
    private static final int MCR_LOOP = 0x10;

    private static final int LSR_READY = 0x01;
    private static final int LSR_OVERRUN = 0x02;
    private static final int LSR_BREAK = 0x10;
    private static final int LSR_EMPTY = 0x20;
    private static final int LSR_IDLE = 0x40;
    private static final int LSR_FIFO_ERROR = 0x80;

    private static final int MSR_CTS = 0x10;
    private static final int MSR_DSR = 0x20;
    private static final int MSR_RI = 0x40;
    private static final int MSR_DCD = 0x80;

    /** In a FIFO the error bits of LSR stand above the character. */
    private static final int ERROR_SHIFT = 8;

    /** Received characters at which the FIFO asks for attention, by FCR's bits 7 and 6. */
    private static final int[] TRIGGERS = {1, 4, 8, 14};

    private final Scheduler scheduler;
    private final CharacterLine line;
    private final InterruptLine irq;
    private final long longestCharacter;
    private final Scheduler.Timer transmitTimer;
    private final Scheduler.Timer receiveTimer;
    private final Scheduler.Timer timeoutTimer;
    private final CharacterFifo received = new CharacterFifo();
    private final CharacterFifo toSend = new CharacterFifo();

    private int ier;
    private int fcr;
    private int lcr;
    private int mcr;
    private int scratch;
    private int divisor;
    private int errors;
    private int modemInputs;
    private int modemDeltas;
    private boolean emptyPending;
    private boolean timeoutPending;

    private int shifting = IDLE;
    private long shiftEnds;
    private boolean held;
    private boolean unplugged;
    private long receiveFrom;

    /**
     * A UART as after reset.
     *
     * @param irq its interrupt, high while it asks for attention and OUT2 is on
     * @param longestCharacter nanoseconds that a character takes at most, whatever the baud rate
     *     says: nothing is slower for a guest's default of 9600 baud
     */
    public Uart16550(
            Scheduler scheduler,
            String label,
            CharacterLine line,
            InterruptLine irq,
            long longestCharacter) {
        this.scheduler = scheduler;
        this.line = line;
        this.irq = irq;
        this.longestCharacter = longestCharacter;
        transmitTimer = scheduler.timer(label + " transmitter", this::transmitDue);
        receiveTimer = scheduler.timer(label + " receiver", this::poll);
        timeoutTimer = scheduler.timer(label + " receive timeout", this::timeout);
        reset();
    }

    /** Claims eight ports. */
    public void claimPorts(PortSpace ports, int first, String label) {
        ports.claim(first, PORTS, label, this);
    }

    /**
     * As the reset pin does, but with 9600 baud, eight bits and no parity set, for guests that rely
     * on a firmware's having done so. What was written is sent first.
     */
    public void reset() {
        flush();
        ier = 0;
        fcr = 0;
        lcr = EIGHT_BITS;
        mcr = 0;
        divisor = 12;
        errors = 0;
        received.clear();
        toSend.clear();
        emptyPending = false;
        timeoutPending = false;
        shifting = IDLE;
        held = false;
        modemInputs = readModem();
        modemDeltas = 0;
        transmitTimer.disarm();
        receiveTimer.disarm();
        timeoutTimer.disarm();
        update();
    }

    /** Looks for what came on the line, and whether it has room again. */
    public void poll() {
        if (held) {
            advance();
        }
        receive();
    }

    /**
     * Sends what has been written and not been sent, without regard to time, as far as the line has
     * room.
     */
    public void flush() {
        if (shifting == IDLE || loop()) {
            return;
        }
        boolean room = line.send(shifting);
        shifting = IDLE;
        while (room && toSend.count() > 0) {
            room = line.send(toSend.remove());
        }
    }

    /** How long a character takes, start and stop bits included. */
    private long characterNanos() {
        int halfBits = 2 * (1 + bits()) + ((lcr & LCR_PARITY) != 0 ? 2 : 0) + stopHalfBits();
        long honest = halfBits * 8L * Math.max(divisor, 1) * Clock.SECOND / CLOCK_HZ;
        return Math.min(honest, longestCharacter);
    }

    private int bits() {
        return 5 + (lcr & 3);
    }

    private int stopHalfBits() {
        if ((lcr & LCR_STOP_BITS) == 0) {
            return 2;
        }
        return bits() == 5 ? 3 : 4;
    }

    private boolean fifos() {
        return (fcr & FCR_ENABLE) != 0;
    }

    private boolean loop() {
        return (mcr & MCR_LOOP) != 0;
    }

    private int capacity() {
        return fifos() ? CharacterFifo.SIZE : 1;
    }

    private void write(int character) {
        advance();
        emptyPending = false;
        if (toSend.count() == capacity()) {
            hurry();
        }
        if (toSend.count() < capacity()) {
            toSend.add(character & (1 << bits()) - 1);
        } else if (!fifos()) {
            toSend.setHead(character & (1 << bits()) - 1);
        }
        if (shifting == IDLE) {
            startShifting(scheduler.nanos());
        }
        update();
    }

    /**
     * Makes room for a guest that writes without asking whether there is: it works on emulators
     * whose characters take no time, and would lose every second one here.
     */
    private void hurry() {
        if (!loop() && line.send(shifting)) {
            shifting = IDLE;
            held = false;
            startShifting(scheduler.nanos());
        }
    }

    private void startShifting(long from) {
        if (toSend.count() == 0) {
            return;
        }
        shifting = toSend.remove();
        shiftEnds = from + characterNanos();
        transmitTimer.arm(shiftEnds);
        if (toSend.count() == 0) {
            emptyPending = true;
        }
    }

    /** Lets the transmitter go as far as it has come by now. */
    private void advance() {
        long now = scheduler.nanos();
        while (shifting != IDLE && shiftEnds <= now) {
            if (loop()) {
                store(shifting, 0);
            } else if (!sent(now)) {
                return;
            }
            shifting = IDLE;
            startShifting(held ? now : shiftEnds);
            held = false;
        }
        if (shifting == IDLE) {
            transmitTimer.disarm();
        }
    }

    private boolean sent(long now) {
        if (line.send(shifting)) {
            unplugged = false;
            return true;
        }
        long givesUp = shiftEnds + PATIENCE_MILLIS * (Clock.SECOND / 1000);
        if (now >= givesUp) {
            unplugged = true;
        }
        if (!unplugged) {
            held = true;
            transmitTimer.arm(givesUp);
        }
        return unplugged;
    }

    private void transmitDue() {
        advance();
        update();
    }

    private void receive() {
        long now = scheduler.nanos();
        if (loop() || received.count() == capacity() || now < receiveFrom) {
            return;
        }
        int character = line.receive();
        if (character == CharacterLine.NOTHING) {
            receiveTimer.disarm();
            return;
        }
        if (character == CharacterLine.BREAK) {
            store(0, LSR_BREAK);
        } else {
            store(character & (1 << bits()) - 1, 0);
        }
        receiveFrom = now + characterNanos();
        receiveTimer.arm(receiveFrom);
        update();
    }

    /** A character has come whole. */
    private void store(int character, int error) {
        int entry = character | error << ERROR_SHIFT;
        if (received.count() < capacity()) {
            received.add(entry);
            if (received.count() == 1) {
                revealErrors();
            }
        } else {
            errors |= LSR_OVERRUN;
            if (!fifos()) {
                received.setHead(entry);
                revealErrors();
            }
        }
        restartTimeout();
    }

    /** The errors of the character that is read next show in LSR. */
    private void revealErrors() {
        if (received.count() > 0) {
            errors |= received.head() >>> ERROR_SHIFT;
            received.setHead(received.head() & 0xFF);
        }
    }

    /** Characters that stay in the FIFO for four characters' time ask for attention, too. */
    private void restartTimeout() {
        timeoutPending = false;
        if (fifos() && received.count() > 0) {
            timeoutTimer.arm(scheduler.nanos() + 4 * characterNanos());
        } else {
            timeoutTimer.disarm();
        }
    }

    private void timeout() {
        timeoutPending = true;
        update();
    }

    private int read() {
        if (received.count() == 0) {
            return 0;
        }
        int character = received.remove();
        revealErrors();
        restartTimeout();
        update();
        return character;
    }

    private int identification() {
        if ((ier & IER_ERROR) != 0 && errors != 0) {
            return IIR_ERROR;
        }
        if ((ier & IER_RECEIVED) != 0) {
            if (received.count() >= (fifos() ? TRIGGERS[fcr >>> 6] : 1)) {
                return IIR_RECEIVED;
            }
            if (timeoutPending) {
                return IIR_TIMEOUT;
            }
        }
        if ((ier & IER_EMPTY) != 0 && emptyPending) {
            return IIR_EMPTY;
        }
        return (ier & IER_MODEM) != 0 && modemDeltas != 0 ? IIR_MODEM : IIR_NONE;
    }

    private void update() {
        irq.set((mcr & MCR_OUT2) != 0 && identification() != IIR_NONE);
    }

    private int readIdentification() {
        advance();
        int identification = identification();
        if (identification == IIR_EMPTY) {
            emptyPending = false;
        }
        update();
        return identification | (fifos() ? IIR_FIFOS : 0);
    }

    private int readLineStatus() {
        advance();
        int status = errors;
        if (received.count() > 0) {
            status |= LSR_READY;
        }
        if (toSend.count() == 0) {
            status |= LSR_EMPTY | (shifting == IDLE ? LSR_IDLE : 0);
        }
        int inFifo = errors & ~LSR_OVERRUN;
        if (fifos() && (inFifo != 0 || received.contains(0xFF << ERROR_SHIFT))) {
            status |= LSR_FIFO_ERROR;
        }
        errors = 0;
        update();
        return status;
    }

    /** The modem's lines as MSR has them; in loopback MCR's outputs come back. */
    private int readModem() {
        if (!loop()) {
            return MSR_DCD | MSR_DSR | MSR_CTS;
        }
        return (mcr & 0x01) << 5 | (mcr & 0x02) << 3 | (mcr & 0x04) << 4 | (mcr & 0x08) << 4;
    }

    private void modemChanged() {
        int now = readModem();
        int changed = modemInputs ^ now;
        // The ring indicator's delta is its trailing edge alone.
        changed &= ~(MSR_RI & now);
        modemDeltas |= changed >>> 4;
        modemInputs = now;
    }

    private int readModemStatus() {
        int status = modemInputs | modemDeltas;
        modemDeltas = 0;
        update();
        return status;
    }

    private void writeFifoControl(int value) {
        advance();
        boolean switched = ((fcr ^ value) & FCR_ENABLE) != 0;
        // The other bits are taken only with the first one.
        fcr = (value & FCR_ENABLE) != 0 ? value : 0;
        if (switched || (fcr & FCR_CLEAR_RECEIVER) != 0) {
            received.clear();
            restartTimeout();
        }
        if (switched || (fcr & FCR_CLEAR_TRANSMITTER) != 0) {
            emptyPending |= toSend.count() > 0;
            toSend.clear();
        }
        update();
    }

    private void writeEnable(int value) {
        advance();
        if ((value & ~ier & IER_EMPTY) != 0 && toSend.count() == 0) {
            emptyPending = true;
        }
        ier = value & 0x0F;
        update();
    }

    private void writeLineControl(int value) {
        advance();
        if (loop() && (value & ~lcr & LCR_BREAK) != 0) {
            store(0, LSR_BREAK);
        }
        lcr = value;
        update();
    }

    private void writeModemControl(int value) {
        advance();
        mcr = value & 0x1F;
        modemChanged();
        update();
    }

    private boolean divisorLatch() {
        return (lcr & LCR_DIVISOR) != 0;
    }

    @Override
    public int readPort(int port) {
        return switch (port & 7) {
            case 0 -> divisorLatch() ? divisor & 0xFF : read();
            case 1 -> divisorLatch() ? divisor >>> 8 : ier;
            case 2 -> readIdentification();
            case 3 -> lcr;
            case 4 -> mcr;
            case 5 -> readLineStatus();
            case 6 -> readModemStatus();
            default -> scratch;
        };
    }

    @Override
    public void writePort(int port, int value) {
        switch (port & 7) {
            case 0 -> {
                if (divisorLatch()) {
                    divisor = divisor & 0xFF00 | value;
                } else {
                    write(value);
                }
            }
            case 1 -> {
                if (divisorLatch()) {
                    divisor = value << 8 | divisor & 0xFF;
                } else {
                    writeEnable(value);
                }
            }
            case 2 -> writeFifoControl(value);
            case 3 -> writeLineControl(value);
            case 4 -> writeModemControl(value);
            case 7 -> scratch = value;
            // LSR and MSR are for the factory's tests; writing them does nothing here.
            default -> {}
        }
    }

    @Override
    public String toString() {
        return String.format(
                "ier=%02x fcr=%02x lcr=%02x mcr=%02x divisor=%d received=%d tosend=%d%s",
                ier, fcr, lcr, mcr, divisor, received.count(), toSend.count(), held ? " held" : "");
    }
}
