package org.vitrine.core.cpu.state;

import java.util.Arrays;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * From linear to physical addresses: the page tables (Intel SDM volume 3, chapter 4), and the
 * translations that were found in them.
 *
 * <p>An entry is what the page's own table entry would be if rights were not spread over levels:
 * the physical page in the bits from 12, the rights that all levels grant, and whether the page is
 * dirty and global. Entries are direct-mapped by linear page; large pages are entered in parts of 4
 * KiB. An entry that forbids an access is not believed: the tables are asked, as rights may have
 * been added without telling the CPU.
 */
final class Tlb {

    private static final int ENTRIES = 1024;
    private static final long EMPTY = -1;

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long ACCESSED = 1 << 5;
    private static final long DIRTY = 1 << 6;
    private static final long LARGE = 1 << 7;
    private static final long GLOBAL = 1 << 8;
    private static final long NO_EXECUTE = 1L << 63;

    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 1 << 1;
    private static final int ERROR_USER = 1 << 2;
    private static final int ERROR_RESERVED = 1 << 3;
    private static final int ERROR_FETCH = 1 << 4;

    private static final long PAGE_MASK = PhysicalMemory.PAGE_MASK;
    private static final int PAGE_SHIFT = PhysicalMemory.PAGE_SHIFT;
    private static final long PHYSICAL = (1L << PhysicalMemory.ADDRESS_BITS) - 1;

    /** Bits of an entry with PAE that no physical address has. */
    private static final long BEYOND = ~PHYSICAL & ~NO_EXECUTE;

    /** Bits of a 4 MiB page's entry between its attributes and its address. */
    private static final long LARGE_HIGH = 0x1_E000;

    private static final long LARGE_RESERVED = 0x3E_0000;
    private static final int LARGE_HIGH_SHIFT = 19;

    private static final long PHYSICAL_PAGE = PHYSICAL & ~PAGE_MASK;

    /**
     * Which bits of a 4 MiB page's entry are the physical address's from bit 32 on: none without
     * PSE-36.
     */
    private final long highBits;

    private final PhysicalMemory memory;
    private final Registers r;
    private final GuestFault fault;
    private final long[] pages = new long[ENTRIES];
    private final long[] entries = new long[ENTRIES];
    private boolean largeEntered;

    /** What physical addresses are masked with. */
    long a20Mask = -1;

    Tlb(CpuModel model, PhysicalMemory memory, Registers registers, GuestFault fault) {
        highBits = model.has(Feature.PSE36) ? LARGE_HIGH : 0;
        this.memory = memory;
        this.r = registers;
        this.fault = fault;
        flush();
    }

    void flush() {
        Arrays.fill(pages, EMPTY);
        largeEntered = false;
    }

    void flushAddressSpace() {
        for (int n = 0; n < ENTRIES; n++) {
            if ((entries[n] & GLOBAL) == 0) {
                pages[n] = EMPTY;
            }
        }
    }

    void flushPage(long linear) {
        int slot = slot(linear);
        if (pages[slot] == linear >>> PAGE_SHIFT) {
            pages[slot] = EMPTY;
        }
        if (largeEntered) {
            int shift = largeShift();
            for (int n = 0; n < ENTRIES; n++) {
                if ((entries[n] & LARGE) != 0
                        && pages[n] >>> shift - PAGE_SHIFT == linear >>> shift) {
                    pages[n] = EMPTY;
                }
            }
        }
    }

    private static int slot(long linear) {
        return (int) (linear >>> PAGE_SHIFT) & ENTRIES - 1;
    }

    private int largeShift() {
        return (r.cr4 & Registers.CR4_PAE) != 0 ? 21 : 22;
    }

    /**
     * The physical address of a linear one of 32 bits.
     *
     * @throws GuestFault a page fault, with CR2 set
     */
    long translate(long linear, boolean write, boolean user, boolean fetch) {
        if ((r.cr0 & Registers.CR0_PG) == 0) {
            return linear & a20Mask;
        }
        int slot = slot(linear);
        if (pages[slot] == linear >>> PAGE_SHIFT) {
            long entry = entries[slot];
            if (allowed(entry, write, user, fetch) && (!write || (entry & DIRTY) != 0)) {
                return (entry & PHYSICAL_PAGE | linear & PAGE_MASK) & a20Mask;
            }
        }
        long entry =
                (r.cr4 & Registers.CR4_PAE) != 0
                        ? walkExtended(linear, write, user, fetch)
                        : walk(linear, write, user, fetch);
        pages[slot] = linear >>> PAGE_SHIFT;
        entries[slot] = entry;
        largeEntered |= (entry & LARGE) != 0;
        return (entry & PHYSICAL_PAGE | linear & PAGE_MASK) & a20Mask;
    }

    private boolean allowed(long entry, boolean write, boolean user, boolean fetch) {
        if (user && (entry & USER) == 0 || fetch && entry < 0) {
            return false;
        }
        return !write || (entry & WRITABLE) != 0 || !user && (r.cr0 & Registers.CR0_WP) == 0;
    }

    /** Two levels of 32-bit entries. */
    private long walk(long linear, boolean write, boolean user, boolean fetch) {
        long directoryAt = r.cr3 & 0xFFFF_F000L | linear >>> 22 << 2;
        long directory = memory.read(directoryAt & a20Mask, 4);
        if ((directory & PRESENT) == 0) {
            throw pageFault(linear, 0, write, user, fetch);
        }
        if ((directory & LARGE) != 0 && (r.cr4 & Registers.CR4_PSE) != 0) {
            if ((directory & (LARGE_RESERVED | LARGE_HIGH & ~highBits)) != 0) {
                throw pageFault(linear, ERROR_PRESENT | ERROR_RESERVED, write, user, fetch);
            }
            checkRights(directory, linear, write, user, fetch);
            mark(directoryAt, directory, 4, write ? ACCESSED | DIRTY : ACCESSED);
            long page = largePage(directory) | linear & 0x3F_F000;
            return entry(page, directory, directory, write) | LARGE;
        }
        long tableAt = directory & 0xFFFF_F000L | (linear >>> PAGE_SHIFT & 0x3FF) << 2;
        long table = memory.read(tableAt & a20Mask, 4);
        if ((table & PRESENT) == 0) {
            throw pageFault(linear, 0, write, user, fetch);
        }
        checkRights(directory & table, linear, write, user, fetch);
        mark(directoryAt, directory, 4, ACCESSED);
        mark(tableAt, table, 4, write ? ACCESSED | DIRTY : ACCESSED);
        return entry(table & 0xFFFF_F000L, directory & table, table, write);
    }

    /** Where a 4 MiB page is. */
    long largePage(long directory) {
        return directory & 0xFFC0_0000L | (directory & highBits) << LARGE_HIGH_SHIFT;
    }

    /** Three levels of 64-bit entries, the first of which is in registers. */
    private long walkExtended(long linear, boolean write, boolean user, boolean fetch) {
        long pointer = r.pdpte[(int) (linear >>> 30)];
        if ((pointer & PRESENT) == 0) {
            throw pageFault(linear, 0, write, user, fetch);
        }
        long directoryAt = pointer & PHYSICAL_PAGE | (linear >>> 21 & 0x1FF) << 3;
        long directory = memory.read(directoryAt & a20Mask, 8);
        if ((directory & PRESENT) == 0) {
            throw pageFault(linear, 0, write, user, fetch);
        }
        boolean large = (directory & LARGE) != 0;
        if ((directory & (reserved() | (large ? 0x1F_E000 : 0))) != 0) {
            throw pageFault(linear, ERROR_PRESENT | ERROR_RESERVED, write, user, fetch);
        }
        if (large) {
            checkRights(directory, linear, write, user, fetch);
            mark(directoryAt, directory, 8, write ? ACCESSED | DIRTY : ACCESSED);
            long page = directory & PHYSICAL & ~0x1F_FFFFL | linear & 0x1F_F000;
            return entry(page, directory, directory, write) | LARGE;
        }
        long tableAt = directory & PHYSICAL_PAGE | (linear >>> PAGE_SHIFT & 0x1FF) << 3;
        long table = memory.read(tableAt & a20Mask, 8);
        if ((table & PRESENT) == 0) {
            throw pageFault(linear, 0, write, user, fetch);
        }
        if ((table & reserved()) != 0) {
            throw pageFault(linear, ERROR_PRESENT | ERROR_RESERVED, write, user, fetch);
        }
        // Execution is forbidden when either level forbids it.
        long rights = directory & table & ~NO_EXECUTE | (directory | table) & NO_EXECUTE;
        checkRights(rights, linear, write, user, fetch);
        mark(directoryAt, directory, 8, ACCESSED);
        mark(tableAt, table, 8, write ? ACCESSED | DIRTY : ACCESSED);
        return entry(table & PHYSICAL_PAGE, rights, table, write);
    }

    private long reserved() {
        return (r.efer & Registers.EFER_NXE) != 0 ? BEYOND : BEYOND | NO_EXECUTE;
    }

    private void checkRights(long rights, long linear, boolean write, boolean user, boolean fetch) {
        if (!allowed(rights, write, user, fetch)) {
            throw pageFault(linear, ERROR_PRESENT, write, user, fetch);
        }
    }

    private void mark(long at, long entry, int width, long bits) {
        if ((entry & bits) != bits) {
            memory.write(at & a20Mask, width, entry | bits);
        }
    }

    private long entry(long page, long rights, long last, boolean write) {
        boolean global = (last & GLOBAL) != 0 && (r.cr4 & Registers.CR4_PGE) != 0;
        return page
                | rights & (WRITABLE | USER | NO_EXECUTE)
                | (write ? DIRTY : last & DIRTY)
                | (global ? GLOBAL : 0);
    }

    private GuestFault pageFault(
            long linear, int error, boolean write, boolean user, boolean fetch) {
        // The page that was refused may be kept with more rights than it has now.
        int slot = slot(linear);
        if (pages[slot] == linear >>> PAGE_SHIFT) {
            pages[slot] = EMPTY;
        }
        boolean tellsFetch =
                fetch && (r.cr4 & Registers.CR4_PAE) != 0 && (r.efer & Registers.EFER_NXE) != 0;
        r.cr2 = (int) linear;
        return fault.of(
                GuestFault.PAGE_FAULT,
                error
                        | (write ? ERROR_WRITE : 0)
                        | (user ? ERROR_USER : 0)
                        | (tellsFetch ? ERROR_FETCH : 0));
    }

    void loadDirectoryPointers(int cr3) {
        long at = cr3 & 0xFFFF_FFE0L;
        // Of an entry that is present, bits 1, 2, 5 to 8 and those above the address are zero.
        long mustBeZero = ~PHYSICAL | 0x1E6;
        for (int n = 0; n < 4; n++) {
            long pointer = memory.read(at + 8L * n & a20Mask, 8);
            if ((pointer & PRESENT) != 0 && (pointer & mustBeZero) != 0) {
                throw fault.of(GuestFault.GENERAL_PROTECTION, 0);
            }
        }
        for (int n = 0; n < 4; n++) {
            r.pdpte[n] = memory.read(at + 8L * n & a20Mask, 8);
        }
    }

    /** As {@link #translate}, but -1 where that raises a fault, and leaving no trace. */
    long peek(long linear) {
        if ((r.cr0 & Registers.CR0_PG) == 0) {
            return linear & a20Mask;
        }
        boolean extended = (r.cr4 & Registers.CR4_PAE) != 0;
        int width = extended ? 8 : 4;
        long pointer = extended ? r.pdpte[(int) (linear >>> 30)] : r.cr3 & 0xFFFF_F000L | PRESENT;
        if ((pointer & PRESENT) == 0) {
            return -1;
        }
        int shift = largeShift();
        long mask = extended ? 0x1FF : 0x3FF;
        long directory =
                memory.read(
                        (pointer & PHYSICAL_PAGE) + (linear >>> shift & mask) * width & a20Mask,
                        width);
        if ((directory & PRESENT) == 0) {
            return -1;
        }
        if ((directory & LARGE) != 0 && (extended || (r.cr4 & Registers.CR4_PSE) != 0)) {
            long page = extended ? directory & PHYSICAL & -(1L << shift) : largePage(directory);
            return (page | linear & (1L << shift) - 1) & a20Mask;
        }
        long table =
                memory.read(
                        (directory & PHYSICAL_PAGE) + (linear >>> PAGE_SHIFT & mask) * width
                                & a20Mask,
                        width);
        return (table & PRESENT) == 0 ? -1 : (table & PHYSICAL_PAGE | linear & PAGE_MASK) & a20Mask;
    }
}
