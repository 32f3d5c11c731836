package org.vitrine.core.cpu.state;

import java.util.Arrays;
import org.vitrine.core.cpu.model.CpuModel;
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
 * accessed by {@link PhysicalMemory}, every time. Programs of user privilege and the supervisor
 * have a cache each. Behind them stands the {@link Tlb}, which also knows pages of devices.
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
    private final Tlb tlb;
    private final Breakpoints breakpoints;
    private final PageTables pageTables;
    private final long[] supervisorReads = new long[2 * ENTRIES];
    private final long[] supervisorWrites = new long[2 * ENTRIES];
    private final long[] userReads = new long[2 * ENTRIES];
    private final long[] userWrites = new long[2 * ENTRIES];
    private long[] reads = supervisorReads;
    private long[] writes = supervisorWrites;
    private boolean entered = true;
    private boolean writesEntered = true;
    private boolean user;

    /** In place of the caches where every access has to be looked at: nothing is entered. */
    private final long[] nothing = new long[2 * ENTRIES];

    private boolean checksAlignment;

    /**
     * Where the last {@link #loadForUpdate} found its operand: a host address, or 0 when only slow
     * ways will do.
     */
    private long updateHost;

    private long updatePhysical;
    private long updatePhysicalNext;

    public Mmu(CpuModel model, PhysicalMemory memory, Registers registers, GuestFault fault) {
        this.memory = memory;
        this.r = registers;
        this.fault = fault;
        tlb = new Tlb(model, memory, registers, fault);
        breakpoints = new Breakpoints(registers);
        pageTables = new PageTables(tlb, memory, registers);
        Arrays.fill(nothing, EMPTY);
        flush();
    }

    /** Forgets every translation, global ones too. */
    public void flush() {
        tlb.flush();
        flushHost();
    }

    /** Forgets the translations that are not global, as a load of CR3 does. */
    public void flushAddressSpace() {
        tlb.flushAddressSpace();
        flushHost();
    }

    /** Forgets what is known of the page of a linear address, as INVLPG does. */
    public void flushPage(long linear) {
        tlb.flushPage(linear & LINEAR_MASK);
        flushHost();
    }

    private void flushHost() {
        if (entered) {
            Arrays.fill(supervisorReads, EMPTY);
            Arrays.fill(userReads, EMPTY);
            entered = false;
        }
        flushWrites();
    }

    /** Forgets which pages can be written directly. */
    public void flushWrites() {
        if (writesEntered) {
            Arrays.fill(supervisorWrites, EMPTY);
            Arrays.fill(userWrites, EMPTY);
            writesEntered = false;
        }
    }

    /** Opens or closes the gate that masks bit 20 of physical addresses. */
    public void setA20(boolean enabled) {
        tlb.a20Mask = enabled ? -1 : ~A20;
        flush();
    }

    public boolean a20() {
        return tlb.a20Mask == -1;
    }

    /** Changes the current privilege level, 0 to 3. */
    public void setPrivilege(int level) {
        r.cpl = level;
        r.updateFetchMode();
        user = level == 3;
        alignmentFlagChanged();
    }

    /**
     * Checks alignment from now on, or no longer, as EFLAGS.AC says where CR0.AM and the privilege
     * level let it (Intel SDM volume 3, section 6.15, interrupt 17).
     */
    public void alignmentFlagChanged() {
        checksAlignment =
                user && (r.systemFlags & Registers.AC) != 0 && (r.cr0 & Registers.CR0_AM) != 0;
        reads = checksAlignment ? nothing : user ? userReads : supervisorReads;
        writes = checksAlignment ? nothing : user ? userWrites : supervisorWrites;
    }

    private void checkAlignment(long linear, int width) {
        if (checksAlignment && (linear & width - 1) != 0) {
            throw fault.of(GuestFault.ALIGNMENT_CHECK, 0);
        }
    }

    /** The breakpoints, whose data part is looked for in every access that passes here. */
    public Breakpoints breakpoints() {
        return breakpoints;
    }

    /** The page tables, for people. */
    public PageTables pageTables() {
        return pageTables;
    }

    /**
     * The page-directory pointers that CR3 points to are loaded; #GP when one of them is not valid.
     */
    public void loadDirectoryPointers(int cr3) {
        tlb.loadDirectoryPointers(cr3);
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
        checkAlignment(linear, width);
        long physical = translate(linear, false);
        if ((linear & PAGE_MASK) + width <= PhysicalMemory.PAGE_SIZE) {
            breakpoints.accessed(linear, width, false);
            enterRead(linear, physical);
            return memory.read(physical, width);
        }
        long next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, false);
        breakpoints.accessed(linear, width, false);
        return loadPhysical(physical, next, width);
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
        checkAlignment(linear, width);
        long physical = translate(linear, true);
        long next = 0;
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        }
        breakpoints.accessed(linear, width, true);
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
        checkAlignment(linear, width);
        long physical = translate(linear, true);
        long next = 0;
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        } else {
            enterWrite(linear, physical);
        }
        breakpoints.accessed(linear, width, true);
        updateHost = 0;
        updatePhysical = physical;
        updatePhysicalNext = next;
        return loadPhysical(physical, next, width);
    }

    /** Raises what a write to this operand would raise, and writes nothing. */
    public void probeWrite(int segment, long offset, int width) {
        checkWrite(segment, offset, width);
        long linear = linear(segment, offset);
        checkAlignment(linear, width);
        translate(linear, true);
        if ((linear & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            translate(linear + width - 1 & LINEAR_MASK & ~PAGE_MASK, true);
        }
    }

    private void enterRead(long linear, long physical) {
        long host = memory.readablePage(physical);
        if (host != 0 && !checksAlignment && !breakpoints.watches(linear)) {
            int entry = entry(linear);
            entered = true;
            reads[entry] = linear & ~PAGE_MASK;
            reads[entry + 1] = host - (linear & ~PAGE_MASK);
        }
    }

    private void enterWrite(long linear, long physical) {
        long host = memory.writablePage(physical);
        // Where reads come from elsewhere, an operand can't be updated in place.
        if (host != 0
                && !checksAlignment
                && host == memory.readablePage(physical)
                && !breakpoints.watches(linear)) {
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
    private long translate(long linear, boolean write) {
        return tlb.translate(linear, write, user, false);
    }

    /** The physical address that code at this linear address is fetched from. */
    public long translateFetch(long linear) {
        return tlb.translate(linear, false, user, true);
    }

    /**
     * The physical address of a linear one for people, or -1 where there is none; raises and
     * changes nothing.
     */
    public long peekTranslation(long linear) {
        return tlb.peek(linear & LINEAR_MASK);
    }

    /**
     * Reads from a linear address as the CPU itself does for its tables: no segment, supervisor
     * privilege.
     */
    public long loadSystem(long linear, int width) {
        long at = linear & LINEAR_MASK;
        int entry = entry(at);
        if (width == 8 && supervisorReads[entry] == (at + 7 & ~PAGE_MASK)) {
            return HostMemory.getLong(supervisorReads[entry + 1] + at);
        }
        long physical = tlb.translate(at, false, false, false);
        long next = 0;
        if ((at & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = tlb.translate(at + width - 1 & LINEAR_MASK & ~PAGE_MASK, false, false, false);
        }
        return loadPhysical(physical, next, width);
    }

    /** Writes to a linear address as the CPU itself does to its tables. */
    public void storeSystem(long linear, int width, long value) {
        long at = linear & LINEAR_MASK;
        long physical = tlb.translate(at, true, false, false);
        long next = 0;
        if ((at & PAGE_MASK) + width > PhysicalMemory.PAGE_SIZE) {
            next = tlb.translate(at + width - 1 & LINEAR_MASK & ~PAGE_MASK, true, false, false);
        }
        storePhysical(physical, next, width, value);
    }

    /**
     * Raises what a write by {@link #storeSystem} to these bytes would raise, and writes nothing.
     */
    public void probeSystem(long linear, int length) {
        tlb.translate(linear & LINEAR_MASK, true, false, false);
        tlb.translate(linear + length - 1 & LINEAR_MASK, true, false, false);
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
