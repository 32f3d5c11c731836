package org.vitrine.core.device.input;

import java.util.Arrays;
import java.util.function.Consumer;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.input.KeyCode;

/**
 * A PS/2 keyboard with 101 or more keys: scan code sets 1 to 3, all commands (IBM PS/2 Hardware
 * Interface Technical Reference, "Keyboard (101- and 102-Key)"). Keys don't repeat by themselves:
 * whoever holds one says so again.
 *
 * <p>Not done: the extra shift codes that a keyboard sends around the grey cursor keys while Num
 * Lock or Shift is on; the typematic rate is accepted and of no effect.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class Ps2Keyboard implements Ps2Device {

    private static final int QUEUE_SIZE = 16;

    /** Bytes of the longest sequence, Pause in set 2. */
    private static final int LONGEST = 8;

    private static final int ACKNOWLEDGE = 0xFA;
    private static final int SELF_TEST_PASSED = 0xAA;
    private static final int RESEND = 0xFE;
    private static final int BREAK = 0xF0;
    private static final int EXTENDED = 0xE0;

    private static final int SHIFT = 0x12;
    private static final int PRINT = 0x7C;
    private static final int SYSRQ = 0x84;

    private final Consumer<KeyboardLeds> leds;
    private final Runnable roomMade;
    private Runnable byteReady = () -> {};

    /** Answers to commands; they go before keys. */
    private final ByteQueue answers = new ByteQueue(16);

    /** Keys; one byte more than a keyboard's buffer, for the mark of an overrun. */
    private final ByteQueue keys = new ByteQueue(QUEUE_SIZE + 1);

    private final byte[] set3Types = new byte[0x100];
    private final boolean[] down = new boolean[KeyCode.values().length];
    private int scanCodeSet;
    private boolean scanning;
    private boolean overrun;
    private int lastByte;

    /** The command whose argument comes next, or 0. */
    private int command;

    /**
     * A keyboard as after power-on, its self test done and reported.
     *
     * @param leds told the lamps whenever the guest sets them
     * @param roomMade called when the keyboard, having had no room for a key, has room again
     */
    public Ps2Keyboard(Consumer<KeyboardLeds> leds, Runnable roomMade) {
        this.leds = leds;
        this.roomMade = roomMade;
        restart();
    }

    @Override
    public void plugInto(Runnable byteReady) {
        this.byteReady = byteReady;
    }

    @Override
    public void powerOn() {
        boolean full = !hasRoom();
        restart();
        announceRoom(full);
    }

    private void restart() {
        answers.clear();
        setDefaults();
        scanning = true;
        command = 0;
        leds.accept(KeyboardLeds.ofBits(0));
    }

    private void setDefaults() {
        dropKeys();
        scanCodeSet = 2;
        resetSet3Types();
    }

    private void resetSet3Types() {
        for (int code = 0; code < set3Types.length; code++) {
            set3Types[code] = ScanCodes.defaultType(code);
        }
    }

    private void dropKeys() {
        keys.clear();
        overrun = false;
    }

    private void announceRoom(boolean wasFull) {
        if (wasFull && hasRoom()) {
            roomMade.run();
        }
    }

    /** Whether the next key, whichever it is, can be queued whole. */
    public boolean hasRoom() {
        return !scanning || keys.free() - 1 >= LONGEST;
    }

    @Override
    public boolean hasByte() {
        return !answers.isEmpty() || !keys.isEmpty();
    }

    @Override
    public int takeByte() {
        if (!answers.isEmpty()) {
            lastByte = answers.remove();
            return lastByte;
        }
        boolean full = !hasRoom();
        lastByte = keys.remove();
        overrun &= !hasRoom();
        announceRoom(full);
        return lastByte;
    }

    /**
     * A key goes down, goes down again (repeats), or up. While the guest has scanning off it is
     * forgotten. A key for which there is no room (see {@link #hasRoom}) is lost, and the guest
     * told of the overrun.
     */
    public void key(KeyCode key, boolean pressed) {
        boolean repeat = pressed && down[key.ordinal()];
        down[key.ordinal()] = pressed;
        if (!scanning || key.number() == 0) {
            return;
        }
        if (scanCodeSet == 3) {
            key3(ScanCodes.set3(key), pressed, repeat);
            return;
        }
        switch (key) {
            case PAUSE -> pause(pressed && !repeat);
            case PRINT -> print(pressed, repeat);
            default -> {
                int prefix = (key.number() & 0x80) != 0 ? EXTENDED : 0;
                code(prefix, ScanCodes.set2(key.number() & 0x7F), pressed);
            }
        }
    }

    private boolean isDown(KeyCode left, KeyCode right) {
        return down[left.ordinal()] || down[right.ordinal()];
    }

    /** Pause sends make and break at once, and nothing when it comes up; with Ctrl it is Break. */
    private void pause(boolean pressed) {
        if (!pressed) {
            return;
        }
        if (isDown(KeyCode.CTRL, KeyCode.CTRL_R)) {
            sequence(
                    scanCodeSet == 1
                            ? new int[] {0xE0, 0x46, 0xE0, 0xC6}
                            : new int[] {0xE0, 0x7E, 0xE0, 0xF0, 0x7E});
        } else {
            sequence(
                    scanCodeSet == 1
                            ? new int[] {0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5}
                            : new int[] {0xE1, 0x14, 0x77, 0xE1, 0xF0, 0x14, 0xF0, 0x77});
        }
    }

    /**
     * Print Screen pretends to be a shifted key; with Shift or Ctrl it need not, with Alt it is
     * SysRq.
     */
    private void print(boolean pressed, boolean repeat) {
        if (isDown(KeyCode.ALT, KeyCode.ALT_R)) {
            code(0, SYSRQ, pressed);
        } else if (repeat
                || isDown(KeyCode.SHIFT, KeyCode.SHIFT_R)
                || isDown(KeyCode.CTRL, KeyCode.CTRL_R)) {
            code(EXTENDED, PRINT, pressed);
        } else if (pressed) {
            sequence(
                    scanCodeSet == 1
                            ? new int[] {0xE0, 0x2A, 0xE0, 0x37}
                            : new int[] {0xE0, SHIFT, 0xE0, PRINT});
        } else {
            sequence(
                    scanCodeSet == 1
                            ? new int[] {0xE0, 0xB7, 0xE0, 0xAA}
                            : new int[] {0xE0, 0xF0, PRINT, 0xE0, 0xF0, SHIFT});
        }
    }

    /** Queues a key given in set 2, in the set that is chosen. */
    private void code(int prefix, int set2, boolean pressed) {
        int length = (prefix != 0 ? 1 : 0) + (scanCodeSet == 2 && !pressed ? 2 : 1);
        if (!reserve(length)) {
            return;
        }
        boolean first = !hasByte();
        if (prefix != 0) {
            keys.add(prefix);
        }
        if (scanCodeSet == 1) {
            keys.add(ScanCodes.translate(set2) | (pressed ? 0 : 0x80));
        } else {
            if (!pressed) {
                keys.add(BREAK);
            }
            keys.add(set2);
        }
        announce(first);
    }

    private void key3(int code, boolean pressed, boolean repeat) {
        if (code == 0) {
            return;
        }
        int type = set3Types[code];
        if (pressed) {
            if (!repeat || (type & ScanCodes.REPEATS) != 0) {
                sequence(code);
            }
        } else if ((type & ScanCodes.BREAKS) != 0) {
            sequence(BREAK, code);
        }
    }

    private void sequence(int... bytes) {
        if (!reserve(bytes.length)) {
            return;
        }
        boolean first = !hasByte();
        for (int value : bytes) {
            keys.add(value);
        }
        announce(first);
    }

    private boolean reserve(int length) {
        if (keys.free() - 1 >= length) {
            return true;
        }
        if (!overrun) {
            overrun = true;
            // A keyboard overwrites the 17th place of its buffer: FF in set 1, 00 in the others.
            boolean first = !hasByte();
            keys.add(scanCodeSet == 1 ? 0xFF : 0x00);
            announce(first);
        }
        return false;
    }

    private void announce(boolean first) {
        if (first) {
            byteReady.run();
        }
    }

    private void answer(int value) {
        boolean first = !hasByte();
        answers.add(value);
        announce(first);
    }

    @Override
    public void receive(int value) {
        boolean full = !hasRoom();
        // An answer that the host has not waited for is withdrawn by its next byte.
        answers.clear();
        int expecting = command;
        command = 0;
        if (expecting != 0 && value < 0xED) {
            argument(expecting, value);
        } else {
            command(value);
        }
        announceRoom(full);
    }

    private void command(int value) {
        switch (value) {
            case 0xED, 0xF0, 0xF3 -> {
                command = value;
                answer(ACKNOWLEDGE);
            }
            case 0xFB, 0xFC, 0xFD -> {
                dropKeys();
                command = value;
                answer(ACKNOWLEDGE);
            }
            case 0xEE -> answer(0xEE);
            case 0xF2 -> {
                answer(ACKNOWLEDGE);
                answer(0xAB);
                answer(0x83);
            }
            case 0xF4 -> {
                dropKeys();
                scanning = true;
                answer(ACKNOWLEDGE);
            }
            case 0xF5 -> {
                setDefaults();
                scanning = false;
                answer(ACKNOWLEDGE);
            }
            case 0xF6 -> {
                setDefaults();
                answer(ACKNOWLEDGE);
            }
            case 0xF7 -> setAllTypes(ScanCodes.REPEATS);
            case 0xF8 -> setAllTypes(ScanCodes.BREAKS);
            case 0xF9 -> setAllTypes(0);
            case 0xFA -> setAllTypes(ScanCodes.REPEATS | ScanCodes.BREAKS);
            case RESEND -> answer(lastByte);
            case 0xFF -> {
                restart();
                answer(ACKNOWLEDGE);
                answer(SELF_TEST_PASSED);
            }
            default -> answer(RESEND);
        }
    }

    private void setAllTypes(int type) {
        dropKeys();
        Arrays.fill(set3Types, (byte) type);
        answer(ACKNOWLEDGE);
    }

    private void argument(int expecting, int value) {
        switch (expecting) {
            case 0xED -> leds.accept(KeyboardLeds.ofBits(value));
            case 0xF0 -> {
                if (value > 3) {
                    command = expecting;
                    answer(RESEND);
                    return;
                }
                if (value == 0) {
                    answer(ACKNOWLEDGE);
                    answer(scanCodeSet);
                    return;
                }
                dropKeys();
                scanCodeSet = value;
            }
            case 0xFB, 0xFC, 0xFD -> {
                int type =
                        expecting == 0xFB
                                ? ScanCodes.REPEATS
                                : expecting == 0xFC ? ScanCodes.BREAKS : 0;
                set3Types[value] = (byte) type;
                // More keys may follow, until a command comes.
                command = expecting;
            }
            default -> {}
        }
        answer(ACKNOWLEDGE);
    }
}
