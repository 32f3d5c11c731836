package org.vitrine.core.device.timer;

import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.TickLine;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.LateTicks;
import org.vitrine.core.time.Scheduler;

/**
 * The programmable interval timer: three counters at ports 40h to 42h and their control word at 43h
 * (Intel 8254 datasheet, order number 231164). All counters run from one clock of {@value #HERTZ}
 * Hz that is computed from guest time: nothing happens between the edges of counter 0's output,
 * which is IRQ 0.
 *
 * <p>When the vCPU comes late for several edges of counter 0 in modes 2 and 3, or has not taken the
 * last, they become {@link LateTicks}. Used by the vCPU thread alone.
 */
public final class I8254 implements PortDevice {

    /** Clock pulses in a second: a third of the 3.579545 MHz colour carrier. */
    public static final long HERTZ = 1_193_182;

    private static final int LATCH = 0;
    private static final int LOW_BYTE = 1;
    private static final int HIGH_BYTE = 2;
    private static final int BOTH_BYTES = 3;

    private final Scheduler scheduler;
    private final TickLine irq0;
    private final LateTicks late;
    private final Scheduler.Timer edge;
    private final Counter[] counters = {new Counter(), new Counter(), new Counter()};

    /** The clock pulse of counter 0's next rising edge. */
    private long dueTick = Scheduler.NEVER;

    /** A timer whose counters have not been programmed: outputs low, gates open. */
    public I8254(Scheduler scheduler, TickLine irq0) {
        this.scheduler = scheduler;
        this.irq0 = irq0;
        this.edge = scheduler.timer("i8254 counter 0", this::risingEdge);
        this.late = scheduler.lateTicks("i8254");
        irq0.onTaken(this::edgeTaken);
    }

    /** Claims ports 40h to 43h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x40, 4, "pit", this);
    }

    /** Stops all counters, as at power-on; gates stay as they are. */
    public void reset() {
        for (Counter counter : counters) {
            counter.program(0, BOTH_BYTES, false);
        }
        late.forget();
        followCounter0(ticks());
    }

    private long ticks() {
        return ticksAt(scheduler.nanos());
    }

    /**
     * Clock pulses up to this guest time; computed by seconds, since the product overflows after
     * two hours.
     */
    static long ticksAt(long nanos) {
        return nanos / Clock.SECOND * HERTZ + nanos % Clock.SECOND * HERTZ / Clock.SECOND;
    }

    /** The first nanosecond at which {@link #ticksAt} gives this. */
    static long nanosOf(long ticks) {
        return ticks / HERTZ * Clock.SECOND + (ticks % HERTZ * Clock.SECOND + HERTZ - 1) / HERTZ;
    }

    /** The output pin of a counter, 0 to 2. */
    public boolean output(int counter) {
        return counters[counter].output(ticks());
    }

    /** Drives the gate pin of a counter, 0 to 2. */
    public void setGate(int counter, boolean high) {
        showDueEdge();
        long now = ticks();
        counters[counter].gate(high, now);
        if (counter == 0) {
            followCounter0(now);
        }
    }

    @Override
    public int readPort(int port) {
        int select = port & 3;
        // The control word can't be read; the bus floats.
        return select == 3 ? 0xFF : counters[select].read(ticks());
    }

    @Override
    public void writePort(int port, int value) {
        showDueEdge();
        long now = ticks();
        int select = port & 3;
        if (select != 3) {
            counters[select].write(value, now);
        } else if (value >>> 6 == 3) {
            readBack(value, now);
            return;
        } else {
            select = value >>> 6;
            int bytes = value >>> 4 & 3;
            if (bytes == LATCH) {
                counters[select].latchCount(now);
                return;
            }
            int mode = value >>> 1 & 7;
            counters[select].program(mode > 5 ? mode - 4 : mode, bytes, (value & 1) != 0);
        }
        if (select == 0) {
            late.forget();
            followCounter0(now);
        }
    }

    private void readBack(int command, long now) {
        for (int i = 0; i < counters.length; i++) {
            if ((command & 2 << i) != 0) {
                if ((command & 0x10) == 0) {
                    counters[i].latchStatus(now);
                }
                if ((command & 0x20) == 0) {
                    counters[i].latchCount(now);
                }
            }
        }
    }

    /** Shows an edge whose time has come before counter 0 is changed, lest it be forgotten. */
    private void showDueEdge() {
        if (edge.deadline() <= scheduler.nanos()) {
            risingEdge();
        }
    }

    private void risingEdge() {
        long now = ticks();
        Counter counter = counters[0];
        if (counter.periodic()) {
            long lost = counter.periods(dueTick, now);
            switch (irq0.reception()) {
                case DEAF -> late.forget();
                case OCCUPIED -> late.tick(lost + 1, counter.periodNanos());
                case READY -> late.tick(lost, counter.periodNanos());
            }
        }
        pulse();
        followCounter0(now);
    }

    /**
     * Gives an edge. Mode 2's low pulse lasts one clock, and nobody asks for mode 3's falling edge:
     * both are shown only now.
     */
    private void pulse() {
        irq0.set(false);
        irq0.set(true);
    }

    private void edgeTaken() {
        if (late.take()) {
            pulse();
        }
    }

    private void followCounter0(long now) {
        Counter counter = counters[0];
        irq0.set(counter.output(now));
        dueTick = counter.nextRisingEdge(now);
        edge.arm(dueTick == Scheduler.NEVER ? Scheduler.NEVER : nanosOf(dueTick));
    }

    /**
     * One counter. A count is loaded at a clock pulse, {@code loadedAt}; from then on its value and
     * its output follow from the number of pulses since.
     */
    private static final class Counter {

        private int mode;
        private int bytes = BOTH_BYTES;
        private boolean bcd;
        private boolean gate = true;

        /**
         * Whether a count was ever loaded (or, in modes 1 and 5, triggered) since the control word.
         */
        private boolean loaded;

        private int count;
        private long loadedAt;

        /** Pulses counted before the gate closed in modes 0, 2, 3 and 4, or -1 while counting. */
        private long stoppedAfter = -1;

        /** A count that waits for the end of the cycle or for a trigger, or 0. */
        private int nextCount;

        private long nextCountAt;

        private boolean highByteToWrite;
        private int lowByteWritten;
        private boolean highByteToRead;
        private int latchedCount = -1;
        private int latchedStatus = -1;

        void program(int newMode, int newBytes, boolean newBcd) {
            mode = newMode;
            bytes = newBytes;
            bcd = newBcd;
            loaded = false;
            nextCount = 0;
            stoppedAfter = -1;
            highByteToWrite = false;
            highByteToRead = false;
            latchedCount = -1;
            latchedStatus = -1;
        }

        private boolean periodic() {
            return mode == 2 || mode == 3;
        }

        private boolean triggered() {
            return mode == 1 || mode == 5;
        }

        private int modulus() {
            return bcd ? 10_000 : 0x10000;
        }

        void write(int value, long now) {
            switch (bytes) {
                case LOW_BYTE -> setCount(value, now);
                case HIGH_BYTE -> setCount(value << 8, now);
                default -> {
                    if (highByteToWrite) {
                        setCount(value << 8 | lowByteWritten, now);
                    } else {
                        lowByteWritten = value;
                        if (mode == 0) {
                            // The first byte stops the count and takes the output down ("Mode 0" in
                            // the datasheet).
                            loaded = false;
                        }
                    }
                    highByteToWrite = !highByteToWrite;
                }
            }
        }

        private void setCount(int register, long now) {
            settle(now);
            int value = bcd ? fromBcd(register) : register;
            if (value == 0) {
                value = modulus();
            }
            if (triggered() || periodic() && loaded && stoppedAfter < 0) {
                nextCount = value;
                nextCountAt = triggered() ? Scheduler.NEVER : endOfCycle(now);
            } else if (periodic() && !gate) {
                nextCount = value;
                nextCountAt = Scheduler.NEVER;
            } else {
                load(value, now + 1);
                stoppedAfter = gate ? -1 : 0;
            }
        }

        private static int fromBcd(int register) {
            return (register >>> 12) * 1000
                    + (register >>> 8 & 15) * 100
                    + (register >>> 4 & 15) * 10
                    + (register & 15);
        }

        private static int toBcd(int value) {
            return value / 1000 % 10 << 12
                    | value / 100 % 10 << 8
                    | value / 10 % 10 << 4
                    | value % 10;
        }

        private void load(int value, long at) {
            count = value;
            loadedAt = at;
            loaded = true;
            nextCount = 0;
        }

        /** When the running cycle, in mode 3 the half cycle, is over. */
        private long endOfCycle(long now) {
            long elapsed = Math.max(now - loadedAt, 0);
            long position = elapsed % count;
            long start = loadedAt + elapsed - position;
            boolean firstHalf = mode == 3 && position < highPulses();
            return start + (firstHalf && count > 1 ? highPulses() : count);
        }

        /** Pulses for which mode 3 holds the output high. */
        private int highPulses() {
            return (count + 1) / 2;
        }

        /** Loads a waiting count whose time has come. */
        private void settle(long now) {
            if (nextCount == 0 || now < nextCountAt) {
                return;
            }
            boolean lowHalf = mode == 3 && (nextCountAt - loadedAt) % count != 0;
            load(nextCount, nextCountAt);
            if (lowHalf) {
                loadedAt -= highPulses();
            }
        }

        void gate(boolean high, long now) {
            settle(now);
            boolean rising = high && !gate;
            boolean falling = !high && gate;
            gate = high;
            if (triggered()) {
                if (rising && (nextCount != 0 || loaded)) {
                    load(nextCount != 0 ? nextCount : count, now + 1);
                }
            } else if (periodic()) {
                if (rising && (nextCount != 0 || loaded)) {
                    load(nextCount != 0 ? nextCount : count, now + 1);
                    stoppedAfter = -1;
                } else if (falling && loaded) {
                    stoppedAfter = Math.max(now - loadedAt, 0);
                    nextCountAt = Scheduler.NEVER;
                }
            } else if (loaded) {
                if (falling) {
                    stoppedAfter = Math.max(now - loadedAt, 0);
                } else if (rising) {
                    loadedAt = now - stoppedAfter;
                    stoppedAfter = -1;
                }
            }
        }

        private long elapsed(long now) {
            return stoppedAfter >= 0 ? stoppedAfter : now - loadedAt;
        }

        boolean output(long now) {
            settle(now);
            if (!loaded) {
                return mode != 0;
            }
            long elapsed = elapsed(now);
            return switch (mode) {
                case 0 -> elapsed >= count;
                case 1 -> elapsed < 0 || elapsed >= count;
                case 2 -> !gate || elapsed < 0 || elapsed % count != count - 1 || count == 1;
                case 3 -> !gate || elapsed < 0 || elapsed % count < highPulses();
                default -> elapsed != count;
            };
        }

        /** The first pulse after this one at which the output rises, or {@link Scheduler#NEVER}. */
        long nextRisingEdge(long now) {
            settle(now);
            if (!loaded || stoppedAfter >= 0) {
                return Scheduler.NEVER;
            }
            if (periodic()) {
                if (count == 1) {
                    return Scheduler.NEVER;
                }
                long elapsed = Math.max(now - loadedAt, 0);
                long edge = loadedAt + (elapsed / count + 1) * count;
                if (nextCount != 0 && nextCountAt < edge) {
                    // The low half that begins then is already one of the new count.
                    return nextCountAt + nextCount / 2;
                }
                return edge;
            }
            long edge = loadedAt + count + (mode >= 4 ? 1 : 0);
            return edge > now ? edge : Scheduler.NEVER;
        }

        /** Whole periods from one clock pulse to another, while the count stays as it is. */
        long periods(long from, long to) {
            return nextCount != 0 ? 0 : (to - from) / count;
        }

        long periodNanos() {
            return count * Clock.SECOND / HERTZ;
        }

        private int value(long now) {
            settle(now);
            if (!loaded) {
                return 0;
            }
            long elapsed = Math.max(elapsed(now), 0);
            long value =
                    switch (mode) {
                        case 2 -> count - elapsed % count;
                        case 3 -> {
                            long position = elapsed % count;
                            long inHalf =
                                    position < highPulses() ? position : position - highPulses();
                            yield (count & ~1) - 2 * inHalf;
                        }
                        default -> count - elapsed;
                    };
            int register = Math.floorMod(value, modulus());
            return bcd ? toBcd(register) : register;
        }

        void latchCount(long now) {
            if (latchedCount < 0) {
                latchedCount = value(now);
            }
        }

        void latchStatus(long now) {
            if (latchedStatus < 0) {
                boolean out = output(now);
                boolean nullCount = !loaded || nextCount != 0 || now < loadedAt;
                latchedStatus =
                        (out ? 0x80 : 0)
                                | (nullCount ? 0x40 : 0)
                                | bytes << 4
                                | mode << 1
                                | (bcd ? 1 : 0);
            }
        }

        int read(long now) {
            if (latchedStatus >= 0) {
                int status = latchedStatus;
                latchedStatus = -1;
                return status;
            }
            int value = latchedCount >= 0 ? latchedCount : value(now);
            boolean high = bytes == HIGH_BYTE || bytes == BOTH_BYTES && highByteToRead;
            if (bytes == BOTH_BYTES) {
                highByteToRead = !highByteToRead;
            }
            if (bytes != BOTH_BYTES || high) {
                latchedCount = -1;
            }
            return high ? value >>> 8 : value & 0xFF;
        }
    }
}
