package org.vitrine.core.cpu.state;

import org.vitrine.core.memory.PhysicalMemory;

/**
 * The page tables as they are in memory, read for people: nothing is marked, nothing is raised, and
 * what the TLB still has doesn't count.
 */
public final class PageTables {

    /** Takes the pages that are present, in the order of their addresses. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * A page.
         *
         * @param entry the last level's entry
         * @param rights {@link #WRITABLE} and {@link #USER}, as far as all levels grant them
         * @return whether to go on
         */
        boolean page(long linear, long physical, long size, long entry, int rights);
    }

    public static final int PRESENT = 1;
    public static final int WRITABLE = 1 << 1;
    public static final int USER = 1 << 2;

    private static final int LARGE = 1 << 7;
    private static final int RIGHTS = PRESENT | WRITABLE | USER;
    private static final long PHYSICAL = (1L << PhysicalMemory.ADDRESS_BITS) - 1;
    private static final long SPACE = 1L << 32;
    private static final int PAGE_SIZE = PhysicalMemory.PAGE_SIZE;

    private final Tlb tlb;
    private final PhysicalMemory memory;
    private final Registers r;

    PageTables(Tlb tlb, PhysicalMemory memory, Registers registers) {
        this.tlb = tlb;
        this.memory = memory;
        this.r = registers;
    }

    /** Shows all pages from an address on; none while paging is off. */
    public void visit(long from, Visitor visitor) {
        if ((r.cr0 & Registers.CR0_PG) == 0) {
            return;
        }
        boolean extended = (r.cr4 & Registers.CR4_PAE) != 0;
        boolean large = extended || (r.cr4 & Registers.CR4_PSE) != 0;
        int width = extended ? 8 : 4;
        int shift = extended ? 21 : 22;
        int entries = extended ? 512 : 1024;
        for (long linear = from >>> shift << shift; linear < SPACE; linear += 1L << shift) {
            long table = extended ? r.pdpte[(int) (linear >>> 30)] : r.cr3 | PRESENT;
            long directory = entry(table, linear >>> shift & entries - 1, width);
            if ((directory & PRESENT) == 0) {
                continue;
            }
            if (large && (directory & LARGE) != 0) {
                long page =
                        extended ? directory & PHYSICAL & -(1L << shift) : tlb.largePage(directory);
                if (!visitor.page(linear, page, 1L << shift, directory, rights(directory))) {
                    return;
                }
                continue;
            }
            for (int n = 0; n < entries; n++) {
                long at = linear + (long) n * PAGE_SIZE;
                long entry = entry(directory, n, width);
                boolean shown = (entry & PRESENT) != 0 && at + PAGE_SIZE > from;
                long page = entry & PHYSICAL & -PAGE_SIZE;
                if (shown && !visitor.page(at, page, PAGE_SIZE, entry, rights(entry & directory))) {
                    return;
                }
            }
        }
    }

    private static int rights(long granted) {
        return (int) granted & RIGHTS;
    }

    private long entry(long table, long index, int width) {
        if ((table & PRESENT) == 0) {
            return 0;
        }
        return memory.read((table & PHYSICAL & -PAGE_SIZE) + index * width, width);
    }
}
