package org.vitrine.core.cpu.state;

/**
 * The four breakpoints of the debug registers (Intel SDM volume 3, section 17.2), told apart by
 * what they look for.
 *
 * <p>A page with a data breakpoint is never accessed directly, so that only slow accesses have to
 * ask.
 */
public final class Breakpoints {

    private static final int COUNT = 4;
    private static final int EXECUTION = 0;
    private static final int WRITES = 1;
    private static final int PORTS = 2;
    private static final long LINEAR_MASK = 0xFFFF_FFFFL;

    private final Registers r;
    private boolean watching;

    /**
     * The data and port breakpoints that were met since this was last cleared: DR6's bits 0 to 3.
     */
    public int met;

    Breakpoints(Registers registers) {
        this.r = registers;
    }

    /** Whether any breakpoint is enabled. */
    public boolean enabled() {
        return (r.dr[7] & 0xFF) != 0;
    }

    /** The debug registers changed: keeps in mind whether there is any data breakpoint. */
    public void changed() {
        watching = false;
        for (int n = 0; n < COUNT; n++) {
            watching |= enabled(n) && (kind(n) & 1) != 0;
        }
        met = 0;
    }

    private boolean enabled(int number) {
        return (r.dr[7] >>> 2 * number & 3) != 0;
    }

    private int kind(int number) {
        return r.dr[7] >>> 16 + 4 * number & 3;
    }

    /** Bytes less one: 0, 1 or 3; the encoding that is reserved here means 8 bytes elsewhere. */
    private int span(int number) {
        int length = r.dr[7] >>> 18 + 4 * number & 3;
        return length == 2 ? 7 : length;
    }

    private boolean touches(int number, long address, int width) {
        int span = span(number);
        long first = r.dr[number] & LINEAR_MASK & ~span;
        return first < address + width && first + span >= address;
    }

    /**
     * Which breakpoints there are for executing the instruction at this linear address: DR6's bits
     * 0 to 3.
     */
    public int executing(long linear) {
        int hits = 0;
        for (int n = 0; n < COUNT; n++) {
            if (enabled(n) && kind(n) == EXECUTION && (r.dr[n] & LINEAR_MASK) == linear) {
                hits |= 1 << n;
            }
        }
        return hits;
    }

    /** Data was accessed. */
    void accessed(long linear, int width, boolean written) {
        if (!watching) {
            return;
        }
        for (int n = 0; n < COUNT; n++) {
            int kind = kind(n);
            boolean looks = kind == WRITES ? written : kind == (WRITES | PORTS);
            if (looks && enabled(n) && touches(n, linear, width)) {
                met |= 1 << n;
            }
        }
    }

    /** A port was accessed; the debugging extensions look at this. */
    public void portAccessed(int port, int width) {
        if ((r.cr4 & Registers.CR4_DE) == 0) {
            return;
        }
        for (int n = 0; n < COUNT; n++) {
            if (enabled(n) && kind(n) == PORTS && touches(n, port, width)) {
                met |= 1 << n;
            }
        }
    }

    /** Whether the page of a linear address has a data breakpoint. */
    boolean watches(long linear) {
        if (!watching) {
            return false;
        }
        long page = linear & ~0xFFFL;
        for (int n = 0; n < COUNT; n++) {
            if (enabled(n) && (kind(n) & 1) != 0 && touches(n, page, 0x1000)) {
                return true;
            }
        }
        return false;
    }
}
