package org.vitrine.core.cpu.state;

import java.util.Arrays;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * The way from a segment and an offset to memory: limit checks, translation, and a cache of
 * translations that lets most accesses go straight to host memory.
 *
 * <p>The caches are direct-mapped by linear page. An entry is two longs: the linear page it is for,
 * and what to add to a linear address for the host address. An access looks its first byte's page
 * up and compares it with its last byte's, so that one comparison also finds accesses that cross
 * pages. Only pages that can be read (written) without anyone noticing are entered; all others are
 * accessed by {@link PhysicalMemory}, every time.
 */
public final class Mmu {

    private static final int ENTRIES = 1024;
    private static final long PAGE_MASK = PhysicalMemory.PAGE_MASK;
    private static final int PAGE_SHIFT = PhysicalMemory.PAGE_SHIFT;

    /** No linear page. */
    private static final long EMPTY = -1;

    private static final long LINEAR_MASK = 0xFFFF_FFFFL;
    private static final long A20 = 1L << 20;

    private final PhysicalMemory memory;
    private final Registers r;
    private final GuestFault fault;
    private final long[] reads = new long[2 * ENTRIES];
    private final long[] writes = new long[2 * ENTRIES];
    private boolean writesEntered;
    private long a20Mask = -1;

    /**
     * Where the last {@link #loadForUpdate} found its operand: a host address, or 0 when only slow
     * ways will do.
     */
    private long updateHost;

    private long updatePhysical;
    private long updatePhysicalNext;

    public Mmu(PhysicalMemory memory, Registers registers, GuestFault fault) {
        this.memory = memory;
        this.r = registers;
        this.fault = fault;
        flush();
    }

    /** Forgets every translation. */
    public void flush() {
        Arrays.fill(reads, EMPTY);
        Arrays.fill(writes, EMPTY);
        writesEntered = false;
    }

    /** Forgets which pages can be written directly. */
    public void flushWrites() {
        if (writesEntered) {
            Arrays.fill(writes, EMPTY);
            writesEntered = false;
        }
    }

    /** Opens or closes the gate that masks bit 20 of physical addresses. */
    public void setA20(boolean enabled) {
        a20Mask = enabled ? -1 : ~A20;
        flush();
    }

    public boolean a20() {
        return a20Mask == -1;
    }

    /** A segment's linear address, without any check. */
    public long linear(int segment, long offset) {
        return r.base[segment] + offset & LINEAR_MASK;
    }

    private static int entry(long linear) {
        return ((int) (linear >>> PAGE_SHIFT) & ENTRIES - 1) << 1;
    }

    // Reads by width. They differ in a number, which has to be a constant for the compiler.

    public int load8(int segment, long offset) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset <= r.readTop[segment] && reads[entry] == (linear & ~PAGE_MASK)) {
            return HostMemory.getByte(reads[entry + 1] + linear) & 0xFF;
        }
        return (int) loadSlowly(segment, offset, 1);
    }

    public int load16(int segment, long offset) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 1 <= r.readTop[segment] && reads[entry] == (linear + 1 & ~PAGE_MASK)) {
            return HostMemory.getShort(reads[entry + 1] + linear) & 0xFFFF;
        }
        return (int) loadSlowly(segment, offset, 2);
    }

    public int load32(int segment, long offset) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 3 <= r.readTop[segment] && reads[entry] == (linear + 3 & ~PAGE_MASK)) {
            return HostMemory.getInt(reads[entry + 1] + linear);
        }
        return (int) loadSlowly(segment, offset, 4);
    }

    public long load64(int segment, long offset) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 7 <= r.readTop[segment] && reads[entry] == (linear + 7 & ~PAGE_MASK)) {
            return HostMemory.getLong(reads[entry + 1] + linear);
        }
        return loadSlowly(segment, offset, 8);
    }

    /** Reads {@code width} bytes, zero-extended. */
    public long load(int segment, long offset, int width) {
        return switch (width) {
            case 1 -> load8(segment, offset);
            case 2 -> load16(segment, offset);
            case 4 -> load32(segment, offset) & 0xFFFF_FFFFL;
            default -> load64(segment, offset);
        };
    }

    public void store8(int segment, long offset, int value) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset <= r.writeTop[segment] && writes[entry] == (linear & ~PAGE_MASK)) {
            HostMemory.setByte(writes[entry + 1] + linear, (byte) value);
        } else {
            storeSlowly(segment, offset, 1, value);
        }
    }

    public void store16(int segment, long offset, int value) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 1 <= r.writeTop[segment] && writes[entry] == (linear + 1 & ~PAGE_MASK)) {
            HostMemory.setShort(writes[entry + 1] + linear, (short) value);
        } else {
            storeSlowly(segment, offset, 2, value);
        }
    }

    public void store32(int segment, long offset, int value) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 3 <= r.writeTop[segment] && writes[entry] == (linear + 3 & ~PAGE_MASK)) {
            HostMemory.setInt(writes[entry + 1] + linear, value);
        } else {
            storeSlowly(segment, offset, 4, value);
        }
    }

    public void store64(int segment, long offset, long value) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        if (offset + 7 <= r.writeTop[segment] && writes[entry] == (linear + 7 & ~PAGE_MASK)) {
            HostMemory.setLong(writes[entry + 1] + linear, value);
        } else {
            storeSlowly(segment, offset, 8, value);
        }
    }

    /** Writes the low {@code width} bytes. */
    public void store(int segment, long offset, int width, long value) {
        switch (width) {
            case 1 -> store8(segment, offset, (int) value);
            case 2 -> store16(segment, offset, (int) value);
            case 4 -> store32(segment, offset, (int) value);
            default -> store64(segment, offset, value);
        }
    }

    /**
     * Reads an operand that {@link #storeBack} will write: whatever forbids writing is found now.
     */
    public long loadForUpdate(int segment, long offset, int width) {
        long linear = r.base[segment] + offset & LINEAR_MASK;
        int entry = entry(linear);
        int last = width - 1;
        if (offset + last <= r.writeTop[segment] && writes[entry] == (linear + last & ~PAGE_MASK)) {
            updateHost = writes[entry + 1] + linear;
            return switch (width) {
                case 1 -> HostMemory.getByte(updateHost) & 0xFF;
                case 2 -> HostMemory.getShort(updateHost) & 0xFFFF;
                case 4 -> HostMemory.getInt(updateHost) & 0xFFFF_FFFFL;
                default -> HostMemory.getLong(updateHost);
            };
        }
        return loadForUpdateSlowly(segment, offset, width);
    }

    /** Writes the operand that was last read by {@link #loadForUpdate}. */
    public void storeBack(int width, long value) {
        long host = updateHost;
        if (host == 0) {
            storePhysical(updatePhysical, updatePhysicalNext, width, value);
            return;
        }
        switch (width) {
            case 1 -> HostMemory.setByte(host, (byte) value);
            case 2 -> HostMemory.setShort(host, (short) value);
            case 4 -> HostMemory.setInt(host, (int) value);
            default -> HostMemory.setLong(host, value);
        }
    }

    private long loadSlowly(int segment, long offset, int width) {
        checkRead(segment, offset, width);
        long linear = linear(segment, offset);
        long physical = translate(linear, false);
        if ((linear & PAGE_MASK) + width <= PhysicalMemory.PAGE_SIZE) {
            enterRead(linear, physical);
            return memory.read(physical, width);
        }
        return loadPhysical(
                physical, translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, false), width);
    }

    private long loadPhysical(long physical, long next, int width) {
        int first = (int) Math.min(width, PhysicalMemory.PAGE_SIZE - (physical & PAGE_MASK));
        if (first == width) {
            return memory.read(physical, width);
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= memory.read(i < first ? physical + i : next + i - first, 1) << 8 * i;
        }
        return value;
    }

    private void storeSlowly(int segment, long offset, int width, long value) {
        checkWrite(segment, offset, width);
        long linear = linear(segment, offset);
        long physical = translate(linear, true);
        long next = 0;
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        }
        storePhysical(physical, next, width, value);
        enterWrite(linear, physical);
    }

    private void storePhysical(long physical, long next, int width, long value) {
        int first = (int) Math.min(width, PhysicalMemory.PAGE_SIZE - (physical & PAGE_MASK));
        if (first == width) {
            memory.write(physical, width, value);
            return;
        }
        for (int i = 0; i < width; i++) {
            memory.write(i < first ? physical + i : next + i - first, 1, value >>> 8 * i);
        }
    }

    private long loadForUpdateSlowly(int segment, long offset, int width) {
        checkRead(segment, offset, width);
        checkWrite(segment, offset, width);
        long linear = linear(segment, offset);
        long physical = translate(linear, true);
        long next = 0;
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        } else {
            enterWrite(linear, physical);
        }
        updateHost = 0;
        updatePhysical = physical;
        updatePhysicalNext = next;
        return loadPhysical(physical, next, width);
    }

    /** Raises what a write to this operand would raise, and writes nothing. */
    public void probeWrite(int segment, long offset, int width) {
        checkWrite(segment, offset, width);
        long linear = linear(segment, offset);
        translate(linear, true);
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        }
    }

    private void enterRead(long linear, long physical) {
        long host = memory.readablePage(physical);
        if (host != 0) {
            int entry = entry(linear);
            reads[entry] = linear & ~PAGE_MASK;
            reads[entry + 1] = host - (linear & ~PAGE_MASK);
        }
    }

    private void enterWrite(long linear, long physical) {
        long host = memory.writablePage(physical);
        // Where reads come from elsewhere, an operand can't be updated in place.
        if (host != 0 && host == memory.readablePage(physical)) {
            int entry = entry(linear);
            writes[entry] = linear & ~PAGE_MASK;
            writes[entry + 1] = host - (linear & ~PAGE_MASK);
            writesEntered = true;
        }
    }

    private void checkRead(int segment, long offset, int width) {
        if (offset + width - 1 <= r.readTop[segment]) {
            return;
        }
        int access = r.access[segment];
        boolean unreadable = (access & (Registers.CODE | Registers.READABLE)) == Registers.CODE;
        if (unreadable || outside(segment, offset, width)) {
            throw segmentFault(segment);
        }
    }

    private void checkWrite(int segment, long offset, int width) {
        if (offset + width - 1 <= r.writeTop[segment]) {
            return;
        }
        int access = r.access[segment];
        boolean writable = (access & (Registers.CODE | Registers.WRITABLE)) == Registers.WRITABLE;
        if (!writable || outside(segment, offset, width)) {
            throw segmentFault(segment);
        }
    }

    private boolean outside(int segment, long offset, int width) {
        int access = r.access[segment];
        if ((access & (Registers.UNUSABLE | Registers.PRESENT)) != Registers.PRESENT) {
            return true;
        }
        if ((access & (Registers.CODE | Registers.EXPAND_DOWN)) == Registers.EXPAND_DOWN) {
            long top = (access & Registers.BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFF;
            return offset <= r.limit[segment] || offset + width - 1 > top;
        }
        return offset + width - 1 > r.limit[segment];
    }

    private GuestFault segmentFault(int segment) {
        return fault.of(
                segment == Registers.SS ? GuestFault.STACK_FAULT : GuestFault.GENERAL_PROTECTION,
                0);
    }

    /** The physical address of a linear one; raises a page fault where there is none. */
    @SuppressWarnings("UnusedVariable") // paging will ask
    private long translate(long linear, boolean write) {
        return linear & a20Mask;
    }

    /** The physical address that code at this linear address is fetched from. */
    public long translateFetch(long linear) {
        return translate(linear, false);
    }

    /**
     * Reads from a linear address as the CPU itself does for its tables: no segment, privilege
     * zero.
     */
    public long loadSystem(long linear, int width) {
        long physical = translate(linear & LINEAR_MASK, false);
        long next = 0;
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, false);
        }
        return loadPhysical(physical, next, width);
    }

    /**
     * Where in host memory an operand of many bytes can be read directly, or 0.
     *
     * @param length bytes, all in one page
     */
    public long readableHost(int segment, long offset, long length) {
        long linear = linear(segment, offset);
        int entry = entry(linear);
        return offset + length - 1 <= r.readTop[segment]
                        && reads[entry] == (linear + length - 1 & ~PAGE_MASK)
                ? reads[entry + 1] + linear
                : 0;
    }

    /** The same for writing. */
    public long writableHost(int segment, long offset, long length) {
        long linear = linear(segment, offset);
        int entry = entry(linear);
        return offset + length - 1 <= r.writeTop[segment]
                        && writes[entry] == (linear + length - 1 & ~PAGE_MASK)
                ? writes[entry + 1] + linear
                : 0;
    }
}
