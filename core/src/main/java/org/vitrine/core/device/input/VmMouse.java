package org.vitrine.core.device.input;

import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RegisterAccess;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.PointerButton;

/**
 * VMware's absolute pointer: a guest that knows it asks at port 5658h, in all its registers at
 * once, where the pointer is, and is told by the PS/2 mouse's interrupt when it has moved.
 *
 * <p>EAX is a magic number and ECX the command. Each packet has four words: buttons, place from the
 * left and from the top, 0 to FFFFh, and the wheel.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class VmMouse implements PortDevice {

    private static final int PORT = 0x5658;
    private static final int MAGIC = 0x564D_5868;

    private static final int GET_VERSION = 10;
    private static final int POINTER_DATA = 39;
    private static final int POINTER_STATUS = 40;
    private static final int POINTER_COMMAND = 41;

    private static final int VERSION = 6;
    private static final int POINTER_VERSION = 0x3442_554A;

    private static final int READ_ID = 0x4541_4552;
    private static final int DISABLE = 0xF5;
    private static final int REQUEST_RELATIVE = 0x4C45_5252;
    private static final int REQUEST_ABSOLUTE = 0x5342_4152;

    private static final int ERROR = 0xFFFF_0000;

    private static final int LEFT = 0x20;
    private static final int RIGHT = 0x10;
    private static final int MIDDLE = 0x08;

    private static final int LARGEST = 0xFFFF;
    private static final int PACKET = 4;
    private static final int PACKETS = 256;
    private static final int[] ANSWERED_IN = {
        RegisterAccess.EAX,
        RegisterAccess.EBX,
        RegisterAccess.ECX,
        RegisterAccess.EDX,
        RegisterAccess.ESI,
        RegisterAccess.EDI
    };

    private final RegisterAccess registers;
    private final Ps2Mouse mouse;
    private final int[] words = new int[PACKETS * PACKET];
    private int first;
    private int count;
    private boolean enabled;
    private boolean absolute;
    private int x;
    private int y;
    private int wheel;
    private int buttons;
    private boolean changed;

    /**
     * A pointer that nobody has asked for yet.
     *
     * @param mouse whose interrupts tell the guest of packets
     */
    public VmMouse(RegisterAccess registers, Ps2Mouse mouse) {
        this.registers = registers;
        this.mouse = mouse;
    }

    /** Claims port 5658h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(PORT, 1, "vmmouse", this);
    }

    /** As at power-on. */
    public void reset() {
        enabled = false;
        absolute = false;
        count = 0;
        buttons = 0;
        wheel = 0;
        changed = false;
    }

    /** Whether the guest wants places instead of movements. */
    public boolean isAbsolute() {
        return enabled && absolute;
    }

    /** The pointer is there now; 0 to {@link InputEvent#ABSOLUTE_MAX}. */
    public void moveTo(int newX, int newY) {
        x = scale(newX, InputEvent.ABSOLUTE_MAX);
        y = scale(newY, InputEvent.ABSOLUTE_MAX);
        changed = true;
    }

    /** The pointer moved by so many pixels of a screen of this size. */
    public void move(int dx, int dy, int width, int height) {
        x = Math.clamp(x + scale(dx, width), 0, LARGEST);
        y = Math.clamp(y + scale(dy, height), 0, LARGEST);
        changed = true;
    }

    private static int scale(int value, int from) {
        return (int) ((long) value * LARGEST / from);
    }

    /** A button went down or up, or the wheel turned by a notch. */
    public void button(PointerButton button, boolean down) {
        int bit =
                switch (button) {
                    case LEFT -> LEFT;
                    case RIGHT -> RIGHT;
                    case MIDDLE -> MIDDLE;
                    case WHEEL_UP -> {
                        wheel -= down ? 1 : 0;
                        yield 0;
                    }
                    case WHEEL_DOWN -> {
                        wheel += down ? 1 : 0;
                        yield 0;
                    }
                    case SIDE, EXTRA, WHEEL_LEFT, WHEEL_RIGHT -> 0;
                };
        if ((down ? buttons | bit : buttons & ~bit) != buttons && changed) {
            // A press and a release in one group are two packets.
            sync();
        }
        buttons = down ? buttons | bit : buttons & ~bit;
        changed = true;
    }

    /** Makes a packet of what happened since the last call. Without room it is lost. */
    public void sync() {
        if (changed && isAbsolute() && count + PACKET <= words.length) {
            add(buttons);
            add(x);
            add(y);
            add(wheel);
            mouse.nudge();
        }
        wheel = 0;
        changed = false;
    }

    private void add(int word) {
        words[(first + count++) % words.length] = word;
    }

    private int remove() {
        int word = words[first];
        first = (first + 1) % words.length;
        count--;
        return word;
    }

    @Override
    public boolean wide(int port, int size) {
        return true;
    }

    @Override
    public int readPort(int port) {
        return readPortWide(port, 1);
    }

    @Override
    public void writePort(int port, int value) {
        writePortWide(port, 1, value);
    }

    @Override
    public int readPortWide(int port, int size) {
        if (registers.get(RegisterAccess.EAX) != MAGIC) {
            return -1;
        }
        return switch (registers.get(RegisterAccess.ECX) & 0xFFFF) {
            case GET_VERSION -> {
                registers.set(RegisterAccess.EBX, MAGIC);
                yield VERSION;
            }
            case POINTER_DATA -> read(registers.get(RegisterAccess.EBX));
            case POINTER_STATUS -> enabled ? count : ERROR | count;
            case POINTER_COMMAND -> {
                command(registers.get(RegisterAccess.EBX));
                yield MAGIC;
            }
            default -> -1;
        };
    }

    @Override
    public void writePortWide(int port, int size, int value) {
        // Commands may be given with OUT, too; there is no answer then.
        readPortWide(port, size);
    }

    /** Gives so many words, the first in EAX. A guest that wants more than there are has erred. */
    private int read(int wanted) {
        if (wanted < 1 || wanted > ANSWERED_IN.length || wanted > count) {
            enabled = false;
            count = 0;
            return ERROR;
        }
        int eax = remove();
        for (int i = 1; i < wanted; i++) {
            registers.set(ANSWERED_IN[i], remove());
        }
        return eax;
    }

    private void command(int command) {
        switch (command) {
            case READ_ID -> {
                enabled = true;
                count = 0;
                add(POINTER_VERSION);
            }
            case DISABLE -> reset();
            case REQUEST_RELATIVE -> absolute = false;
            case REQUEST_ABSOLUTE -> absolute = true;
            default -> {}
        }
    }
}
