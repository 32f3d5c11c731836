package org.vitrine.core.cpu.model;

import java.util.Locale;

/**
 * What a processor has beyond the 486's instructions, by the names and bits of CPUID (Intel SDM
 * volume 2, tables 3-8 and 3-11).
 */
public enum Feature {
    FPU(Leaf.STANDARD, 0),
    /** Virtual-8086 extensions, and with them CR4.PVI. */
    VME(Leaf.STANDARD, 1),
    /** I/O breakpoints. */
    DE(Leaf.STANDARD, 2),
    PSE(Leaf.STANDARD, 3),
    TSC(Leaf.STANDARD, 4),
    MSR(Leaf.STANDARD, 5),
    PAE(Leaf.STANDARD, 6),
    MCE(Leaf.STANDARD, 7),
    /** CMPXCHG8B. */
    CX8(Leaf.STANDARD, 8),
    APIC(Leaf.STANDARD, 9),
    /** SYSENTER and SYSEXIT. */
    SEP(Leaf.STANDARD, 11),
    MTRR(Leaf.STANDARD, 12),
    PGE(Leaf.STANDARD, 13),
    MCA(Leaf.STANDARD, 14),
    /** CMOVcc, and with the floating-point unit FCMOVcc and FCOMI. */
    CMOV(Leaf.STANDARD, 15),
    PAT(Leaf.STANDARD, 16),
    PSE36(Leaf.STANDARD, 17),
    CLFSH(Leaf.STANDARD, 19),
    MMX(Leaf.STANDARD, 23),
    FXSR(Leaf.STANDARD, 24),
    SSE(Leaf.STANDARD, 25),
    SSE2(Leaf.STANDARD, 26),
    /** Pages that can't be executed, where there is PAE. */
    NX(Leaf.EXTENDED, 20),
    /** The no-operations with a ModRM byte, which family 6 began with and CPUID doesn't tell. */
    NOPL(Leaf.UNTOLD, 0),
    /** RDPMC and the two counters of family 6, which CPUID doesn't tell. */
    PMC(Leaf.UNTOLD, 0);

    /** Where a feature's bit stands: in EDX of leaf 1, of leaf 8000_0001, or nowhere. */
    enum Leaf {
        STANDARD,
        EXTENDED,
        UNTOLD
    }

    private final Leaf leaf;
    private final int bit;

    Feature(Leaf leaf, int bit) {
        this.leaf = leaf;
        this.bit = bit;
    }

    /** The bit in this leaf's EDX, or 0 when it doesn't stand there. */
    int bit(Leaf of) {
        return leaf == of && leaf != Leaf.UNTOLD ? 1 << bit : 0;
    }

    /** As people and command lines write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
