package org.vitrine.core.device.input;

import org.vitrine.core.time.Clock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.input.PointerButton;

/**
 * A PS/2 mouse that software can turn into one with a wheel and five buttons (IBM PS/2 Hardware
 * Interface Technical Reference, "Mouse"; Microsoft's IntelliMouse and IntelliMouse Explorer for
 * ids 3 and 4).
 *
 * <p>Motion is summed up until a report can go; each change of a button gets a report of its own,
 * so that a quick click is not lost, up to {@value #REPORTS} of them. While the guest has reporting
 * off, motion is forgotten. Sideways wheels and other resolutions than the host's are not reported.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class Ps2Mouse implements Ps2Device {

    private static final int REPORTS = 64;

    private static final int ACKNOWLEDGE = 0xFA;
    private static final int RESEND = 0xFE;
    private static final int SELF_TEST_PASSED = 0xAA;

    private static final int LEFT = 0x01;
    private static final int RIGHT = 0x02;
    private static final int MIDDLE = 0x04;
    private static final int SIDE = 0x08;
    private static final int EXTRA = 0x10;

    private static final int PLAIN = 0;
    private static final int WHEEL = 3;
    private static final int FIVE_BUTTONS = 4;

    private static final int MOST_COUNTS = 255;
    private static final int MOST_NOTCHES = 7;

    private final Scheduler scheduler;
    private final Scheduler.Timer sample;
    private Runnable byteReady = () -> {};
    private final ByteQueue bytes = new ByteQueue(16);

    /** Reports not sent yet, a ring: right and up positive, the wheel towards the user. */
    private final int[] reportX = new int[REPORTS];

    private final int[] reportY = new int[REPORTS];
    private final int[] reportZ = new int[REPORTS];
    private final int[] reportButtons = new int[REPORTS];
    private int firstReport;
    private int reports;

    /** What happened since the last {@link #sync}. */
    private int dx;

    private int dy;
    private int dz;
    private int buttons;
    private int buttonsChanged;

    private boolean enabled;
    private boolean remote;
    private boolean wrap;
    private boolean doubled;
    private int resolution;
    private int rate;
    private int id;
    private int lastRates;
    private int lastByte;
    private long nextSample;

    /** The command whose argument comes next, or 0. */
    private int command;

    /** A mouse as after power-on: in stream mode, silent until the guest enables it. */
    public Ps2Mouse(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.sample = scheduler.timer("ps2 mouse", this::sendReport);
        powerOn();
    }

    @Override
    public void plugInto(Runnable byteReady) {
        this.byteReady = byteReady;
    }

    @Override
    public void powerOn() {
        bytes.clear();
        id = PLAIN;
        lastRates = 0;
        wrap = false;
        command = 0;
        nextSample = 0;
        setDefaults();
    }

    private void setDefaults() {
        rate = 100;
        resolution = 2;
        doubled = false;
        remote = false;
        enabled = false;
        forget();
    }

    private void forget() {
        reports = 0;
        dx = 0;
        dy = 0;
        dz = 0;
        buttonsChanged = 0;
        sample.disarm();
    }

    /**
     * The mouse moved by this many counts, right and down positive; reported with the next {@link
     * #sync}.
     */
    public void move(int right, int down) {
        dx += right;
        dy -= down;
    }

    /**
     * A button went down or up, or the wheel turned by a notch; reported with the next {@link
     * #sync}.
     */
    public void button(PointerButton button, boolean down) {
        int bit =
                switch (button) {
                    case LEFT -> LEFT;
                    case MIDDLE -> MIDDLE;
                    case RIGHT -> RIGHT;
                    case SIDE -> SIDE;
                    case EXTRA -> EXTRA;
                    case WHEEL_UP -> {
                        dz -= down ? 1 : 0;
                        yield 0;
                    }
                    case WHEEL_DOWN -> {
                        dz += down ? 1 : 0;
                        yield 0;
                    }
                    case WHEEL_LEFT, WHEEL_RIGHT -> 0;
                };
        int after = down ? buttons | bit : buttons & ~bit;
        if (after != buttons) {
            if ((buttonsChanged & bit) != 0) {
                // Down and up in one group would cancel each other.
                sync();
            }
            buttons = after;
            buttonsChanged |= bit;
        }
    }

    /** Makes one report of what happened since the last call. */
    public void sync() {
        if (!enabled && !remote) {
            forget();
            return;
        }
        if (dx == 0 && dy == 0 && dz == 0 && buttonsChanged == 0) {
            return;
        }
        int last = (firstReport + reports - 1 + REPORTS) % REPORTS;
        boolean joined = reports > 0 && reportButtons[last] == buttons || reports == REPORTS;
        if (!joined) {
            last = (firstReport + reports++) % REPORTS;
            reportX[last] = 0;
            reportY[last] = 0;
            reportZ[last] = 0;
        }
        reportX[last] += dx;
        reportY[last] += dy;
        reportZ[last] += dz;
        reportButtons[last] = buttons;
        dx = 0;
        dy = 0;
        dz = 0;
        buttonsChanged = 0;
        scheduleReport();
    }

    /** Reports that nothing happened, for a guest that looks elsewhere for what did. */
    public void nudge() {
        if (enabled && !remote) {
            if (reports == 0) {
                reportX[firstReport] = 0;
                reportY[firstReport] = 0;
                reportZ[firstReport] = 0;
                reportButtons[firstReport] = buttons;
                reports = 1;
            }
            scheduleReport();
        }
    }

    private void scheduleReport() {
        if (enabled && !remote && !wrap && reports > 0 && bytes.isEmpty()) {
            sample.arm(Math.max(nextSample, scheduler.nanos()));
        }
    }

    private void sendReport() {
        if (!bytes.isEmpty()) {
            return;
        }
        nextSample = scheduler.nanos() + Clock.SECOND / rate;
        packet(doubled);
        byteReady.run();
    }

    /** Queues the first report that waits, or one that says that nothing happened. */
    private void packet(boolean scaled) {
        int x = 0;
        int y = 0;
        int z = 0;
        int pressed = buttons;
        if (reports > 0) {
            int at = firstReport;
            x = Math.clamp(reportX[at], -MOST_COUNTS, MOST_COUNTS);
            y = Math.clamp(reportY[at], -MOST_COUNTS, MOST_COUNTS);
            z = id == PLAIN ? reportZ[at] : Math.clamp(reportZ[at], -MOST_NOTCHES, MOST_NOTCHES);
            pressed = reportButtons[at];
            reportX[at] -= x;
            reportY[at] -= y;
            reportZ[at] -= z;
            if (reportX[at] == 0 && reportY[at] == 0 && reportZ[at] == 0) {
                firstReport = (firstReport + 1) % REPORTS;
                reports--;
            }
        }
        if (scaled) {
            x = Math.clamp(scale(x), -MOST_COUNTS, MOST_COUNTS);
            y = Math.clamp(scale(y), -MOST_COUNTS, MOST_COUNTS);
        }
        bytes.add(
                (y < 0 ? 0x20 : 0) | (x < 0 ? 0x10 : 0) | 0x08 | pressed & (LEFT | RIGHT | MIDDLE));
        bytes.add(x & 0xFF);
        bytes.add(y & 0xFF);
        if (id == WHEEL) {
            bytes.add(z & 0xFF);
        } else if (id == FIVE_BUTTONS) {
            bytes.add(z & 0x0F | (pressed & (SIDE | EXTRA)) << 1);
        }
    }

    /** The counts of scaling 2:1 (IBM PS/2 Technical Reference, "Set Scaling 2:1"). */
    private static int scale(int counts) {
        int scaled =
                switch (Math.abs(counts)) {
                    case 0 -> 0;
                    case 1, 2 -> 1;
                    case 3 -> 3;
                    case 4 -> 6;
                    case 5 -> 9;
                    default -> 2 * Math.abs(counts);
                };
        return counts < 0 ? -scaled : scaled;
    }

    @Override
    public boolean hasByte() {
        return !bytes.isEmpty();
    }

    @Override
    public int takeByte() {
        lastByte = bytes.remove();
        scheduleReport();
        return lastByte;
    }

    @Override
    public void receive(int value) {
        // Any byte from the host ends what the mouse was about to send.
        bytes.clear();
        if (wrap && value != 0xEC && value != 0xFF) {
            bytes.add(value);
        } else {
            int expecting = command;
            command = 0;
            if (expecting != 0) {
                argument(expecting, value);
            } else {
                command(value);
            }
        }
        byteReady.run();
    }

    private void argument(int expecting, int value) {
        boolean valid =
                expecting == 0xE8
                        ? value <= 3
                        : switch (value) {
                            case 10, 20, 40, 60, 80, 100, 200 -> true;
                            default -> false;
                        };
        if (!valid) {
            command = expecting;
            bytes.add(RESEND);
            return;
        }
        bytes.add(ACKNOWLEDGE);
        if (expecting == 0xE8) {
            resolution = value;
            return;
        }
        rate = value;
        lastRates = (lastRates << 8 | value) & 0xFFFFFF;
        // The knocks at which a mouse with a wheel, and one with five buttons, say what they are.
        if (lastRates == (200 << 16 | 100 << 8 | 80)) {
            id = WHEEL;
        } else if (lastRates == (200 << 16 | 200 << 8 | 80)) {
            id = FIVE_BUTTONS;
        }
    }

    private void command(int value) {
        if (value == RESEND) {
            bytes.add(lastByte);
            return;
        }
        bytes.add(ACKNOWLEDGE);
        switch (value) {
            case 0xE6 -> doubled = false;
            case 0xE7 -> doubled = true;
            case 0xE8, 0xF3 -> command = value;
            case 0xE9 -> status();
            case 0xEA -> {
                remote = false;
                forget();
            }
            case 0xEB -> packet(false);
            case 0xEC -> wrap = false;
            case 0xEE -> wrap = true;
            case 0xF0 -> {
                remote = true;
                forget();
            }
            case 0xF2 -> bytes.add(id);
            case 0xF4 -> {
                enabled = true;
                forget();
            }
            case 0xF5 -> {
                enabled = false;
                forget();
            }
            case 0xF6 -> setDefaults();
            case 0xFF -> {
                powerOn();
                bytes.add(ACKNOWLEDGE);
                bytes.add(SELF_TEST_PASSED);
                bytes.add(PLAIN);
            }
            default -> {
                bytes.clear();
                bytes.add(RESEND);
            }
        }
    }

    private void status() {
        int pressed = (buttons & LEFT) != 0 ? 0x04 : 0;
        pressed |= (buttons & MIDDLE) != 0 ? 0x02 : 0;
        pressed |= (buttons & RIGHT) != 0 ? 0x01 : 0;
        bytes.add((remote ? 0x40 : 0) | (enabled ? 0x20 : 0) | (doubled ? 0x10 : 0) | pressed);
        bytes.add(resolution);
        bytes.add(rate);
    }
}
